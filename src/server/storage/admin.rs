//! What admins see of the whole installation: accounts and groups.

use super::{Db, StoreError};
use crate::domain::{
    ids::{GroupId, UserId},
    role::UserRole,
    text::folded,
};
use uuid::Uuid;

/// An account in the admin's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedUser {
    pub id: UserId,
    pub email: String,
    pub display_name: String,
    pub role: UserRole,
    /// Unix milliseconds.
    pub created_at: i64,
}

/// What became of a change of role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleChange {
    Done,
    /// Nobody would be left to look after the installation.
    LastAdmin,
}

impl Db {
    /// Accounts whose e-mail or name contains `search` (all when it is empty), oldest first.
    pub async fn list_users(&self, search: &str, offset: i64, limit: i64) -> Result<Vec<ListedUser>, StoreError> {
        let rows: Vec<(Uuid, String, String, String, i64)> = read!(self, conn => sqlx::query_as(
            "SELECT id, email, display_name, role, created_at FROM users \
             WHERE search_text LIKE $1 ESCAPE '\\' \
             ORDER BY created_at, id LIMIT CAST($2 AS BIGINT) OFFSET $3",
        )
        .bind(pattern(search))
        .bind(limit)
        .bind(offset)
        .fetch_all(conn)
        .await?);
        let listed = rows.into_iter().map(|(id, email, display_name, role, created_at)| ListedUser {
            id: id.into(),
            email,
            display_name,
            role: UserRole::parse(&role).unwrap_or(UserRole::Learner),
            created_at,
        });
        Ok(listed.collect())
    }

    /// How many accounts [`Self::list_users`] finds.
    pub async fn count_users(&self, search: &str) -> Result<i64, StoreError> {
        Ok(read!(self, conn => sqlx::query_scalar(
            "SELECT COUNT(*) FROM users WHERE search_text LIKE $1 ESCAPE '\\'",
        )
        .bind(pattern(search))
        .fetch_one(conn)
        .await?))
    }

    /// Changes an account's role, unless that would take the last admin away.
    pub async fn change_user_role(&self, id: UserId, role: UserRole) -> Result<RoleChange, StoreError> {
        transaction!(self, tx => {
            // Locks all admins, so that two of them cannot take each other's role at the same moment.
            sqlx::query("UPDATE users SET role = role WHERE role = 'admin'").execute(&mut *tx).await?;
            let others: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM users WHERE role = 'admin' AND id <> $1")
                .bind(id.0)
                .fetch_one(&mut *tx)
                .await?;
            let is: Option<String> = sqlx::query_scalar("SELECT role FROM users WHERE id = $1")
                .bind(id.0)
                .fetch_optional(&mut *tx)
                .await?;
            let is = is.ok_or(StoreError::NotFound)?;
            if is == UserRole::Admin.as_str() && role != UserRole::Admin && others == 0 {
                return Ok(RoleChange::LastAdmin);
            }
            sqlx::query("UPDATE users SET role = $2 WHERE id = $1")
                .bind(id.0)
                .bind(role.as_str())
                .execute(&mut *tx)
                .await?;
            Ok(RoleChange::Done)
        })
    }

    /// Whether the group is there and not deleted.
    pub async fn group_exists(&self, group: GroupId) -> Result<bool, StoreError> {
        let found: Option<i64> = read!(self, conn => sqlx::query_scalar(
            "SELECT created_at FROM study_groups WHERE id = $1 AND deleted_at IS NULL",
        )
        .bind(group.0)
        .fetch_optional(conn)
        .await?);
        Ok(found.is_some())
    }

    /// Living groups by name, for choosing one; at most `limit`.
    pub async fn group_names(&self, limit: i64) -> Result<Vec<(GroupId, String)>, StoreError> {
        let rows: Vec<(Uuid, String)> = read!(self, conn => sqlx::query_as(
            "SELECT id, name FROM study_groups WHERE deleted_at IS NULL ORDER BY name, id LIMIT CAST($1 AS BIGINT)",
        )
        .bind(limit)
        .fetch_all(conn)
        .await?);
        Ok(rows.into_iter().map(|(id, name)| (id.into(), name)).collect())
    }
}

/// `search` anywhere in a folded text, with the wildcards in it taken literally.
fn pattern(search: &str) -> String {
    let literal = folded(search.trim()).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{literal}%")
}
