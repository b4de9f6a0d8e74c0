//! Sign-ins on both engines.

use super::{Engine, NOW, engines};
use studyhall::{
    domain::{
        ids::{SignInId, UserId},
        role::UserRole,
    },
    server::{
        random,
        storage::{NewUser, StoreError},
    },
};

const DAY: i64 = 24 * 3600 * 1000;

async fn user(engine: &Engine, email: &str) -> UserId {
    let id: UserId = random::id(NOW);
    let user = NewUser { id, email, display_name: "Mina", password_hash: "old", role: UserRole::Learner, now: NOW };
    engine.db.create_user(user).await.unwrap();
    id
}

/// A sign-in with a token hash of `mark`s.
async fn sign_in(engine: &Engine, user: UserId, mark: u8, expires_at: i64) -> SignInId {
    let id: SignInId = random::id(NOW);
    assert!(engine.db.begin_sign_in(id, user, &[mark; 32], "old", "Firefox", NOW, expires_at).await.unwrap());
    id
}

#[tokio::test]
async fn a_sign_in_is_found_by_its_token_until_it_expires() {
    for engine in engines().await {
        let mina = user(&engine, "mina@school.test").await;
        let id = sign_in(&engine, mina, 1, NOW + DAY).await;
        let by_token =
            async |hash: &[u8; 32], now| engine.db.sign_ins_by_token(&[*hash], now).await.unwrap().remove(hash);
        let found = by_token(&[1; 32], NOW).await.unwrap();
        assert_eq!((found.who.user, found.who.sign_in, found.who.role), (mina, id, UserRole::Admin));
        assert_eq!((found.who.email.as_str(), found.last_seen_at), ("mina@school.test", NOW));
        assert!(by_token(&[2; 32], NOW).await.is_none());
        assert!(by_token(&[1; 32], NOW + DAY).await.is_none());
        let other = sign_in(&engine, mina, 3, NOW + DAY).await;
        let both = engine.db.sign_ins_by_token(&[[1; 32], [2; 32], [3; 32]], NOW).await.unwrap();
        assert_eq!((both.len(), both[&[1; 32]].who.sign_in, both[&[3; 32]].who.sign_in), (2, id, other));

        engine.db.touch_sign_in(id, NOW + 5, NOW + 2 * DAY).await.unwrap();
        let found = by_token(&[1; 32], NOW + DAY).await.unwrap();
        assert_eq!((found.last_seen_at, found.expires_at), (NOW + 5, NOW + 2 * DAY));
    }
}

#[tokio::test]
async fn the_list_is_ones_own_and_expired_ones_are_tidied_away() {
    for engine in engines().await {
        let (mina, omar) = (user(&engine, "mina@school.test").await, user(&engine, "omar@school.test").await);
        let old = sign_in(&engine, mina, 1, NOW + 1).await;
        let (first, second) = (sign_in(&engine, mina, 2, NOW + DAY).await, sign_in(&engine, mina, 3, NOW + DAY).await);
        sign_in(&engine, omar, 4, NOW + DAY).await;
        engine.db.touch_sign_in(first, NOW + 9, NOW + DAY).await.unwrap();
        let ids = |now| {
            let db = engine.db.clone();
            async move { db.sign_ins(mina, now).await.unwrap().into_iter().map(|row| row.id).collect::<Vec<_>>() }
        };
        assert_eq!(ids(NOW + 2).await, [first, second], "the last used first");
        assert!(ids(NOW).await.contains(&old));
        let id: SignInId = random::id(NOW);
        assert!(engine.db.begin_sign_in(id, mina, &[5; 32], "old", "", NOW + 2, NOW + DAY).await.unwrap());
        assert!(!ids(NOW).await.contains(&old), "tidied away by the next sign-in");
    }
}

#[tokio::test]
async fn one_ends_only_ones_own() {
    for engine in engines().await {
        let (mina, omar) = (user(&engine, "mina@school.test").await, user(&engine, "omar@school.test").await);
        let (here, there) = (sign_in(&engine, mina, 1, NOW + DAY).await, sign_in(&engine, mina, 2, NOW + DAY).await);
        sign_in(&engine, mina, 3, NOW + DAY).await;
        let others = sign_in(&engine, omar, 4, NOW + DAY).await;
        assert!(matches!(engine.db.end_sign_in(mina, others).await, Err(StoreError::NotFound)));
        engine.db.end_sign_in(mina, there).await.unwrap();
        assert!(matches!(engine.db.end_sign_in(mina, there).await, Err(StoreError::NotFound)));
        assert_eq!(engine.db.end_other_sign_ins(mina, here).await.unwrap(), 1);
        assert_eq!(engine.db.sign_ins(mina, NOW).await.unwrap().len(), 1);
        assert_eq!(engine.db.sign_ins(omar, NOW).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_new_password_ends_the_others_and_stops_those_on_their_way() {
    for engine in engines().await {
        let mina = user(&engine, "mina@school.test").await;
        let here = sign_in(&engine, mina, 1, NOW + DAY).await;
        sign_in(&engine, mina, 2, NOW + DAY).await;
        engine.db.change_password(mina, "old", "new", Some(here)).await.unwrap();
        let left = engine.db.sign_ins(mina, NOW).await.unwrap();
        assert_eq!(left.iter().map(|row| row.id).collect::<Vec<_>>(), [here]);

        let late: SignInId = random::id(NOW);
        assert!(!engine.db.begin_sign_in(late, mina, &[3; 32], "old", "", NOW, NOW + DAY).await.unwrap());
        let twice = engine.db.change_password(mina, "old", "newer", Some(here)).await;
        assert!(matches!(twice, Err(StoreError::Conflict(_))));
        engine.db.change_password(mina, "new", "reset", None).await.unwrap();
        assert_eq!(engine.db.sign_ins(mina, NOW).await.unwrap(), []);
    }
}
