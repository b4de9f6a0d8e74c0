//! A room from its first person to its end: who is in, what a restart keeps, whom it closes to.

use super::{Hears, OpensRooms, Room, names, restarted, screen, screen_at};
use crate::common::{Role, Socket, eventually};
use studyhall::{
    api::rooms::{RoomCard, RoomLine},
    domain::{
        flag_table::Setting,
        flags::Flag,
        ids::MessageId,
        live::study_room::{EMPTY_MS, EndReason, Reaction, Refusal, Rules, Stage, TimerStep},
    },
    protocol::{Channel, ChannelEvent, ClientFrame, Outcome, POSTCARD, Refused, RoomAct, ServerFrame, Subscription},
};
use uuid::Uuid;

#[tokio::test]
async fn people_come_turn_cards_raise_hands_and_go() {
    let room = Room::new().await;
    let mut member = room.enter(Role::Member).await;
    let mut teacher = room.enter(Role::Teacher).await;
    // Who comes and goes, and what is of the moment, is told together, a little later.
    room.world.server.advance(1_000);
    let view = member.saw(|view| view.people.len() == 2).await;
    assert_eq!(names(&view), ["member", "teacher"]);
    assert!(view.people.iter().all(|person| person.moderates), "one opened it, the other teaches");

    assert_eq!(member.command(room.act(RoomAct::ShowCard { index: 4, revealed: false })).await, Ok(Outcome::Done));
    room.world.server.advance(1_000);
    teacher.saw(|view| view.people[0].card == 4).await;
    let user = room.world.user(Role::Member);
    assert_eq!(member.command(room.act(RoomAct::RaiseHand { user, raised: true })).await, Ok(Outcome::Done));
    assert_eq!(teacher.saw(|view| !view.hands.is_empty()).await.hands, [user]);
    assert_eq!(teacher.command(room.act(RoomAct::RaiseHand { user, raised: false })).await, Ok(Outcome::Done));
    member.saw(|view| view.hands.is_empty()).await;
    assert_eq!(member.command(room.act(RoomAct::React { reaction: Reaction::Clap })).await, Ok(Outcome::Done));
    assert_eq!(member.command(room.act(RoomAct::Type)).await, Ok(Outcome::Done));
    room.world.server.advance(1_000);
    teacher.saw(|view| view.people[0].typing && view.people[0].reaction == Some(Reaction::Clap)).await;
    room.world.server.advance(9_000);
    teacher.saw(|view| !view.people[0].typing && view.people[0].reaction.is_none()).await;

    // A lost line is not a departure for eight seconds; a word of goodbye is one at once.
    member.vanish();
    room.world.server.advance(3_000);
    let mut member = room.enter(Role::Member).await;
    room.world.server.advance(10_000);
    let back = member.saw(|view| view.people.len() == 2).await;
    assert_eq!(names(&back), ["member", "teacher"], "in the old place");
    assert_eq!(member.command(room.act(RoomAct::Leave)).await, Ok(Outcome::Done));
    room.world.server.advance(1_000);
    assert_eq!(names(&teacher.saw(|view| view.people.len() == 1).await), ["teacher"]);
    assert_eq!(
        member.command(room.act(RoomAct::RaiseHand { user, raised: true })).await,
        Err(Refused::Room(Refusal::NotInside))
    );
}

#[tokio::test]
async fn a_restart_keeps_the_timer_the_conversation_and_the_places() {
    let room = Room::new().await;
    let server = &room.world.server;
    let mut member = room.enter(Role::Member).await;
    let set = |step| room.act(RoomAct::Timer { step });
    assert_eq!(member.command(set(TimerStep::Set { focus_min: 20, break_min: 5 })).await, Ok(Outcome::Done));
    assert_eq!(member.command(set(TimerStep::Start)).await, Ok(Outcome::Done));
    room.say(&mut member, "before").await;
    server.advance(60_000);
    let (state, url) = restarted(server).await;
    let stopped = server.state.rooms.room(room.session).await.unwrap();
    server.advance(60_000);

    let cookies = room.world.browser(Role::Member).cookies();
    let mut back = Socket::try_open(&url, &cookies, &url, POSTCARD).await.unwrap();
    let subscriptions = vec![Subscription { channel: Channel::StudyRoom(room.session), position: None }];
    back.send(&ClientFrame::Hello { tab: Uuid::nil(), subscriptions }).await;
    let (view, messages) = back.opened().await;
    assert_eq!(messages.iter().map(|m| m.text.as_str()).collect::<Vec<_>>(), ["before"]);
    assert_eq!(view.timer.remaining_ms, 18 * 60_000, "people's time goes on while the server is away");
    assert_eq!(names(&view), ["member"]);
    assert_eq!(state.rooms.running().await, 2, "this one, and one that nobody is in");
    server.advance(18 * 60_000);
    let view = back.saw(|view| view.timer.stage == Stage::Break).await;
    assert_eq!((view.timer.remaining_ms, view.timer.rounds), (5 * 60_000, 1));

    // The old process still believes that it owns the room: it writes nothing.
    let who = studyhall::server::live::room::Who {
        by: studyhall::domain::live::study_room::By { user: room.world.user(Role::Member), moderates: false },
        name: "member".into(),
    };
    let late = stopped.command(who, |by| studyhall::domain::live::study_room::Command::End { by }, server.now());
    assert_eq!(late.await, Err(Refused::Unavailable));
    assert!(screen_at(&url, &cookies, room.session).await.view.ended.is_none());
}

