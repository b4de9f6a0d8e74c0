//! Rows of presence: what each server last said of a person, what the person chose, and when they were seen last.

use super::{Db, StoreError, padded};
use crate::domain::{
    ids::{GroupId, LiveSessionId, UserId},
    presence::{Facts, NodeId, Status},
};
use sqlx::QueryBuilder;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// One person on one server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresenceRow {
    pub id: Uuid,
    pub user: UserId,
    /// Where they are; `None` when it is nobody's business.
    pub group: Option<GroupId>,
    pub session: Option<LiveSessionId>,
    pub status: Status,
    /// Unix milliseconds; `None` leaves what others may read as it is.
    pub last_seen: Option<i64>,
    /// JSON: current activity, socket ids.
    pub metadata: String,
}

type FactRow = (Uuid, String, String, Option<Uuid>, i64);

impl Db {
    /// Name, chosen status and groups of these people, in one query; who has no account is left out.
    pub async fn presence_facts(&self, users: &[UserId], now: i64) -> Result<HashMap<UserId, Facts>, StoreError> {
        let rows: Vec<FactRow> = read!(self, conn => {
            let mut query = QueryBuilder::new(
                "SELECT u.id, u.display_name, u.presence_status, g.id, \
                 (SELECT COUNT(*) FROM memberships c WHERE c.group_id = g.id) \
                 FROM users u LEFT JOIN (memberships m JOIN study_groups g ON g.id = m.group_id AND g.deleted_at IS NULL) \
                 ON m.user_id = u.id WHERE u.id IN (",
            );
            let mut ids = query.separated(", ");
            for user in padded(users) {
                ids.push_bind(user.0);
            }
            query.push(")");
            query.build_query_as().fetch_all(conn).await?
        });
        let mut found: HashMap<UserId, Facts> = HashMap::new();
        for (user, name, choice, group, members) in rows {
            let facts = found.entry(UserId(user)).or_insert_with(|| Facts {
                name,
                choice: Status::parse(&choice).unwrap_or_default(),
                groups: BTreeMap::new(),
                at: now,
            });
            if let Some(group) = group {
                facts.groups.insert(GroupId(group), u32::try_from(members).unwrap_or(u32::MAX));
            }
        }
        Ok(found)
    }

    /// What a person chose for themselves.
    pub async fn presence_status(&self, user: UserId) -> Result<Status, StoreError> {
        let name: Option<String> = read!(self, conn => sqlx::query_scalar(
            "SELECT presence_status FROM users WHERE id = $1",
        )
        .bind(user.0)
        .fetch_optional(conn)
        .await?);
        Ok(name.as_deref().and_then(Status::parse).unwrap_or_default())
    }

