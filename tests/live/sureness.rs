//! "How sure are you?" over the real socket and by form, in the tables, the report and its files.

use super::quiz::Quiz;
use studyhall::{
    api::live_reports::SessionReport,
    domain::live::{
        blitz::{HostPhase, PlayerPhase, Refusal, SURE_MS, Sureness},
        question::Answer,
    },
    protocol::{Outcome, Refused},
};

const ASKED: [(&str, &str); 1] = [("rules[confidence]", "on")];

/// The option that is right, and one that is not.
async fn options(quiz: &Quiz) -> (u8, u8) {
    let handle = quiz.world.server.state.live.session(quiz.session).await.unwrap();
    let question = handle.drawn().await.unwrap().questions.swap_remove(0);
    let right = (0..4).find(|option| question.is_correct(&Answer::Choice(*option))).unwrap();
    (right, (right + 1) % 4)
}

#[tokio::test]
async fn it_is_told_after_the_answer_kept_and_reported() {
    let mut quiz = Quiz::new(&ASKED, &["Ada", "Ben", "Cleo", "Dan", "Eve"]).await;
    let (right, wrong) = options(&quiz).await;
    quiz.open().await;
    assert_eq!(quiz.tell(0, true).await, Err(Refused::Live(Refusal::NotNow)), "of no answer");
    // Ada is sure and wrong, Ben sure and right, Cleo not sure and right, Dan says nothing, Eve not sure and wrong.
    for (player, option) in [(0, wrong), (1, right), (2, right), (3, right), (4, wrong)] {
        assert_eq!(quiz.answer(player, option).await, Ok(Outcome::Done));
    }
    // The own answer comes with the next counts.
    quiz.world.server.advance(100);
    let asked =
        quiz.players[0].1.player(|view| matches!(view.phase, PlayerPhase::Answering { my_answer: Some(_), .. })).await;
    assert!(matches!(asked.phase, PlayerPhase::Answering { asks_sure: true, sure: None, .. }));
    for (player, sure) in [(0, false), (0, true), (1, true), (2, false)] {
        assert_eq!(quiz.tell(player, sure).await, Ok(Outcome::Done));
    }
    let told =
        quiz.players[0].1.player(|view| matches!(view.phase, PlayerPhase::Answering { sure: Some(true), .. })).await;
    assert_eq!(told.revision, asked.revision, "nobody's screen begins anew");
    // By form, as without JavaScript.
    let form = [("session", quiz.session.to_string()), ("card_index", "0".into()), ("sure", "false".into())];
    let play = format!("/live/{}/play", quiz.session);
    let page = quiz.players[4].0.get(&play).await.text();
    assert!(page.contains("How sure are you?"), "{page}");
    let back = quiz.players[4].0.submit("/api/tell_sureness", &play, &form).await;
    assert_eq!((back.status, back.header("location")), (302, play.as_str()));
    // All have answered; the question waits a moment for Dan, and no longer.
    let form = [("session", quiz.session.to_string())];
    let host: studyhall::api::live::HostScreen = quiz.owner.post("/api/live_host_view", &form).await.json();
    assert!(matches!(host.view.phase, HostPhase::Answering { answered: 5, .. }), "{:?}", host.view.phase);
    quiz.world.server.advance(SURE_MS);
    let view = quiz.host.host(|view| matches!(view.phase, HostPhase::Reveal { .. })).await;
    assert!(matches!(view.phase, HostPhase::Reveal { sure_and_wrong: Some(1), .. }));
    assert_eq!(quiz.tell(3, true).await, Err(Refused::Live(Refusal::TooLate)));
    let mine = quiz.players[0].1.player(|view| matches!(view.phase, PlayerPhase::Reveal { .. })).await;
    assert!(matches!(mine.phase, PlayerPhase::Reveal { mine: Some(mine), .. } if mine.sure == Some(true)));
    assert!(
        quiz.owner.get(&format!("/live/{}/host", quiz.session)).await.text().contains("1 person was sure and wrong")
    );
    quiz.finish().await;

    let report: SessionReport = quiz.owner.call("/api/live_report", &format!("?session={}", quiz.session)).await.json();
    let expected = Sureness { sure_right: 1, sure_wrong: 1, unsure_right: 1, unsure_wrong: 1 };
    assert_eq!(report.report.questions[0].sureness, Some(expected));
    let of = |name: &str| report.report.learners.iter().find(|row| row.name == name).unwrap();
    assert_eq!(of("Ada").sureness, Some(Sureness { sure_wrong: 1, ..Sureness::default() }));
    assert_eq!((of("Dan").sureness, of("Dan").score > 0), (None, true));
    assert_eq!(of("Ben").score, of("Cleo").score, "it is worth no points");
    let page = quiz.owner.get(&format!("/live/{}/report", quiz.session)).await.text();
    assert!(page.contains("1 sure and wrong") && page.contains("Sure: 1 right, 1 wrong. Not sure: 1 right, 1 wrong."));
    let csv = quiz.owner.get(&format!("/live/{}/report.csv", quiz.session)).await.text();
    // Before the last column, which says who played later.
    let said =
        |name: &str| csv.lines().find(|line| line.contains(name)).unwrap().rsplit(',').nth(1).unwrap().to_owned();
    let cells = ["Ada", "Ben", "Cleo", "Dan"].map(said);
    assert_eq!(cells, ["1", "1", "0", ""], "{csv}");
    let xlsx = quiz.owner.get(&format!("/live/{}/report.xlsx", quiz.session)).await.body;
    let sheets = sheets(xlsx);
    assert_eq!(sheets["Questions"][1][10..], ["1", "1", "1", "1"]);
    let ada = sheets["Learners"].iter().find(|row| row[1] == "Ada").unwrap();
    assert_eq!(ada[7..11], ["0", "1", "0", "0"]);
    let said = |name: &str| sheets["Answers"].iter().find(|row| row[1] == name).unwrap()[10].clone();
    assert_eq!(["Ada", "Ben", "Cleo", "Dan"].map(said), ["1", "1", "0", ""]);
}

