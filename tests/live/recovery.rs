//! A session outlives its process: same question, same answers, same remaining time.

use super::game::Game;
use crate::common::{Browser, Socket, eventually};
use sqlx::{Connection, SqliteConnection};
use studyhall::{
    domain::live::{
        blitz::{Command as Control, Control as Door, Event, HostPhase, PlayerPhase, SNAPSHOT_VERSION},
        question::Answer,
    },
    protocol::{Channel, Command, Outcome},
    server::{
        clock::Clock,
        serve,
        state::AppState,
        storage::{Append, Db},
    },
};
use tokio::net::TcpListener;

/// A second process on the same database: its own state, its own port.
pub async fn restarted(game: &Game) -> (AppState, String) {
    started(game, game.world.server.state.db.clone()).await
}

async fn started(game: &Game, db: Db) -> (AppState, String) {
    let old = &game.world.server.state;
    let clock = Clock::Set(game.world.server.clock.clone());
    let state = AppState::new((*old.config).clone(), db, clock).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(serve::serve(listener, state.clone()));
    (state, url)
}

/// The process stops in order.
async fn stopped(state: &AppState) {
    state.shutdown.token.cancel();
    state.shutdown.tasks.close();
    state.shutdown.tasks.wait().await;
}

pub fn at(url: &str, browser: &Browser) -> impl Future<Output = Socket> {
    let (url, cookies) = (url.to_owned(), browser.cookies());
    async move { Socket::try_open(&url, &cookies, &url, studyhall::protocol::POSTCARD).await.unwrap() }
}

pub async fn watch(socket: &mut Socket, channel: Channel) {
    let subscriptions = vec![studyhall::protocol::Subscription { channel, position: None }];
    socket.send(&studyhall::protocol::ClientFrame::Hello { tab: uuid::Uuid::nil(), subscriptions }).await;
}

#[tokio::test]
async fn a16_a_crash_in_the_middle_of_a_question_costs_nobody_anything() {
    let mut game = Game::new().await;
    game.start().await;
    game.open(0).await;
    game.world.server.advance(3_000);
    assert_eq!(game.answer(0, 0, 0).await, Ok(Outcome::Done));
    // A minute goes by before the next process is there; the old one still believes it owns the session.
    let session = game.world.session;
    let stopped = game.world.server.state.live.session(session).await.unwrap();
    // What it writes from here on is refused, as if it were dead.
    game.world.server.state.db.claim_live_session(session).await.unwrap();
    game.world.server.advance(10_000);
    let (_, url) = restarted(&game).await;

    let mut ada = at(&url, &game.browsers[0]).await;
    watch(&mut ada, Channel::LivePlayer(session)).await;
    let view = ada.player(|_| true).await;
    let PlayerPhase::Answering { remaining_ms, my_answer, .. } = view.phase else { panic!("{:?}", view.phase) };
    assert_eq!(my_answer, Some(Answer::Choice(0)), "the acknowledged answer is there");
    assert_eq!(remaining_ms, 17_000, "the outage is not the class's time");

    let mut ben = at(&url, &game.browsers[1]).await;
    watch(&mut ben, Channel::LivePlayer(session)).await;
    ben.player(|_| true).await;
    let answer = Command::SubmitLiveAnswer { session, card_index: 0, answer: Answer::Choice(1) };
    assert_eq!(ben.command(answer).await, Ok(Outcome::Done));
    // The guest who was in the lobby is waited for as long as people take to come back, not for ever.
    game.world.server.advance(20_000);
    ben.player(|view| matches!(view.phase, PlayerPhase::Reveal { .. })).await;

    // The old process wakes up and tries to write: it is fenced off.
    let late = stopped.command(
        uuid::Uuid::new_v4(),
        studyhall::domain::live::blitz::Command::End { seen: 2 },
        game.world.server.now(),
    );
    assert!(late.await.is_err());
    let rows = game.world.server.state.db.live_session_participants(session).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.total_answers).sum::<i64>(), 2, "none lost, none doubled");
}

