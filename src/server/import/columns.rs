//! What each column of a table becomes, guessed from the names in its first row.

use super::parse::Record;
use crate::domain::import::Column;

/// The names that files out there use, in lower case.
const NAMES: [(Column, &[&str]); 7] = [
    (
        Column::Front,
        &["front", "term", "question", "symbol", "word", "prompt", "side 1", "vorderseite", "frage", "begriff"],
    ),
    (
        Column::Back,
        &["back", "definition", "answer", "name", "meaning", "translation", "side 2", "rückseite", "antwort"],
    ),
    (Column::Hint, &["hint", "hints", "clue", "hinweis", "tipp"]),
    (Column::Explanation, &["explanation", "explain", "note", "notes", "comment", "extra", "erklärung"]),
    (Column::Category, &["category", "categories", "chapter", "topic", "section", "unit", "kategorie", "kapitel"]),
    (Column::Tags, &["tags", "tag", "labels", "label", "schlagwörter"]),
    (Column::Aliases, &["aliases", "alias", "also accepted", "alternatives", "synonyms"]),
];

fn meaning(cell: &str) -> Option<Column> {
    let cell = cell.trim().trim_start_matches('#').trim().to_lowercase().replace('_', " ");
    NAMES.iter().find(|(_, names)| names.contains(&cell.as_str())).map(|(column, _)| *column)
}

/// Whether the first row names the columns: it has a word for a front and a word for a back.
pub fn is_header(first: &Record) -> bool {
    let has = |wanted| first.cells.iter().any(|cell| meaning(cell) == Some(wanted));
    !first.unclosed && has(Column::Front) && has(Column::Back)
}

/// The meaning of each of `width` columns; without a header the first is the front and the second the back.
pub fn guess(header: Option<&Record>, width: usize) -> Vec<Column> {
    let mut columns = vec![Column::Skip; width];
    if let Some(header) = header {
        for (column, cell) in columns.iter_mut().zip(&header.cells).rev() {
            *column = meaning(cell).unwrap_or(Column::Skip);
        }
    }
    // Of two columns with the same meaning the first counts.
    for at in 1..columns.len() {
        if columns[..at].contains(&columns[at]) {
            columns[at] = Column::Skip;
        }
    }
    for side in [Column::Front, Column::Back] {
        if !columns.contains(&side)
            && let Some(free) = columns.iter_mut().find(|column| **column == Column::Skip)
        {
            *free = side;
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> Record {
        Record { line: 1, cells: cells.iter().map(|&cell| cell.to_owned()).collect(), beyond: 0, unclosed: false }
    }

    #[test]
    fn names_are_understood() {
        use Column::*;
        let elements = row(&["symbol", "name", "atomic_number"]);
        assert!(is_header(&elements));
        assert_eq!(guess(Some(&elements), 3), [Front, Back, Skip]);
        let odd = row(&["Tags", " Definition ", "TERM", "term", "Also_accepted"]);
        assert!(is_header(&odd));
        assert_eq!(guess(Some(&odd), 5), [Tags, Back, Front, Skip, Aliases]);
        assert!(!is_header(&row(&["Name", "Nom"])), "a card may well be about the word name");
        assert_eq!(guess(None, 3), [Front, Back, Skip]);
        assert_eq!(guess(Some(&row(&["country", "capital", "tags"])), 3), [Front, Back, Tags]);
        assert_eq!(guess(None, 1), [Front]);
    }
}
