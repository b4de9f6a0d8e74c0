//! Accounts on both engines.

use super::{NOW, engines};
use studyhall::{
    domain::{ids::UserId, role::UserRole},
    server::{
        random,
        storage::{NewUser, StoreError},
    },
};

fn new(email: &str, role: UserRole) -> NewUser<'_> {
    NewUser { id: random::id(NOW), email, display_name: "Mina", password_hash: "hash", role, now: NOW }
}

#[tokio::test]
async fn the_first_account_is_admin_and_the_next_what_it_chose() {
    for engine in engines().await {
        assert!(engine.db.no_users().await.unwrap());
        let role = engine.db.create_user(new("a@school.test", UserRole::Learner)).await.unwrap();
        assert_eq!(role, UserRole::Admin);
        assert!(!engine.db.no_users().await.unwrap());
        let role = engine.db.create_user(new("b@school.test", UserRole::Teacher)).await.unwrap();
        assert_eq!(role, UserRole::Teacher);
        let user = engine.db.user_by_email("b@school.test").await.unwrap().unwrap();
        assert_eq!((user.role, user.display_name.as_str(), user.created_at), (UserRole::Teacher, "Mina", NOW));
        assert_eq!(engine.db.user(user.id).await.unwrap(), Some(user));
    }
}

#[tokio::test]
async fn of_many_first_accounts_at_once_one_is_admin() {
    for engine in engines().await {
        let tasks: Vec<_> = (0..8)
            .map(|n| {
                let db = engine.db.clone();
                tokio::spawn(async move {
                    db.create_user(new(&format!("{n}@school.test"), UserRole::Learner)).await.unwrap()
                })
            })
            .collect();
        let mut admins = 0;
        for task in tasks {
            admins += usize::from(task.await.unwrap() == UserRole::Admin);
        }
        assert_eq!(admins, 1);
    }
}

#[tokio::test]
async fn an_e_mail_belongs_to_one_account() {
    for engine in engines().await {
        engine.db.create_user(new("a@school.test", UserRole::Learner)).await.unwrap();
        let again = engine.db.create_user(new("a@school.test", UserRole::Learner)).await;
        assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
        assert_eq!(engine.db.user_by_email("A@school.test").await.unwrap(), None, "stored in lower case by the caller");
    }
}

/// A first sign-up that fails does not use up the admin's place.
#[tokio::test]
async fn a_failed_first_account_leaves_the_place_free() {
    for engine in engines().await {
        let first = new("a@school.test", UserRole::Learner);
        let id = first.id;
        engine.db.create_user(first).await.unwrap();
        let twin = NewUser { id, ..new("b@school.test", UserRole::Learner) };
        assert!(engine.db.create_user(twin).await.is_err());
        let role = engine.db.create_user(new("c@school.test", UserRole::Learner)).await.unwrap();
        assert_eq!(role, UserRole::Learner);
    }
}

#[tokio::test]
async fn names_and_roles_change() {
    for engine in engines().await {
        let user = new("a@school.test", UserRole::Learner);
        let id = user.id;
        engine.db.create_user(user).await.unwrap();
        engine.db.rename_user(id, "Zoë").await.unwrap();
        engine.db.set_user_role(id, UserRole::Teacher).await.unwrap();
        let user = engine.db.user(id).await.unwrap().unwrap();
        assert_eq!((user.display_name.as_str(), user.role), ("Zoë", UserRole::Teacher));
        let nobody: UserId = random::id(NOW);
        assert!(matches!(engine.db.rename_user(nobody, "x").await, Err(StoreError::NotFound)));
        assert!(matches!(engine.db.set_user_role(nobody, UserRole::Admin).await, Err(StoreError::NotFound)));
    }
}
