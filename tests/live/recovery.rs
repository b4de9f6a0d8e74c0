//! A session outlives its process: same question, same answers, same remaining time.

use super::game::Game;
use crate::common::{Browser, Socket};
use studyhall::{
    domain::live::{
        blitz::{Event, HostPhase, PlayerPhase},
        question::Answer,
    },
    protocol::{Channel, Command, Outcome},
    server::{clock::Clock, serve, state::AppState, storage::Append},
};
use tokio::net::TcpListener;

/// A second process on the same database: its own state, its own port.
pub async fn restarted(game: &Game) -> (AppState, String) {
    let old = &game.world.server.state;
    let clock = Clock::Set(game.world.server.clock.clone());
    let state = AppState::new((*old.config).clone(), old.db.clone(), clock).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(serve::serve(listener, state.clone()));
    (state, url)
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
    while db.live_session(session).await.unwrap().alive_at != Some(alive) {
        tokio::task::yield_now().await;
    }
    db.claim_live_session(session).await.unwrap();
    game.world.server.advance(3_600_000);
    let (_, url) = restarted(&game).await;
    let mut ada = at(&url, &game.browsers[0]).await;
    watch(&mut ada, Channel::LivePlayer(session)).await;
    let view = ada.player(|_| true).await;
    assert!(matches!(view.phase, PlayerPhase::Answering { remaining_ms: 15_000, .. }), "{:?}", view.phase);
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
