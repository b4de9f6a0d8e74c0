//! Rows and cells of a text, as RFC 4180 and everybody's spreadsheets write them.
//! Written by hand instead of taken from the csv crate, because a quotation mark that never closes must
//! cost one line with its number, not the rest of the file.

use crate::domain::import::{COLUMNS_MAX, RowEnd, Separator};

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The line it begins on, from 1.
    pub line: u32,
    /// At most [`COLUMNS_MAX`] cells; the rest is only counted.
    pub cells: Vec<String>,
    /// Cells beyond [`COLUMNS_MAX`].
    pub beyond: usize,
    /// A quotation mark opens and never closes; the cells then hold the line as it stands.
    pub unclosed: bool,
}

impl Record {
    /// All cells, also those beyond the limit.
    pub fn width(&self) -> usize {
        self.cells.len() + self.beyond
    }
}

/// At most `limit` rows of `text`; empty lines are left out.
pub fn records(text: &str, separator: &Separator, row_end: RowEnd, limit: usize) -> Vec<Record> {
    let mut reader = Reader { text, at: 0, line: 1, separator, row_end, unclosed_from: usize::MAX };
    let mut rows = Vec::new();
    while rows.len() < limit {
        match reader.next() {
            Some(row) if row.cells.iter().all(|cell| cell.trim().is_empty()) && row.beyond == 0 => {}
            Some(row) => rows.push(row),
            None => break,
        }
    }
    rows
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    separator: &'a Separator,
    row_end: RowEnd,
    /// Behind this place every opening mark is known to stay open.
    unclosed_from: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<Record> {
        if self.at >= self.text.len() {
            return None;
        }
        let (start, line) = (self.at, self.line);
        if *self.separator == Separator::Dash {
            let row = self.rest_of_row();
            let cells = row.splitn(2, " - ").map(|cell| cell.trim().to_owned()).collect();
            return Some(Record { line, cells, beyond: 0, unclosed: false });
        }
        let mut record = Record { line, cells: Vec::new(), beyond: 0, unclosed: false };
        loop {
            let (cell, last) = match self.cell() {
                Some(found) => found,
                None => {
                    // Read again without quotation: this line alone is lost.
                    (self.at, self.line) = (start, line);
                    let row = self.rest_of_row();
                    return Some(Record { line, cells: vec![row.to_owned()], beyond: 0, unclosed: true });
                }
            };
            if record.cells.len() < COLUMNS_MAX {
                record.cells.push(cell);
            } else {
                record.beyond += 1;
            }
            if last {
                return Some(record);
            }
        }
    }

    /// One cell, and whether it is the row's last. `None` when its quotation stays open.
    fn cell(&mut self) -> Option<(String, bool)> {
        let rest = &self.text[self.at..];
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        if !rest[blanks..].starts_with('"') {
            let (end, last, skip) = self.end_of_cell(rest);
            self.advance(end + skip);
            return Some((rest[..end].to_owned(), last));
        }
        let open = self.at + blanks + 1;
        if open >= self.unclosed_from {
            return None;
        }
        let mut cell = String::new();
        let mut from = open;
        let close = loop {
            let Some(found) = self.text[from..].find('"') else {
                self.unclosed_from = open;
                return None;
            };
            cell.push_str(&self.text[from..from + found]);
            let close = from + found;
            if !self.text[close + 1..].starts_with('"') {
                break close;
            }
            cell.push('"');
            from = close + 2;
        };
        // What stands between the closing mark and the separator belongs to the cell, too.
        let rest = &self.text[close + 1..];
        let (end, last, skip) = self.end_of_cell(rest);
        cell.push_str(rest[..end].trim_end_matches(' '));
        self.advance(close + 1 + end + skip - self.at);
        Some((cell, last))
    }

    /// Where the cell that begins `rest` ends, whether the row ends with it, and how long what ends it is.
    /// One look at each byte: a row of a million cells must not be searched to its end for each of them.
    fn end_of_cell(&self, rest: &str) -> (usize, bool, usize) {
        let (bytes, separator) = (rest.as_bytes(), self.separator.text().as_bytes());
        let semicolon = self.row_end == RowEnd::Semicolon;
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'\r' if bytes.get(at + 1) == Some(&b'\n') => return (at, true, 2),
                b'\r' | b'\n' => return (at, true, 1),
                b';' if semicolon => return (at, true, 1),
                byte if Some(byte) == separator.first() && bytes[at..].starts_with(separator) => {
                    return (at, false, separator.len());
                }
                _ => {}
            }
        }
        (rest.len(), true, 0)
    }

    fn end_of_row(&self, rest: &str) -> (usize, usize) {
        let semicolon = self.row_end == RowEnd::Semicolon;
        match rest.find(|c| c == '\n' || c == '\r' || (semicolon && c == ';')) {
            Some(end) => (end, if rest[end..].starts_with("\r\n") { 2 } else { 1 }),
            None => (rest.len(), 0),
        }
    }

    fn rest_of_row(&mut self) -> &str {
        let text = self.text;
        let from = self.at;
        let (end, skip) = self.end_of_row(&text[from..]);
        self.advance(end + skip);
        &text[from..from + end]
    }

    fn advance(&mut self, bytes: usize) {
        let passed = &self.text[self.at..self.at + bytes];
        let lines = passed.matches('\n').count() + passed.matches('\r').count() - passed.matches("\r\n").count();
        self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.at += bytes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<(u32, Vec<String>)> {
        records(text, &Separator::Comma, RowEnd::Line, 100).into_iter().map(|row| (row.line, row.cells)).collect()
    }

    fn row(line: u32, cells: &[&str]) -> (u32, Vec<String>) {
        (line, cells.iter().map(|&cell| cell.to_owned()).collect())
    }

    #[test]
    fn quotes_line_ends_and_empty_lines() {
        let text = "a,\"b \"\"c\"\"\r\nd\",e\r\n\r\n f , \"g\" ,\n,,\nlast,one";
        assert_eq!(
            read(text),
            [row(1, &["a", "b \"c\"\r\nd", "e"]), row(4, &[" f ", "g", ""]), row(6, &["last", "one"])]
        );
        assert_eq!(read("a\rb"), [row(1, &["a"]), row(2, &["b"])], "line ends of old Macs");
        assert_eq!(read("5\" disk,b"), [row(1, &["5\" disk", "b"])], "a mark inside a cell is a character");
    }

    #[test]
    fn an_open_quotation_costs_one_line() {
        let rows = records("a,b\n\"open,c\nd,e\n\"f,g\nh,i", &Separator::Comma, RowEnd::Line, 100);
        // The mark of line 2 closes at line 4's; behind that, nothing is open.
        assert_eq!(rows.len(), 3);
        let rows = records("a,b\n\"open,c\nd,e\nh,i", &Separator::Comma, RowEnd::Line, 100);
        assert_eq!(
            rows.iter().map(|row| (row.line, row.unclosed)).collect::<Vec<_>>(),
            [(1, false), (2, true), (3, false), (4, false)]
        );
    }

    #[test]
    fn hostile_texts_take_linear_time_and_space() {
        let commas = ",".repeat(5_000_000);
        let rows = records(&format!("x{commas}"), &Separator::Comma, RowEnd::Line, 100);
        assert_eq!((rows[0].cells.len(), rows[0].width()), (COLUMNS_MAX, 5_000_001));
        let open = "\"a,b\n".repeat(100_001);
        assert!(!records(&open, &Separator::Comma, RowEnd::Line, 200_000).is_empty());
        assert_eq!(records(&"\n".repeat(1_000_000), &Separator::Tab, RowEnd::Line, 10), []);
    }

    proptest! {
        /// What the csv crate writes is read back.
        #[test]
        fn agrees_with_the_csv_crate(rows in prop::collection::vec(prop::collection::vec("[a-z ,;\"'\n\r\tß]{0,8}", 3), 1..8)) {
            let mut writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(vec![]);
            for row in &rows { writer.write_record(row).unwrap(); }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let kept: Vec<Vec<String>> =
                rows.into_iter().filter(|row| !row.iter().all(|cell| cell.trim().is_empty())).collect();
            let read: Vec<Vec<String>> =
                records(&text, &Separator::Comma, RowEnd::Line, 100).into_iter().map(|row| row.cells).collect();
            prop_assert_eq!(read, kept);
        }

        /// No text makes it fail, and no row is lost without a trace.
        #[test]
        fn any_text_is_read(text in "\\PC*[\"\n,;]{0,20}\\PC*", dash: bool) {
            let separator = if dash { Separator::Dash } else { Separator::Semicolon };
            let rows = records(&text, &separator, RowEnd::Line, 1_000);
            prop_assert!(rows.windows(2).all(|pair| pair[0].line < pair[1].line));
        }
    }
}
