//! Live sessions: the row of each session, who owns it, and finding it by PIN.

use super::{Db, StoreError};
use crate::domain::{
    ids::{CardId, CategoryId, DeckId, GroupId, LiveSessionId, UserId},
    live::{LiveSessionStatus, LiveSessionType, pin::Pin},
};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

/// A session to be made, with its first event.
#[derive(Clone, Debug)]
pub struct NewLiveSession {
    pub id: LiveSessionId,
    pub session_type: LiveSessionType,
    pub group: Option<GroupId>,
    pub host: UserId,
    pub deck: DeckId,
    pub category: Option<CategoryId>,
    /// JSON of the session type's config.
    pub config: String,
    pub selected_flashcards: Vec<CardId>,
    pub pin: Pin,
    pub idempotency_key: Uuid,
    /// JSON of the log's first event.
    pub created: String,
    pub at: i64,
}

/// A session's row.
#[derive(Clone, Debug, FromRow)]
pub struct LiveSessionRow {
    pub id: Uuid,
    pub session_type: String,
    pub group_id: Option<Uuid>,
    pub host_id: Uuid,
    pub deck_id: Uuid,
    pub category_id: Option<Uuid>,
    pub config: String,
    pub status: String,
    pub pin: Option<String>,
    pub owner_epoch: i64,
    pub next_offset: i64,
    /// The owner's last sign of life while a clock ran, Unix ms.
    pub alive_at: Option<i64>,
    pub created_at: i64,
    pub ended_at: Option<i64>,
}

/// One line of a list of running sessions.
#[derive(Clone, Debug, FromRow)]
pub struct ActiveLiveSessionRow {
    pub id: Uuid,
    pub session_type: String,
    pub group_id: Option<Uuid>,
    pub group_name: Option<String>,
    pub deck_title: String,
    pub host_id: Uuid,
    pub host_name: String,
    pub status: String,
    pub pin: Option<String>,
    pub created_at: i64,
    pub participants: i64,
}

const COLUMNS: &str = "SELECT id, session_type, group_id, host_id, deck_id, category_id, config, status, pin, \
     owner_epoch, next_offset, alive_at, created_at, ended_at FROM live_sessions WHERE ";

const ACTIVE: &str = "SELECT s.id, s.session_type, s.group_id, g.name AS group_name, d.title AS deck_title, s.host_id, \
     u.display_name AS host_name, s.status, s.pin, s.created_at, \
     (SELECT COUNT(*) FROM live_session_participants p WHERE p.session_id = s.id AND p.left_at IS NULL) AS participants \
     FROM live_sessions s JOIN decks d ON d.id = s.deck_id JOIN users u ON u.id = s.host_id \
     LEFT JOIN study_groups g ON g.id = s.group_id WHERE s.status IN ('waiting', 'active') AND ";

impl Db {
    /// Makes a session in status `waiting` with its first event. `Conflict` when the PIN is in use
    /// or the host's idempotency key was used before.
    pub async fn create_live_session(&self, new: &NewLiveSession) -> Result<(), StoreError> {
        let cards = serde_json::to_string(&new.selected_flashcards).map_err(|e| StoreError::Other(e.to_string()))?;
        transaction!(self, tx => {
            sqlx::query(
                "INSERT INTO live_sessions (id, session_type, group_id, host_id, deck_id, category_id, config, status, \
                 selected_flashcards, pin, owner_epoch, next_offset, idempotency_key, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8, $9, 0, 1, $10, $11)",
            )
            .bind(new.id.0)
            .bind(new.session_type.as_str())
            .bind(new.group.map(|g| g.0))
            .bind(new.host.0)
            .bind(new.deck.0)
            .bind(new.category.map(|c| c.0))
            .bind(&new.config)
            .bind(&cards)
            .bind(new.pin.to_string())
            .bind(new.idempotency_key)
            .bind(new.at)
            .execute(&mut *tx)
            .await?;
            sqlx::query(
                "INSERT INTO live_session_events (session_id, \"offset\", owner_epoch, at, event) VALUES ($1, 0, 0, $2, $3)",
            )
            .bind(new.id.0)
            .bind(new.at)
            .bind(&new.created)
            .execute(&mut *tx)
            .await?;
            Ok(())
        })
    }

