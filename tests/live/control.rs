//! What a host does beside going on: the door, the clock, a question taken back, the same people once more.

use super::game::Game;
use crate::common::{Role, Socket, join};
use studyhall::{
    api::{
        error::{AppError, Problem},
        live_reports::SessionReport,
    },
    domain::{
        ids::{LiveSessionId, ParticipantId},
        live::blitz::{Control, HostPhase, NextStep, PlayerPhase, Refusal},
    },
    protocol::{Channel, Command, Outcome, Refused},
};

async fn control(game: &mut Game, seen: u32, control: Control) -> Result<Outcome, Refused> {
    game.host.command(Command::ControlLiveSession { session: game.world.session, seen, control }).await
}

async fn pin(game: &Game) -> String {
    game.world.server.state.db.live_session(game.world.session).await.unwrap().pin.unwrap()
}

async fn participant(game: &Game, name: &str) -> ParticipantId {
    let rows = game.world.server.state.db.live_session_participants(game.world.session).await.unwrap();
    rows.iter().find(|row| row.name == name).unwrap().id.into()
}

#[tokio::test]
async fn a11_a_locked_lobby_looks_like_none() {
    let mut game = Game::new().await;
    assert_eq!(control(&mut game, 0, Control::Lock).await, Ok(Outcome::Done));
    game.world.server.advance(100);
    assert!(game.host.host(|view| view.locked).await.locked);
    let pin = pin(&game).await;
    let form = [("pin", pin.as_str()), ("name", "Mina")];
    let refused = game.world.server.browser().post("/api/join_live_session", &form).await;
    assert_eq!((refused.status, refused.error()), (422, AppError::field("pin", Problem::Wrong)));
    let mut script = Socket::subscribed(&game.world.server.browser(), &[]).await;
    for n in 0..20 {
        let knock = Command::JoinLiveSession { pin: pin.clone(), name: format!("Robot {n}") };
        assert_eq!(script.command(knock).await, Err(Refused::NotFound));
    }
    assert_eq!(game.world.server.state.db.live_session_participants(game.world.session).await.unwrap().len(), 3);
    // Who is in comes back without a word.
    let back = game.browsers[0].post("/api/join_live_session", &form).await;
    assert_eq!(back.json::<LiveSessionId>(), game.world.session);
    assert_eq!(control(&mut game, 0, Control::Unlock).await, Ok(Outcome::Done));
    assert_eq!(game.world.server.browser().post("/api/join_live_session", &form).await.status, 200);
}

#[tokio::test]
async fn a_player_who_is_taken_out_comes_back_only_when_let_in() {
    let mut game = Game::new().await;
    let ben = participant(&game, "Ben").await;
    assert_eq!(control(&mut game, 0, Control::Remove { participant: ben }).await, Ok(Outcome::Done));
    game.players[1].player(|view| view.phase == PlayerPhase::Removed).await;
    game.world.server.advance(100);
    game.host.host(|view| view.players == 2 && view.at_the_door == 0).await;
    // With the PIN again, in the same browser: the same seat, and the host decides.
    let pin = pin(&game).await;
    let form = [("pin", pin.as_str()), ("name", "Ben")];
    assert_eq!(game.browsers[1].post("/api/join_live_session", &form).await.status, 200);
    game.players[1].player(|view| view.phase == PlayerPhase::AtTheDoor).await;
    // A script fills no lobby while names are looked at: all its names stand at the door.
    let mut script = Socket::subscribed(&game.world.server.browser(), &[]).await;
    let knock = Command::JoinLiveSession { pin, name: "Robot".into() };
    assert!(matches!(script.command(knock).await, Ok(Outcome::Joined { .. })));
    game.world.server.advance(100);
    let view = game.host.host(|view| view.at_the_door == 2).await;
    assert_eq!(view.players, 2);
    assert_eq!(view.waiting.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["Ben", "Robot"]);
    assert_eq!(control(&mut game, 0, Control::Admit { participant: ben }).await, Ok(Outcome::Done));
    game.players[1].player(|view| view.phase == PlayerPhase::Lobby).await;
    let rows = game.world.server.state.db.live_session_participants(game.world.session).await.unwrap();
    let out: Vec<_> = rows.iter().filter(|row| row.left_at.is_some()).map(|row| row.name.as_str()).collect();
    assert_eq!(out, ["Robot"]);
}

#[tokio::test]
async fn a_pause_hides_the_question_and_keeps_the_time() {
    let mut game = Game::new().await;
    game.start().await;
    game.open(0).await;
    game.world.server.advance(5_000);
    let seen = game.host.host(|view| matches!(view.phase, HostPhase::Answering { .. })).await.revision;
    assert_eq!(control(&mut game, seen, Control::Pause).await, Ok(Outcome::Done));
    assert_eq!(control(&mut game, seen, Control::Pause).await, Err(Refused::Live(Refusal::Stale)), "a double click");
    for player in &mut game.players {
        player.player(|view| matches!(view.phase, PlayerPhase::Paused { .. })).await;
    }
    game.world.server.advance(300_000);
    assert_eq!(game.answer(0, 0, 0).await, Err(Refused::Live(Refusal::Paused)));
    let view = game.host.host(|view| view.paused).await;
    assert_eq!(view.step, NextStep::Resume);
    assert_eq!(control(&mut game, view.revision, Control::Resume).await, Ok(Outcome::Done));
    let view = game.players[0].player(|view| matches!(view.phase, PlayerPhase::Answering { .. })).await;
    assert!(matches!(view.phase, PlayerPhase::Answering { remaining_ms: 15_000, .. }), "{:?}", view.phase);
    assert_eq!(game.answer(0, 0, 0).await, Ok(Outcome::Done));
}