#[tokio::test]
async fn cards_that_are_turned_fast_are_told_together() {
    let room = Room::new().await;
    let mut member = room.enter(Role::Member).await;
    let mut teacher = room.enter(Role::Teacher).await;
    room.world.server.advance(1_000);
    teacher.saw(|view| view.people.len() == 2).await;
    room.world.server.advance(1_000);
    for index in 1..=3 {
        let card = room.act(RoomAct::ShowCard { index, revealed: false });
        assert_eq!(member.command(card).await, Ok(Outcome::Done));
    }
    // The first at once; whatever was told is there when the room has answered one more question.
    teacher.saw(|view| view.people[0].card == 1).await;
    assert_eq!(screen(&room.world.browser(Role::Member), room.session).await.view.people[0].card, 3);
    room.world.server.advance(200);
    teacher.saw(|view| view.people[0].card == 3).await;
    let second = teacher.received.iter().any(|frame| match frame {
        ServerFrame::Changed { event: ChannelEvent::RoomSaw(view), .. } => view.people[0].card == 2,
        _ => false,
    });
    assert!(!second, "the second was over before it was told");
}

/// As in a quiz: only the even time counts, and only what people read carries the machine's.
#[tokio::test]
async fn a_machines_clock_that_is_set_moves_no_room() {
    let room = Room::new().await;
    let server = &room.world.server;
    let mut member = room.enter(Role::Member).await;
    let start = room.act(RoomAct::Timer { step: TimerStep::Start });
    assert_eq!(member.command(start).await, Ok(Outcome::Done));
    server.advance(60_000);
    for (minutes, step) in [(24, 3_600_000), (23, -2 * 3_600_000)] {
        server.step(step);
        // Whoever is in is told nothing; whoever comes sees what the others see.
        let view = screen(&room.world.browser(Role::Member), room.session).await.view;
        assert_eq!((view.timer.stage, view.timer.remaining_ms), (Stage::Focus, minutes * 60_000), "after {step}");
        assert!(view.timer.running && view.ended.is_none());
        server.advance(60_000);
    }
    room.say(&mut member, "what time is it?").await;
    assert_eq!(member.said().await.at, server.now() - 3_600_000, "the machine's clock is an hour behind by now");
    assert_eq!(member.command(room.act(RoomAct::Timer { step: TimerStep::Pause })).await, Ok(Outcome::Done));
    let view = screen(&room.world.browser(Role::Member), room.session).await.view;
    assert_eq!((view.timer.running, view.timer.remaining_ms), (false, 22 * 60_000));

    // A room that is opened now, and stays empty, closes when it should.
    server.step(8 * 3_600_000);
    let teacher = room.world.browser(Role::Teacher);
    let empty = teacher.open_room(&room.world).await;
    assert!(screen(&teacher, empty).await.view.ended.is_none());
    server.advance(EMPTY_MS - 1_000);
    assert!(screen(&teacher, empty).await.view.ended.is_none());
    server.advance(2_000);
    assert_eq!(screen(&teacher, empty).await.view.ended, Some(EndReason::Empty));
}

