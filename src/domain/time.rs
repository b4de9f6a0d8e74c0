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

/// `2026-11-23T07:31:20Z`. Without the formatting machinery: a list has one for each row.
pub fn iso(at: i64) -> String {
    let (year, month, day) = civil(at);
    let seconds = at.rem_euclid(DAY) / 1000;
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let mut text = String::with_capacity(20);
    if !(0..=9999).contains(&year) {
        // Nobody's deck; signed, as ISO 8601 has it.
        text.push_str(&format!("{year:+07}"));
    } else {
        two_digits(&mut text, year / 100);
        two_digits(&mut text, year % 100);
    }
    let rest = [('-', i64::from(month)), ('-', i64::from(day)), ('T', hour), (':', minute), (':', second)];
    for (before, number) in rest {
        text.push(before);
        two_digits(&mut text, number);
    }
    text.push('Z');
    text
}

/// `2026-11-23T07:31`, as a field for date and time takes it.
pub fn minute(at: i64) -> String {
    let mut text = iso(at);
    text.truncate(text.len() - 4);
    text
}

/// Unix milliseconds of `2026-11-23T07:31`, with or without seconds, in UTC. `None` for what is no such time.
pub fn parse_minute(text: &str) -> Option<i64> {
    let (date, time) = text.trim().split_once('T')?;
    let numbers = |text: &str, sign: char| text.split(sign).map(|n| n.parse::<i64>().ok()).collect::<Option<Vec<_>>>();
    let ([year, month, day], [hour, minute, ..]) = (&numbers(date, '-')?[..], &numbers(time, ':')?[..]) else {
        return None;
    };
    let (year, month, day) = (*year, *month, *day);
    if !(0..=9999).contains(&year) || !(0..24).contains(hour) || !(0..60).contains(minute) {
        return None;
    }
    let (month_, day_) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    let at = days(year, month, day) * DAY + (hour * 60 + minute) * 60_000;
    // What is no date of the calendar comes back as another one.
    (civil(at) == (year, month_, day_)).then_some(at)
}

/// Howard Hinnant's `days_from_civil`.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let (era, yoe) = (y.div_euclid(400), y.rem_euclid(400));
    let doy = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

/// `number` is 0–99.
fn two_digits(text: &mut String, number: i64) {
    for digit in [number / 10, number % 10] {
        text.push(char::from(b'0' + digit as u8));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_is_read_as_it_is_written() {
        for day in (-100_000..100_000).step_by(97) {
            let at = day * DAY + 83 * 60_000 * day.rem_euclid(17);
            assert_eq!(parse_minute(&minute(at)), Some(at), "{}", minute(at));
        }
        assert_eq!(minute(1_795_419_080_000), "2026-11-23T07:31");
        assert_eq!(parse_minute("2026-11-23T07:31:20"), Some(1_795_419_060_000));
        for no in [
            "",
            "2026-11-23",
            "2026-02-30T10:00",
            "2026-13-01T10:00",
            "2026-01-01T24:00",
            "aT:",
            "1-2-3T4",
            "99999999999999999-01-01T00:00",
        ] {
            assert_eq!(parse_minute(no), None, "{no}");
        }
    }

    #[test]
    fn known_dates() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(-1), (1969, 12, 31));
        assert_eq!(civil(951_782_400_000), (2000, 2, 29));
        assert_eq!(civil(4_107_542_400_000), (2100, 3, 1));
        assert_eq!(iso(1_795_419_080_000), "2026-11-23T07:31:20Z");
        assert_eq!(iso(-62_135_596_800_001), "0000-12-31T23:59:59Z");
        assert_eq!(iso(253_402_300_800_000), "+010000-01-01T00:00:00Z");
    }
}
