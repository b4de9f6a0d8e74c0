//! What cannot be written is not acknowledged, and the game goes on when it can be written again.

use super::{super::game::Game, line::Line, lobby};
use crate::common::ServerProcess;
use sqlx::{Connection, SqliteConnection};
use std::collections::BTreeSet;
use studyhall::{
    domain::live::question::Answer,
    protocol::{Channel, ClientFrame, Command, Outcome, Refused, Subscription},
};

#[tokio::test]
async fn a03_a_locked_database_takes_no_answer_and_says_so() {
    let mut game = Game::new().await;
    game.start().await;
    game.open(0).await;
    let mut other = SqliteConnection::connect(&game.world.server.state.config.database_url).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    assert_eq!(game.answer(0, 0, 0).await, Err(Refused::Unavailable), "not stored, so not acknowledged");
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    assert_eq!(game.answer(0, 0, 1).await, Ok(Outcome::Done), "as if the first had never come");
    let rows = game.world.server.state.db.live_session_answers(game.world.session).await.unwrap();
    let stored: Vec<&str> = rows.iter().map(|row| row.answer.as_str()).collect();
    assert_eq!(stored, ["{\"choice\":1}"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a03_a_full_disk_takes_no_answer_and_says_so_and_the_game_goes_on() {
    let mut server = ServerProcess::start().await;
    let (teacher, session) = lobby(&server.url).await;
    let db = server.database().await;
    let pin = db.live_session(session).await.unwrap().pin.unwrap();
    let mut phones = vec![];
    for name in ["Ada", "Ben"] {
        let mut phone = Line::open(&server.url, "", &[]).await.unwrap();
        let joined = phone.ask(Command::JoinLiveSession { pin: pin.clone(), name: name.into() }).await;
        assert!(matches!(joined, Ok(Outcome::Joined { .. })), "{joined:?}");
        let channel = Channel::LivePlayer(session);
        phone.send(&ClientFrame::Subscribe(Subscription { channel, position: None })).await.unwrap();
        phones.push(phone);
    }
    let mut host = Line::open(&server.url, &teacher.cookies(), &[]).await.unwrap();
    assert_eq!(host.ask(Command::StartLiveSession { session, seen: 0 }).await, Ok(Outcome::Done));
    assert_eq!(host.ask(Command::AdvanceLiveSession { session, seen: 1 }).await, Ok(Outcome::Done));
    let submit = |option| Command::SubmitLiveAnswer { session, card_index: 0, answer: Answer::Choice(option) };

    // Its words cannot be written either.
    server.deafen().await;
    server.limit_files("0").await;
    for _ in 0..3 {
        assert_eq!(phones[0].ask(submit(0)).await, Err(Refused::Unavailable), "not stored, so not acknowledged");
    }
    assert_eq!(host.ask(Command::AdvanceLiveSession { session, seen: 2 }).await, Err(Refused::Unavailable));
    assert!(db.live_session_answers(session).await.unwrap().is_empty());

    server.limit_files("unlimited").await;
    assert_eq!(phones[0].ask(submit(1)).await, Ok(Outcome::Done), "as if the first had never come");
    assert_eq!(phones[1].ask(submit(0)).await, Ok(Outcome::Done));
    // Both have answered: the question was revealed, and the host goes on from there.
    assert_eq!(host.ask(Command::AdvanceLiveSession { session, seen: 3 }).await, Ok(Outcome::Done));
    let rows = db.live_session_answers(session).await.unwrap();
    let stored: BTreeSet<&str> = rows.iter().map(|row| row.answer.as_str()).collect();
    assert_eq!(stored, BTreeSet::from(["{\"choice\":0}", "{\"choice\":1}"]));
    for row in db.live_session_participants(session).await.unwrap() {
        let sums = db.live_session_answer_sums(row.id.into()).await.unwrap();
        assert_eq!((row.total_answers, row.total_score), sums);
    }
    db.close().await;
}
