//! Flashcards: their parts, what is allowed in them, and how a search over them is written.

use super::{
    ids::{CardId, CategoryId},
    problem::Problem,
    text::{Mistake, check_length, clean_line, clean_text},
};
use serde::{Deserialize, Serialize};

/// Characters of a front or back.
pub const SIDE_MAX: usize = 5_000;
/// Characters of a hint or an explanation.
pub const NOTE_MAX: usize = 1_000;
pub const TAGS_MAX: usize = 20;
/// Characters of a tag.
pub const TAG_MAX: usize = 50;
pub const ALIASES_MAX: usize = 20;
/// Characters of one further right answer.
pub const ALIAS_MAX: usize = 200;
/// Cards on one page of a deck.
pub const CARDS_PER_PAGE: i64 = 50;
/// Cards that one bulk action may name.
pub const BULK_MAX: usize = 500;

/// What a person writes on a card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardText {
    /// Markdown.
    pub front: String,
    /// Markdown.
    pub back: String,
    pub hint: String,
    pub explanation: String,
    /// Further answers that count as right.
    pub aliases: Vec<String>,
    /// Without white space, comma and semicolon.
    pub tags: Vec<String>,
}

/// A card of a deck.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    pub id: CardId,
    pub category_id: Option<CategoryId>,
    pub text: CardText,
    /// Unix milliseconds.
    pub updated_at: i64,
}

/// A card as the quiz draws it: `front` and `back` are Markdown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuizCard {
    pub id: CardId,
    pub category_id: Option<CategoryId>,
    pub front: String,
    pub back: String,
    pub hint: String,
    pub explanation: String,
    pub aliases: Vec<String>,
    pub tags: Vec<String>,
}

/// One page of a deck's cards.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardPage {
    pub cards: Vec<Card>,
    /// All cards that match, on all pages.
    pub total: i64,
}

/// Which cards to show. All conditions hold at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CardFilter {
    /// Lower-case pieces of text, each of which must occur.
    pub words: Vec<String>,
    pub tags: Vec<String>,
    pub category: Option<CategoryId>,
}

impl CardText {
    /// The text as it is stored, or every mistake in it.
    pub fn clean(&self) -> Result<Self, Vec<Mistake>> {
        let clean = Self {
            front: clean_text(&self.front),
            back: clean_text(&self.back),
            hint: clean_text(&self.hint),
            explanation: clean_text(&self.explanation),
            aliases: unique(self.aliases.iter().map(|alias| clean_line(alias))),
            tags: unique(self.tags.iter().flat_map(|tags| split_tags(tags))),
        };
        let mut mistakes = Vec::new();
        check_length("front", &clean.front, true, SIDE_MAX, &mut mistakes);
        check_length("back", &clean.back, true, SIDE_MAX, &mut mistakes);
        check_length("hint", &clean.hint, false, NOTE_MAX, &mut mistakes);
        check_length("explanation", &clean.explanation, false, NOTE_MAX, &mut mistakes);
        check_list("aliases", &clean.aliases, ALIASES_MAX, ALIAS_MAX, &mut mistakes);
        check_list("tags", &clean.tags, TAGS_MAX, TAG_MAX, &mut mistakes);
        if mistakes.is_empty() { Ok(clean) } else { Err(mistakes) }
    }

    /// Lower-case text that a search looks through.
    pub fn search_text(&self) -> String {
        let mut text = format!("{}\n{}", self.front, self.back);
        for tag in &self.tags {
            text.push('\n');
            text.push_str(tag);
        }
        text.to_lowercase()
    }
}

impl CardFilter {
    /// Reads what was typed into the search field: words, and `tag:name` for a tag.
    pub fn parse(typed: &str, category: Option<CategoryId>) -> Self {
        let mut filter = Self { category, ..Self::default() };
        for piece in clean_text(typed).split_whitespace().take(20) {
            match piece.strip_prefix("tag:").filter(|tag| !tag.is_empty()) {
                Some(tag) => filter.tags.push(tag.to_owned()),
                None => filter.words.push(piece.to_lowercase()),
            }
        }
        filter
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.tags.is_empty() && self.category.is_none()
    }
}

/// The tags in one field: separated by white space, commas or semicolons.
pub fn split_tags(typed: &str) -> Vec<String> {
    typed
        .split(|c: char| c.is_whitespace() || c == ',' || c == ';')
        .map(|tag| clean_text(tag.trim_start_matches('#')))
        .filter(|tag| !tag.is_empty())
        .collect()
}

/// The further answers in one field: one a line.
pub fn split_aliases(typed: &str) -> Vec<String> {
    typed.lines().map(clean_line).filter(|alias| !alias.is_empty()).collect()
}

fn unique(items: impl Iterator<Item = String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for item in items.filter(|item| !item.is_empty()) {
        if !out.contains(&item) {
            out.push(item);
        }
    }
    out
}

fn check_list(field: &'static str, items: &[String], most: usize, longest: usize, mistakes: &mut Vec<Mistake>) {
    if items.len() > most {
        mistakes.push((field, Problem::TooMany { max: u32::try_from(most).unwrap_or(u32::MAX) }));
    } else if items.iter().any(|item| item.chars().count() > longest) {
        mistakes.push((field, Problem::TooLong { max: u32::try_from(longest).unwrap_or(u32::MAX) }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(front: &str, back: &str) -> CardText {
        CardText { front: front.into(), back: back.into(), ..CardText::default() }
    }

    #[test]
    fn sides_are_needed_and_bounded() {
        let mistakes = text(" ", &"x".repeat(5_001)).clean().unwrap_err();
        assert_eq!(mistakes, [("front", Problem::Required), ("back", Problem::TooLong { max: 5_000 })]);
        assert!(text("é", &"é".repeat(5_000)).clean().is_ok());
    }

    #[test]
    fn line_ends_control_characters_and_repeated_tags_are_cleaned() {
        let typed = CardText {
            tags: vec!["#region:Asia, status:disputed".into(), "region:Asia".into()],
            aliases: vec![" U.S. ".into(), String::new(), "U.S.".into()],
            ..text(" a\r\nb\u{0}\u{7} ", "c")
        };
        let clean = typed.clean().unwrap();
        assert_eq!(clean.front, "a\nb");
        assert_eq!(clean.tags, ["region:Asia", "status:disputed"]);
        assert_eq!(clean.aliases, ["U.S."]);
        assert_eq!(clean.clean().as_ref(), Ok(&clean), "cleaning twice changes nothing");
    }

    #[test]
    fn lists_are_bounded() {
        let many = CardText { tags: (0..21).map(|n| n.to_string()).collect(), ..text("a", "b") };
        assert_eq!(many.clean().unwrap_err(), [("tags", Problem::TooMany { max: 20 })]);
        let long = CardText { tags: vec!["x".repeat(51)], ..text("a", "b") };
        assert_eq!(long.clean().unwrap_err(), [("tags", Problem::TooLong { max: 50 })]);
    }

    #[test]
    fn a_search_has_words_and_tags() {
        let filter = CardFilter::parse("  Wash tag:region:Asia 100% tag: ", None);
        assert_eq!(filter.words, ["wash", "100%", "tag:"]);
        assert_eq!(filter.tags, ["region:Asia"]);
    }
}
