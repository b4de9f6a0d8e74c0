//! A whole file at once: from bytes and wishes to rows, settings and the plan.

use super::{
    columns, detect, parse,
    plan::{Plan, plan},
};
use crate::domain::import::{
    Column, ImportOptions, ImportProblem, ImportSettings, PREVIEW_ROWS, ROWS_MAX, RowEnd, Separator,
};

/// A file as it was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    pub settings: ImportSettings,
    pub header_cells: Vec<String>,
    /// The first rows.
    pub rows: Vec<Vec<String>>,
    pub plan: Plan,
    /// Then the plan is empty.
    pub problem: Option<ImportProblem>,
}

/// Reads `bytes` as `options` say, detecting what they leave open, for a deck with the cards `existing`.
pub fn read(bytes: &[u8], options: &ImportOptions, existing: &[(String, String)]) -> Reading {
    let (text, encoding) = match detect::decode(bytes, options.encoding.as_deref()) {
        Ok(decoded) => decoded,
        Err(problem) => return nothing(options, problem),
    };
    let (separator, row_end) = match (&options.separator, options.row_end) {
        (Some(separator), row_end) => (separator.clone(), row_end.unwrap_or(RowEnd::Line)),
        (None, row_end) => detect::detect_separator(&text, row_end),
    };
    let mut records = parse::records(&text, &separator, row_end, ROWS_MAX + 2);
    let header = match records.first() {
        Some(first) if options.header.unwrap_or_else(|| columns::is_header(first)) => Some(records.remove(0)),
        _ => None,
    };
    let width = header.as_ref().map_or_else(|| detect::usual_width(&records), parse::Record::width);
    let columns = if options.columns.is_empty() {
        columns::guess(header.as_ref(), width.min(crate::domain::import::COLUMNS_MAX))
    } else {
        options.columns.clone()
    };
    let problem = if records.len() > ROWS_MAX {
        Some(ImportProblem::TooManyRows)
    } else if records.is_empty() {
        Some(ImportProblem::Empty)
    } else if !columns.contains(&Column::Front) || !columns.contains(&Column::Back) {
        Some(ImportProblem::NoSides)
    } else {
        None
    };
    let plan = if problem.is_none() { plan(&records, &columns, width, existing) } else { Plan::default() };
    Reading {
        settings: ImportSettings { encoding, separator, row_end, header: header.is_some(), columns },
        header_cells: header.map(|header| header.cells).unwrap_or_default(),
        rows: records.into_iter().take(PREVIEW_ROWS).map(|record| record.cells).collect(),
        plan,
        problem,
    }
}

fn nothing(options: &ImportOptions, problem: ImportProblem) -> Reading {
    Reading {
        settings: ImportSettings {
            encoding: options.encoding.clone().unwrap_or_else(|| "utf-8".to_owned()),
            separator: options.separator.clone().unwrap_or(Separator::Comma),
            row_end: options.row_end.unwrap_or(RowEnd::Line),
            header: options.header.unwrap_or(false),
            columns: options.columns.clone(),
        },
        header_cells: Vec::new(),
        rows: Vec::new(),
        plan: Plan::default(),
        problem: Some(problem),
    }
}

#[cfg(test)]
mod tests;