    pub async fn set_presence_status(&self, user: UserId, status: Status) -> Result<(), StoreError> {
        let done = change!(self, conn => sqlx::query("UPDATE users SET presence_status = $2 WHERE id = $1")
            .bind(user.0)
            .bind(status.as_str())
            .execute(conn)
            .await?
            .rows_affected());
        if done == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// Writes what `node`, started at `boot_epoch`, says of these people now.
    pub async fn write_presence(
        &self,
        node: NodeId,
        boot_epoch: i64,
        rows: &[PresenceRow],
        now: i64,
    ) -> Result<(), StoreError> {
        transaction!(self, tx => {
            for row in rows {
                sqlx::query(
                    "INSERT INTO online_presence (id, user_id, group_id, session_id, status, last_seen, metadata, node, \
                     boot_epoch, refreshed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
                     ON CONFLICT (user_id, node) DO UPDATE SET group_id = excluded.group_id, \
                     session_id = excluded.session_id, status = excluded.status, metadata = excluded.metadata, \
                     boot_epoch = excluded.boot_epoch, refreshed_at = excluded.refreshed_at, last_seen = \
                     CASE WHEN excluded.last_seen > 0 THEN excluded.last_seen ELSE online_presence.last_seen END",
                )
                .bind(row.id)
                .bind(row.user.0)
                .bind(row.group.map(|group| group.0))
                .bind(row.session.map(|session| session.0))
                .bind(row.status.as_str())
                .bind(row.last_seen.unwrap_or(0))
                .bind(&row.metadata)
                .bind(i64::from(node.0))
                .bind(boot_epoch)
                .bind(now)
                .execute(&mut *tx)
                .await?;
            }
            Ok(())
        })
    }

    /// At the start of `node`: people whose rows its earlier processes wrote since `since`, with the rows' metadata.
    pub async fn presence_left_behind(
        &self,
        node: NodeId,
        boot_epoch: i64,
        since: i64,
    ) -> Result<Vec<(UserId, String)>, StoreError> {
        let rows: Vec<(Uuid, String)> = read!(self, conn => sqlx::query_as(
            "SELECT user_id, metadata FROM online_presence WHERE node = $1 AND boot_epoch <> $2 AND refreshed_at >= $3",
        )
        .bind(i64::from(node.0))
        .bind(boot_epoch)
        .bind(since)
        .fetch_all(conn)
        .await?);
        Ok(rows.into_iter().map(|(user, metadata)| (UserId(user), metadata)).collect())
    }

    /// At the start of `node`: whoever its earlier processes left behind is gone. Tells how many they were.
    pub async fn replace_presence(&self, node: NodeId, boot_epoch: i64) -> Result<u64, StoreError> {
        Ok(change!(self, conn => sqlx::query(
            "UPDATE online_presence SET status = 'offline', session_id = NULL, metadata = '{}' \
             WHERE node = $1 AND boot_epoch <> $2 AND status <> 'offline'",
        )
        .bind(i64::from(node.0))
        .bind(boot_epoch)
        .execute(conn)
        .await?
        .rows_affected()))
    }

    /// Takes people offline of whom no server has said anything since `before`. Tells how many they were.
    pub async fn sweep_presence(&self, before: i64) -> Result<u64, StoreError> {
        Ok(change!(self, conn => sqlx::query(
            "UPDATE online_presence SET status = 'offline', session_id = NULL, metadata = '{}' \
             WHERE status <> 'offline' AND refreshed_at < $1",
        )
        .bind(before)
        .execute(conn)
        .await?
        .rows_affected()))
    }

    /// Everybody's status and last seen as the rows have it, for those who have any; for tests and operators.
    pub async fn presence_of(&self, user: UserId) -> Result<Option<(Status, i64)>, StoreError> {
        let row: Option<(String, i64)> = read!(self, conn => sqlx::query_as(
            "SELECT status, last_seen FROM online_presence WHERE user_id = $1 ORDER BY refreshed_at DESC LIMIT 1",
        )
        .bind(user.0)
        .fetch_optional(conn)
        .await?);
        Ok(row.map(|(status, last_seen)| (Status::parse(&status).unwrap_or(Status::Offline), last_seen)))
    }

    /// Everybody in a group, whether it is deleted or not.
    pub async fn member_ids(&self, group: GroupId) -> Result<Vec<UserId>, StoreError> {
        let ids: Vec<Uuid> = read!(self, conn => sqlx::query_scalar("SELECT user_id FROM memberships WHERE group_id = $1")
            .bind(group.0)
            .fetch_all(conn)
            .await?);
        Ok(ids.into_iter().map(UserId).collect())
    }

    /// Members of `group` whom these people know from another group too; at most 100 each, and nobody for whom there
    /// are none.
    pub async fn acquaintances(
        &self,
        group: GroupId,
        users: &[UserId],
    ) -> Result<HashMap<UserId, BTreeSet<UserId>>, StoreError> {
        let pairs: Vec<(Uuid, Uuid)> = read!(self, conn => {
            let mut query = QueryBuilder::new(
                "SELECT reader, friend FROM (SELECT reader, friend, \
                 ROW_NUMBER() OVER (PARTITION BY reader ORDER BY friend) AS place FROM (\
                 SELECT DISTINCT mine.user_id AS reader, other.user_id AS friend FROM memberships mine \
                 JOIN study_groups g ON g.id = mine.group_id AND g.deleted_at IS NULL \
                 JOIN memberships other ON other.group_id = mine.group_id AND other.user_id <> mine.user_id \
                 JOIN memberships here ON here.user_id = other.user_id AND here.group_id = ",
            );
            query.push_bind(group.0).push(" WHERE mine.group_id <> ").push_bind(group.0).push(" AND mine.user_id IN (");
            let mut ids = query.separated(", ");
            for user in padded(users) {
                ids.push_bind(user.0);
            }
            query.push(")) AS pairs) AS numbered WHERE place <= 100");
            query.build_query_as().fetch_all(conn).await?
        });
        let mut found: HashMap<UserId, BTreeSet<UserId>> = HashMap::new();
        for (reader, friend) in pairs {
            found.entry(UserId(reader)).or_default().insert(UserId(friend));
        }
        Ok(found)
    }
}
