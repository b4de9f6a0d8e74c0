//! Invitations into groups. All times in Unix milliseconds.

use super::{Db, StoreError};
use crate::domain::{
    ids::{GroupId, UserId},
    role::GroupRole,
};
use uuid::Uuid;

/// An invitation that is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedInvite {
    pub code: String,
    pub created_at: i64,
    pub expires_at: i64,
}

/// What an invitation's code leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundInvite {
    pub group: GroupId,
    pub group_name: String,
    /// Neither expired nor revoked, and the group is still there.
    pub open: bool,
}

/// What became of accepting an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    Joined(GroupId),
    /// In the group already; nothing was changed.
    Member(GroupId),
    /// Expired, revoked, or the group is gone.
    Ended,
    Unknown,
}

/// Group, its name, when the invitation expires and was revoked, when the group was deleted.
type FoundRow = (Uuid, String, i64, Option<i64>, Option<i64>);

impl Db {
    /// Stores an invitation; `Conflict` when its code is in use.
    pub async fn create_invite(
        &self,
        code: &str,
        group: GroupId,
        by: UserId,
        now: i64,
        expires_at: i64,
    ) -> Result<(), StoreError> {
        change!(self, conn => sqlx::query(
            "INSERT INTO invites (code, group_id, created_by, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(code)
        .bind(group.0)
        .bind(by.0)
        .bind(now)
        .bind(expires_at)
        .execute(conn)
        .await
        .map(|_| ())?);
        Ok(())
    }

    /// The group's invitations that are good at `now`, the newest first; at most 50.
    pub async fn invites(&self, group: GroupId, now: i64) -> Result<Vec<ListedInvite>, StoreError> {
        let rows: Vec<(String, i64, i64)> = read!(self, conn => sqlx::query_as(
            "SELECT code, created_at, expires_at FROM invites \
             WHERE group_id = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY created_at DESC, code LIMIT 50",
        )
        .bind(group.0)
        .bind(now)
        .fetch_all(conn)
        .await?);
        Ok(rows
            .into_iter()
            .map(|(code, created_at, expires_at)| ListedInvite { code, created_at, expires_at })
            .collect())
    }

    /// The invitation with this code, also one that has ended.
    pub async fn invite(&self, code: &str, now: i64) -> Result<Option<FoundInvite>, StoreError> {
        let row: Option<FoundRow> = read!(self, conn => sqlx::query_as(
            "SELECT g.id, g.name, i.expires_at, i.revoked_at, g.deleted_at \
             FROM invites i JOIN study_groups g ON g.id = i.group_id WHERE i.code = $1",
        )
        .bind(code)
        .fetch_optional(conn)
        .await?);
        Ok(row.map(|(group, group_name, expires_at, revoked_at, deleted_at)| FoundInvite {
            group: group.into(),
            group_name,
            open: expires_at > now && revoked_at.is_none() && deleted_at.is_none(),
        }))
    }

    /// Ends an invitation of `group`; `NotFound` when it is another group's or has ended.
    pub async fn revoke_invite(&self, group: GroupId, code: &str, now: i64) -> Result<(), StoreError> {
        let done = change!(self, conn => sqlx::query(
            "UPDATE invites SET revoked_at = $3 WHERE code = $2 AND group_id = $1 AND revoked_at IS NULL",
        )
        .bind(group.0)
        .bind(code)
        .bind(now)
        .execute(conn)
        .await?
        .rows_affected());
        if done == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// Makes `user` a member of the invitation's group. Accepting twice changes nothing.
    pub async fn accept_invite(&self, code: &str, user: UserId, now: i64) -> Result<Accepted, StoreError> {
        transaction!(self, tx => {
            let row: Option<(Uuid, i64, Option<i64>, Option<i64>)> = sqlx::query_as(
                "SELECT g.id, i.expires_at, i.revoked_at, g.deleted_at \
                 FROM invites i JOIN study_groups g ON g.id = i.group_id WHERE i.code = $1",
            )
            .bind(code)
            .fetch_optional(&mut *tx)
            .await?;
            let Some((group, expires_at, revoked_at, deleted_at)) = row else { return Ok(Accepted::Unknown) };
            if deleted_at.is_some() {
                return Ok(Accepted::Ended);
            }
            let member: Option<i64> =
                sqlx::query_scalar("SELECT joined_at FROM memberships WHERE group_id = $1 AND user_id = $2")
                    .bind(group)
                    .bind(user.0)
                    .fetch_optional(&mut *tx)
                    .await?;
            if member.is_some() {
                return Ok(Accepted::Member(group.into()));
            }
            if expires_at <= now || revoked_at.is_some() {
                return Ok(Accepted::Ended);
            }
            let done = sqlx::query(
                "INSERT INTO memberships (group_id, user_id, role, joined_at) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (group_id, user_id) DO NOTHING",
            )
            .bind(group)
            .bind(user.0)
            .bind(GroupRole::Member.as_str())
            .bind(now)
            .execute(&mut *tx)
            .await?
            .rows_affected();
            Ok(if done == 1 { Accepted::Joined(group.into()) } else { Accepted::Member(group.into()) })
        })
    }
}
