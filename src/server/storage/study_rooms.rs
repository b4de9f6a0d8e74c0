//! Study rooms: making one, the log with its projections, the pages of the conversation, a group's rooms.

use super::{Db, StoreError, live_log::fence};
use crate::domain::{
    ids::{CardId, DeckId, GroupId, LiveSessionId, MessageId, UserId},
    live::{LiveSessionStatus, LiveSessionType, study_room::RoomMessage},
};
use sqlx::FromRow;
use uuid::Uuid;

/// A room to be made, with its first event.
#[derive(Clone, Debug)]
pub struct NewStudyRoom {
    pub id: LiveSessionId,
    pub group: GroupId,
    pub host: UserId,
    pub deck: DeckId,
    /// JSON of its rules.
    pub config: String,
    /// The deck's cards in their order, so that card 12 is the same for everybody while the deck is edited.
    pub cards: Vec<CardId>,
    pub idempotency_key: Uuid,
    /// JSON of the log's first event.
    pub created: String,
    /// The machine's time of day.
    pub at: i64,
    /// The log's time, which goes on evenly.
    pub logged_at: i64,
}

/// What one transaction appends. Everything is computed by the room's owner; storage writes it as is.
#[derive(Clone, Debug, Default)]
pub struct RoomAppend {
    /// JSON events with their times, in order.
    pub events: Vec<(i64, String)>,
    pub entered: Vec<RoomVisit>,
    /// Who left when, of those not in `entered`.
    pub left: Vec<(UserId, i64)>,
    pub sent: Vec<NewMessage>,
    pub changed: Vec<MessageChange>,
    /// Set when the room's status changed at this time.
    pub status: Option<(LiveSessionStatus, i64)>,
}

#[derive(Clone, Debug)]
pub struct RoomVisit {
    pub participant: Uuid,
    pub user: UserId,
    pub name: String,
    pub at: i64,
}

#[derive(Clone, Debug)]
pub struct NewMessage {
    pub id: MessageId,
    pub number: i64,
    pub user: UserId,
    pub text: String,
    pub at: i64,
}

/// An edited message, or a deleted one.
#[derive(Clone, Debug)]
pub struct MessageChange {
    pub id: MessageId,
    /// Offset of the event.
    pub changed: i64,
    /// Empty when it is deleted.
    pub text: String,
    pub deleted_by: Option<UserId>,
    pub at: i64,
}

/// A place in a room is the account's: it has no secret of its own.
const NO_SECRET: &[u8] = &[];

/// One line of a group's list of rooms.
#[derive(Clone, Debug, FromRow)]
pub struct StudyRoomRow {
    pub id: Uuid,
    pub deck_title: String,
    pub host_name: String,
    pub status: String,
    pub created_at: i64,
    pub ended_at: Option<i64>,
    /// Who was ever in.
    pub people: i64,
    pub messages: i64,
}

#[derive(FromRow)]
struct MessageRow {
    id: Uuid,
    number: i64,
    changed: i64,
    user_id: Uuid,
    name: String,
    sent_at: i64,
    text: String,
    edited_at: Option<i64>,
    deleted_by: Option<Uuid>,
}

impl Db {
    /// Makes an open room with its first event. `Conflict` when the host's idempotency key was used before.
    pub async fn create_study_room(&self, new: &NewStudyRoom) -> Result<(), StoreError> {
        let cards = serde_json::to_string(&new.cards).map_err(|e| StoreError::Other(e.to_string()))?;
        transaction!(self, tx => {
            sqlx::query(
                "INSERT INTO live_sessions (id, session_type, group_id, host_id, deck_id, config, status, \
                 selected_flashcards, owner_epoch, next_offset, idempotency_key, created_at, started_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 1, $9, $10, $10)",
            )
            .bind(new.id.0)
            .bind(LiveSessionType::StudyRoom.as_str())
            .bind(new.group.0)
            .bind(new.host.0)
            .bind(new.deck.0)
            .bind(&new.config)
            .bind(LiveSessionStatus::Active.as_str())
            .bind(&cards)
            .bind(new.idempotency_key)
            .bind(new.at)
            .execute(&mut *tx)
            .await?;
            sqlx::query(
                "INSERT INTO live_session_events (session_id, \"offset\", owner_epoch, at, event) VALUES ($1, 0, 0, $2, $3)",
            )
            .bind(new.id.0)
            .bind(new.logged_at)
            .bind(&new.created)
            .execute(&mut *tx)
            .await?;
            Ok(())
        })
    }

