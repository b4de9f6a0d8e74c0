//! Decks and their categories: what they are, and which titles are possible.

use super::{
    ids::{CategoryId, DeckId, GroupId},
    role::GroupRole,
    text::{Mistake, check_length, clean_line},
};
use serde::{Deserialize, Serialize};

/// Characters of a deck's title.
pub const TITLE_MAX: usize = 120;
/// Characters of a category's name.
pub const CATEGORY_MAX: usize = 120;
/// Categories of one deck.
pub const CATEGORIES_MAX: usize = 200;
/// Cards of a deck that quizzes fill; the next one goes into a new deck. As many as a quiz draws from.
pub const TAKEN_MAX: i64 = 2_000;
/// Decks on one page of the list.
pub const DECKS_PER_PAGE: i64 = 50;

/// One line of the list of decks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeckLine {
    pub id: DeckId,
    pub title: String,
    /// The group it belongs to; `None` when it is the reader's alone.
    pub group: Option<GroupId>,
    pub group_name: Option<String>,
    pub cards: i64,
    /// Unix milliseconds.
    pub updated_at: i64,
}

/// One page of the list of decks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeckPage {
    pub decks: Vec<DeckLine>,
    /// All decks that match, on all pages.
    pub total: i64,
}

/// What somebody may do with a deck. Made only for people who may read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeckAccess {
    pub deck: DeckId,
    pub title: String,
    /// The group it belongs to; `None` for a personal deck.
    pub group_id: Option<GroupId>,
    pub group_name: Option<String>,
    /// The reader's role in that group; `None` for a personal deck.
    pub role: Option<GroupRole>,
    pub can_edit: bool,
    pub can_host: bool,
    /// Living cards.
    pub cards: i64,
}

/// A named part of a deck.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    pub id: CategoryId,
    pub name: String,
    /// Living cards in it.
    pub cards: i64,
}

/// A title as it is stored, or what is wrong with it. `field` is the input's name.
pub fn title(field: &'static str, typed: &str) -> Result<String, Mistake> {
    one_line(field, typed, TITLE_MAX)
}

/// A category's name as it is stored, or what is wrong with it.
pub fn category_name(field: &'static str, typed: &str) -> Result<String, Mistake> {
    one_line(field, typed, CATEGORY_MAX)
}

fn one_line(field: &'static str, typed: &str, max: usize) -> Result<String, Mistake> {
    let line = clean_line(typed);
    let mut mistakes = Vec::new();
    check_length(field, &line, true, max, &mut mistakes);
    mistakes.pop().map_or(Ok(line), Err)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::problem::Problem;

    #[test]
    fn titles_have_one_to_120_characters_on_one_line() {
        assert_eq!(title("title", "  Capitals\n of\tthe world ").as_deref(), Ok("Capitals of the world"));
        assert_eq!(title("title", " \u{0} ").unwrap_err().1, Problem::Required);
        assert!(title("title", &"é".repeat(120)).is_ok());
        assert_eq!(title("title", &"é".repeat(121)).unwrap_err().1, Problem::TooLong { max: 120 });
    }
}
