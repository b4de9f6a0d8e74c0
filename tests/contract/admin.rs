//! The admin's lists on both engines.

use super::{Engine, NOW, engines};
use studyhall::{
    domain::{
        ids::{GroupId, UserId},
        role::UserRole,
    },
    server::{
        random,
        storage::{NewUser, RoleChange, StoreError},
    },
};

async fn user(engine: &Engine, email: &str, name: &str, role: UserRole, now: i64) -> UserId {
    let id = random::id(now);
    let new = NewUser { id, email, display_name: name, password_hash: "", role, now };
    engine.db.create_user(new).await.unwrap();
    id
}

/// The names that a search finds, in its order.
async fn found(engine: &Engine, search: &str) -> Vec<String> {
    let users = engine.db.list_users(search, 0, 50).await.unwrap();
    let names: Vec<String> = users.into_iter().map(|user| user.display_name).collect();
    assert_eq!(engine.db.count_users(search).await.unwrap(), i64::try_from(names.len()).unwrap(), "{search}");
    names
}

#[tokio::test]
async fn accounts_are_listed_by_age_in_pages_and_found_by_parts_of_name_and_address() {
    for engine in engines().await {
        assert_eq!(found(&engine, "").await, Vec::<String>::new());
        // Not in the order of their ages.
        user(&engine, "noor@school.test", "Noor 100%", UserRole::Teacher, NOW + 2).await;
        let mina = user(&engine, "mina_o@school.test", "Mina Okafor", UserRole::Learner, NOW).await;
        user(&engine, "tom@club.test", "Tomás", UserRole::Learner, NOW + 1).await;

        assert_eq!(found(&engine, "").await, ["Mina Okafor", "Tomás", "Noor 100%"]);
        assert_eq!(found(&engine, " OKA ").await, ["Mina Okafor"], "any case, without the blanks around");
        assert_eq!(found(&engine, "school").await, ["Mina Okafor", "Noor 100%"]);
        // Signs of patterns are signs.
        assert_eq!(found(&engine, "%").await, ["Noor 100%"]);
        assert_eq!(found(&engine, "a_o").await, ["Mina Okafor"]);
        assert_eq!(found(&engine, "m_na").await, Vec::<String>::new());
        assert_eq!(found(&engine, "\\").await, Vec::<String>::new());

        let page = engine.db.list_users("", 1, 1).await.unwrap();
        assert_eq!(page.iter().map(|user| user.display_name.as_str()).collect::<Vec<_>>(), ["Tomás"]);
        let first = engine.db.list_users("", 0, 1).await.unwrap().remove(0);
        assert_eq!((first.id, first.email.as_str(), first.created_at), (mina, "mina_o@school.test", NOW));
    }
}

#[tokio::test]
async fn names_and_addresses_of_all_languages_are_found_in_any_case() {
    for engine in engines().await {
        user(&engine, "õie@kool.test", "Õie Käär", UserRole::Learner, NOW).await;
        let sofia = user(&engine, "s@school.test", "ΣΟΦΙΑ", UserRole::Learner, NOW + 1).await;
        user(&engine, "w@school.test", "王小明", UserRole::Learner, NOW + 2).await;
        for search in ["käär", "KÄÄR", "oie kaar", "ÕIE@", "Ka\u{308}a\u{308}r"] {
            assert_eq!(found(&engine, search).await, ["Õie Käär"], "{search}");
        }
        assert_eq!(found(&engine, "σοφ").await, ["ΣΟΦΙΑ"]);
        assert_eq!(found(&engine, "小").await, ["王小明"]);

        engine.db.rename_user(sofia, "Ždenka").await.unwrap();
        assert_eq!(found(&engine, "ŽD").await, ["Ždenka"]);
        assert_eq!(found(&engine, "σοφ").await, Vec::<String>::new());

        // Accounts from before the search had a text of its own.
        engine.arrange("UPDATE users SET search_text = ''", &[]).await;
        assert_eq!(found(&engine, "kaar").await, Vec::<String>::new());
        engine.db.migrate().await.unwrap();
        assert_eq!(found(&engine, "kaar").await, ["Õie Käär"]);
        assert_eq!(found(&engine, "ždenka").await, ["Ždenka"]);
    }
}

#[tokio::test]
async fn a_role_changes_but_the_last_admin_stays() {
    for engine in engines().await {
        let first = user(&engine, "a@school.test", "First", UserRole::Learner, NOW).await;
        let second = user(&engine, "b@school.test", "Second", UserRole::Learner, NOW + 1).await;
        let change = async |id, role| engine.db.change_user_role(id, role).await;
        let role = async |id| engine.db.user(id).await.unwrap().unwrap().role;
        assert_eq!(role(first).await, UserRole::Admin, "whoever comes first");
        assert_eq!(change(first, UserRole::Teacher).await.unwrap(), RoleChange::LastAdmin);
        assert_eq!(role(first).await, UserRole::Admin);
        assert_eq!(change(first, UserRole::Admin).await.unwrap(), RoleChange::Done, "what is so already is no loss");
        assert_eq!(change(second, UserRole::Admin).await.unwrap(), RoleChange::Done);
        assert_eq!(change(first, UserRole::Learner).await.unwrap(), RoleChange::Done);
        assert_eq!((role(first).await, role(second).await), (UserRole::Learner, UserRole::Admin));
        let nobody: UserId = random::id(NOW);
        assert!(matches!(change(nobody, UserRole::Admin).await, Err(StoreError::NotFound)));
    }
}

#[tokio::test]
async fn two_admins_cannot_take_each_other_away_at_once() {
    for engine in engines().await {
        let first = user(&engine, "a@school.test", "First", UserRole::Learner, NOW).await;
        let second = user(&engine, "b@school.test", "Second", UserRole::Learner, NOW + 1).await;
        engine.db.change_user_role(second, UserRole::Admin).await.unwrap();
        let down = [first, second].map(|id| {
            let db = engine.db.clone();
            tokio::spawn(async move { db.change_user_role(id, UserRole::Learner).await.unwrap() })
        });
        let mut done = Vec::new();
        for task in down {
            done.push(task.await.unwrap());
        }
        let refused = done.iter().filter(|change| **change == RoleChange::LastAdmin).count();
        assert_eq!(refused, 1, "{done:?}");
    }
}

#[tokio::test]
async fn groups_are_named_in_order_and_gone_ones_are_gone() {
    for engine in engines().await {
        let owner = engine.user().await;
        let mut ids = Vec::new();
        for name in ["Physics", "Art", "Latin"] {
            let id: GroupId = random::id(NOW);
            engine.db.create_group(id, name, owner, NOW).await.unwrap();
            ids.push(id);
        }
        let names = async |limit| -> Vec<String> {
            engine.db.group_names(limit).await.unwrap().into_iter().map(|(_, name)| name).collect()
        };
        assert_eq!(names(10).await, ["Art", "Latin", "Physics"]);
        assert_eq!(names(2).await, ["Art", "Latin"]);
        assert!(engine.db.group_exists(ids[1]).await.unwrap());
        engine.db.delete_group(ids[1], NOW).await.unwrap();
        assert!(!engine.db.group_exists(ids[1]).await.unwrap());
        assert!(!engine.db.group_exists(random::id(NOW)).await.unwrap());
        assert_eq!(names(10).await, ["Latin", "Physics"]);
    }
}