    /// Appends to the room's log from `offset` on, with all projections, in one transaction.
    /// `Conflict("owner_epoch")` when the room was taken over in the meantime: nothing is written then.
    pub async fn append_study_room(
        &self,
        session: LiveSessionId,
        owner_epoch: i64,
        offset: i64,
        append: &RoomAppend,
    ) -> Result<(), StoreError> {
        let id = session.0;
        transaction!(self, tx => {
            fence!(tx, id, owner_epoch, offset, append.events.len());
            // A room's batches are small: people write them.
            for (offset, (at, event)) in (offset..).zip(&append.events) {
                sqlx::query(
                    "INSERT INTO live_session_events (session_id, \"offset\", owner_epoch, at, event) \
                     VALUES ($1, $2, $3, $4, $5)",
                )
                .bind(id)
                .bind(offset)
                .bind(owner_epoch)
                .bind(at)
                .bind(event)
                .execute(&mut *tx)
                .await?;
            }
            for visit in &append.entered {
                sqlx::query(
                    "INSERT INTO live_session_participants (id, session_id, user_id, name, name_key, secret_hash, \
                     joined_at, total_score, correct_answers, total_answers, average_response_time) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, 0) ON CONFLICT DO NOTHING",
                )
                .bind(visit.participant)
                .bind(id)
                .bind(visit.user.0)
                .bind(&visit.name)
                // Two members may have one name: in a room, accounts are told apart, not names.
                .bind(visit.user.to_string())
                .bind(NO_SECRET)
                .bind(visit.at)
                .execute(&mut *tx)
                .await?;
                sqlx::query(
                    "UPDATE live_session_participants SET left_at = NULL, name = $3 WHERE session_id = $1 AND user_id = $2",
                )
                .bind(id)
                .bind(visit.user.0)
                .bind(&visit.name)
                .execute(&mut *tx)
                .await?;
            }
            for (user, at) in &append.left {
                sqlx::query("UPDATE live_session_participants SET left_at = $3 WHERE session_id = $1 AND user_id = $2")
                    .bind(id)
                    .bind(user.0)
                    .bind(at)
                    .execute(&mut *tx)
                    .await?;
            }
            for message in &append.sent {
                sqlx::query(
                    "INSERT INTO room_messages (session_id, number, id, user_id, text, sent_at, changed) \
                     VALUES ($1, $2, $3, $4, $5, $6, $2)",
                )
                .bind(id)
                .bind(message.number)
                .bind(message.id.0)
                .bind(message.user.0)
                .bind(&message.text)
                .bind(message.at)
                .execute(&mut *tx)
                .await?;
            }
            for change in &append.changed {
                let sql = if change.deleted_by.is_some() {
                    "UPDATE room_messages SET text = $3, changed = $4, deleted_at = $5, deleted_by = $6 \
                     WHERE session_id = $1 AND id = $2"
                } else {
                    "UPDATE room_messages SET text = $3, changed = $4, edited_at = $5, deleted_by = $6 \
                     WHERE session_id = $1 AND id = $2"
                };
                sqlx::query(sql)
                    .bind(id)
                    .bind(change.id.0)
                    .bind(&change.text)
                    .bind(change.changed)
                    .bind(change.at)
                    .bind(change.deleted_by.map(|by| by.0))
                    .execute(&mut *tx)
                    .await?;
            }
            if let Some((status, at)) = append.status {
                sqlx::query("UPDATE live_sessions SET status = $1, ended_at = $2 WHERE id = $3")
                    .bind(status.as_str())
                    .bind(at)
                    .bind(id)
                    .execute(&mut *tx)
                    .await?;
            }
            Ok(())
        })
    }

