//! What a file is: its encoding, the separator of its cells, the end of its rows.

use super::parse::{Record, records};
use crate::domain::import::{ImportProblem, RowEnd, Separator};
use encoding_rs::Encoding;

/// Bytes that the detection of the separator looks at.
const SAMPLE: usize = 64 * 1024;
/// Rows that it looks at.
const SAMPLE_ROWS: usize = 200;

/// The text in `bytes` and the label of its encoding, `wanted` or detected. `NotText` for binary files.
pub fn decode(bytes: &[u8], wanted: Option<&str>) -> Result<(String, String), ImportProblem> {
    let encoding = match wanted.and_then(|label| Encoding::for_label(label.as_bytes())) {
        Some(encoding) => encoding,
        None => detect_encoding(bytes),
    };
    // A byte order mark is taken off; another one than the wanted encoding's wins, for it cannot be chance.
    let (text, used, _) = encoding.decode(bytes);
    let looks_binary = {
        let (mut all, mut odd) = (0_usize, 0_usize);
        for c in text.chars().take(SAMPLE) {
            all += 1;
            odd += usize::from((c.is_control() && !matches!(c, '\n' | '\r' | '\t')) || c == '\u{fffd}');
        }
        odd * 50 > all
    };
    if looks_binary {
        return Err(ImportProblem::NotText);
    }
    Ok((text.into_owned(), used.name().to_lowercase()))
}

fn detect_encoding(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    if std::str::from_utf8(bytes).is_ok() {
        return if nul_at(bytes, 1) {
            encoding_rs::UTF_16LE
        } else if nul_at(bytes, 0) {
            encoding_rs::UTF_16BE
        } else {
            encoding_rs::UTF_8
        };
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(SAMPLE * 4)], true);
    detector.guess(None, chardetng::Utf8Detection::Deny)
}

/// Whether most characters look like UTF-16 without a mark: the byte at `offset` of each pair is nought.
fn nul_at(bytes: &[u8], offset: usize) -> bool {
    let pairs = bytes.len().min(1_000) / 2;
    pairs > 0 && (0..pairs).filter(|pair| bytes[pair * 2 + offset] == 0).count() * 2 > pairs
}

/// The separator and row end under which the text looks most like a table.
pub fn detect_separator(text: &str, row_end: Option<RowEnd>) -> (Separator, RowEnd) {
    let sample = &text[..text.floor_char_boundary(SAMPLE)];
    let lines = sample.lines().filter(|line| !line.trim().is_empty()).take(2).count();
    let mut best = (0.0, (Separator::Comma, row_end.unwrap_or(RowEnd::Line)));
    for end in [RowEnd::Line, RowEnd::Semicolon] {
        // Cards on one line with `;` between them: only a paste looks like that.
        if row_end.map_or(end == RowEnd::Semicolon && lines != 1, |wanted| wanted != end) {
            continue;
        }
        for separator in [Separator::Tab, Separator::Comma, Separator::Semicolon, Separator::Pipe, Separator::Dash] {
            if end == RowEnd::Semicolon && separator == Separator::Semicolon {
                continue;
            }
            let score = score(&records(sample, &separator, end, SAMPLE_ROWS));
            if score > best.0 {
                best = (score, (separator, end));
            }
        }
    }
    best.1
}

/// How much the rows look like a table: from 0 (no) to 1 (two to twenty columns, the same number in each row).
fn score(rows: &[Record]) -> f64 {
    let width = usual_width(rows);
    if width < 2 {
        return 0.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "at most a few hundred rows")]
    let alike = rows.iter().filter(|row| row.width() == width).count() as f64 / rows.len() as f64;
    let plausible = if width > 20 { 0.2 } else { 1.0 };
    let several = if rows.len() > 1 { 1.0 } else { 0.6 };
    alike * plausible * several
}

/// The number of cells that most rows have; 0 without rows.
pub fn usual_width(rows: &[Record]) -> usize {
    let mut counts = std::collections::BTreeMap::<usize, usize>::new();
    for row in rows {
        *counts.entry(row.width()).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map_or(0, |(width, _)| width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_recognised() {
        let plain = "Österreich,Wien\nMünchen,Größe\nÎle-de-France,Paris\n";
        let (western, _, _) = encoding_rs::WINDOWS_1252.encode(plain);
        let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(plain.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let bare: Vec<u8> = "front,back\na,b\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked: Vec<u8> = [0xef, 0xbb, 0xbf].into_iter().chain(plain.bytes()).collect();
        assert_eq!(decode(plain.as_bytes(), None), Ok((plain.into(), "utf-8".into())));
        assert_eq!(decode(&marked, None), Ok((plain.into(), "utf-8".into())), "the mark is no character");
        assert_eq!(decode(&western, None), Ok((plain.into(), "windows-1252".into())));
        assert_eq!(decode(&utf16, None), Ok((plain.into(), "utf-16le".into())));
        assert_eq!(decode(&bare, None), Ok(("front,back\na,b\n".into(), "utf-16le".into())));
        let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode("Москва,Россия\nКиев,Украина\n");
        assert_eq!(decode(&cyrillic, Some("windows-1251")).unwrap().0, "Москва,Россия\nКиев,Украина\n");
    }

    #[test]
    fn binary_junk_is_no_text() {
        let junk: Vec<u8> = (0..5_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert_eq!(decode(&junk, None), Err(ImportProblem::NotText));
        assert_eq!(decode(b"PK\x03\x04\x00\x00\x00\x00\x08\x00", None), Err(ImportProblem::NotText));
    }

    #[test]
    fn separators_are_recognised() {
        for (text, expected) in [
            ("a,b\nc,d\n", (Separator::Comma, RowEnd::Line)),
            ("a\tb, c\nd\te, f\n", (Separator::Tab, RowEnd::Line)),
            ("a;b,c\nd;e\n", (Separator::Semicolon, RowEnd::Line)),
            ("a|b\nc|d\n", (Separator::Pipe, RowEnd::Line)),
            ("a - b\nc - d - e\n", (Separator::Dash, RowEnd::Line)),
            ("a - b;c - d", (Separator::Dash, RowEnd::Semicolon)),
            ("a\tb;c\td;", (Separator::Tab, RowEnd::Semicolon)),
            ("alone\n", (Separator::Comma, RowEnd::Line)),
            ("", (Separator::Comma, RowEnd::Line)),
        ] {
            assert_eq!(detect_separator(text, None), expected, "{text:?}");
        }
    }
}