#[tokio::test]
async fn a06_the_same_view_comes_back_in_every_phase() {
    let mut game = Game::new().await;
    let session = game.world.session;
    let (ada, ben) = (game.browsers[0].clone(), game.browsers[1].clone());
    let reload = async |browser: &Browser| {
        let mut socket = Socket::subscribed(browser, &[Channel::LivePlayer(session)]).await;
        let view = socket.player(|_| true).await;
        (view, socket)
    };
    assert!(matches!(reload(&ada).await.0.phase, PlayerPhase::Lobby));
    game.start().await;
    game.world.server.advance(1_000);
    let (view, _) = reload(&ada).await;
    assert!(matches!(view.phase, PlayerPhase::LeadIn { remaining_ms: 3_000, .. }), "{:?}", view.phase);
    let (_, mut socket) = reload(&ada).await;
    game.world.server.advance(3_000);
    socket.player(|view| matches!(view.phase, PlayerPhase::Answering { .. })).await;
    game.world.server.advance(5_000);
    let answer = Command::SubmitLiveAnswer { session, card_index: 0, answer: Answer::Choice(2) };
    assert_eq!(socket.command(answer).await, Ok(Outcome::Done));
    let (view, _kept) = reload(&ada).await;
    let PlayerPhase::Answering { remaining_ms, my_answer, .. } = view.phase else { panic!("{:?}", view.phase) };
    assert_eq!((remaining_ms, my_answer), (15_000, Some(Answer::Choice(2))));
    let host = game.host.host(|view| matches!(view.phase, HostPhase::Answering { .. })).await;
    game.advance(host.revision).await;
    let (view, _kept) = reload(&ben).await;
    assert!(matches!(view.phase, PlayerPhase::Reveal { mine: None, .. }));
    let (first, _kept) = reload(&ada).await;
    assert!(matches!(&first.phase, PlayerPhase::Reveal { mine: Some(_), .. }));
    assert_eq!(first.me, reload(&ada).await.0.me, "score and rank are the same after a reload");
}

#[tokio::test]
async fn a16_a_log_is_appended_only_by_its_owner_and_without_gaps() {
    let game = Game::new().await;
    let (db, session) = (&game.world.server.state.db, game.world.session);
    let row = db.live_session(session).await.unwrap();
    let event = serde_json::to_string(&Event::Suspended).unwrap();
    let append = Append { events: vec![(1, event).into()], ..Append::default() };
    for (epoch, offset) in [
        (row.owner_epoch - 1, row.next_offset),
        (row.owner_epoch + 1, row.next_offset),
        (row.owner_epoch, row.next_offset + 1),
        (row.owner_epoch, 0),
    ] {
        assert!(db.append_live_session(session, epoch, offset, &append).await.is_err(), "{epoch} {offset}");
    }
    assert_eq!(db.live_session_log(session).await.unwrap().len() as i64, row.next_offset);
}

#[tokio::test]
async fn a16_the_time_after_the_last_sign_of_life_is_given_back() {
    let mut game = Game::new().await;
    game.start().await;
    game.open(0).await;
    let (session, db) = (game.world.session, game.world.server.state.db.clone());
    game.world.server.advance(5_000);
    // Nobody has answered: the log says nothing since the question opened, the sign of life does.
    let alive = game.world.server.now();
    eventually("a sign of life", async || db.live_session(session).await.unwrap().alive_at == Some(alive)).await;
    db.claim_live_session(session).await.unwrap();
    game.world.server.advance(3_600_000);
    let (_, url) = restarted(&game).await;
    let mut ada = at(&url, &game.browsers[0]).await;
    watch(&mut ada, Channel::LivePlayer(session)).await;
    let view = ada.player(|_| true).await;
    assert!(matches!(view.phase, PlayerPhase::Answering { remaining_ms: 15_000, .. }), "{:?}", view.phase);
}

