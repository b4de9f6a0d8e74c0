//! A report as a file: CSV for other programs, XLSX for teachers. What looks like a formula is text in both.

use super::{caller::Caller, queries::GetLiveReport};
use crate::{
    api::{
        error::AppError,
        live_reports::{SessionReport, is_live_only},
    },
    domain::{
        ids::LiveSessionId,
        live::{blitz::Sureness, report::QuestionReport},
        time::minute,
    },
    server::{
        auth::{Actor, layer::client_ip},
        call::internal,
        images::refused,
        state::AppState,
    },
    words::en::WORDS,
};
use axum::{
    Router,
    extract::{Path, Query, State},
    http::{header, request::Parts},
    response::{IntoResponse, Response},
    routing::get,
};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use serde::Deserialize;

/// `?who=live`: without those who played later alone.
#[derive(Deserialize)]
struct Who {
    who: Option<String>,
}

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/live/{session}/report.csv", get(csv_file))
        .route("/live/{session}/report.xlsx", get(xlsx_file))
}

/// `GET /live/:session/report.csv`: one row per answer.
async fn csv_file(
    State(state): State<AppState>,
    Path(session): Path<LiveSessionId>,
    Query(who): Query<Who>,
    parts: Parts,
) -> Response {
    match read(&state, session, &who, &parts).await.and_then(|report| csv(&report)) {
        Ok(bytes) => file("text/csv; charset=utf-8", "csv", bytes),
        Err(error) => refused(&error, false),
    }
}

/// `GET /live/:session/report.xlsx`: learners, questions, and every answer.
async fn xlsx_file(
    State(state): State<AppState>,
    Path(session): Path<LiveSessionId>,
    Query(who): Query<Who>,
    parts: Parts,
) -> Response {
    const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let made = match read(&state, session, &who, &parts).await {
        Ok(report) => xlsx(&report).map_err(|error| internal(&error.to_string())),
        Err(error) => Err(error),
    };
    match made {
        Ok(bytes) => file(XLSX, "xlsx", bytes),
        Err(error) => refused(&error, false),
    }
}

async fn read(state: &AppState, session: LiveSessionId, who: &Who, parts: &Parts) -> Result<SessionReport, AppError> {
    let actor = parts.extensions.get::<Actor>().cloned().unwrap_or(Actor::Anonymous);
    let caller = Caller::new(actor, &parts.headers, client_ip(&state.config, parts));
    let live_only = is_live_only(who.who.as_deref());
    Ok(GetLiveReport { session, live_only }.run(state, &caller).await?)
}

fn file(media_type: &'static str, ending: &str, bytes: Vec<u8>) -> Response {
    let name = format!("attachment; filename=\"quiz.{ending}\"");
    (
        [(header::CONTENT_TYPE, media_type), (header::CONTENT_DISPOSITION, &name), (header::CACHE_CONTROL, "no-store")],
        bytes,
    )
        .into_response()
}

/// Text that a spreadsheet would read as a formula begins with an apostrophe.
fn guarded(text: &str) -> String {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if risky { format!("'{text}") } else { text.to_owned() }
}

fn csv(report: &SessionReport) -> Result<Vec<u8>, AppError> {
    let words = &WORDS.report;
    let mut writer = csv::Writer::from_writer(vec![]);
    // A mark in front tells spreadsheets that it is UTF-8.
    let mut out = || -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
        writer.write_record(words.answer_columns)?;
        for learner in &report.report.learners {
            for (question, answer) in report.report.questions.iter().zip(&learner.answers) {
                let (text, correct, points, seconds, sure) = match answer {
                    Some(a) => (
                        guarded(&a.text),
                        u8::from(a.correct).to_string(),
                        a.points.to_string(),
                        seconds(a.response_time_ms).to_string(),
                        a.sure.map_or_else(String::new, |sure| u8::from(sure).to_string()),
                    ),
                    None => Default::default(),
                };
                writer.write_record([
                    learner.rank.to_string(),
                    guarded(&learner.name),
                    (question.index + 1).to_string(),
                    guarded(&prompt(question)),
                    guarded(&question.solution.text),
                    text,
                    correct,
                    points,
                    seconds,
                    guarded(learner.team.as_deref().unwrap_or_default()),
                    sure,
                    (words.played)(learner.self_paced.map(when).as_deref()),
                ])?;
            }
        }
        let mut bytes = "\u{FEFF}".as_bytes().to_vec();
        writer.flush()?;
        bytes.extend_from_slice(writer.get_ref());
        Ok(bytes)
    };
    out().map_err(|error| internal(&error.to_string()))
}

