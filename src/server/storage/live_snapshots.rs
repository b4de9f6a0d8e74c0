//! Snapshots of live sessions, and the part of a log that comes after one.

use super::{Db, StoreError, live_log::LoggedEvent};
use crate::domain::ids::LiveSessionId;
use uuid::Uuid;

/// A session's state after the events before `offset`.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Snapshot {
    pub offset: i64,
    /// JSON.
    pub state: String,
}

impl Db {
    /// Keeps the newest snapshot. An owner that was replaced keeps nothing.
    pub async fn save_live_snapshot(
        &self,
        session: LiveSessionId,
        owner_epoch: i64,
        version: i64,
        snapshot: &Snapshot,
    ) -> Result<(), StoreError> {
        change!(self, conn => {
            sqlx::query(
                "INSERT INTO live_session_snapshots (session_id, \"offset\", version, state) \
                 SELECT id, CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS TEXT) FROM live_sessions \
                 WHERE id = $1 AND owner_epoch = $5 \
                 ON CONFLICT (session_id) DO UPDATE SET \"offset\" = excluded.\"offset\", version = excluded.version, \
                 state = excluded.state",
            )
            .bind(session.0)
            .bind(snapshot.offset)
            .bind(version)
            .bind(snapshot.state.as_str())
            .bind(owner_epoch)
            .execute(conn)
            .await?;
        });
        Ok(())
    }

    /// The snapshot of this version, if there is one.
    pub async fn live_snapshot(&self, session: LiveSessionId, version: i64) -> Result<Option<Snapshot>, StoreError> {
        Ok(read!(self, conn => sqlx::query_as(
            "SELECT \"offset\", state FROM live_session_snapshots WHERE session_id = $1 AND version = $2",
        )
        .bind(session.0)
        .bind(version)
        .fetch_optional(conn)
        .await?))
    }

    /// The log from `offset` on, in order.
    pub async fn live_session_log_from(
        &self,
        session: LiveSessionId,
        offset: i64,
    ) -> Result<Vec<LoggedEvent>, StoreError> {
        Ok(read!(self, conn => sqlx::query_as(
            "SELECT at, event, command_key FROM live_session_events WHERE session_id = $1 AND \"offset\" >= $2 \
             ORDER BY \"offset\"",
        )
        .bind(session.0)
        .bind(offset)
        .fetch_all(conn)
        .await?))
    }

    /// The keys of the commands whose first events stand before `offset`; with the event where somebody took a seat.
    pub async fn live_session_keys(
        &self,
        session: LiveSessionId,
        offset: i64,
    ) -> Result<Vec<(Uuid, Option<String>)>, StoreError> {
        Ok(read!(self, conn => sqlx::query_as(
            "SELECT command_key, CASE WHEN event LIKE '{\"joined\":%' OR event LIKE '{\"knocked\":%' THEN event END \
             FROM live_session_events WHERE session_id = $1 AND \"offset\" < $2 AND command_key IS NOT NULL",
        )
        .bind(session.0)
        .bind(offset)
        .fetch_all(conn)
        .await?))
    }
}
