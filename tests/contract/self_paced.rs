//! Playing later alone, on both engines: one link, one attempt for each person, each question once.

use super::{Engine, NOW, engines};
use studyhall::{
    domain::{
        ids::{GroupId, LiveSessionId, ParticipantId, UserId},
        live::{LiveSessionType, pin::Pin},
    },
    server::{
        random,
        storage::{CloseTurn, NewAttempt, NewLiveSession, StoreError},
    },
};

async fn session(engine: &Engine, group: Option<GroupId>, host: UserId, pin: u32) -> LiveSessionId {
    let new = NewLiveSession {
        id: random::id(NOW),
        session_type: LiveSessionType::BlitzQuiz,
        group,
        host,
        deck: engine.deck(host, "Capitals").await,
        category: None,
        config: "{}".into(),
        selected_flashcards: vec![],
        pin: Pin::nth(pin),
        idempotency_key: random::id(NOW),
        created: "\"created\"".into(),
        at: NOW,
    };
    engine.db.create_live_session(&new).await.unwrap();
    new.id
}

fn attempt(session: LiveSessionId, n: u8, user: Option<UserId>) -> NewAttempt {
    NewAttempt {
        id: random::id(NOW + i64::from(n)),
        session,
        user,
        name: format!("Player {n}"),
        name_key: format!("player{n}"),
        secret_hash: vec![n; 32],
        practice: false,
        extra: "none",
        at: NOW + i64::from(n),
    }
}

fn close(card_index: u32, answer: Option<&str>, points: u32, total: u32) -> CloseTurn {
    CloseTurn {
        card_index,
        at: NOW + 500,
        answer: answer.map(str::to_owned),
        is_correct: points > 0,
        response_time_ms: 2_000,
        points_earned: points,
        bonus: 0,
        total_score: total,
        correct_answers: u32::from(total > 0),
        total_answers: card_index + 1,
        average_response_time: 2_000,
        rank: Some(2),
    }
}

#[tokio::test]
async fn a_link_stays_while_its_deadline_moves_and_goes_with_its_group() {
    for engine in engines().await {
        let (db, host) = (&engine.db, engine.user().await);
        let group = engine.group(host).await;
        let session = session(&engine, Some(group), host, 1).await;
        assert!(db.self_paced_of(session).await.unwrap().is_none());
        db.open_self_paced(session, "first", host, NOW + 1_000, true, NOW).await.unwrap();
        db.open_self_paced(session, "second", host, NOW + 9_000, false, NOW + 5).await.unwrap();
        let row = db.self_paced_by_token("first").await.unwrap().unwrap();
        assert_eq!((row.session_id, row.closes_at, row.timed), (session.0, NOW + 9_000, false));
        assert_eq!((row.host_name.as_str(), row.group_name.as_deref()), ("Somebody", Some("Geography 8b")));
        assert!(db.self_paced_by_token("second").await.unwrap().is_none());
        db.close_self_paced(session, NOW + 100).await.unwrap();
        db.close_self_paced(session, NOW + 200).await.unwrap();
        assert_eq!(db.self_paced_of(session).await.unwrap().map(|row| row.closes_at), Some(NOW + 100));
        engine.arrange("UPDATE study_groups SET deleted_at = 1 WHERE id = $1", &[group.0]).await;
        assert!(db.self_paced_by_token("first").await.unwrap().is_none(), "the group is gone");
    }
}

