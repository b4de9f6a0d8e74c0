//! What is written in a room: once and in order, moderated, by page and by form.

use super::{Hears, Room, screen};
use crate::common::{Role, Socket};
use studyhall::{
    api::rooms::RoomPage,
    domain::ids::MessageId,
    protocol::{Channel, ChannelEvent, ClientFrame, Outcome, Position, Refused, RoomAct, ServerFrame, Subscription},
};
use uuid::Uuid;

#[tokio::test]
async fn what_was_written_meanwhile_comes_once_and_in_order() {
    let room = Room::new().await;
    let channel = Channel::StudyRoom(room.session);
    let mut member = room.enter(Role::Member).await;
    let mut teacher = room.enter(Role::Teacher).await;
    let first = room.say(&mut teacher, "one").await;
    let seen: Position = member
        .wait(|frame| match frame {
            ServerFrame::Happened { position, event: ChannelEvent::RoomSaid(said), .. } if said.id == first => {
                Some(*position)
            }
            _ => None,
        })
        .await;
    member.vanish();
    let second = room.say(&mut teacher, "two").await;
    room.say(&mut teacher, "three").await;
    let edit = RoomAct::EditMessage { message: second, text: "two!".into() };
    assert_eq!(teacher.command(room.act(edit)).await, Ok(Outcome::Done));
    // The same command again, from an outbox that did not hear the answer.
    let again = RoomAct::SendMessage { message: second, text: "two".into() };
    assert_eq!(teacher.command(room.act(again)).await, Ok(Outcome::Done));

    let mut member = Socket::open(&room.world.browser(Role::Member)).await;
    let subscriptions = vec![Subscription { channel, position: Some(seen) }];
    member.send(&ClientFrame::Hello { tab: Uuid::nil(), subscriptions }).await;
    let mut heard = vec![];
    for _ in 0..3 {
        heard.push(member.said().await.text);
    }
    assert_eq!(heard, ["two", "three", "two!"], "what was missed, each once, as it happened");
    room.say(&mut teacher, "four").await;
    assert_eq!(member.said().await.text, "four");
    let texts: Vec<String> =
        screen(&room.world.browser(Role::Member), room.session).await.messages.into_iter().map(|m| m.text).collect();
    assert_eq!(texts, ["one", "two!", "three", "four"]);
}

#[tokio::test]
async fn messages_are_moderated_and_pages_go_back_to_the_first() {
    let room = Room::new().await;
    let server = &room.world.server;
    let mut teacher = room.enter(Role::Teacher).await;
    let mut member = room.enter(Role::Member).await;
    for n in 0..60 {
        server.advance(3_000);
        let form = [("session", room.session.to_string()), ("text", format!("message {n}"))];
        let answer = room.world.browser(Role::Member).post("/api/send_room_message", &form).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    let first = screen(&room.world.browser(Role::Member), room.session).await;
    assert_eq!((first.messages.len(), first.earlier), (50, true));
    assert_eq!(first.messages[0].text, "message 10");
    let query = format!("?session={}&before={}", room.session, first.messages[0].number);
    let page: RoomPage = room.world.browser(Role::Member).call("/api/room_messages", &query).await.json();
    assert_eq!(page.messages.iter().map(|m| m.text.as_str()).next(), Some("message 0"));
    assert_eq!((page.messages.len(), page.earlier), (10, false));
    let oldest = page.messages[0].id;

    // One that left the memory long ago, by a teacher: the words are gone everywhere.
    assert_eq!(teacher.command(room.act(RoomAct::DeleteMessage { message: oldest })).await, Ok(Outcome::Done));
    let gone = member
        .wait(|frame| match frame {
            ServerFrame::Happened { event: ChannelEvent::RoomSaid(said), .. }
                if said.id == oldest && said.deleted_by.is_some() =>
            {
                Some((**said).clone())
            }
            _ => None,
        })
        .await;
    assert_eq!((gone.text.as_str(), gone.deleted_by), ("", Some(room.world.user(Role::Teacher))));
    let log = server.state.db.live_session_log(room.session).await.unwrap();
    assert!(log.iter().all(|(_, event, _)| !event.contains("message 3")), "the log keeps no words");

    // The member opened the room, so a teacher cannot silence them; a member cannot either.
    let mute = |user, muted| room.act(RoomAct::Mute { user, muted });
    assert_eq!(teacher.command(mute(room.world.user(Role::Member), true)).await, Err(Refused::Forbidden));
    let text = RoomAct::SendMessage { message: MessageId(Uuid::new_v4()), text: "x".repeat(2_001) };
    assert!(matches!(member.command(room.act(text)).await, Err(Refused::Text(_))));
    server.advance(60_000);
    for n in 0..10 {
        room.say(&mut member, &format!("flood {n}")).await;
    }
    let text = RoomAct::SendMessage { message: MessageId(Uuid::new_v4()), text: "one more".into() };
    assert!(matches!(member.command(room.act(text)).await, Err(Refused::TooMany { retry_after: 1..=20 })));
}

#[tokio::test]
async fn a_plain_form_writes_and_the_first_bytes_hold_the_room() {
    let room = Room::new().await;
    let browser = room.world.browser(Role::Member);
    let page = format!("/rooms/{}", room.session);
    let form = [("session", room.session.to_string()), ("text", "by <b>form</b> https://a.test/x".to_owned())];
    let answer = browser.submit("/api/send_room_message", &page, &form).await;
    assert_eq!((answer.status, answer.header("location")), (302, page.as_str()));
    let html = browser.get(&page).await.text();
    assert!(html.contains("by &lt;b>form&lt;/b>") || html.contains("by &lt;b&gt;form"), "escaped");
    assert!(html.contains("href=\"https://a.test/x\"") && html.contains("25:00") && html.contains("Afghanistan"));
    // A mistake comes back with what was typed.
    let form = [("session", room.session.to_string()), ("text", " ".to_owned())];
    let answer = browser.submit("/api/send_room_message", &page, &form).await;
    assert!(answer.header("location").starts_with(&format!("{page}?")), "{}", answer.header("location"));
}
