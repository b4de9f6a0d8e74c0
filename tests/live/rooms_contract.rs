//! The study room's storage on both engines.

use crate::contract::{Engine, NOW, engines};
use studyhall::{
    domain::{
        card::CardText,
        ids::{GroupId, LiveSessionId, MessageId, UserId},
        live::{LiveSessionStatus, LiveSessionType},
        role::GroupRole,
    },
    server::{
        random,
        storage::{MessageChange, NewCard, NewMessage, NewStudyRoom, RoomAppend, RoomVisit, StoreError},
    },
};

struct Made {
    room: NewStudyRoom,
    group: GroupId,
    host: UserId,
}

async fn room(engine: &Engine) -> Made {
    let host = engine.user().await;
    let group = engine.group(host).await;
    let deck = engine.deck(host, "Capitals").await;
    let room = NewStudyRoom {
        id: random::id(NOW),
        group,
        host,
        deck,
        config: "{}".into(),
        cards: vec![random::id(NOW), random::id(NOW)],
        idempotency_key: random::id(NOW),
        created: "\"created\"".into(),
        at: NOW,
        logged_at: NOW,
    };
    engine.db.create_study_room(&room).await.unwrap();
    Made { room, group, host }
}

fn event() -> (i64, String) {
    (NOW, "1".into())
}

fn message(number: i64, user: UserId) -> NewMessage {
    NewMessage { id: random::id(NOW), number, user, text: format!("message {number}"), at: NOW + number }
}

