//! The live session's storage on both engines.

use crate::contract::{Engine, NOW, engines};
use studyhall::{
    domain::{
        ids::{DeckId, LiveSessionId, ParticipantId, UserId},
        live::{LiveSessionStatus, LiveSessionType, pin::Pin},
    },
    server::{
        random,
        storage::{Append, NewAnswer, NewEvent, NewLiveSession, NewParticipant, Snapshot, StoreError, Totals},
    },
};

fn new(host: UserId, deck: DeckId, pin: u32) -> NewLiveSession {
    NewLiveSession {
        id: random::id(NOW),
        session_type: LiveSessionType::BlitzQuiz,
        group: None,
        host,
        deck,
        category: None,
        config: "{}".into(),
        selected_flashcards: vec![random::id(NOW)],
        pin: Pin::nth(pin),
        idempotency_key: random::id(NOW),
        created: "\"created\"".into(),
        at: NOW,
    }
}

async fn session(engine: &Engine) -> (NewLiveSession, UserId) {
    let host = engine.user().await;
    let deck = engine.deck(host, "Capitals").await;
    let new = new(host, deck, 1);
    engine.db.create_live_session(&new).await.unwrap();
    (new, host)
}

fn participant(n: u32, user: Option<UserId>) -> NewParticipant {
    NewParticipant {
        id: random::id(NOW),
        user,
        name: format!("Player {n}"),
        name_key: format!("player{n}"),
        secret_hash: vec![u8::try_from(n).unwrap(); 32],
        joined_at: NOW + i64::from(n),
    }
}

#[tokio::test]
async fn a_session_is_found_by_its_pin_until_it_ends() {
    for engine in engines().await {
        let (new, host) = session(&engine).await;
        assert_eq!(engine.db.live_session_by_pin(Pin::nth(1)).await.unwrap(), Some(new.id));
        assert_eq!(engine.db.live_session_by_pin(Pin::nth(2)).await.unwrap(), None);
        assert_eq!(engine.db.live_session_by_key(host, new.idempotency_key).await.unwrap(), Some(new.id));
        assert_eq!(engine.db.open_live_sessions(LiveSessionType::BlitzQuiz).await.unwrap(), [new.id]);
        let listed = engine.db.active_live_sessions_of_user(host).await.unwrap();
        assert_eq!((listed.len(), listed[0].participants, listed[0].deck_title.as_str()), (1, 0, "Capitals"));
        let again = NewLiveSession { id: random::id(NOW), idempotency_key: random::id(NOW), ..new.clone() };
        assert!(
            matches!(engine.db.create_live_session(&again).await, Err(StoreError::Conflict(_))),
            "the PIN is in use"
        );
        let append = Append {
            events: vec![(NOW, "\"ended\"".into()).into()],
            status: Some((LiveSessionStatus::Completed, NOW)),
            ..Append::default()
        };
        engine.db.append_live_session(new.id, 0, 1, &append).await.unwrap();
        assert_eq!(engine.db.live_session_by_pin(Pin::nth(1)).await.unwrap(), None);
        assert!(engine.db.open_live_sessions(LiveSessionType::BlitzQuiz).await.unwrap().is_empty());
        engine.db.create_live_session(&again).await.unwrap();
    }
}

#[tokio::test]
async fn a_batch_is_written_whole_with_its_projections() {
    for engine in engines().await {
        let (new, host) = session(&engine).await;
        // More rows than fit into one statement.
        let people: Vec<_> = (0..120).map(|n| participant(n, (n == 0).then_some(host))).collect();
        let answers = people.iter().map(|p| NewAnswer {
            participant: p.id,
            user: p.user,
            flashcard: new.selected_flashcards[0],
            answer: "{\"choice\":1}".into(),
            is_correct: true,
            response_time_ms: 1_500,
            points_earned: 950,
            card_index: 0,
            submitted_at: NOW,
            sure: None,
        });
        let totals = people.iter().map(|p| Totals {
            participant: p.id,
            total_score: 950,
            correct_answers: 1,
            total_answers: 1,
            average_response_time: 1_500,
        });
        let append = Append {
            events: (0..2_500).map(|n| (NOW + n, format!("{n}")).into()).collect(),
            answers: answers.collect(),
            totals: totals.collect(),
            ranks: people.iter().map(|p| (p.id, 1)).collect(),
            joined: people.clone(),
            status: Some((LiveSessionStatus::Active, NOW)),
            ..Append::default()
        };
        engine.db.append_live_session(new.id, 0, 1, &append).await.unwrap();
        let log = engine.db.live_session_log(new.id).await.unwrap();
        assert_eq!(log.len(), 2_501);
        assert_eq!(log[2_500], (NOW + 2_499, "2499".into(), None), "in order");
        let rows = engine.db.live_session_participants(new.id).await.unwrap();
        assert_eq!(rows.len(), 120);
        for row in &rows {
            assert_eq!((row.total_score, row.total_answers, row.rank), (950, 1, Some(1)));
            assert_eq!(engine.db.live_session_answer_sums(row.id.into()).await.unwrap(), (1, 950));
        }
        assert_eq!(rows[0].user_id, Some(host.0));
        assert_eq!(engine.db.live_session(new.id).await.unwrap().next_offset, 2_501);
    }
}

