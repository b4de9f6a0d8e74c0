//! Groups and memberships. A deleted group is invisible to all but its undo.

use super::{Db, StoreError};
use crate::domain::{
    ids::{GroupId, UserId},
    role::GroupRole,
};
use uuid::Uuid;

/// One of somebody's groups, for their list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedGroup {
    pub id: GroupId,
    pub name: String,
    /// What the asking user is there.
    pub role: GroupRole,
    pub members: i64,
}

/// Somebody in a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedMember {
    pub user: UserId,
    pub display_name: String,
    pub email: String,
    pub role: GroupRole,
    /// Unix milliseconds.
    pub joined_at: i64,
    /// When others saw them last; Unix milliseconds.
    pub last_seen: Option<i64>,
}

/// What became of a change to a membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MembershipChange {
    Done,
    /// The group would have no owner left; nothing was changed.
    LastOwner,
    /// There is no such member or group.
    NotMember,
}

impl Db {
    /// The role of `user` in `group`, `None` when not a member or the group is gone.
    pub async fn group_role(&self, group: GroupId, user: UserId) -> Result<Option<GroupRole>, StoreError> {
        let role: Option<String> = read!(self, conn => sqlx::query_scalar(
            "SELECT m.role FROM memberships m JOIN study_groups g ON g.id = m.group_id \
             WHERE m.group_id = $1 AND m.user_id = $2 AND g.deleted_at IS NULL",
        )
        .bind(group.0)
        .bind(user.0)
        .fetch_optional(conn)
        .await?);
        Ok(role.and_then(|role| GroupRole::parse(&role)))
    }

    /// The roles of all members of a group; empty when it is gone.
    pub async fn group_roles(&self, group: GroupId) -> Result<Vec<(UserId, GroupRole)>, StoreError> {
        let rows: Vec<(Uuid, String)> = read!(self, conn => sqlx::query_as(
            "SELECT m.user_id, m.role FROM memberships m JOIN study_groups g ON g.id = m.group_id \
             WHERE m.group_id = $1 AND g.deleted_at IS NULL",
        )
        .bind(group.0)
        .fetch_all(conn)
        .await?);
        Ok(rows.into_iter().filter_map(|(user, role)| Some((UserId(user), GroupRole::parse(&role)?))).collect())
    }

    /// Makes a group with its first owner.
    pub async fn create_group(&self, id: GroupId, name: &str, owner: UserId, now: i64) -> Result<(), StoreError> {
        transaction!(self, tx => {
            sqlx::query("INSERT INTO study_groups (id, name, created_by, created_at) VALUES ($1, $2, $3, $4)")
                .bind(id.0)
                .bind(name)
                .bind(owner.0)
                .bind(now)
                .execute(&mut *tx)
                .await?;
            sqlx::query("INSERT INTO memberships (group_id, user_id, role, joined_at) VALUES ($1, $2, $3, $4)")
                .bind(id.0)
                .bind(owner.0)
                .bind(GroupRole::Owner.as_str())
                .bind(now)
                .execute(&mut *tx)
                .await?;
            Ok(())
        })
    }

