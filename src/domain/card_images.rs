//! The pictures that a card's text shows, by their addresses `/images/<id>`, and the text with other ones in their
//! places: what a copy of the card in another deck needs.

use super::{card::CardText, ids::ImageId};
use std::collections::BTreeMap;
use uuid::Uuid;

const ADDRESS: &str = "/images/";

/// Pictures by their replacements.
pub type Replaced = BTreeMap<ImageId, ImageId>;

impl CardText {
    /// Ids of the pictures, each once.
    pub fn images(&self) -> Vec<ImageId> {
        let mut found = Vec::new();
        for text in [&self.front, &self.back, &self.hint, &self.explanation] {
            for (_, id, _) in addresses(text) {
                if !found.contains(&id) {
                    found.push(id);
                }
            }
        }
        found
    }

    /// The same text with other pictures; those that are not named stay.
    #[must_use]
    pub fn with_images(&self, other: &Replaced) -> Self {
        let swap = |text: &str| {
            let mut out = String::with_capacity(text.len());
            let mut rest = 0;
            for (start, id, end) in addresses(text) {
                if let Some(new) = other.get(&id) {
                    out.push_str(&text[rest..start]);
                    out.push_str(&new.to_string());
                    rest = end;
                }
            }
            out.push_str(&text[rest..]);
            out
        };
        Self {
            front: swap(&self.front),
            back: swap(&self.back),
            hint: swap(&self.hint),
            explanation: swap(&self.explanation),
            ..self.clone()
        }
    }
}

/// Each picture's id with the place where it is written.
fn addresses(text: &str) -> impl Iterator<Item = (usize, ImageId, usize)> {
    text.match_indices(ADDRESS).filter_map(move |(at, _)| {
        let start = at + ADDRESS.len();
        let rest = &text[start..];
        let length = rest.find(|c: char| !c.is_ascii_hexdigit() && c != '-').unwrap_or(rest.len());
        Some((start, ImageId(Uuid::try_parse(&rest[..length]).ok()?), start + length))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_found_and_replaced_wherever_they_stand() {
        let [old, other, new] = [1, 2, 3].map(|n| ImageId(Uuid::from_u128(n)));
        let text = CardText {
            front: format!("![a](/images/{old}) and ![b](/images/{other})"),
            back: format!("/images/{old}/images/nothing /images/"),
            explanation: format!("é ![a](/images/{old})"),
            ..CardText::default()
        };
        assert_eq!(text.images(), [old, other]);
        let swapped = text.with_images(&Replaced::from([(old, new)]));
        assert_eq!(swapped.front, format!("![a](/images/{new}) and ![b](/images/{other})"));
        assert_eq!(swapped.back, format!("/images/{new}/images/nothing /images/"));
        assert_eq!(swapped.explanation, format!("é ![a](/images/{new})"));
        assert_eq!(text.with_images(&Replaced::new()), text);
    }
}
