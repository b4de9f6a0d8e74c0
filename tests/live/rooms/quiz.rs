//! The quiz that is started from a room, and the way back.

use super::{Hears, Room, restarted, screen_at};
use crate::common::Role;
use sqlx::{Connection, SqliteConnection};
use studyhall::{
    domain::ids::LiveSessionId,
    server::{clock::Clock, state::AppState, storage::Db},
};

#[tokio::test]
async fn a_quiz_is_started_from_the_room_and_leads_back() {
    let room = Room::new().await;
    let mut member = room.enter(Role::Member).await;
    let owner = room.world.browser(Role::Owner);
    let quiz = room.quiz(&owner).await;
    let link = member.saw(|view| view.quiz.is_some()).await.quiz.unwrap();
    assert_eq!(link.session, quiz);
    let pin = room.world.server.state.db.live_session(quiz).await.unwrap().pin.unwrap();
    assert_eq!(link.pin, pin);
    let back = async |role| -> Option<LiveSessionId> {
        room.world.browser(role).call("/api/room_of_quiz", &format!("?session={quiz}")).await.json()
    };
    assert_eq!(back(Role::Member).await, Some(room.session));
    assert_eq!(back(Role::OtherTeacher).await, None);
    let answer = owner.post("/api/end_live_session", &[("session", quiz.to_string()), ("seen", "0".into())]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    // The clock stands: the room is told.
    member.saw(|view| view.quiz.is_none()).await;
}

#[tokio::test]
async fn a_quiz_that_ended_while_the_room_was_away_is_gone_from_it_and_a_running_one_stays() {
    let room = Room::new().await;
    let mut member = room.enter(Role::Member).await;
    let owner = room.world.browser(Role::Owner);
    let quiz = room.quiz(&owner).await;
    member.saw(|view| view.quiz.is_some()).await;
    let cookies = room.world.browser(Role::Member).cookies();
    let server = &room.world.server;
    let (state, url) = restarted(server).await;
    let link = screen_at(&url, &cookies, room.session).await.view.quiz.map(|link| link.session);
    assert_eq!(link, Some(quiz), "it still runs");
    state.shutdown.token.cancel();
    let mut other = SqliteConnection::connect(&state.config.database_url).await.unwrap();
    let ended = sqlx::query("UPDATE live_sessions SET status = 'completed' WHERE id = $1").bind(quiz.0);
    assert_eq!(ended.execute(&mut other).await.unwrap().rows_affected(), 1);
    let db = Db::open(&state.config.database_url).await.unwrap();
    let state = AppState::new((*state.config).clone(), db, Clock::Set(server.clock.clone())).await.unwrap();
    let handle = state.rooms.room(room.session).await.unwrap();
    // Its first round comes before the first question.
    assert!(handle.screen().await.unwrap().view.quiz.is_none());
    state.shutdown.token.cancel();
}
