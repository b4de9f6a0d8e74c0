//! The rules for what people type about themselves: e-mail, name, password, and where they may be sent next.

use unicode_normalization::UnicodeNormalization;

pub const EMAIL_MAX: u32 = 254;
/// In characters.
pub const NAME_MAX: u32 = 60;
/// In characters.
pub const PASSWORD_MIN: u32 = 10;
pub const PASSWORD_MAX: u32 = 200;

/// Long enough and yet among the first that are tried.
const COMMON: [&str; 48] = [
    "1234567890",
    "0123456789",
    "12345678910",
    "123456789a",
    "a123456789",
    "1q2w3e4r5t",
    "1qaz2wsx3edc",
    "qwertyuiop",
    "qwerty12345",
    "qwerty123456",
    "qwertyuiop123",
    "asdfghjkl1",
    "asdfghjkl123",
    "zxcvbnm123",
    "password12",
    "password123",
    "password1234",
    "password12345",
    "password2024",
    "password2025",
    "password2026",
    "passwort123",
    "passw0rd123",
    "p@ssw0rd123",
    "p@ssword123",
    "iloveyou123",
    "iloveyou12",
    "welcome123",
    "welcome1234",
    "welcome2025",
    "welcome2026",
    "letmein123",
    "letmein1234",
    "changeme123",
    "administrator",
    "administrator1",
    "admin12345",
    "admin123456",
    "football123",
    "baseball123",
    "basketball",
    "superman123",
    "sunshine123",
    "princess123",
    "teacher123",
    "student123",
    "studyhall1",
    "studyhall123",
];

/// What is wrong with something typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    Empty,
    TooShort,
    TooLong,
    Malformed,
    TooEasy,
}

/// An e-mail in the form that is stored and compared: trimmed, lower case.
pub fn email(typed: &str) -> Result<String, Flaw> {
    let email: String = typed.trim().nfc().collect::<String>().to_lowercase();
    if email.is_empty() {
        return Err(Flaw::Empty);
    }
    if email.len() > EMAIL_MAX as usize {
        return Err(Flaw::TooLong);
    }
    let shape = email.split_once('@').is_some_and(|(local, domain)| {
        (1..=64).contains(&local.len())
            && domain.contains('.')
            && domain.split('.').all(|label| {
                !label.is_empty()
                    && label.chars().all(|c| c.is_alphanumeric() || c == '-')
                    && !label.starts_with('-')
                    && !label.ends_with('-')
            })
    });
    let odd = |c: char| c.is_whitespace() || c.is_control() || "\"(),:;<>[]\\".contains(c);
    if shape && !email.chars().any(odd) { Ok(email) } else { Err(Flaw::Malformed) }
}

/// A name for people or groups, at most `max` characters: NFC, without outer and doubled spaces, on one line.
pub fn name(typed: &str, max: u32) -> Result<String, Flaw> {
    // Marks that turn the direction of the text around would rewrite the page beside the name.
    let hidden = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if typed.trim().chars().any(hidden) {
        return Err(Flaw::Malformed);
    }
    let name: String = typed.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect();
    match name.chars().count() {
        0 => Err(Flaw::Empty),
        n if n > max as usize => Err(Flaw::TooLong),
        // Only spaces of no width.
        _ if name.chars().all(|c| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')) => Err(Flaw::Empty),
        _ => Ok(name),
    }
}

/// A new password for the account with `email`. It is hashed exactly as typed.
pub fn password(typed: &str, email: &str) -> Result<(), Flaw> {
    let lower = typed.to_lowercase();
    let mut chars = lower.chars();
    let first = chars.next();
    match typed.chars().count() {
        0 => Err(Flaw::Empty),
        n if n < PASSWORD_MIN as usize => Err(Flaw::TooShort),
        n if n > PASSWORD_MAX as usize => Err(Flaw::TooLong),
        _ if chars.all(|c| Some(c) == first) || COMMON.contains(&lower.as_str()) => Err(Flaw::TooEasy),
        _ if lower == email || email.split_once('@').is_some_and(|(local, _)| lower == local) => Err(Flaw::TooEasy),
        _ => Ok(()),
    }
}

/// `next` when it is a path of this site and nothing else: a link in a mail must not lead elsewhere after sign-in.
pub fn local_path(next: &str) -> Option<&str> {
    let mut chars = next.chars();
    let local = chars.next() == Some('/')
        && !matches!(chars.next(), Some('/' | '\\'))
        && next.len() <= 500
        && next.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    local.then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn e_mails() {
        assert_eq!(email("  Mina.O@School.Test "), Ok("mina.o@school.test".into()));
        for bad in ["mina", "@b.c", "a@b", "a b@c.de", "a@b..c", "a@-b.c", "a@b@c.d", "a@b.c\n", "<a@b.c>"] {
            assert!(email(bad).is_err() || !bad.trim().eq(bad), "{bad}");
        }
        assert_eq!(email(&format!("{}@b.cc", "a".repeat(250))), Err(Flaw::TooLong));
        assert_eq!(email(""), Err(Flaw::Empty));
    }

    #[test]
    fn names() {
        assert_eq!(name("  Zoe\u{308}   M. ", NAME_MAX), Ok("Zoë M.".into()));
        assert_eq!(name("مريم", NAME_MAX), Ok("مريم".into()));
        assert_eq!(name(&"x".repeat(61), NAME_MAX), Err(Flaw::TooLong));
        assert_eq!(name("\u{200b}", NAME_MAX), Err(Flaw::Empty));
        assert_eq!(name("a\u{202e}b", NAME_MAX), Err(Flaw::Malformed));
    }

    #[test]
    fn passwords() {
        let mail = "mina.osman@school.test";
        assert_eq!(password("correct horse", mail), Ok(()));
        assert_eq!(password("Password123", mail), Err(Flaw::TooEasy));
        assert_eq!(password("aaaaaaaaaaaa", mail), Err(Flaw::TooEasy));
        assert_eq!(password("Mina.Osman@School.test", mail), Err(Flaw::TooEasy));
        assert_eq!(password("Mina.Osman", mail), Err(Flaw::TooEasy));
        assert_eq!(password("ninechars", mail), Err(Flaw::TooShort));
        assert_eq!(password(&"xy".repeat(101), mail), Err(Flaw::TooLong));
        assert!(COMMON.iter().all(|common| common.len() >= PASSWORD_MIN as usize));
    }

    #[test]
    fn only_paths_of_this_site_come_next() {
        for good in ["/", "/decks", "/invite/ABCD2345?x=1#y"] {
            assert_eq!(local_path(good), Some(good));
        }
        for bad in
            ["", "decks", "//evil", "/\\evil", "https:", "https://evil", "/a\\b", "/a\nb", "/\tevil", " /a", "/é"]
        {
            assert_eq!(local_path(bad), None, "{bad:?}");
        }
    }

    proptest! {
        /// Whatever passes is resolved by a browser on the same origin: one slash, then no second separator.
        #[test]
        fn a_local_path_never_names_a_host(next in "[/\\\\a-z:.\t\n @%]{0,12}") {
            if let Some(path) = local_path(&next) {
                prop_assert!(path.starts_with('/') && !path.starts_with("//"));
                prop_assert!(!path.contains(['\\', '\t', '\n', ' ']));
            }
        }

        #[test]
        fn a_normalised_e_mail_stays_itself(typed in "\\PC{0,40}@[a-zA-Z0-9.-]{1,30}") {
            if let Ok(once) = email(&typed) {
                prop_assert_eq!(email(&once), Ok(once.clone()));
            }
        }
    }
}