    pub async fn rename_group(&self, group: GroupId, name: &str) -> Result<(), StoreError> {
        let done = change!(self, conn => sqlx::query(
            "UPDATE study_groups SET name = $2 WHERE id = $1 AND deleted_at IS NULL",
        )
        .bind(group.0)
        .bind(name)
        .execute(conn)
        .await?
        .rows_affected());
        if done == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// The name of a group that is not deleted.
    pub async fn group_name(&self, group: GroupId) -> Result<Option<String>, StoreError> {
        Ok(read!(self, conn => sqlx::query_scalar(
            "SELECT name FROM study_groups WHERE id = $1 AND deleted_at IS NULL",
        )
        .bind(group.0)
        .fetch_optional(conn)
        .await?))
    }

    /// The groups that `user` is in, by name; at most 500.
    pub async fn groups_of(&self, user: UserId) -> Result<Vec<ListedGroup>, StoreError> {
        let rows: Vec<(Uuid, String, String, i64)> = read!(self, conn => sqlx::query_as(
            "SELECT g.id, g.name, m.role, (SELECT COUNT(*) FROM memberships c WHERE c.group_id = g.id) \
             FROM memberships m JOIN study_groups g ON g.id = m.group_id \
             WHERE m.user_id = $1 AND g.deleted_at IS NULL ORDER BY LOWER(g.name), g.id LIMIT 500",
        )
        .bind(user.0)
        .fetch_all(conn)
        .await?);
        Ok(rows
            .into_iter()
            .map(|(id, name, role, members)| ListedGroup { id: id.into(), name, role: group_role(&role), members })
            .collect())
    }

    /// A page of the members, owners and teachers first, then by name.
    pub async fn members(&self, group: GroupId, offset: i64, limit: i64) -> Result<Vec<ListedMember>, StoreError> {
        let rows: Vec<(Uuid, String, String, String, i64, Option<i64>)> = read!(self, conn => sqlx::query_as(
            "SELECT u.id, u.display_name, u.email, m.role, m.joined_at, \
             (SELECT MAX(p.last_seen) FROM online_presence p WHERE p.user_id = u.id AND p.last_seen > 0) \
             FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.group_id = $1 \
             ORDER BY CASE m.role WHEN 'owner' THEN 0 WHEN 'teacher' THEN 1 ELSE 2 END, LOWER(u.display_name), u.id \
             LIMIT CAST($2 AS BIGINT) OFFSET $3",
        )
        .bind(group.0)
        .bind(limit)
        .bind(offset)
        .fetch_all(conn)
        .await?);
        Ok(rows
            .into_iter()
            .map(|(user, display_name, email, role, joined_at, last_seen)| ListedMember {
                user: user.into(),
                display_name,
                email,
                role: group_role(&role),
                joined_at,
                last_seen,
            })
            .collect())
    }

    pub async fn count_members(&self, group: GroupId) -> Result<i64, StoreError> {
        Ok(read!(self, conn => sqlx::query_scalar("SELECT COUNT(*) FROM memberships WHERE group_id = $1")
            .bind(group.0)
            .fetch_one(conn)
            .await?))
    }

    /// Puts `user` into the group; `false` when they were in it already (their role stays).
    pub async fn add_member(
        &self,
        group: GroupId,
        user: UserId,
        role: GroupRole,
        now: i64,
    ) -> Result<bool, StoreError> {
        let done = change!(self, conn => sqlx::query(
            "INSERT INTO memberships (group_id, user_id, role, joined_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (group_id, user_id) DO NOTHING",
        )
        .bind(group.0)
        .bind(user.0)
        .bind(role.as_str())
        .bind(now)
        .execute(conn)
        .await?
        .rows_affected());
        Ok(done == 1)
    }

    /// Gives a member another role, unless the group would lose its last owner.
    pub async fn set_member_role(
        &self,
        group: GroupId,
        user: UserId,
        role: GroupRole,
    ) -> Result<MembershipChange, StoreError> {
        self.change_membership(group, user, Some(role)).await
    }

    /// Takes a member out, unless the group would lose its last owner.
    pub async fn remove_member(&self, group: GroupId, user: UserId) -> Result<MembershipChange, StoreError> {
        self.change_membership(group, user, None).await
    }

    async fn change_membership(
        &self,
        group: GroupId,
        user: UserId,
        role: Option<GroupRole>,
    ) -> Result<MembershipChange, StoreError> {
        transaction!(self, tx => {
            // Locks the group: two owners who demote each other at once come one after the other.
            let locked = sqlx::query("UPDATE study_groups SET name = name WHERE id = $1 AND deleted_at IS NULL")
                .bind(group.0)
                .execute(&mut *tx)
                .await?
                .rows_affected();
            let old: Option<String> =
                sqlx::query_scalar("SELECT role FROM memberships WHERE group_id = $1 AND user_id = $2")
                    .bind(group.0)
                    .bind(user.0)
                    .fetch_optional(&mut *tx)
                    .await?;
            let (1, Some(old)) = (locked, old) else { return Ok(MembershipChange::NotMember) };
            if group_role(&old) == GroupRole::Owner && role != Some(GroupRole::Owner) {
                let owners: i64 = sqlx::query_scalar(
                    "SELECT COUNT(*) FROM memberships WHERE group_id = $1 AND role = 'owner'",
                )
                .bind(group.0)
                .fetch_one(&mut *tx)
                .await?;
                if owners <= 1 {
                    return Ok(MembershipChange::LastOwner);
                }
            }
            match role {
                Some(role) => sqlx::query("UPDATE memberships SET role = $3 WHERE group_id = $1 AND user_id = $2")
                    .bind(group.0)
                    .bind(user.0)
                    .bind(role.as_str())
                    .execute(&mut *tx)
                    .await
                    .map(|_| ())?,
                None => sqlx::query("DELETE FROM memberships WHERE group_id = $1 AND user_id = $2")
                    .bind(group.0)
                    .bind(user.0)
                    .execute(&mut *tx)
                    .await
                    .map(|_| ())?,
            }
            Ok(MembershipChange::Done)
        })
    }

    /// Hides a group and all that is in it.
    pub async fn delete_group(&self, group: GroupId, now: i64) -> Result<(), StoreError> {
        let done = change!(self, conn => sqlx::query(
            "UPDATE study_groups SET deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL",
        )
        .bind(group.0)
        .bind(now)
        .execute(conn)
        .await?
        .rows_affected());
        if done == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// The name of a group that was deleted at or after `since` and is owned by `owner`: the undo's offer.
    pub async fn deleted_group(&self, group: GroupId, owner: UserId, since: i64) -> Result<Option<String>, StoreError> {
        Ok(read!(self, conn => sqlx::query_scalar(
            "SELECT g.name FROM study_groups g JOIN memberships m ON m.group_id = g.id \
             WHERE g.id = $1 AND g.deleted_at >= $3 AND m.user_id = $2 AND m.role = 'owner'",
        )
        .bind(group.0)
        .bind(owner.0)
        .bind(since)
        .fetch_optional(conn)
        .await?))
    }

    /// Undoes [`Self::delete_group`] for an owner; `NotFound` when it was deleted before `since`.
    pub async fn restore_group(&self, group: GroupId, owner: UserId, since: i64) -> Result<(), StoreError> {
        let done = change!(self, conn => sqlx::query(
            "UPDATE study_groups SET deleted_at = NULL WHERE id = $1 AND deleted_at >= $3 AND EXISTS \
             (SELECT 1 FROM memberships WHERE group_id = $1 AND user_id = $2 AND role = 'owner')",
        )
        .bind(group.0)
        .bind(owner.0)
        .bind(since)
        .execute(conn)
        .await?
        .rows_affected());
        if done == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }
}

/// An unknown name comes from a newer program: the least of rights.
fn group_role(name: &str) -> GroupRole {
    GroupRole::parse(name).unwrap_or(GroupRole::Member)
}
