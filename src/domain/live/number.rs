//! Numbers as people write them, and how near an estimate is.

/// Parts of one: numbers are kept as whole millionths, so that all machines agree.
pub const ONE: i64 = 1_000_000;

/// Reads a number with spaces, either decimal sign, either grouping sign, and a per cent sign at most; in millionths.
pub fn parse(text: &str) -> Option<i64> {
    let text: String = text
        .trim()
        .trim_end_matches('%')
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '’' | '\u{202F}'))
        .collect();
    let (negative, digits) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let decimal = decimal_sign(digits);
    let (whole, part) = decimal.and_then(|at| Some((digits.get(..at)?, digits.get(at + 1..)?))).unwrap_or((digits, ""));
    let whole: String = whole.chars().filter(|c| !matches!(c, '.' | ',')).collect();
    let only_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() && part.is_empty() || whole.len() > 12 || !only_digits(&whole) || !only_digits(part) {
        return None;
    }
    let part: String = part.chars().chain(std::iter::repeat('0')).take(6).collect();
    let value = whole.parse::<i64>().unwrap_or(0) * ONE + part.parse::<i64>().ok()?;
    Some(if negative { -value } else { value })
}

/// Where the decimal sign stands: the last of two kinds; a comma alone before three digits groups thousands.
fn decimal_sign(digits: &str) -> Option<usize> {
    let (dot, comma) = (digits.rfind('.'), digits.rfind(','));
    match (dot, comma) {
        (Some(dot), Some(comma)) => Some(dot.max(comma)),
        (Some(dot), None) => (digits.matches('.').count() == 1).then_some(dot),
        (None, Some(comma)) => {
            let groups =
                digits.matches(',').count() > 1 || digits.len() - comma == 4 && comma > 0 && !digits.starts_with('0');
            (!groups).then_some(comma)
        }
        (None, None) => None,
    }
}

/// How far off is worth nothing: for years 50 of them, else half of the value, and one where that is nothing.
fn scale(value: i64) -> i64 {
    if value % ONE == 0 && (1_000..=2_100).contains(&(value / ONE)) { 50 * ONE } else { (value.abs() / 2).max(ONE) }
}

/// Nearness in thousandths: all of it for the number itself, falling evenly to nothing at the scale.
pub fn nearness(value: i64, estimate: i64) -> u16 {
    let (off, scale) = ((i128::from(value) - i128::from(estimate)).abs(), i128::from(scale(value)));
    u16::try_from((1000 * (scale - off).max(0) + scale / 2) / scale).unwrap_or(0)
}

/// Near enough to count as right: within a tenth of what is worth nothing.
pub fn is_near(value: i64, estimate: i64) -> bool {
    nearness(value, estimate) >= 900
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, value) in [
            ("8848", 8_848.0),
            ("8,848", 8_848.0),
            ("8 848", 8_848.0),
            ("8.5", 8.5),
            ("8,5", 8.5),
            ("-3", -3.0),
            ("−3,25", -3.25),
            ("1,234,567", 1_234_567.0),
            ("1.234.567", 1_234_567.0),
            ("1.234,5", 1_234.5),
            ("1,234.5", 1_234.5),
            ("12 %", 12.0),
            ("0,125", 0.125),
            ("+7", 7.0),
            (".5", 0.5),
            ("1’000", 1_000.0),
        ] {
            assert_eq!(parse(text), Some((value * ONE as f64).round() as i64), "{text}");
        }
        for no in ["", "-", "12 June", "1e5", "ten", "1/2", "--1", "9999999999999", "."] {
            assert_eq!(parse(no), None, "{no}");
        }
    }

    proptest! {
        #[test]
        fn nearer_is_never_worse(value in -1_000_000_000_000i64..1_000_000_000_000, a: i32, b: i32) {
            let (near, far) = (a.unsigned_abs().min(b.unsigned_abs()), a.unsigned_abs().max(b.unsigned_abs()));
            prop_assert!(nearness(value, value + i64::from(near)) >= nearness(value, value - i64::from(far)));
            prop_assert_eq!(nearness(value, value), 1000);
        }
    }
}
