//! Whatever people typed, a spreadsheet reads it as text: names, teams, questions, solutions and answers.

use super::*;
use crate::domain::{
    ids::{CardId, ParticipantId},
    live::{
        question::{Answer, Key, Question, Rich},
        report::{Player, Stored, report},
    },
};
use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use std::io::Cursor;
use uuid::Uuid;

/// The name, the team, the question, its solution, the answer.
const RISKY: [&str; 5] = ["=1+1", "@SUM(A1)", "+2", "-3", "=4"];

fn risky() -> SessionReport {
    let [name, team, prompt, solution, answer] = RISKY;
    let question = Question {
        card: CardId(Uuid::nil()),
        prompt: Rich::plain(prompt),
        key: Key::Typed { solutions: vec![Rich::plain(solution)] },
        hint: None,
        explanation: None,
        points: 1000,
        adjusted: Default::default(),
    };
    let id = ParticipantId(Uuid::nil());
    let player = Player { id, name: name.into(), guest: true, team: Some(team.into()) };
    let stored = Stored {
        participant: id,
        index: 0,
        answer: Answer::Text(answer.into()),
        correct: false,
        points: 0,
        response_time_ms: 1_000,
        sure: None,
    };
    SessionReport {
        session: LiveSessionId(Uuid::nil()),
        group: None,
        title: "=5".into(),
        ended_at: 0,
        report: report(&[(0, &question)], &[player], &[stored]),
        self_paced: 0,
        live_only: false,
    }
}

#[test]
fn a18_what_looks_like_a_formula_is_text() {
    for risky in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"] {
        assert_eq!(guarded(risky), format!("'{risky}"));
    }
    for plain in ["Ada", "a=b", "1-1", ""] {
        assert_eq!(guarded(plain), plain);
    }
}

#[test]
fn a18_no_cell_of_a_csv_is_a_formula_whoever_wrote_it() {
    let bytes = csv(&risky()).unwrap();
    let mut reader = csv::Reader::from_reader(&bytes[3..]);
    let row = reader.records().next().unwrap().unwrap();
    for text in RISKY {
        assert!(row.iter().any(|cell| cell == format!("'{text}")) && row.iter().all(|cell| cell != text), "{row:?}");
    }
}

#[test]
fn a18_no_cell_of_a_workbook_is_a_formula_whoever_wrote_it() {
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(xlsx(&risky()).unwrap())).unwrap();
    let mut texts = vec![];
    for sheet in book.sheet_names() {
        let formulas = book.worksheet_formula(&sheet).unwrap();
        assert!(formulas.used_cells().all(|(.., formula)| formula.is_empty()), "{sheet}");
        let cells = book.worksheet_range(&sheet).unwrap();
        texts.extend(cells.used_cells().map(|(.., cell)| cell.clone()));
    }
    for text in RISKY {
        assert!(texts.contains(&Data::String(text.into())), "{text} as it was written");
    }
}