/// All cells as text, by sheet.
fn sheets(xlsx: Vec<u8>) -> std::collections::HashMap<String, Vec<Vec<String>>> {
    use calamine::{Data, Reader, Xlsx};
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(xlsx)).unwrap();
    let text = |cell: &Data| cell.to_string();
    book.worksheets()
        .into_iter()
        .map(|(name, range)| (name, range.rows().map(|row| row.iter().map(text).collect()).collect()))
        .collect()
}

#[tokio::test]
async fn a_change_of_mind_is_asked_anew_and_survives_a_restart() {
    let rules = [("rules[confidence]", "on"), ("rules[change_answer]", "on")];
    let mut quiz = Quiz::new(&rules, &["Ada", "Ben"]).await;
    quiz.open().await;
    for option in [0, 1] {
        assert_eq!(quiz.answer(0, option).await, Ok(Outcome::Done));
        assert_eq!(quiz.tell(0, option == 0).await, Ok(Outcome::Done));
    }
    assert_eq!(quiz.answer(1, 0).await, Ok(Outcome::Done));
    assert_eq!(quiz.tell(1, true).await, Ok(Outcome::Done));
    assert_eq!(quiz.answer(1, 1).await, Ok(Outcome::Done));
    let db = &quiz.world.server.state.db;
    let stored = async || {
        let mut rows = db.live_session_answers(quiz.session).await.unwrap();
        rows.sort_by_key(|row| row.sure);
        rows.iter().map(|row| (row.answer.clone(), row.sure)).collect::<Vec<_>>()
    };
    let second = "{\"choice\":1}".to_owned();
    assert_eq!(stored().await, [(second.clone(), None), (second, Some(false))]);
    // The log says the same to the next owner of the session.
    let log = db.live_session_log(quiz.session).await.unwrap();
    let events: Vec<_> = log.iter().map(|(at, json, _)| (*at, serde_json::from_str(json).unwrap())).collect();
    let state = studyhall::domain::live::blitz::Blitz::replay(events.iter()).unwrap();
    let mut said: Vec<_> = state.answers.values().map(|answer| answer.sure).collect();
    said.sort();
    assert_eq!(said, [None, Some(false)]);
}

#[tokio::test]
async fn nobody_is_asked_unless_the_host_wants_it() {
    let mut quiz = Quiz::new(&[], &["Ada", "Ben"]).await;
    quiz.open().await;
    assert_eq!(quiz.answer(0, 0).await, Ok(Outcome::Done));
    assert_eq!(quiz.tell(0, true).await, Err(Refused::Live(Refusal::NotNow)));
    let page = quiz.players[0].0.get(&format!("/live/{}/play", quiz.session)).await.text();
    assert!(!page.contains("How sure are you?"));
    assert_eq!(quiz.answer(1, 0).await, Ok(Outcome::Done));
    let view = quiz.host.host(|view| matches!(view.phase, HostPhase::Reveal { .. })).await;
    assert!(matches!(view.phase, HostPhase::Reveal { sure_and_wrong: None, .. }), "and nothing is waited for");
}
