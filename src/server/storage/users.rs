//! Accounts.

use super::{Db, StoreError};
use crate::domain::{ids::UserId, role::UserRole, text::folded};
use uuid::Uuid;

/// An account that is to be made.
#[derive(Clone, Debug)]
pub struct NewUser<'a> {
    pub id: UserId,
    /// Lower case.
    pub email: &'a str,
    pub display_name: &'a str,
    /// PHC string.
    pub password_hash: &'a str,
    /// What was chosen; the first account of an installation becomes admin instead.
    pub role: UserRole,
    /// Unix milliseconds.
    pub now: i64,
}

/// An account with its password's hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub email: String,
    pub display_name: String,
    pub password_hash: String,
    pub role: UserRole,
    pub created_at: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    email: String,
    display_name: String,
    password_hash: String,
    role: String,
    created_at: i64,
}

impl From<Row> for User {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.into(),
            email: row.email,
            display_name: row.display_name,
            password_hash: row.password_hash,
            // An unknown name comes from a newer program: the least of rights.
            role: UserRole::parse(&row.role).unwrap_or(UserRole::Learner),
            created_at: row.created_at,
        }
    }
}

impl Db {
    /// Makes an account and tells its role. `Conflict` when the e-mail is taken.
    pub async fn create_user(&self, user: NewUser<'_>) -> Result<UserRole, StoreError> {
        transaction!(self, tx => {
            // Of two first sign-ups at once the second waits here for the first and then finds its row.
            let first = sqlx::query(
                "INSERT INTO first_account (id, user_id) SELECT 1, $1 WHERE NOT EXISTS (SELECT 1 FROM users) \
                 ON CONFLICT (id) DO NOTHING",
            )
            .bind(user.id.0)
            .execute(&mut *tx)
            .await?
            .rows_affected()
                == 1;
            let role = if first { UserRole::Admin } else { user.role };
            sqlx::query(
                "INSERT INTO users (id, email, display_name, password_hash, role, created_at, search_text) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(user.id.0)
            .bind(user.email)
            .bind(user.display_name)
            .bind(user.password_hash)
            .bind(role.as_str())
            .bind(user.now)
            .bind(search_text(user.email, user.display_name))
            .execute(&mut *tx)
            .await?;
            Ok(role)
        })
    }

    /// Whether there is no account yet: the next one becomes admin.
    pub async fn no_users(&self) -> Result<bool, StoreError> {
        let one: Option<i64> = read!(self, conn => sqlx::query_scalar("SELECT created_at FROM users LIMIT 1")
            .fetch_optional(conn)
            .await?);
        Ok(one.is_none())
    }

    /// The account with this (lower-case) e-mail.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<User>, StoreError> {
        let row: Option<Row> = read!(self, conn => sqlx::query_as(
            "SELECT id, email, display_name, password_hash, role, created_at FROM users WHERE email = $1",
        )
        .bind(email)
        .fetch_optional(conn)
        .await?);
        Ok(row.map(User::from))
    }

    pub async fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        let row: Option<Row> = read!(self, conn => sqlx::query_as(
            "SELECT id, email, display_name, password_hash, role, created_at FROM users WHERE id = $1",
        )
        .bind(id.0)
        .fetch_optional(conn)
        .await?);
        Ok(row.map(User::from))
    }

    pub async fn rename_user(&self, id: UserId, display_name: &str) -> Result<(), StoreError> {
        transaction!(self, tx => {
            let email: String = sqlx::query_scalar("UPDATE users SET display_name = $2 WHERE id = $1 RETURNING email")
                .bind(id.0)
                .bind(display_name)
                .fetch_one(&mut *tx)
                .await?;
            sqlx::query("UPDATE users SET search_text = $2 WHERE id = $1")
                .bind(id.0)
                .bind(search_text(&email, display_name))
                .execute(&mut *tx)
                .await?;
            Ok(())
        })
    }

    /// Fills what [`Self::list_users`] looks through for accounts of the time before there was such a text: no two
    /// engines lower the letters of all languages alike.
    pub(super) async fn fill_user_search(&self) -> Result<(), StoreError> {
        transaction!(self, tx => {
            let old: Vec<(Uuid, String, String)> =
                sqlx::query_as("SELECT id, email, display_name FROM users WHERE search_text = ''")
                    .fetch_all(&mut *tx)
                    .await?;
            for (id, email, display_name) in old {
                sqlx::query("UPDATE users SET search_text = $2 WHERE id = $1")
                    .bind(id)
                    .bind(search_text(&email, &display_name))
                    .execute(&mut *tx)
                    .await?;
            }
            Ok(())
        })
    }

    pub async fn set_user_role(&self, id: UserId, role: UserRole) -> Result<(), StoreError> {
        let done = change!(self, conn => sqlx::query("UPDATE users SET role = $2 WHERE id = $1")
            .bind(id.0)
            .bind(role.as_str())
            .execute(conn)
            .await?
            .rows_affected());
        if done == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }
}

/// What an admin's search looks through: the address and the name.
fn search_text(email: &str, display_name: &str) -> String {
    folded(&format!("{email}\n{display_name}"))
}