#[tokio::test]
async fn a16_an_orderly_stop_gives_and_takes_no_time() {
    let mut game = Game::new().await;
    game.start().await;
    game.open(0).await;
    let session = game.world.session;
    let old = game.world.server.state.clone();
    game.world.server.advance(5_000);
    let alive = game.world.server.now();
    eventually("a sign of life", async || old.db.live_session(session).await.unwrap().alive_at == Some(alive)).await;
    // Less than until the next sign of life: only the stop itself says how far the question was.
    game.world.server.advance(400);
    stopped(&old).await;
    game.world.server.advance(3_600_000);
    let db = Db::open(&old.config.database_url).await.unwrap();
    let (_, url) = started(&game, db).await;
    let mut ada = at(&url, &game.browsers[0]).await;
    watch(&mut ada, Channel::LivePlayer(session)).await;
    let view = ada.player(|_| true).await;
    assert!(matches!(view.phase, PlayerPhase::Answering { remaining_ms: 14_600, .. }), "{:?}", view.phase);
}

#[tokio::test]
async fn a16_after_a_start_a_question_comes_to_its_end_though_nobody_asks_for_it() {
    let mut game = Game::new().await;
    game.start().await;
    game.open(0).await;
    let (old, session) = (game.world.server.state.clone(), game.world.session);
    stopped(&old).await;
    game.world.server.advance(3_600_000);
    let db = Db::open(&old.config.database_url).await.unwrap();
    let (state, _) = started(&game, db.clone()).await;
    eventually("it goes on", async || state.live.if_running(session).await.is_some()).await;
    // The recovery is written before the clock moves on: what the outage took is not the question's.
    let has = async |event: &str| {
        let log = db.live_session_log(session).await.unwrap();
        log.iter().any(|(_, json, _)| json.contains(event))
    };
    eventually("its time goes on", async || has("\"recovered\"").await).await;
    game.world.server.advance(20_501);
    eventually("the question is closed", async || has("\"question_revealed\"").await).await;
}

#[tokio::test]
async fn a03_a_command_that_was_carried_out_is_known_after_a_restart() {
    let mut game = Game::new().await;
    let session = game.world.session;
    let db = game.world.server.state.db.clone();
    let pin = db.live_session(session).await.unwrap().pin.unwrap();
    let (join_key, start_key, answer_key) = (uuid::Uuid::new_v4(), uuid::Uuid::new_v4(), uuid::Uuid::new_v4());
    let join = Command::JoinLiveSession { pin, name: "Cleo".into() };
    let mut cleo = Socket::subscribed(&game.world.server.browser(), &[]).await;
    let first = cleo.command_with(join_key, join.clone()).await;
    let Ok(Outcome::Joined { participant, secret: lost, .. }) = first else { panic!("{first:?}") };
    let start = Command::StartLiveSession { session, seen: 0 };
    assert_eq!(game.host.command_with(start_key, start.clone()).await, Ok(Outcome::Done));
    game.open(0).await;
    let answer = Command::SubmitLiveAnswer { session, card_index: 0, answer: Answer::Choice(1) };
    assert_eq!(game.players[0].command_with(answer_key, answer.clone()).await, Ok(Outcome::Done));
    game.world.server.advance(21_000);
    game.players[0].player(|view| matches!(view.phase, PlayerPhase::Reveal { .. })).await;

    // The acknowledgements got lost in a crash; everybody sends again to the next process.
    let (_, url) = restarted(&game).await;
    let nobody = game.world.server.browser();
    let mut cleo = at(&url, &nobody).await;
    let hello = studyhall::protocol::ClientFrame::Hello { tab: uuid::Uuid::nil(), subscriptions: vec![] };
    cleo.send(&hello).await;
    let again = cleo.command_with(join_key, join).await;
    let Ok(Outcome::Joined { participant: same, secret, .. }) = again else { panic!("{again:?}") };
    assert_eq!(same, participant, "the same seat, not \"name taken\"");
    assert!(secret.len() == lost.len() && secret != lost, "with a secret of its own");
    let mut back = at(&url, &nobody).await;
    back.send(&hello).await;
    assert_eq!(back.command(Command::TakeSeat { session, secret }).await, Ok(Outcome::Done));
    let mut host = at(&url, &game.world.browser(crate::common::Role::Owner)).await;
    host.send(&hello).await;
    assert_eq!(host.command_with(start_key, start).await, Ok(Outcome::Done), "acknowledged, not carried out again");
    let mut ada = at(&url, &game.browsers[0]).await;
    ada.send(&hello).await;
    assert_eq!(ada.command_with(answer_key, answer).await, Ok(Outcome::Done), "the question is closed, but it counted");
    let rows = db.live_session_participants(session).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.total_answers).sum::<i64>(), 1);
}

