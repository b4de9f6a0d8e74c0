//! Real files with known facts, and broken ones.

use super::*;
use crate::domain::import::Refusal;

fn auto(bytes: &[u8]) -> Reading {
    read(bytes, &ImportOptions::default(), &[])
}

fn refused(reading: &Reading) -> Vec<(u32, Refusal)> {
    reading.plan.refused.iter().map(|line| (line.line, line.reason.clone())).collect()
}

#[test]
fn the_countries_are_195_with_three_commas_in_their_backs() {
    let reading = auto(include_bytes!("../../../../demo/countries.csv"));
    assert_eq!((reading.plan.cards.len(), reading.plan.refused.len()), (195, 0));
    assert_eq!(reading.settings.separator, Separator::Comma);
    assert!(reading.settings.header);
    assert_eq!(reading.plan.cards.iter().filter(|card| card.text.back.contains(',')).count(), 3);
    let tagged = |tag: &str| reading.plan.cards.iter().filter(|card| card.text.tags.iter().any(|t| t == tag)).count();
    assert_eq!((tagged("region:Africa"), tagged("region:Asia"), tagged("status:disputed")), (54, 47, 2));
}

#[test]
fn the_elements_are_118() {
    let reading = auto(include_bytes!("../../../../demo/elements.tsv"));
    assert_eq!((reading.plan.cards.len(), reading.plan.refused.len()), (118, 0));
    assert_eq!(reading.settings.separator, Separator::Tab);
    assert_eq!(reading.settings.columns, [Column::Front, Column::Back, Column::Skip]);
    assert_eq!((&*reading.plan.cards[0].text.front, &*reading.plan.cards[0].text.back), ("H", "Hydrogen"));
}

#[test]
fn both_quizlet_pastes_are_the_same_42_cards() {
    let lines = auto(include_bytes!("../../../../demo/quizlet-paste.txt"));
    let dashes = auto(include_bytes!("../../../../demo/quizlet-paste-dash.txt"));
    assert_eq!((lines.settings.separator, lines.settings.row_end), (Separator::Tab, RowEnd::Line));
    assert_eq!((dashes.settings.separator, dashes.settings.row_end), (Separator::Dash, RowEnd::Semicolon));
    assert_eq!((lines.plan.cards.len(), lines.plan.refused.len()), (42, 0));
    assert_eq!(lines.plan, dashes.plan);
}

#[test]
fn a_byte_order_mark_crlf_and_quoted_line_ends_are_read() {
    let reading = auto("\u{feff}front,back\r\na,\"b\r\nc\"\r\nd,e\r\n".as_bytes());
    assert!(reading.settings.header, "the mark does not hide the header");
    assert_eq!(reading.plan.cards.len(), 2);
    assert_eq!(reading.plan.cards[0].text.back, "b\nc");
}

#[test]
fn latin_1_is_recognised() {
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode("Café,Kaffee\nGröße,size\nnaïve,Père Noël\n");
    let reading = auto(&bytes);
    assert_eq!(reading.settings.encoding, "windows-1252");
    assert_eq!(reading.plan.cards[0].text.front, "Café");
}

#[test]
fn each_bad_line_is_named_with_its_reason() {
    let long = "x".repeat(1_000_000);
    let text = format!("front,back,tags\na,b\na,b,t,u\nc\n,d\ne,\na,b,again\n{long},f\ndeck,card\n\"open,g,h\ni,j\n");
    let reading = read(text.as_bytes(), &ImportOptions::default(), &[("deck".into(), "card".into())]);
    assert_eq!(
        refused(&reading),
        [
            (3, Refusal::WrongColumns { expected: 3, found: 4 }),
            (4, Refusal::WrongColumns { expected: 3, found: 1 }),
            (5, Refusal::Missing(Column::Front)),
            (6, Refusal::Missing(Column::Back)),
            (7, Refusal::TwiceInFile { line: 2 }),
            (8, Refusal::TooLong { column: Column::Front, max: 5_000 }),
            (9, Refusal::InDeckAlready),
            (10, Refusal::UnclosedQuote),
        ]
    );
    assert_eq!(reading.plan.cards.len(), 2, "a missing cell at the end is no mistake");
    assert!(reading.plan.refused.iter().all(|line| line.text.chars().count() <= 121));
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    assert_eq!(auto(b"").problem, Some(ImportProblem::Empty));
    assert_eq!(auto(b"\n \n\r\n").problem, Some(ImportProblem::Empty));
    assert_eq!(auto(b"front,back\n").problem, Some(ImportProblem::Empty));
    assert_eq!(auto(b"one\ntwo\nthree\n").problem, Some(ImportProblem::NoSides));
    assert_eq!(auto(&[0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13]).problem, Some(ImportProblem::NotText));
    assert_eq!(auto("a,b\n".repeat(ROWS_MAX + 1).as_bytes()).problem, Some(ImportProblem::TooManyRows));
    assert_eq!(auto("a,b\n".repeat(ROWS_MAX).as_bytes()).problem, None);
}

#[test]
fn ten_megabytes_are_read() {
    let row = format!("front {},back\n", "x".repeat(190));
    let mut text: String = (0..48_000).map(|n| format!("{n} {row}")).collect();
    text.truncate(10 * 1024 * 1024);
    assert!(auto(text.as_bytes()).plan.cards.len() > 47_000);
}

#[test]
fn wishes_beat_detection() {
    let options = ImportOptions::from_form("", "custom:::", "", "no", "back,front");
    let reading = read(b"front::back\nc::d", &options, &[]);
    assert_eq!(reading.plan.cards.len(), 2);
    assert_eq!((&*reading.plan.cards[1].text.front, &*reading.plan.cards[1].text.back), ("d", "c"));
    assert_eq!(ImportOptions::from_form("klingon", "custom:", "x", "maybe", ""), ImportOptions::default());
}
