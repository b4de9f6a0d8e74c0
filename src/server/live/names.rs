//! Whether a name may stand on a projector in front of a class.

use rustrict::{CensorStr, Type};

/// Insults, obscenities and slurs, also spelled with digits and signs.
pub fn is_profane(name: &str) -> bool {
    // A number of its own is not a letter in disguise: "Player 455" is fine.
    let words: Vec<&str> = name.split(' ').filter(|word| !word.chars().all(|c| c.is_ascii_digit())).collect();
    words.join(" ").is((Type::PROFANE | Type::OFFENSIVE | Type::SEXUAL) & Type::MODERATE_OR_HIGHER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_names_are_names() {
        for n in 1..=1_000 {
            assert!(!is_profane(&format!("Player {n}")), "{n}");
        }
    }

    #[test]
    fn insults_are_found_and_names_are_not() {
        for bad in ["fuck", "F u c k you", "sh1t head"] {
            assert!(is_profane(bad), "{bad}");
        }
        for good in ["Mina", "Sussex", "Scunthorpe Anna", "Ahmed", "李小龍", "Cassandra"] {
            assert!(!is_profane(good), "{good}");
        }
    }
}