#[tokio::test]
async fn a_batch_that_breaks_a_rule_leaves_nothing_behind() {
    for engine in engines().await {
        let (new, _) = session(&engine).await;
        let one = participant(1, None);
        let twin = NewParticipant { id: random::id::<ParticipantId>(NOW), ..one.clone() };
        let append = Append {
            events: vec![(NOW, "1".into()).into(), (NOW, "2".into()).into()],
            joined: vec![one, twin],
            ..Append::default()
        };
        let refused = engine.db.append_live_session(new.id, 0, 1, &append).await;
        assert!(matches!(refused, Err(StoreError::Conflict(_))), "two with one name: {refused:?}");
        assert_eq!(engine.db.live_session_log(new.id).await.unwrap().len(), 1);
        assert!(engine.db.live_session_participants(new.id).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn sessions_that_append_at_the_same_time_do_not_spoil_each_other() {
    for engine in engines().await {
        let host = engine.user().await;
        let deck = engine.deck(host, "Capitals").await;
        let mut sessions = vec![];
        for n in 0..12 {
            let new = new(host, deck, n);
            engine.db.create_live_session(&new).await.unwrap();
            sessions.push(new.id);
        }
        let twins = [participant(1, None), NewParticipant { id: random::id(NOW), ..participant(1, None) }];
        let append = |n: usize| Append {
            events: vec![(NOW, n.to_string()).into()],
            // One of them breaks a rule, and one owner has lost its session.
            joined: if n == 7 { twins.to_vec() } else { vec![participant(n as u32, None)] },
            ..Append::default()
        };
        let (db, appends) = (&engine.db, (0..12).map(append).collect::<Vec<_>>());
        db.claim_live_session(sessions[4]).await.unwrap();
        let writing = sessions.iter().zip(&appends).map(|(id, append)| db.append_live_session(*id, 0, 1, append));
        let results = futures::future::join_all(writing).await;
        for (n, (id, result)) in sessions.iter().zip(results).enumerate() {
            let (log, seats) =
                (db.live_session_log(*id).await.unwrap(), db.live_session_participants(*id).await.unwrap());
            match n {
                4 => assert!(matches!(result, Err(StoreError::Conflict(name)) if name == "owner_epoch")),
                7 => assert!(matches!(result, Err(StoreError::Conflict(name)) if name != "owner_epoch")),
                _ => result.unwrap(),
            }
            let written = usize::from(![4, 7].contains(&n));
            assert_eq!((log.len(), seats.len()), (1 + written, written), "session {n}");
            assert!(log[1..].iter().all(|(_, event, _)| *event == n.to_string()));
        }
    }
}

#[tokio::test]
async fn whoever_claims_a_session_shuts_the_last_owner_out() {
    for engine in engines().await {
        let (new, _) = session(&engine).await;
        let append = Append { events: vec![(NOW, "1".into()).into()], ..Append::default() };
        let epoch = engine.db.claim_live_session(new.id).await.unwrap();
        assert_eq!(epoch, 1);
        assert!(
            matches!(engine.db.append_live_session(new.id, 0, 1, &append).await, Err(StoreError::Conflict(name)) if name == "owner_epoch")
        );
        engine.db.append_live_session(new.id, epoch, 1, &append).await.unwrap();
        let nobody: LiveSessionId = random::id(NOW);
        assert!(matches!(engine.db.claim_live_session(nobody).await, Err(StoreError::NotFound)));
    }
}

#[tokio::test]
async fn a_changed_and_a_void_answer_leave_one_row_and_none() {
    for engine in engines().await {
        let (new, _) = session(&engine).await;
        let (one, other) = (participant(1, None), participant(2, None));
        let answer = |p: &NewParticipant, points: u32, card_index: u32| NewAnswer {
            participant: p.id,
            user: None,
            flashcard: new.selected_flashcards[0],
            answer: "{\"choice\":1}".into(),
            is_correct: points > 0,
            response_time_ms: 1_500,
            points_earned: points,
            card_index,
            submitted_at: NOW,
            sure: Some(points > 0),
        };
        let key = random::id(NOW);
        let append = Append {
            events: vec![NewEvent { at: NOW, event: "1".into(), key: Some(key) }],
            joined: vec![one.clone(), other.clone()],
            answers: vec![answer(&one, 900, 0), answer(&other, 800, 0), answer(&one, 700, 1)],
            left: vec![(one.id, Some(NOW)), (one.id, None), (other.id, Some(NOW + 5))],
            secrets: vec![(one.id, vec![9; 32])],
            ..Append::default()
        };
        engine.db.append_live_session(new.id, 0, 1, &append).await.unwrap();
        assert_eq!(engine.db.live_session_log(new.id).await.unwrap()[1], (NOW, "1".into(), Some(key)));
        let rows = engine.db.live_session_participants(new.id).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.left_at).collect::<Vec<_>>(), [None, Some(NOW + 5)]);
        assert_eq!(rows[0].secret_hash, [9; 32]);
        let append = Append {
            events: vec![(NOW, "2".into()).into()],
            changed: vec![answer(&one, 0, 0)],
            sureness: vec![(other.id, 0, false)],
            void: vec![1],
            ..Append::default()
        };
        engine.db.append_live_session(new.id, 0, 2, &append).await.unwrap();
        let mut sure: Vec<_> = engine.db.live_session_answers(new.id).await.unwrap();
        sure.sort_by_key(|row| row.points_earned);
        // The first one changed and what was said with it, of the other only what was said.
        let sure: Vec<_> = sure.iter().map(|row| (row.points_earned, row.is_correct, row.sure)).collect();
        assert_eq!(sure, [(0, false, Some(false)), (800, true, Some(false))]);
        assert_eq!(engine.db.live_session_answer_sums(one.id).await.unwrap(), (1, 0));
        assert_eq!(engine.db.live_session_answer_sums(other.id).await.unwrap(), (1, 800));
    }
}

#[tokio::test]
async fn only_the_owner_gives_signs_of_life() {
    for engine in engines().await {
        let (new, _) = session(&engine).await;
        let alive = async || engine.db.live_session(new.id).await.unwrap().alive_at;
        engine.db.keep_live_sessions_alive(&[(new.id, 0)], NOW + 1).await.unwrap();
        assert_eq!(alive().await, Some(NOW + 1));
        engine.db.claim_live_session(new.id).await.unwrap();
        engine.db.keep_live_sessions_alive(&[(new.id, 0)], NOW + 2).await.unwrap();
        assert_eq!(alive().await, Some(NOW + 1), "it was replaced");
        engine.db.keep_live_sessions_alive(&[], NOW + 2).await.unwrap();
        engine.db.keep_live_sessions_alive(&[(new.id, 1)], NOW + 3).await.unwrap();
        assert_eq!(alive().await, Some(NOW + 3));
    }
}

#[tokio::test]
async fn the_newest_snapshot_is_kept_and_an_old_owners_is_not() {
    for engine in engines().await {
        let (new, _) = session(&engine).await;
        let db = &engine.db;
        let epoch = db.claim_live_session(new.id).await.unwrap();
        let snapshot = |offset| Snapshot { offset, state: format!("{{\"n\":{offset}}}") };
        assert_eq!(db.live_snapshot(new.id, 1).await.unwrap(), None);
        for offset in [1, 2] {
            db.save_live_snapshot(new.id, epoch, 1, &snapshot(offset)).await.unwrap();
        }
        db.save_live_snapshot(new.id, epoch - 1, 1, &snapshot(9)).await.unwrap();
        assert_eq!(db.live_snapshot(new.id, 1).await.unwrap(), Some(snapshot(2)));
        assert_eq!(db.live_snapshot(new.id, 2).await.unwrap(), None, "another version");
        let [join, other] = [random::id::<uuid::Uuid>(NOW), random::id(NOW)];
        let joined = "{\"joined\":{}}".to_owned();
        let events = vec![
            NewEvent { at: NOW, event: joined.clone(), key: Some(join) },
            NewEvent { at: NOW, event: "{\"answer_submitted\":{}}".into(), key: Some(other) },
            NewEvent { at: NOW, event: "\"suspended\"".into(), key: None },
        ];
        let append = Append { events, ..Append::default() };
        db.append_live_session(new.id, epoch, 1, &append).await.unwrap();
        let mut keys = db.live_session_keys(new.id, 4).await.unwrap();
        keys.sort_by_key(|(_, event)| event.is_none());
        assert_eq!(keys, [(join, Some(joined)), (other, None)]);
        assert_eq!(db.live_session_keys(new.id, 2).await.unwrap().len(), 1);
        let tail = db.live_session_log_from(new.id, 3).await.unwrap();
        assert_eq!(tail, [(NOW, "\"suspended\"".to_owned(), None)]);
    }
}
