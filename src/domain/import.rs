//! Importing a table of cards: the settings of a reading, what a preview shows and why a line is refused.

use super::{ids::DeckId, text::clean_line};
use serde::{Deserialize, Serialize};

/// Bytes of an uploaded file or a paste.
pub const FILE_MAX: usize = 10 * 1024 * 1024;
/// Rows of one import.
pub const ROWS_MAX: usize = 50_000;
/// Columns of one row.
pub const COLUMNS_MAX: usize = 50;
/// Rows that the preview shows.
pub const PREVIEW_ROWS: usize = 20;
/// Refused lines on one page.
pub const REFUSED_PER_PAGE: usize = 50;

/// The encodings to choose from: WHATWG labels.
pub const ENCODINGS: [&str; 10] = [
    "utf-8",
    "utf-16le",
    "utf-16be",
    "windows-1252",
    "windows-1250",
    "windows-1251",
    "macintosh",
    "shift_jis",
    "gbk",
    "big5",
];

/// What stands between two cells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Separator {
    Tab,
    Comma,
    Semicolon,
    Pipe,
    /// A hyphen with a blank on each side, as in a paste from Quizlet; only the first one of a card counts.
    Dash,
    /// One to ten characters of the reader's choice.
    Custom(String),
}

/// What stands between two rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RowEnd {
    Line,
    Semicolon,
}

/// What a column of the file becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Column {
    Skip,
    Front,
    Back,
    Hint,
    Explanation,
    Category,
    Tags,
    Aliases,
}

/// How a file is to be read; what is `None` is detected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportOptions {
    /// One of [`ENCODINGS`].
    pub encoding: Option<String>,
    pub separator: Option<Separator>,
    pub row_end: Option<RowEnd>,
    /// Whether the first row names the columns.
    pub header: Option<bool>,
    /// By position; missing ones are skipped. Empty means: guess.
    pub columns: Vec<Column>,
}

/// How a file was read: every setting known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportSettings {
    pub encoding: String,
    pub separator: Separator,
    pub row_end: RowEnd,
    pub header: bool,
    pub columns: Vec<Column>,
}

/// Why nothing of a file can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportProblem {
    Empty,
    /// A picture, an archive, a spreadsheet file, …
    NotText,
    TooManyRows,
    /// No column is the front, or none the back.
    NoSides,
}

/// Why one line is not added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    WrongColumns {
        expected: u32,
        found: u32,
    },
    /// A quotation mark opens and never closes.
    UnclosedQuote,
    Missing(Column),
    TooLong {
        column: Column,
        max: u32,
    },
    TooMany {
        column: Column,
        max: u32,
    },
    /// The same front and back stand in this earlier line.
    TwiceInFile {
        line: u32,
    },
    InDeckAlready,
}

/// A line that is not added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedLine {
    /// From 1, as an editor counts.
    pub line: u32,
    /// Its beginning.
    pub text: String,
    pub reason: Refusal,
}

/// What the preview page shows. Nothing has been added yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPreview {
    pub deck: DeckId,
    pub deck_title: String,
    pub file_name: String,
    pub settings: ImportSettings,
    /// The names in the header row, if there is one.
    pub header_cells: Vec<String>,
    /// The first rows as read.
    pub rows: Vec<Vec<String>>,
    pub will_be_added: u32,
    pub refused_total: u32,
    /// One page of the refused lines.
    pub refused: Vec<RefusedLine>,
    pub problem: Option<ImportProblem>,
    /// It was confirmed before; nothing is left to do.
    pub confirmed: bool,
}

impl Separator {
    /// The name in a form; `Custom` is `custom:` and its characters.
    pub fn name(&self) -> String {
        match self {
            Self::Tab => "tab".to_owned(),
            Self::Comma => "comma".to_owned(),
            Self::Semicolon => "semicolon".to_owned(),
            Self::Pipe => "pipe".to_owned(),
            Self::Dash => "dash".to_owned(),
            Self::Custom(text) => format!("custom:{text}"),
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "tab" => Some(Self::Tab),
            "comma" => Some(Self::Comma),
            "semicolon" => Some(Self::Semicolon),
            "pipe" => Some(Self::Pipe),
            "dash" => Some(Self::Dash),
            _ => {
                let text = name.strip_prefix("custom:")?;
                (1..=10).contains(&text.chars().count()).then(|| Self::Custom(text.to_owned()))
            }
        }
    }

    /// The characters themselves.
    pub fn text(&self) -> &str {
        match self {
            Self::Tab => "\t",
            Self::Comma => ",",
            Self::Semicolon => ";",
            Self::Pipe => "|",
            Self::Dash => " - ",
            Self::Custom(text) => text,
        }
    }
}

impl RowEnd {
    pub fn name(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Semicolon => "semicolon",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        [Self::Line, Self::Semicolon].into_iter().find(|end| end.name() == name)
    }
}

impl Column {
    pub const ALL: [Self; 8] =
        [Self::Front, Self::Back, Self::Hint, Self::Explanation, Self::Category, Self::Tags, Self::Aliases, Self::Skip];

    /// The name in a form, and of the column in an export.
    pub fn name(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::Front => "front",
            Self::Back => "back",
            Self::Hint => "hint",
            Self::Explanation => "explanation",
            Self::Category => "category",
            Self::Tags => "tags",
            Self::Aliases => "aliases",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }
}

impl ImportOptions {
    /// Reads the settings from a form; an empty or unknown one is detected. `columns` are names with commas between.
    pub fn from_form(encoding: &str, separator: &str, row_end: &str, header: &str, columns: &str) -> Self {
        let encoding = clean_line(encoding);
        Self {
            encoding: ENCODINGS.contains(&encoding.as_str()).then_some(encoding),
            separator: Separator::parse(separator),
            row_end: RowEnd::parse(row_end),
            header: match header {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
            columns: if columns.is_empty() {
                Vec::new()
            } else {
                columns.split(',').take(COLUMNS_MAX).map(|name| Column::parse(name).unwrap_or(Column::Skip)).collect()
            },
        }
    }
}

impl ImportSettings {
    /// By name, as forms and addresses carry them.
    pub fn fields(&self) -> [(&'static str, String); 5] {
        let columns: Vec<_> = self.columns.iter().map(|column| column.name()).collect();
        [
            ("encoding", self.encoding.clone()),
            ("separator", self.separator.name()),
            ("row_end", self.row_end.name().to_owned()),
            ("header", if self.header { "yes" } else { "no" }.to_owned()),
            ("columns", columns.join(",")),
        ]
    }
}
