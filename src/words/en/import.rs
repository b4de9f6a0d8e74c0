//! English: words of imports.

use crate::{
    domain::import::{Column, ImportProblem, Refusal, RowEnd, Separator},
    words::import::Import,
};

pub const IMPORT: Import = Import {
    title: "Import cards",
    into: |deck| format!("Into {deck}"),
    file: "File",
    file_note: "CSV, TSV or text, at most 10 MB and 50,000 rows. From a spreadsheet: save it as CSV.",
    or: "or",
    paste: "Paste",
    paste_note: "From Quizlet (Export), a spreadsheet or notes: front and back in each line, with a tab, comma or dash between.",
    look: "Look at it first",
    upload_empty: "Choose a file or paste something first.",
    upload_large: "This file is too large. At most 10 MB are possible; split it and import the parts.",
    preview_title: "Look before you import",
    will_be_added: |n| if n == 1 { "1 card will be added".into() } else { format!("{n} cards will be added") },
    refused: |n| match n {
        0 => "no line is refused".into(),
        1 => "1 line is refused".into(),
        n => format!("{n} lines are refused"),
    },
    nothing_yet: "Nothing has been added yet.",
    confirm: |n| if n == 1 { "Import 1 card".into() } else { format!("Import {n} cards") },
    confirmed: "This was imported already.",
    other_file: "Choose another file",
    settings: "How it is read",
    encoding: "Encoding",
    separator: "Between cells",
    custom: "Own separator",
    row_end: "Between cards",
    header: "First row names the columns",
    yes: "Yes",
    no: "No",
    apply: "Read again",
    columns: "What the columns are",
    column_label: |n| format!("Column {n}"),
    apply_columns: "Use these columns",
    first_rows: "The first rows",
    refused_title: "Refused lines",
    line: "Line",
    text: "Text",
    reason: "Why",
    problem: |problem| match problem {
        ImportProblem::Empty => "There are no cards in it. Choose another file, or check how it is read below.",
        ImportProblem::NotText => {
            "This is no text file. From a spreadsheet, save it as CSV; pictures and documents cannot be imported here."
        }
        ImportProblem::TooManyRows => "It has more than 50,000 rows. Split it and import the parts.",
        ImportProblem::NoSides => {
            "It seems to have one column only. Choose what stands between the cells, or which columns are front and back."
        }
    },
    refusal,
    column,
    separator_name: |separator| match separator {
        Separator::Tab => "Tab",
        Separator::Comma => "Comma ,",
        Separator::Semicolon => "Semicolon ;",
        Separator::Pipe => "Bar |",
        Separator::Dash => "Dash with spaces -",
        Separator::Custom(_) => "Own separator",
    },
    row_end_name: |end| match end {
        RowEnd::Line => "New line",
        RowEnd::Semicolon => "Semicolon ;",
    },
};

fn column(column: Column) -> &'static str {
    match column {
        Column::Skip => "Leave out",
        Column::Front => "Front",
        Column::Back => "Back",
        Column::Hint => "Hint",
        Column::Explanation => "Explanation",
        Column::Category => "Category",
        Column::Tags => "Tags",
        Column::Aliases => "Further right answers",
    }
}

fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::WrongColumns { expected, found: 1 } => format!("It has one cell; the others have {expected}."),
        Refusal::WrongColumns { expected, found } => format!("It has {found} cells; the others have {expected}."),
        Refusal::UnclosedQuote => "A quotation mark opens and does not close.".into(),
        Refusal::Missing(side) => format!("{} is empty.", column(*side)),
        Refusal::TooLong { column: of, max } => format!("{} is longer than {max} characters.", column(*of)),
        Refusal::TooMany { column: of, max } => format!("{}: at most {max} are possible.", column(*of)),
        Refusal::TwiceInFile { line } => format!("The same card stands in line {line}."),
        Refusal::InDeckAlready => "The deck has this card already.".into(),
    }
}