    pub async fn live_session(&self, id: LiveSessionId) -> Result<LiveSessionRow, StoreError> {
        let sql = format!("{COLUMNS} id = $1");
        Ok(read!(self, conn => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id.0).fetch_one(conn).await?))
    }

    /// The session that people find by `pin` now.
    pub async fn live_session_by_pin(&self, pin: Pin) -> Result<Option<LiveSessionId>, StoreError> {
        let id: Option<Uuid> = read!(self, conn => sqlx::query_scalar("SELECT id FROM live_sessions WHERE pin = $1")
            .bind(pin.to_string())
            .fetch_optional(conn)
            .await?);
        Ok(id.map(LiveSessionId))
    }

    /// The session that `host` made with this key, if the command came before.
    pub async fn live_session_by_key(&self, host: UserId, key: Uuid) -> Result<Option<LiveSessionId>, StoreError> {
        let id: Option<Uuid> = read!(self, conn => sqlx::query_scalar(
            "SELECT id FROM live_sessions WHERE host_id = $1 AND idempotency_key = $2",
        )
        .bind(host.0)
        .bind(key)
        .fetch_optional(conn)
        .await?);
        Ok(id.map(LiveSessionId))
    }

    /// Takes the session over: returns the new fencing token. Whoever held the old one can append no more.
    pub async fn claim_live_session(&self, id: LiveSessionId) -> Result<i64, StoreError> {
        crate::server::metrics::CLAIMED.add(1);
        Ok(change!(self, conn => sqlx::query_scalar(
            "UPDATE live_sessions SET owner_epoch = owner_epoch + 1 WHERE id = $1 RETURNING owner_epoch",
        )
        .bind(id.0)
        .fetch_one(conn)
        .await?))
    }

    /// Notes a sign of life of these sessions' owners (id, fencing token); who was replaced notes nothing.
    pub async fn keep_live_sessions_alive(&self, owned: &[(LiveSessionId, i64)], at: i64) -> Result<(), StoreError> {
        for chunk in owned.chunks(1_000) {
            change!(self, conn => {
                let mut update = QueryBuilder::new("WITH v (id, epoch) AS (");
                update.push_values(chunk, |mut row, (id, epoch)| {
                    row.push_bind(id.0).push_bind(*epoch);
                });
                update.push(") UPDATE live_sessions SET alive_at = ").push_bind(at);
                update.push(" FROM v WHERE live_sessions.id = v.id AND live_sessions.owner_epoch = v.epoch");
                update.build().execute(conn).await?;
            });
        }
        Ok(())
    }

    /// All sessions of a type that were going on, for the recovery after a start.
    pub async fn open_live_sessions(&self, of: LiveSessionType) -> Result<Vec<LiveSessionId>, StoreError> {
        let ids: Vec<Uuid> = read!(self, conn => sqlx::query_scalar(
            "SELECT id FROM live_sessions WHERE status IN ('waiting', 'active') AND session_type = $1 ORDER BY created_at",
        )
        .bind(of.as_str())
        .fetch_all(conn)
        .await?);
        Ok(ids.into_iter().map(LiveSessionId).collect())
    }

    /// Running sessions of one group, newest first.
    pub async fn active_live_sessions_of_group(&self, group: GroupId) -> Result<Vec<ActiveLiveSessionRow>, StoreError> {
        let sql = format!("{ACTIVE} s.group_id = $1 ORDER BY s.created_at DESC LIMIT 50");
        Ok(read!(self, conn => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(group.0).fetch_all(conn).await?))
    }

    /// Running sessions of all groups of `user`, and those that `user` hosts, newest first.
    pub async fn active_live_sessions_of_user(&self, user: UserId) -> Result<Vec<ActiveLiveSessionRow>, StoreError> {
        let sql = format!(
            "{ACTIVE} (s.host_id = $1 OR s.group_id IN (SELECT m.group_id FROM memberships m WHERE m.user_id = $1)) \
             ORDER BY s.created_at DESC LIMIT 50"
        );
        Ok(read!(self, conn => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(user.0).fetch_all(conn).await?))
    }
}

impl LiveSessionRow {
    pub fn id(&self) -> LiveSessionId {
        LiveSessionId(self.id)
    }

    pub fn status(&self) -> LiveSessionStatus {
        LiveSessionStatus::parse(&self.status).unwrap_or(LiveSessionStatus::Cancelled)
    }

    pub fn pin(&self) -> Option<Pin> {
        self.pin.as_deref().and_then(|pin| pin.parse().ok())
    }
}
