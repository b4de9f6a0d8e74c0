//! Text as a person typed it and as it is stored, and what can be wrong with it.

use super::problem::Problem;
use unicode_normalization::UnicodeNormalization;

/// One mistake: the input's name and what is wrong with it.
pub type Mistake = (&'static str, Problem);

/// Text as it is stored: line ends are `\n`, no control characters but tab and line end, no white space around it.
pub fn clean_text(text: &str) -> String {
    let unix = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() };
    if unix.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        unix.chars().filter(|c| !c.is_control() || *c == '\n' || *c == '\t').collect::<String>().trim().to_owned()
    } else {
        unix.trim().to_owned()
    }
}

/// A single line: like [`clean_text`], and every run of white space is one blank.
pub fn clean_line(text: &str) -> String {
    clean_text(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Notes a mistake when `text` is empty (and `required`) or longer than `max` characters.
pub fn check_length(field: &'static str, text: &str, required: bool, max: usize, mistakes: &mut Vec<Mistake>) {
    if text.is_empty() {
        if required {
            mistakes.push((field, Problem::Required));
        }
    } else if text.len() > max && text.chars().count() > max {
        mistakes.push((field, Problem::TooLong { max: u32::try_from(max).unwrap_or(u32::MAX) }));
    }
}

/// The form in which a search compares names: small letters without accents, each written in one way. Marks that are no
/// accents stay: in Hindi or Thai they are letters.
pub fn folded(text: &str) -> String {
    let lower: String = text.nfkd().flat_map(char::to_lowercase).collect();
    let plain = lower.nfkd().filter(|c| !matches!(c, '\u{300}'..='\u{36F}'));
    plain.nfc().collect::<String>().replace('ß', "ss")
}

/// `text` as the value of a query parameter.
pub fn query_escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for digit in [byte >> 4, byte & 15] {
                out.push(char::from(if digit < 10 { b'0' + digit } else { b'A' + digit - 10 }));
            }
        }
    }
    out
}

/// Appends `text` to HTML, where it stands between tags or in a quoted attribute.
pub fn html_escape(html: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        html.push_str(&rest[..at]);
        html.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        rest = &rest[at + 1..];
    }
    html.push_str(rest);
}

/// The share of `part` in `whole` for a style, from "0.000" to "1.000"; nothing is no share of nothing. Without
/// floating point numbers, whose formatting would be a noticeable part of the browser's download.
pub fn thousandths(part: u32, whole: u32) -> String {
    let (part, whole) = (u64::from(part.min(whole)), u64::from(whole));
    let share = (part * 2000 + whole).checked_div(whole * 2).unwrap_or(0);
    format!("{}.{:03}", share / 1000, share % 1000)
}

#[cfg(test)]
mod tests {
    use super::{folded, thousandths};

    #[test]
    fn names_are_found_however_their_letters_are_typed() {
        for (name, typed) in [
            ("Õie KÄÄR", "oie kaar"),
            ("Ka\u{308}a\u{308}r", "KÄÄR"),
            ("ΣΟΦΙΑ Αλεξίου", "σοφια αλεξιου"),
            ("Йордан", "йордан"),
            ("Weiß", "WEISS"),
            ("İpek", "ipek"),
            ("ﬁona", "Fiona"),
            ("Ｍｉｎａ", "mina"),
            ("김민준", "김민준"),
        ] {
            assert_eq!(folded(name), folded(typed), "{name}");
        }
        assert_ne!(folded("कि"), folded("क"), "a vowel, not an accent");
    }

    #[test]
    fn shares_are_rounded_and_stay_within_one() {
        for (part, whole, share) in [
            (0, 0, "0.000"),
            (0, 7, "0.000"),
            (1, 3, "0.333"),
            (2, 3, "0.667"),
            (7, 7, "1.000"),
            (9, 7, "1.000"),
            (u32::MAX, u32::MAX, "1.000"),
            (2500, 10_000, "0.250"),
        ] {
            assert_eq!(thousandths(part, whole), share);
        }
    }
}