fn xlsx(report: &SessionReport) -> Result<Vec<u8>, XlsxError> {
    let words = &WORDS.report;
    let bold = Format::new().set_bold();
    let mut book = Workbook::new();
    let mut sheet = |name: &str, columns: &[&str], fill: &dyn Fn(&mut Worksheet) -> Result<(), XlsxError>| {
        let sheet = book.add_worksheet().set_name(name)?;
        for (column, title) in (0u16..).zip(columns) {
            sheet.write_string_with_format(0, column, *title, &bold)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        fill(sheet)?;
        sheet.autofit();
        Ok::<(), XlsxError>(())
    };
    let (learners, questions) = (&report.report.learners, &report.report.questions);
    sheet(words.learners, &words.learner_columns, &|sheet| {
        for (row, learner) in (1u32..).zip(learners) {
            sheet.write_number(row, 0, learner.rank)?;
            sheet.write_string(row, 1, &learner.name)?;
            sheet.write_number(row, 2, learner.score)?;
            sheet.write_number(row, 3, learner.correct)?;
            sheet.write_number(row, 4, learner.answered)?;
            sheet.write_number(row, 5, seconds(learner.average_ms))?;
            sheet.write_string(row, 6, learner.team.as_deref().unwrap_or_default())?;
            write_sureness(sheet, row, 7, learner.sureness)?;
            sheet.write_string(row, 11, (words.played)(learner.self_paced.map(when).as_deref()))?;
        }
        Ok(())
    })?;
    if !report.report.teams.is_empty() {
        sheet(words.teams, &words.team_columns, &|sheet| {
            for (row, team) in (1u32..).zip(&report.report.teams) {
                sheet.write_number(row, 0, team.rank)?;
                sheet.write_string(row, 1, &team.name)?;
                sheet.write_number(row, 2, team.score)?;
                sheet.write_number(row, 3, team.members)?;
            }
            Ok(())
        })?;
    }
    sheet(words.questions, &words.question_columns, &|sheet| {
        for (row, question) in (1u32..).zip(questions) {
            write_question(sheet, row, question)?;
        }
        Ok(())
    })?;
    sheet(words.answers, &words.answer_columns, &|sheet| {
        let mut row = 0;
        for learner in learners {
            for (question, answer) in questions.iter().zip(&learner.answers) {
                row += 1;
                sheet.write_number(row, 0, learner.rank)?;
                sheet.write_string(row, 1, &learner.name)?;
                sheet.write_number(row, 2, question.index + 1)?;
                sheet.write_string(row, 3, prompt(question))?;
                sheet.write_string(row, 4, &question.solution.text)?;
                if let Some(answer) = answer {
                    sheet.write_string(row, 5, &answer.text)?;
                    sheet.write_number(row, 6, u8::from(answer.correct))?;
                    sheet.write_number(row, 7, answer.points)?;
                    sheet.write_number(row, 8, seconds(answer.response_time_ms))?;
                    if let Some(sure) = answer.sure {
                        sheet.write_number(row, 10, u8::from(sure))?;
                    }
                }
                sheet.write_string(row, 9, learner.team.as_deref().unwrap_or_default())?;
                sheet.write_string(row, 11, (words.played)(learner.self_paced.map(when).as_deref()))?;
            }
        }
        Ok(())
    })?;
    book.save_to_buffer()
}

fn write_question(sheet: &mut Worksheet, row: u32, question: &QuestionReport) -> Result<(), XlsxError> {
    sheet.write_number(row, 0, question.index + 1)?;
    sheet.write_string(row, 1, prompt(question))?;
    sheet.write_string(row, 2, &question.solution.text)?;
    sheet.write_number(row, 3, question.answered)?;
    sheet.write_number(row, 4, question.correct)?;
    if let Some(right) = question.right {
        sheet.write_number(row, 5, f64::from(right) / 1000.0)?;
    }
    if let Some(discrimination) = question.discrimination {
        sheet.write_number(row, 6, f64::from(discrimination) / 1000.0)?;
    }
    if let Some([_, median, _]) = question.times {
        sheet.write_number(row, 7, seconds(median))?;
    }
    let unused: Vec<&str> = question.unused().map(|given| given.text.text.as_str()).collect();
    sheet.write_string(row, 8, unused.join(", "))?;
    sheet.write_number(row, 9, question.worth.points())?;
    write_sureness(sheet, row, 10, question.sureness)
}

/// Nothing where nobody was asked.
fn write_sureness(sheet: &mut Worksheet, row: u32, from: u16, found: Option<Sureness>) -> Result<(), XlsxError> {
    for (column, count) in (from..).zip(found.iter().flat_map(Sureness::counts)) {
        sheet.write_number(row, column, count)?;
    }
    Ok(())
}

/// The question's text, and that it was asked for the second time.
fn prompt(question: &QuestionReport) -> String {
    let text = &question.prompt.text;
    question.second_of.map_or_else(|| text.clone(), |of| format!("{text} ({})", (WORDS.report.second_chance)(of + 1)))
}

/// `2026-11-23 07:31`, in UTC.
fn when(at: i64) -> String {
    minute(at).replace('T', " ")
}

fn seconds(ms: u32) -> f64 {
    f64::from(ms) / 1000.0
}

#[cfg(test)]
mod tests;