    /// Up to `limit` messages before number `before` (the newest when `None`), the oldest of them first.
    pub async fn room_messages(
        &self,
        session: LiveSessionId,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<RoomMessage>, StoreError> {
        let mut rows: Vec<MessageRow> = read!(self, conn => sqlx::query_as(
            "SELECT m.id, m.number, m.changed, m.user_id, u.display_name AS name, m.sent_at, m.text, m.edited_at, \
             m.deleted_by FROM room_messages m JOIN users u ON u.id = m.user_id \
             WHERE m.session_id = $1 AND m.number < $2 ORDER BY m.number DESC LIMIT CAST($3 AS BIGINT)",
        )
        .bind(session.0)
        .bind(before.unwrap_or(i64::MAX))
        .bind(limit)
        .fetch_all(conn)
        .await?);
        rows.reverse();
        Ok(rows.into_iter().map(message).collect())
    }

    /// One message.
    pub async fn room_message(&self, session: LiveSessionId, id: MessageId) -> Result<RoomMessage, StoreError> {
        let row: MessageRow = read!(self, conn => sqlx::query_as(
            "SELECT m.id, m.number, m.changed, m.user_id, u.display_name AS name, m.sent_at, m.text, m.edited_at, \
             m.deleted_by FROM room_messages m JOIN users u ON u.id = m.user_id WHERE m.session_id = $1 AND m.id = $2",
        )
        .bind(session.0)
        .bind(id.0)
        .fetch_one(conn)
        .await?);
        Ok(message(row))
    }

    /// The cards of a room in their order.
    pub async fn room_cards(&self, session: LiveSessionId) -> Result<Vec<CardId>, StoreError> {
        let json: String = read!(self, conn => sqlx::query_scalar(
            "SELECT selected_flashcards FROM live_sessions WHERE id = $1",
        )
        .bind(session.0)
        .fetch_one(conn)
        .await?);
        serde_json::from_str(&json).map_err(|error| StoreError::Other(error.to_string()))
    }

    /// The open room of `host` on a deck.
    pub async fn open_room_of_host(&self, deck: DeckId, host: UserId) -> Result<Option<LiveSessionId>, StoreError> {
        let id: Option<Uuid> = read!(self, conn => sqlx::query_scalar(
            "SELECT id FROM live_sessions WHERE host_id = $1 AND deck_id = $2 AND status = 'active' \
             AND session_type = 'study_room' ORDER BY created_at DESC LIMIT 1",
        )
        .bind(host.0)
        .bind(deck.0)
        .fetch_optional(conn)
        .await?);
        Ok(id.map(LiveSessionId))
    }

    /// The living cards of a deck in its order; at most `limit`.
    pub async fn card_ids(&self, deck: DeckId, limit: usize) -> Result<Vec<CardId>, StoreError> {
        let ids: Vec<Uuid> = read!(self, conn => sqlx::query_scalar(
            "SELECT id FROM cards WHERE deck_id = $1 AND deleted_at IS NULL ORDER BY position, id LIMIT CAST($2 AS BIGINT)",
        )
        .bind(deck.0)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(conn)
        .await?);
        Ok(ids.into_iter().map(CardId).collect())
    }

    /// A group's rooms, those that are open first, then the newest; at most `limit`.
    pub async fn study_rooms_of_group(&self, group: GroupId, limit: i64) -> Result<Vec<StudyRoomRow>, StoreError> {
        Ok(read!(self, conn => sqlx::query_as(
            "SELECT s.id, d.title AS deck_title, u.display_name AS host_name, s.status, s.created_at, s.ended_at, \
             (SELECT COUNT(*) FROM live_session_participants p WHERE p.session_id = s.id) AS people, \
             (SELECT COUNT(*) FROM room_messages m WHERE m.session_id = s.id AND m.deleted_at IS NULL) AS messages \
             FROM live_sessions s JOIN decks d ON d.id = s.deck_id JOIN users u ON u.id = s.host_id \
             WHERE s.group_id = $1 AND s.session_type = 'study_room' \
             ORDER BY CASE s.status WHEN 'active' THEN 0 ELSE 1 END, s.created_at DESC LIMIT CAST($2 AS BIGINT)",
        )
        .bind(group.0)
        .bind(limit)
        .fetch_all(conn)
        .await?))
    }

    /// Notes that a quiz was started from a room of the same group. Doing it twice changes nothing.
    pub async fn link_quiz_to_room(&self, quiz: LiveSessionId, room: LiveSessionId) -> Result<(), StoreError> {
        change!(self, conn => sqlx::query("UPDATE live_sessions SET room_id = $2 WHERE id = $1")
            .bind(quiz.0)
            .bind(room.0)
            .execute(conn)
            .await?
            .rows_affected());
        Ok(())
    }

    /// The room from which a quiz was started.
    pub async fn room_of_quiz(&self, quiz: LiveSessionId) -> Result<Option<LiveSessionId>, StoreError> {
        let id: Option<Option<Uuid>> = read!(self, conn => sqlx::query_scalar(
            "SELECT room_id FROM live_sessions WHERE id = $1",
        )
        .bind(quiz.0)
        .fetch_optional(conn)
        .await?);
        Ok(id.flatten().map(LiveSessionId))
    }
}

fn message(row: MessageRow) -> RoomMessage {
    RoomMessage {
        id: MessageId(row.id),
        number: row.number,
        changed: row.changed,
        user: UserId(row.user_id),
        name: row.name,
        at: row.sent_at,
        text: row.text,
        edited: row.edited_at.is_some(),
        deleted_by: row.deleted_by.map(UserId),
    }
}
