//! Civil dates from Unix milliseconds, in UTC, without a library: it is for the browser too.

/// When a request came in, in Unix milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestTime(pub i64);

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Year, month (1–12) and day (1–31) in UTC.
/// Howard Hinnant's `civil_from_days`: https://howardhinnant.github.io/date_algorithms.html
pub fn civil(at: i64) -> (i64, u8, u8) {
    let z = at.div_euclid(DAY) + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(month <= 2), month as u8, day as u8)
}

/// `2026-11-23T07:31:20Z`.
pub fn iso(at: i64) -> String {
    let (year, month, day) = civil(at);
    let seconds = at.rem_euclid(DAY) / 1000;
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_dates() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(-1), (1969, 12, 31));
        assert_eq!(civil(951_782_400_000), (2000, 2, 29));
        assert_eq!(civil(4_107_542_400_000), (2100, 3, 1));
        assert_eq!(iso(1_795_419_080_000), "2026-11-23T07:31:20Z");
    }
}
