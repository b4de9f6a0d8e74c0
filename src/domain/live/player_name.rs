//! Names on the projector: what is allowed, and when two look the same.

use crate::domain::problem::Problem;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// Longest name, in characters as people count them.
pub const MAX_NAME: usize = 24;

/// A name that may be shown. Made by [`PlayerName::parse`] only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlayerName {
    shown: String,
    key: String,
}

impl PlayerName {
    /// Trims, normalises (NFC), removes invisible and direction-changing characters, checks the length.
    /// `is_profane` judges the cleaned name.
    pub fn parse(text: &str, is_profane: impl Fn(&str) -> bool) -> Result<Self, Problem> {
        // Whoever pastes a book gets an answer without us reading it.
        if text.len() > 4096 {
            return Err(Problem::TooLong { max: MAX_NAME as u32 });
        }
        let visible: String =
            text.nfc().filter(|c| !is_invisible(*c)).map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
        let shown = visible.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        let length = shown.graphemes(true).count();
        if length == 0 || !shown.chars().any(|c| c.is_alphanumeric() || is_pictograph(c)) {
            return Err(Problem::Required);
        }
        // A tower of combining marks is one character to people but covers its neighbours' lines.
        if length > MAX_NAME || shown.len() > MAX_NAME * 12 || shown.graphemes(true).any(|g| g.chars().count() > 12) {
            return Err(Problem::TooLong { max: MAX_NAME as u32 });
        }
        if is_profane(&shown) {
            return Err(Problem::NotAllowed);
        }
        let key = key(&shown);
        Ok(Self { shown, key })
    }

    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// Equal for names that look alike ("Mina", "mina", "Міna" with a Cyrillic letter).
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The first of "Name 2", "Name 3", … that `is_taken` (by key) does not know.
    pub fn free_variant(&self, is_taken: impl Fn(&str) -> bool) -> Option<String> {
        (2..100).find_map(|n| {
            let suffix = format!(" {n}");
            let room = MAX_NAME - suffix.len();
            let base: String = self.shown.graphemes(true).take(room).collect();
            let variant = format!("{}{suffix}", base.trim_end());
            (!is_taken(&key(&variant))).then_some(variant)
        })
    }
}

/// What a name looks like, as Unicode's confusables see it (UTS #39 skeleton), without case and spaces.
fn key(name: &str) -> String {
    // A look-alike is told by its own case (Cyrillic М looks like M, м does not look like m), so case goes second.
    let lower: String =
        name.nfkc().filter(|c| !c.is_whitespace()).flat_map(latin).flat_map(char::to_lowercase).collect();
    unicode_security::skeleton(&lower).flat_map(char::to_lowercase).collect()
}

/// The ASCII letter that `c` looks like, or `c`.
fn latin(c: char) -> Option<char> {
    let mut buffer = [0; 4];
    let mut like = unicode_security::skeleton(c.encode_utf8(&mut buffer)).collect::<Vec<_>>().into_iter();
    match (c.is_ascii(), like.next(), like.next()) {
        (false, Some(like), None) if like.is_ascii_alphabetic() => Some(like),
        _ => Some(c),
    }
}

/// Control characters, zero-width characters, direction overrides: they hide or rearrange what others see.
/// The joiners inside emoji and in scripts that need them (U+200C, U+200D) and variation selectors stay.
fn is_invisible(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180E}'
            | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
            | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}' | '\u{2800}')
}

fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn name(text: &str) -> Result<PlayerName, Problem> {
        PlayerName::parse(text, |n| n.to_lowercase().contains("darn"))
    }

    #[test]
    fn good_names_are_kept_as_typed_but_for_spaces() {
        for (typed, shown) in [
            ("  Mina  Ōta ", "Mina Ōta"),
            ("🦊🦊", "🦊🦊"),
            ("👩‍👩‍👧", "👩‍👩‍👧"),
            ("نور", "نور"),
            ("李小龍", "李小龍"),
            ("a\tb\nc", "a b c"),
        ] {
            assert_eq!(name(typed).map(|n| n.as_str().to_owned()), Ok(shown.to_owned()));
        }
    }

    #[test]
    fn bad_names_say_why() {
        for empty in ["", "   ", "\u{200B}\u{200B}", "...", "\u{3164}"] {
            assert_eq!(name(empty), Err(Problem::Required), "{empty:?}");
        }
        for long in ["x".repeat(25), "x".repeat(200), "é".repeat(200_000), format!("a{}", "\u{0301}".repeat(40))] {
            assert_eq!(name(&long), Err(Problem::TooLong { max: 24 }));
        }
        assert_eq!(name("Darn it"), Err(Problem::NotAllowed));
    }

    #[test]
    fn a_direction_override_does_not_reach_the_projector() {
        assert_eq!(name("Mina\u{202E}anim").map(|n| n.as_str().to_owned()), Ok("Minaanim".to_owned()));
    }

    #[test]
    fn a18_names_that_look_alike_have_one_key() {
        let key = |text: &str| name(text).map(|n| n.key().to_owned());
        for alike in ["mina", "MINA", "M i n a", "Міna", "ｍｉｎａ"] {
            assert_eq!(key(alike), key("Mina"), "{alike}");
        }
        // Two letters that look like one.
        assert_eq!(key("Rnina"), key("Mina"));
        assert_ne!(key("Mina"), key("Nina"));
        assert_ne!(key("Tom"), key("Tim"));
    }

    #[test]
    fn a_taken_name_gets_a_free_variant_within_the_length() {
        let long = name("Maximiliane-Alexandra-Xy").ok();
        let variant = long.as_ref().and_then(|n| n.free_variant(|_| false));
        assert_eq!(variant.as_deref(), Some("Maximiliane-Alexandra- 2"));
        let mina = name("Mina").ok();
        let taken = |k: &str| name("Mina 2").is_ok_and(|n| n.key() == k);
        assert_eq!(mina.and_then(|n| n.free_variant(taken)).as_deref(), Some("Mina 3"));
    }

    proptest! {
        #[test]
        fn any_text_gives_a_short_name_or_a_reason(text in "\\PC{0,60}") {
            if let Ok(parsed) = PlayerName::parse(&text, |_| false) {
                prop_assert!(parsed.as_str().graphemes(true).count() <= MAX_NAME);
                let again = PlayerName::parse(parsed.as_str(), |_| false);
                prop_assert_eq!(again.as_ref(), Ok(&parsed));
            }
        }
    }
}