#[tokio::test]
async fn a16_a_long_session_goes_on_from_its_snapshot_and_without_one_from_its_log() {
    let mut game = Game::new().await;
    let (session, db) = (game.world.session, game.world.server.state.db.clone());
    let handle = game.world.server.state.live.session(session).await.unwrap();
    let at_now = game.world.server.now();
    // More than a thousand events before the start.
    let toggle =
        |n: u32| Control::Control { seen: 0, control: if n.is_multiple_of(2) { Door::Lock } else { Door::Unlock } };
    let keys: Vec<uuid::Uuid> = (0..1_100).map(|_| uuid::Uuid::new_v4()).collect();
    let commands = keys.iter().zip(0..).map(|(key, n)| handle.command(*key, toggle(n), at_now));
    assert!(futures::future::join_all(commands).await.iter().all(Result::is_ok));
    let mut snapshot = None;
    eventually("a snapshot", async || {
        snapshot = db.live_snapshot(session, SNAPSHOT_VERSION).await.unwrap();
        snapshot.is_some()
    })
    .await;
    let snapshot = snapshot.unwrap();
    assert!(snapshot.offset >= 1_000 && snapshot.offset <= db.live_session(session).await.unwrap().next_offset);
    // Then a question, whose answers stand in the tail of the log alone.
    game.start().await;
    game.open(0).await;
    game.world.server.advance(3_000);
    assert_eq!(game.answer(0, 0, 2).await, Ok(Outcome::Done));
    let before = handle.host_view().await.unwrap();

    // Of the events that are in the snapshot none is read.
    let mut raw = SqliteConnection::connect(&game.world.server.state.config.database_url).await.unwrap();
    let spoil = "UPDATE live_session_events SET event = 'spoilt ' || event WHERE \"offset\" BETWEEN 10 AND 900";
    sqlx::query(spoil).execute(&mut raw).await.unwrap();
    let (state, url) = restarted(&game).await;
    let again = state.live.session(session).await.unwrap();
    let first = again.host_view().await.unwrap();
    assert_eq!((first.revision, first.players, first.locked), (before.revision, before.players, before.locked));
    let mut ada = at(&url, &game.browsers[0]).await;
    watch(&mut ada, Channel::LivePlayer(session)).await;
    let phase = ada.player(|_| true).await.phase;
    assert!(
        matches!(phase, PlayerPhase::Answering { remaining_ms: 17_000, my_answer: Some(Answer::Choice(2)), .. }),
        "{phase:?}"
    );
    // A command from before the snapshot is known: it is not carried out again.
    let stale = again.command(keys[0], toggle(0), at_now).await;
    assert_eq!((stale, again.host_view().await.unwrap().locked), (Ok(()), before.locked));

    // A program with another idea of the state replays the whole log, and comes to the same.
    let mend = "UPDATE live_session_events SET event = SUBSTR(event, 8) WHERE event LIKE 'spoilt %'";
    sqlx::query(mend).execute(&mut raw).await.unwrap();
    for other in ["UPDATE live_session_snapshots SET version = 0", "UPDATE live_session_snapshots SET state = '{}'"] {
        sqlx::query(other).execute(&mut raw).await.unwrap();
        let (state, _) = restarted(&game).await;
        let view = state.live.session(session).await.unwrap().host_view().await.unwrap();
        assert_eq!((view.revision, view.players, &view.phase), (first.revision, first.players, &first.phase));
        sqlx::query("UPDATE live_session_snapshots SET version = $1")
            .bind(SNAPSHOT_VERSION)
            .execute(&mut raw)
            .await
            .unwrap();
    }
}