#[tokio::test]
async fn who_is_removed_from_the_group_loses_the_room_at_once() {
    let room = Room::new().await;
    let mut member = room.enter(Role::Member).await;
    let mut owner = room.enter(Role::Owner).await;
    let user = room.world.user(Role::Member);
    let answer = room
        .world
        .browser(Role::Owner)
        .post("/api/remove_member", &[("group", room.world.group.to_string()), ("user", user.to_string())])
        .await;
    assert_eq!(answer.status, 200);
    let channel = Channel::StudyRoom(room.session);
    member
        .wait(|frame| {
            matches!(frame, ServerFrame::SubscriptionRefused { channel: one, .. } if *one == channel).then_some(())
        })
        .await;
    room.world.server.advance(1_000);
    assert_eq!(names(&owner.saw(|view| view.people.len() == 1).await), ["owner"]);
    let message = MessageId(Uuid::new_v4());
    let write = room.act(RoomAct::SendMessage { message, text: "still here?".into() });
    assert_eq!(member.command(write).await, Err(Refused::NotFound));
    room.say(&mut owner, "only for us").await;
    let told = member.received.iter().any(|frame| format!("{frame:?}").contains("only for us"));
    assert!(!told, "nothing of the room reaches the one who was removed");
    let read = room.world.browser(Role::Member).call("/api/study_room", &format!("?session={}", room.session)).await;
    assert_eq!(read.status, 404);
}

#[tokio::test]
async fn an_empty_room_closes_and_stays_in_the_groups_history() {
    let room = Room::new().await;
    let server = &room.world.server;
    let member = room.world.browser(Role::Member);
    assert_eq!(member.open_room(&room.world).await, room.session, "who has one open comes back to it");
    let mut socket = room.enter(Role::Member).await;
    room.say(&mut socket, "see you").await;
    assert_eq!(socket.command(room.act(RoomAct::Leave)).await, Ok(Outcome::Done));
    socket.vanish();
    server.advance(EMPTY_MS + 1_000);
    let line = async || {
        let lines: Vec<RoomLine> =
            member.call("/api/study_rooms", &format!("?group={}", room.world.group)).await.json();
        lines.into_iter().find(|line| line.session == room.session).unwrap()
    };
    eventually("it closes", async || !line().await.open).await;
    assert_eq!(line().await.messages, 1);
    let mut reader = room.enter(Role::Teacher).await;
    let ended = async |reader: &mut Socket| {
        reader
            .wait(|frame| match frame {
                ServerFrame::Changed { event: ChannelEvent::RoomSaw(view), .. } => view.ended,
                _ => None,
            })
            .await
    };
    assert_eq!(ended(&mut reader).await, EndReason::Empty);
    let first = screen(&member, room.session).await;
    assert_eq!(first.messages[0].text, "see you");
    assert_eq!(
        reader
            .command(room.act(RoomAct::SendMessage { message: MessageId(Uuid::new_v4()), text: "late".into() }))
            .await,
        Err(Refused::Room(Refusal::Ended))
    );
    assert_ne!(member.open_room(&room.world).await, room.session);
}

#[tokio::test]
async fn all_look_at_one_card_when_they_study_together() {
    let room = Room::new().await;
    let mut member = room.enter(Role::Member).await;
    let mut owner = room.enter(Role::Owner).await;
    let rules = Rules { together: true, anyone: false };
    assert_eq!(member.command(room.act(RoomAct::SetRules { rules })).await, Ok(Outcome::Done));
    assert_eq!(owner.command(room.act(RoomAct::ShowCard { index: 2, revealed: true })).await, Ok(Outcome::Done));
    let view = member.saw(|view| view.shown.index == 2).await;
    assert!(view.shown.revealed && view.people.iter().all(|person| person.card == 2));
    let browser = room.world.browser(Role::Member);
    let query = format!("?session={}&from=2", room.session);
    let cards: Vec<RoomCard> = browser.call("/api/room_cards", &query).await.json();
    assert_eq!((cards.len(), cards[0].index), (4, 2));
    assert!(cards[0].sides.as_ref().is_some_and(|[front, back]| front.contains("Algeria") && back.contains("Algiers")));
}

#[tokio::test]
async fn switched_off_a_room_is_closed_to_everybody() {
    let room = Room::new().await;
    let state = &room.world.server.state;
    let mut member = room.enter(Role::Member).await;
    let (by, off) = (room.world.user(Role::Admin), Some(Setting { enabled: false, percent: 100 }));
    for flag in [Flag::BlitzQuiz, Flag::LiveSessions] {
        state.flags.change(&state.db, flag, None, off, by, room.world.server.now()).await.unwrap();
    }
    let refused = Err(Refused::FlagOff { flag: Flag::LiveSessions });
    assert_eq!(member.command(room.act(RoomAct::Type)).await, refused);
    let browser = room.world.browser(Role::Member);
    assert_eq!(browser.call("/api/study_room", &format!("?session={}", room.session)).await.status, 403);
    let form = [("deck", room.world.capitals.to_string())];
    assert_eq!(browser.post("/api/open_study_room", &form).await.status, 403);
}
