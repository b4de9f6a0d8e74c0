//! What an import will do: the cards that will be added, and each line that will not be, with the reason.

use super::parse::Record;
use crate::domain::{
    card::{CardText, split_aliases, split_tags},
    deck::{CATEGORY_MAX, category_name},
    import::{Column, Refusal, RefusedLine},
    problem::Problem,
};
use std::collections::{HashMap, HashSet};

/// Characters of a refused line that are shown.
const SHOWN: usize = 120;

/// A card that will be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedCard {
    /// Clean.
    pub text: CardText,
    /// The name of its category.
    pub category: Option<String>,
}

/// All rows of a file, sorted into the two piles, in the file's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    pub cards: Vec<PlannedCard>,
    pub refused: Vec<RefusedLine>,
}

/// Plans the import of `rows` (without the header) of usually `width` cells into a deck that has the cards `existing`
/// (front and back).
pub fn plan(rows: &[Record], columns: &[Column], width: usize, existing: &[(String, String)]) -> Plan {
    let existing: HashSet<(&str, &str)> = existing.iter().map(|(f, b)| (f.as_str(), b.as_str())).collect();
    let mut seen: HashMap<(String, String), u32> = HashMap::with_capacity(rows.len());
    let mut plan = Plan::default();
    for row in rows {
        let planned = card(row, columns, width).and_then(|card| {
            let (front, back) = (card.text.front.as_str(), card.text.back.as_str());
            if existing.contains(&(front, back)) {
                return Err(Refusal::InDeckAlready);
            }
            match seen.entry((front.to_owned(), back.to_owned())) {
                std::collections::hash_map::Entry::Occupied(first) => Err(Refusal::TwiceInFile { line: *first.get() }),
                std::collections::hash_map::Entry::Vacant(free) => {
                    free.insert(row.line);
                    Ok(card)
                }
            }
        });
        match planned {
            Ok(card) => plan.cards.push(card),
            Err(reason) => plan.refused.push(RefusedLine { line: row.line, text: shown(row), reason }),
        }
    }
    plan
}

fn card(row: &Record, columns: &[Column], width: usize) -> Result<PlannedCard, Refusal> {
    if row.unclosed {
        return Err(Refusal::UnclosedQuote);
    }
    let extra = row.cells.iter().skip(width).any(|cell| !cell.trim().is_empty());
    let position = |wanted| columns.iter().position(|column| *column == wanted);
    let needed = [Column::Front, Column::Back].into_iter().filter_map(position).max().unwrap_or(0);
    // Empty cells at the end come from spreadsheets, missing ones from people: neither loses anything.
    if extra || row.beyond > 0 || row.cells.len() <= needed {
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        return Err(Refusal::WrongColumns { expected: number(width), found: number(row.width()) });
    }
    let cell = |wanted| position(wanted).and_then(|at| row.cells.get(at)).map_or("", String::as_str);
    let text = CardText {
        front: cell(Column::Front).to_owned(),
        back: cell(Column::Back).to_owned(),
        hint: cell(Column::Hint).to_owned(),
        explanation: cell(Column::Explanation).to_owned(),
        aliases: split_aliases(cell(Column::Aliases)),
        tags: split_tags(cell(Column::Tags)),
    };
    let text = text.clean().map_err(|mistakes| refusal(mistakes.into_iter().next()))?;
    let category = match cell(Column::Category).trim() {
        "" => None,
        name => Some(
            category_name("category", name)
                .map_err(|_| Refusal::TooLong { column: Column::Category, max: bound(CATEGORY_MAX) })?,
        ),
    };
    Ok(PlannedCard { text, category })
}

fn refusal(mistake: Option<(&'static str, Problem)>) -> Refusal {
    let (field, problem) = mistake.unwrap_or(("front", Problem::Required));
    let column = Column::parse(field).unwrap_or(Column::Front);
    match problem {
        Problem::TooLong { max } => Refusal::TooLong { column, max },
        Problem::TooMany { max } => Refusal::TooMany { column, max },
        _ => Refusal::Missing(column),
    }
}

fn bound(max: usize) -> u32 {
    u32::try_from(max).unwrap_or(u32::MAX)
}

fn shown(row: &Record) -> String {
    let mut text = String::new();
    for cell in &row.cells {
        if !text.is_empty() {
            text.push_str(" | ");
        }
        text.extend(cell.chars().take(SHOWN));
        if text.len() > SHOWN * 4 {
            break;
        }
    }
    if text.chars().count() > SHOWN {
        text = text.chars().take(SHOWN).chain(['…']).collect();
    }
    text
}