#[tokio::test]
async fn a_skipped_question_leaves_no_answers_behind() {
    let mut game = Game::new().await;
    game.start().await;
    game.open(0).await;
    assert_eq!(game.answer(0, 0, 0).await, Ok(Outcome::Done));
    assert_eq!(game.answer(1, 0, 1).await, Ok(Outcome::Done));
    let seen = game.host.host(|view| matches!(view.phase, HostPhase::Reveal { .. })).await.revision;
    assert_eq!(control(&mut game, seen, Control::Skip).await, Ok(Outcome::Done));
    game.host.host(|view| matches!(view.phase, HostPhase::LeadIn { progress, .. } if progress.index == 1)).await;
    let db = &game.world.server.state.db;
    for row in db.live_session_participants(game.world.session).await.unwrap() {
        assert_eq!((row.total_answers, row.total_score), (0, 0), "{}", row.name);
        assert_eq!(db.live_session_answer_sums(row.id.into()).await.unwrap(), (0, 0));
    }
    // The others count, and the report knows of no other.
    game.open(1).await;
    for player in 0..2 {
        assert_eq!(game.answer(player, 1, 0).await, Ok(Outcome::Done));
    }
    let seen = game.host.host(|view| matches!(view.phase, HostPhase::Reveal { .. })).await.revision;
    let session = game.world.session;
    for seen in [seen, seen + 1] {
        assert_eq!(game.host.command(Command::EndLiveSession { session, seen }).await, Ok(Outcome::Done));
    }
    let owner = game.world.browser(Role::Owner);
    let report: SessionReport = owner.call("/api/live_report", &format!("?session={session}")).await.json();
    assert_eq!(report.report.questions.iter().map(|question| question.index).collect::<Vec<_>>(), [1]);
}

#[tokio::test]
async fn a07_a_colleague_takes_over_from_another_device() {
    let mut game = Game::new().await;
    let session = game.world.session;
    let listed =
        game.world.browser(Role::Teacher).post("/api/live_sessions_of_my_groups", &[] as &[(&str, &str)]).await;
    assert!(listed.text().contains("\"may_host\":true") && listed.text().contains("\"hosted_by_me\":false"));
    let listed = game.world.browser(Role::Member).post("/api/live_sessions_of_my_groups", &[] as &[(&str, &str)]).await;
    assert!(listed.text().contains("\"may_host\":false"));
    let host = std::mem::replace(&mut game.host, Socket::open(&game.world.server.browser()).await);
    host.vanish();
    game.host = Socket::subscribed(&game.world.browser(Role::Teacher), &[Channel::LiveHost(session)]).await;
    game.host.host(|view| matches!(view.phase, HostPhase::Lobby { .. })).await;
    game.start().await;
    game.open(0).await;
}

#[tokio::test]
async fn the_same_people_play_again_without_a_pin() {
    let mut game = Game::new().await;
    game.start().await;
    game.open(0).await;
    assert_eq!(game.answer(0, 0, 0).await, Ok(Outcome::Done));
    let seen = game.host.host(|view| matches!(view.phase, HostPhase::Answering { .. })).await.revision;
    let session = game.world.session;
    assert_eq!(game.host.command(Command::EndLiveSession { session, seen }).await, Ok(Outcome::Done));
    let seen = game.host.host(|view| matches!(view.phase, HostPhase::Podium { .. })).await.revision;
    let follow = [("session", session.to_string())];
    assert_eq!(game.browsers[0].post("/api/follow_live_session", &follow).await.status, 404, "there is none yet");
    let form = [("session", session.to_string()), ("seen", seen.to_string())];
    let owner = game.world.browser(Role::Owner);
    let next: LiveSessionId = owner.post("/api/continue_live_session", &form).await.json();
    assert_ne!(next, session);
    assert_eq!(owner.post("/api/continue_live_session", &form).await.json::<LiveSessionId>(), next, "a double click");
    let view = game.players[0].player(|view| view.next.is_some()).await;
    assert_eq!(view.next, Some(next));
    for _ in 0..2 {
        assert_eq!(game.browsers[0].post("/api/follow_live_session", &follow).await.json::<LiveSessionId>(), next);
    }
    let mut ada = Socket::subscribed(&game.browsers[0], &[Channel::LivePlayer(next)]).await;
    let view = ada.player(|_| true).await;
    assert_eq!((view.me.name.as_str(), view.players), ("Ada", 1));
    join(&game.world.server, next, &game.world.server.browser(), "Mina").await;
    assert_eq!(game.world.server.state.db.live_session_participants(next).await.unwrap().len(), 2);
}