#[tokio::test]
async fn there_is_one_attempt_for_a_name_an_account_and_a_browser() {
    for engine in engines().await {
        let (db, host, mina) = (&engine.db, engine.user().await, engine.user().await);
        let [one, other] = [session(&engine, None, host, 1).await, session(&engine, None, host, 2).await];
        for (session, token) in [(one, "a"), (other, "b")] {
            db.open_self_paced(session, token, host, NOW + 1_000, true, NOW).await.unwrap();
        }
        let (guest, account) = (attempt(one, 1, None), attempt(one, 2, Some(mina)));
        db.join_self_paced(&guest).await.unwrap();
        db.join_self_paced(&account).await.unwrap();
        db.join_self_paced(&attempt(other, 2, Some(mina))).await.unwrap();
        for taken in [
            NewAttempt { name_key: "player1".into(), ..attempt(one, 3, None) },
            NewAttempt { user: Some(mina), ..attempt(one, 4, None) },
        ] {
            assert!(matches!(db.join_self_paced(&taken).await, Err(StoreError::Conflict(_))));
        }
        let found = db.self_paced_attempt_by_secret(one, &[1; 32]).await.unwrap().unwrap();
        assert_eq!((found.id, found.user_id, found.extra.as_str(), found.practice), (guest.id.0, None, "none", false));
        assert!(db.self_paced_attempt_by_secret(other, &[1; 32]).await.unwrap().is_none());
        let found = db.self_paced_attempt_of_user(one, mina).await.unwrap().unwrap();
        assert_eq!(found.id, account.id.0);
        let listed = db.self_paced_attempts(one).await.unwrap();
        assert_eq!(listed.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["Player 1", "Player 2"]);

        let ben = engine.user().await;
        assert!(matches!(db.claim_self_paced(guest.id, mina).await, Err(StoreError::Conflict(_))), "has one already");
        db.claim_self_paced(guest.id, ben).await.unwrap();
        assert!(matches!(db.claim_self_paced(guest.id, host).await, Err(StoreError::Conflict(_))), "is ben's");
        assert_eq!(db.self_paced_attempt(guest.id).await.unwrap().user_id, Some(ben.0));
    }
}

#[tokio::test]
async fn a_question_is_delivered_once_and_closed_once_with_the_totals() {
    for engine in engines().await {
        let (db, host) = (&engine.db, engine.user().await);
        let session = session(&engine, None, host, 1).await;
        db.open_self_paced(session, "a", host, NOW + 1_000, true, NOW).await.unwrap();
        let new = attempt(session, 1, None);
        db.join_self_paced(&new).await.unwrap();
        let id: ParticipantId = new.id;
        assert!(matches!(db.close_self_paced_turn(id, &close(0, None, 0, 0)).await, Err(StoreError::Conflict(_))));
        db.open_self_paced_turn(id, 0, NOW + 100, NOW + 90).await.unwrap();
        assert!(matches!(db.open_self_paced_turn(id, 0, NOW + 900, NOW + 890).await, Err(StoreError::Conflict(_))));
        let open = &db.self_paced_turns(id).await.unwrap()[0];
        assert_eq!((open.opened_at, open.closed_at, open.answer.as_deref()), (NOW + 100, None, None));
        assert!(db.self_paced_turns_of(session).await.unwrap().is_empty(), "an open question is nobody's business");

        db.close_self_paced_turn(id, &close(0, Some("{\"choice\":1}"), 950, 950)).await.unwrap();
        let again = db.close_self_paced_turn(id, &close(0, Some("{\"choice\":2}"), 1_000, 1_000)).await;
        assert!(matches!(again, Err(StoreError::Conflict(_))));
        db.open_self_paced_turn(id, 3, NOW + 600, NOW + 590).await.unwrap();
        db.close_self_paced_turn(id, &close(3, None, 0, 950)).await.unwrap();
        let turns = db.self_paced_turns_of(session).await.unwrap();
        let rows: Vec<_> = turns.iter().map(|t| (t.card_index, t.answer.as_deref(), t.points_earned)).collect();
        assert_eq!(rows, [(0, Some("{\"choice\":1}"), 950), (3, None, 0)]);
        let row = db.self_paced_attempt(id).await.unwrap();
        assert_eq!((row.total_score, row.correct_answers, row.total_answers, row.rank), (950, 1, 4, Some(2)));
        assert_eq!((row.last_at, row.finished_at), (NOW + 500, None));
        db.finish_self_paced(id, NOW + 700).await.unwrap();
        db.finish_self_paced(id, NOW + 900).await.unwrap();
        assert_eq!(db.self_paced_attempt(id).await.unwrap().finished_at, Some(NOW + 700));
        db.open_self_paced_turn(id, 4, NOW + 950, NOW + 940).await.unwrap();
        assert_eq!(db.self_paced_attempt(id).await.unwrap().finished_at, None, "goes on");
    }
}