#[tokio::test]
async fn a_room_is_made_once_listed_and_closed() {
    for engine in engines().await {
        let Made { room, group, host } = room(&engine).await;
        let db = &engine.db;
        assert_eq!(db.live_session_by_key(host, room.idempotency_key).await.unwrap(), Some(room.id));
        let again = NewStudyRoom { id: random::id(NOW), ..room.clone() };
        assert!(matches!(db.create_study_room(&again).await, Err(StoreError::Conflict(_))));
        assert_eq!(db.open_live_sessions(LiveSessionType::StudyRoom).await.unwrap(), [room.id]);
        assert!(db.open_live_sessions(LiveSessionType::BlitzQuiz).await.unwrap().is_empty());
        assert_eq!(db.room_cards(room.id).await.unwrap(), room.cards);
        assert_eq!(db.open_room_of_host(room.deck, host).await.unwrap(), Some(room.id));
        let active = db.active_live_sessions_of_group(group).await.unwrap();
        assert_eq!((active[0].session_type.as_str(), &active[0].pin), ("study_room", &None));

        let append = RoomAppend {
            events: vec![event(), event()],
            sent: vec![message(1, host)],
            status: Some((LiveSessionStatus::Completed, NOW + 9)),
            ..RoomAppend::default()
        };
        db.append_study_room(room.id, 0, 1, &append).await.unwrap();
        assert!(db.open_live_sessions(LiveSessionType::StudyRoom).await.unwrap().is_empty());
        assert_eq!(db.open_room_of_host(room.deck, host).await.unwrap(), None);
        assert!(db.card_ids(room.deck, 9).await.unwrap().is_empty());
        let card = |front: &str| NewCard {
            id: random::id(NOW),
            category_id: None,
            text: CardText { front: front.into(), back: "x".into(), ..CardText::default() },
        };
        let cards = [card("b"), card("a"), card("c")];
        db.add_cards(room.deck, &cards, NOW).await.unwrap();
        let ids: Vec<_> = cards.iter().map(|card| card.id).collect();
        assert_eq!(db.card_ids(room.deck, 9).await.unwrap(), ids, "in the deck's order");
        assert_eq!(db.card_ids(room.deck, 2).await.unwrap(), ids[..2]);
        let newer = NewStudyRoom { id: random::id(NOW), idempotency_key: random::id(NOW), ..room.clone() };
        db.create_study_room(&newer).await.unwrap();
        let listed = db.study_rooms_of_group(group, 10).await.unwrap();
        assert_eq!(listed.iter().map(|row| row.id).collect::<Vec<_>>(), [newer.id.0, room.id.0], "open ones first");
        assert_eq!((listed[1].messages, listed[1].people, listed[1].ended_at), (1, 0, Some(NOW + 9)));
        assert_eq!(db.study_rooms_of_group(group, 1).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn the_conversation_comes_in_pages_and_a_deleted_message_leaves_no_words() {
    for engine in engines().await {
        let Made { room, host, .. } = room(&engine).await;
        let db = &engine.db;
        let sent: Vec<NewMessage> = (1..=7).map(|number| message(number, host)).collect();
        let (third, fifth) = (sent[2].id, sent[4].id);
        let append =
            RoomAppend { events: (1..=7).map(|_| event()).collect(), sent: sent.clone(), ..RoomAppend::default() };
        db.append_study_room(room.id, 0, 1, &append).await.unwrap();
        let numbers = async |before| {
            let page = db.room_messages(room.id, before, 3).await.unwrap();
            page.iter().map(|message| message.number).collect::<Vec<_>>()
        };
        assert_eq!(numbers(None).await, [5, 6, 7]);
        assert_eq!(numbers(Some(5)).await, [2, 3, 4]);
        assert_eq!(numbers(Some(2)).await, [1]);
        assert!(numbers(Some(1)).await.is_empty());

        let change = |id: MessageId, changed, text: &str, deleted_by| MessageChange {
            id,
            changed,
            text: text.into(),
            deleted_by,
            at: NOW + 99,
        };
        let append = RoomAppend {
            events: vec![event(), event()],
            changed: vec![change(fifth, 8, "better", None), change(third, 9, "", Some(host))],
            ..RoomAppend::default()
        };
        db.append_study_room(room.id, 0, 8, &append).await.unwrap();
        let page = db.room_messages(room.id, None, 10).await.unwrap();
        assert_eq!((page[4].text.as_str(), page[4].edited, page[4].changed), ("better", true, 8));
        assert_eq!((page[2].text.as_str(), page[2].deleted_by, page[2].changed), ("", Some(host), 9));
        assert_eq!((page[0].name.as_str(), page[0].at, page[0].changed), ("Somebody", NOW + 1, 1));
        assert_eq!(db.room_message(room.id, fifth).await.unwrap(), page[4]);
        assert!(matches!(db.room_message(room.id, random::id(NOW)).await, Err(StoreError::NotFound)));

        // The same message twice: nothing of the batch is written.
        let twice = RoomAppend {
            events: vec![event()],
            sent: vec![NewMessage { number: 10, ..sent[0].clone() }],
            ..RoomAppend::default()
        };
        assert!(matches!(db.append_study_room(room.id, 0, 10, &twice).await, Err(StoreError::Conflict(_))));
        assert_eq!(db.live_session_log(room.id).await.unwrap().len(), 10);
        let late = RoomAppend { events: vec![event()], ..RoomAppend::default() };
        let epoch = db.claim_live_session(room.id).await.unwrap();
        assert!(
            matches!(db.append_study_room(room.id, 0, 10, &late).await, Err(StoreError::Conflict(name)) if name == "owner_epoch")
        );
        db.append_study_room(room.id, epoch, 10, &late).await.unwrap();
    }
}

#[tokio::test]
async fn who_was_in_is_kept_with_the_times() {
    for engine in engines().await {
        let Made { room, group, host } = room(&engine).await;
        let other = engine.user().await;
        engine.join(group, other, GroupRole::Member).await;
        let db = &engine.db;
        let visit = |user, at| RoomVisit { participant: random::id(NOW), user, name: "Somebody".into(), at };
        // Two of one name, and one of them twice.
        let append = RoomAppend {
            events: vec![event()],
            entered: vec![visit(host, NOW), visit(other, NOW + 1), visit(host, NOW + 2)],
            left: vec![(other, NOW + 5)],
            ..RoomAppend::default()
        };
        db.append_study_room(room.id, 0, 1, &append).await.unwrap();
        let people = db.live_session_participants(room.id).await.unwrap();
        let people: Vec<_> = people.iter().map(|row| (row.user_id, row.joined_at)).collect();
        assert_eq!(people, [(Some(host.0), NOW), (Some(other.0), NOW + 1)]);
        assert_eq!(db.study_rooms_of_group(group, 5).await.unwrap()[0].people, 2);
    }
}

#[tokio::test]
async fn a_quiz_knows_the_room_it_was_started_from() {
    for engine in engines().await {
        let Made { room, .. } = room(&engine).await;
        let other = NewStudyRoom { id: random::id(NOW), idempotency_key: random::id(NOW), ..room.clone() };
        engine.db.create_study_room(&other).await.unwrap();
        assert_eq!(engine.db.room_of_quiz(other.id).await.unwrap(), None);
        engine.db.link_quiz_to_room(other.id, room.id).await.unwrap();
        assert_eq!(engine.db.room_of_quiz(other.id).await.unwrap(), Some(room.id));
        let nobody: LiveSessionId = random::id(NOW);
        assert_eq!(engine.db.room_of_quiz(nobody).await.unwrap(), None);
    }
}
