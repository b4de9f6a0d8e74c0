//! Invitation codes: eight characters that survive being read aloud and typed on a phone.

/// Without 0 O, 1 I L and U: none is mistaken for another, and few words come out.
pub const ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
/// In characters; 30⁸ codes are 39 bits.
pub const LENGTH: usize = 8;
/// How long an invitation is good for, in milliseconds: 14 days.
pub const LIFETIME: i64 = 14 * 24 * 3600 * 1000;

/// A code from `draw`, which gives a uniform number below its argument.
pub fn code(mut draw: impl FnMut(u32) -> u32) -> String {
    (0..LENGTH).map(|_| char::from(ALPHABET[draw(ALPHABET.len() as u32) as usize % ALPHABET.len()])).collect()
}

/// The code in what was typed: any case, with spaces or hyphens, or the whole link. `None` when it cannot be one.
pub fn parse(typed: &str) -> Option<String> {
    let last = typed.trim().trim_end_matches('/').rsplit('/').next()?;
    let code: String = last.chars().filter(|c| !matches!(c, ' ' | '-')).map(|c| c.to_ascii_uppercase()).collect();
    (code.len() == LENGTH && code.bytes().all(|byte| ALPHABET.contains(&byte))).then_some(code)
}

/// The code in two halves, as it is shown: `ABCD-2345`.
pub fn shown(code: &str) -> String {
    let (first, second) = code.split_at_checked(LENGTH / 2).unwrap_or((code, ""));
    format!("{first}-{second}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_cannot_be_a_code_is_refused() {
        for bad in ["", "ABCD234", "ABCD23456", "ABCD234O", "ABCD234é", "/", "https://x/invite/"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    proptest! {
        /// Every code is unambiguous and is found again however somebody types it.
        #[test]
        fn a_code_survives_being_typed(draws in proptest::collection::vec(any::<u32>(), LENGTH)) {
            let mut draws = draws.into_iter();
            let code = code(|bound| draws.next().unwrap_or(0) % bound);
            prop_assert_eq!(code.len(), LENGTH);
            prop_assert!(!code.contains(['0', 'O', '1', 'I', 'L', 'U']));
            for typed in [code.to_lowercase(), shown(&code), format!(" {code} "), format!("https://a.test/invite/{code}/")] {
                prop_assert_eq!(parse(&typed), Some(code.clone()));
            }
        }
    }
}
