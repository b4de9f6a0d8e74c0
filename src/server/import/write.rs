//! Cards as CSV that an import reads again without loss: UTF-8 with a mark (for spreadsheets), a header, quotes
//! where needed. Tags are separated by blanks, further answers by line ends; neither can contain its separator.

use super::routes::COLUMNS;
use crate::domain::card::CardText;

/// The table of `rows`, each a card with the name of its category.
pub fn csv(rows: impl IntoIterator<Item = (CardText, Option<String>)>) -> Result<Vec<u8>, String> {
    let mut writer =
        csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(COLUMNS.map(|column| column.name())).map_err(|error| error.to_string())?;
    for (text, category) in rows {
        writer
            .write_record([
                text.front,
                text.back,
                text.hint,
                text.explanation,
                category.unwrap_or_default(),
                text.tags.join(" "),
                text.aliases.join("\n"),
            ])
            .map_err(|error| error.to_string())?;
    }
    writer.into_inner().map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::import::ImportOptions, server::import::read};
    use proptest::prelude::*;

    fn text() -> impl Strategy<Value = CardText> {
        let side = "[=+@-]?[a-zß東 ,;\"'\\\\|\t\n#$*-]{0,30}";
        let list = prop::collection::vec("[a-z:é\"';,|-]{1,6}", 0..4);
        let tags = prop::collection::vec("[a-z:é\"'|-]{1,6}", 0..4);
        (side, side, side, side, list, tags).prop_map(|(front, back, hint, explanation, aliases, tags)| CardText {
            front,
            back,
            hint,
            explanation,
            aliases,
            tags,
        })
    }

    proptest! {
        #[test]
        fn an_import_of_the_export_loses_nothing(cards in prop::collection::vec((text(), prop::option::of("[a-z ,\"]{1,9}")), 1..12)) {
            let mut expected: Vec<(CardText, Option<String>)> = Vec::new();
            for (text, category) in cards {
                let Ok(text) = text.clean() else { continue };
                let category = category.and_then(|name| crate::domain::deck::category_name("", &name).ok());
                if !expected.iter().any(|(other, _)| (&other.front, &other.back) == (&text.front, &text.back)) {
                    expected.push((text, category));
                }
            }
            let reading = read(&csv(expected.clone()).unwrap(), &ImportOptions::default(), &[]);
            prop_assert_eq!(&reading.plan.refused, &[]);
            let read: Vec<_> = reading.plan.cards.into_iter().map(|card| (card.text, card.category)).collect();
            prop_assert_eq!(read, expected);
        }
    }
}
