//! The contract suite: every storage function on SQLite always, and on Postgres when
//! STUDYHALL_TEST_POSTGRES_URL names a server. Each test gets databases of its own.

mod admin;
mod cards;
mod decks;
mod demo;
mod flags;
mod groups;
mod images;
mod imports;
mod presence;
mod self_paced;
mod sign_ins;
mod taken_cards;
mod users;

use sqlx::{AssertSqlSafe, PgPool, SqlitePool};
use studyhall::{
    domain::{
        ids::{DeckId, GroupId, UserId},
        role::{GroupRole, UserRole},
    },
    server::{
        random,
        storage::{Db, NewUser},
    },
};
use uuid::Uuid;

/// 2026-01-01, the time of tests that do not care.
pub const NOW: i64 = 1_767_225_600_000;

/// An empty, migrated database on one engine.
pub struct Engine {
    pub db: Db,
    raw: Raw,
    /// SQLite's file lives as long as this.
    _folder: Option<tempfile::TempDir>,
}

enum Raw {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// One fresh database for each engine.
pub async fn engines() -> Vec<Engine> {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/test.db", folder.path().display());
    let db = migrated(&url).await;
    let mut engines =
        vec![Engine { db, raw: Raw::Sqlite(SqlitePool::connect(&url).await.unwrap()), _folder: Some(folder) }];
    if let Ok(server) = std::env::var("STUDYHALL_TEST_POSTGRES_URL") {
        let url = own_schema(&server).await;
        let db = migrated(&url).await;
        engines.push(Engine { db, raw: Raw::Postgres(PgPool::connect(&url).await.unwrap()), _folder: None });
    }
    engines
}

async fn migrated(url: &str) -> Db {
    let db = Db::open(url).await.unwrap();
    db.migrate().await.unwrap();
    db
}

/// A schema of its own on this server, as an address.
pub async fn own_schema(server: &str) -> String {
    let schema = format!("t{}", &random::token()[..16]);
    let pool = PgPool::connect(server).await.unwrap();
    sqlx::query(AssertSqlSafe(format!("CREATE SCHEMA {schema}"))).execute(&pool).await.unwrap();
    pool.close().await;
    let separator = if server.contains('?') { '&' } else { '?' };
    format!("{server}{separator}options=-csearch_path%3D{schema}")
}

impl Engine {
    /// Runs one statement that arranges what no storage function makes; its parameters are ids.
    pub async fn arrange(&self, sql: &'static str, ids: &[Uuid]) {
        match &self.raw {
            Raw::Sqlite(pool) => {
                let query = ids.iter().fold(sqlx::query(sql), |query, id| query.bind(*id));
                query.execute(pool).await.map(|_| ()).unwrap();
            }
            Raw::Postgres(pool) => {
                let query = ids.iter().fold(sqlx::query(sql), |query, id| query.bind(*id));
                query.execute(pool).await.map(|_| ()).unwrap();
            }
        }
    }

    /// An account that nobody can sign in to.
    pub async fn user(&self) -> UserId {
        let id: UserId = random::id(NOW);
        let user = NewUser {
            id,
            email: &format!("{id}@school.test"),
            display_name: "Somebody",
            password_hash: "",
            role: UserRole::Learner,
            now: 0,
        };
        self.db.create_user(user).await.unwrap();
        id
    }

    /// A group whose owner is `owner`.
    pub async fn group(&self, owner: UserId) -> GroupId {
        let id: GroupId = random::id(NOW);
        self.arrange(
            "INSERT INTO study_groups (id, name, created_by, created_at) VALUES ($1, 'Geography 8b', $2, 0)",
            &[id.0, owner.0],
        )
        .await;
        self.join(id, owner, GroupRole::Owner).await;
        id
    }

    pub async fn join(&self, group: GroupId, user: UserId, role: GroupRole) {
        let sql = match role {
            GroupRole::Member => {
                "INSERT INTO memberships (group_id, user_id, role, joined_at) VALUES ($1, $2, 'member', 0)"
            }
            GroupRole::Teacher => {
                "INSERT INTO memberships (group_id, user_id, role, joined_at) VALUES ($1, $2, 'teacher', 0)"
            }
            GroupRole::Owner => {
                "INSERT INTO memberships (group_id, user_id, role, joined_at) VALUES ($1, $2, 'owner', 0)"
            }
        };
        self.arrange(sql, &[group.0, user.0]).await;
    }

    /// A personal deck of `owner`.
    pub async fn deck(&self, owner: UserId, title: &str) -> DeckId {
        let id: DeckId = random::id(NOW);
        self.db.create_deck(id, None, owner, title, NOW).await.unwrap();
        id
    }
}
