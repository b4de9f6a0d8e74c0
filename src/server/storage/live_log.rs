//! The log of a live session and the tables projected from it: appended together or not at all.

use super::{Db, StoreError};
use crate::domain::{
    ids::{CardId, LiveSessionId, ParticipantId, UserId},
    live::LiveSessionStatus,
};
use sqlx::FromRow;
use uuid::Uuid;

/// Rows of one statement: few sizes, so that each statement is read by the database once and kept. The bound values of
/// the largest are far below what SQLite (32,766) and Postgres (65,535) take.
const PORTIONS: [usize; 8] = [256, 128, 64, 16, 8, 4, 2, 1];

/// `rows` in as few portions as there are.
pub(super) fn portions<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = PORTIONS.into_iter().find(|size| *size <= rows.len())?;
        let (portion, rest) = rows.split_at(size);
        rows = rest;
        Some(portion)
    })
}

/// Takes the log's next `$count` places from `$offset` on, within a transaction that an owner writes; ends it with
/// `Conflict("owner_epoch")` when the session was taken over in the meantime. A macro because `$tx` differs by engine.
macro_rules! fence {
    ($tx:ident, $id:ident, $owner_epoch:ident, $offset:ident, $count:expr) => {
        let count = i64::try_from($count).map_err(|e| StoreError::Other(e.to_string()))?;
        let fenced = sqlx::query(
            "UPDATE live_sessions SET next_offset = $1 WHERE id = $2 AND owner_epoch = $3 AND next_offset = $4",
        )
        .bind($offset + count)
        .bind($id)
        .bind($owner_epoch)
        .bind($offset)
        .execute(&mut *$tx)
        .await?;
        if fenced.rows_affected() != 1 {
            return Err(StoreError::Conflict("owner_epoch".into()));
        }
    };
}
pub(super) use fence;

/// Writes what one owner appends, with all projections, within a transaction; its value is a `Result`. A macro because
/// `$tx` differs by engine.
macro_rules! write_entry {
    ($tx:ident, $entry:ident) => {{
        let (id, owner_epoch, offset) = ($entry.session.0, $entry.owner_epoch, $entry.offset);
        fence!($tx, id, owner_epoch, offset, $entry.append.events.len());
        let mut offsets = offset..;
        for events in portions(&$entry.append.events) {
            let mut insert = QueryBuilder::new(
                "INSERT INTO live_session_events (session_id, \"offset\", owner_epoch, at, event, command_key) ",
            );
            insert.push_values(events.iter().zip(offsets.by_ref()), |mut row, (new, offset)| {
                row.push_bind(id)
                    .push_bind(offset)
                    .push_bind(owner_epoch)
                    .push_bind(new.at)
                    .push_bind(new.event.as_str())
                    .push_bind(new.key);
            });
            insert.build().execute(&mut *$tx).await?;
        }
        for joined in portions(&$entry.append.joined) {
            let mut insert = QueryBuilder::new(
                "INSERT INTO live_session_participants (id, session_id, user_id, name, name_key, secret_hash, \
                 joined_at, total_score, correct_answers, total_answers, average_response_time) ",
            );
            insert.push_values(joined, |mut row, p| {
                row.push_bind(p.id.0)
                    .push_bind(id)
                    .push_bind(p.user.map(|u| u.0))
                    .push_bind(p.name.as_str())
                    .push_bind(p.name_key.as_str())
                    .push_bind(p.secret_hash.as_slice())
                    .push_bind(p.joined_at)
                    .push("0, 0, 0, 0");
            });
            insert.build().execute(&mut *$tx).await?;
        }
        for (participant, hash) in &$entry.append.secrets {
            sqlx::query("UPDATE live_session_participants SET secret_hash = $1 WHERE id = $2")
                .bind(hash.as_slice())
                .bind(participant.0)
                .execute(&mut *$tx)
                .await?;
        }
        for (participant, left_at) in &$entry.append.left {
            sqlx::query("UPDATE live_session_participants SET left_at = $1 WHERE id = $2")
                .bind(*left_at)
                .bind(participant.0)
                .execute(&mut *$tx)
                .await?;
        }
        for answers in portions(&$entry.append.answers) {
            let mut insert = QueryBuilder::new(
                "INSERT INTO live_session_answers (session_id, participant_id, user_id, flashcard_id, answer, \
                 is_correct, response_time_ms, points_earned, card_index, submitted_at, sure) ",
            );
            insert.push_values(answers, |mut row, a| {
                row.push_bind(id)
                    .push_bind(a.participant.0)
                    .push_bind(a.user.map(|u| u.0))
                    .push_bind(a.flashcard.0)
                    .push_bind(a.answer.as_str())
                    .push_bind(a.is_correct)
                    .push_bind(i64::from(a.response_time_ms))
                    .push_bind(i64::from(a.points_earned))
                    .push_bind(i64::from(a.card_index))
                    .push_bind(a.submitted_at)
                    .push_bind(a.sure);
            });
            insert.build().execute(&mut *$tx).await?;
        }
        for changed in portions(&$entry.append.changed) {
            let mut update = QueryBuilder::new(
                "WITH v (participant, card_index, answer, is_correct, response_time, points, at, sure) AS (",
            );
            update.push_values(changed, |mut row, a| {
                row.push_bind(a.participant.0)
                    .push_bind(i64::from(a.card_index))
                    .push_bind(a.answer.as_str())
                    .push_bind(a.is_correct)
                    .push_bind(i64::from(a.response_time_ms))
                    .push_bind(i64::from(a.points_earned))
                    .push_bind(a.submitted_at)
                    .push_bind(a.sure);
            });
            update.push(
                ") UPDATE live_session_answers SET answer = v.answer, is_correct = v.is_correct, \
                 response_time_ms = v.response_time, points_earned = v.points, submitted_at = v.at, \
                 sure = v.sure FROM v \
                 WHERE live_session_answers.participant_id = v.participant \
                 AND live_session_answers.card_index = v.card_index AND live_session_answers.session_id = ",
            );
            update.push_bind(id);
            update.build().execute(&mut *$tx).await?;
        }
        for sureness in portions(&$entry.append.sureness) {
            let mut update = QueryBuilder::new("WITH v (participant, card_index, sure) AS (");
            update.push_values(sureness, |mut row, (participant, card_index, sure)| {
                row.push_bind(participant.0).push_bind(i64::from(*card_index)).push_bind(*sure);
            });
            update.push(
                ") UPDATE live_session_answers SET sure = v.sure FROM v \
                 WHERE live_session_answers.participant_id = v.participant \
                 AND live_session_answers.card_index = v.card_index AND live_session_answers.session_id = ",
            );
            update.push_bind(id);
            update.build().execute(&mut *$tx).await?;
        }
        for card_index in &$entry.append.void {
            sqlx::query("DELETE FROM live_session_answers WHERE session_id = $1 AND card_index = $2")
                .bind(id)
                .bind(i64::from(*card_index))
                .execute(&mut *$tx)
                .await?;
        }
        for (participant, user) in &$entry.append.claimed {
            for sql in [
                "UPDATE live_session_participants SET user_id = $1 WHERE id = $2",
                "UPDATE live_session_answers SET user_id = $1 WHERE participant_id = $2",
            ] {
                sqlx::query(sql).bind(user.0).bind(participant.0).execute(&mut *$tx).await?;
            }
        }
        for totals in portions(&$entry.append.totals) {
            let mut update = QueryBuilder::new("WITH v (id, score, correct, answers, average) AS (");
            update.push_values(totals, |mut row, t| {
                row.push_bind(t.participant.0)
                    .push_bind(i64::from(t.total_score))
                    .push_bind(i64::from(t.correct_answers))
                    .push_bind(i64::from(t.total_answers))
                    .push_bind(i64::from(t.average_response_time));
            });
            update.push(
                ") UPDATE live_session_participants SET total_score = v.score, correct_answers = v.correct, \
                 total_answers = v.answers, average_response_time = v.average FROM v \
                 WHERE live_session_participants.id = v.id",
            );
            update.build().execute(&mut *$tx).await?;
        }
        for ranks in portions(&$entry.append.ranks) {
            let mut update = QueryBuilder::new("WITH v (id, rank) AS (");
            update.push_values(ranks, |mut row, (participant, rank)| {
                row.push_bind(participant.0).push_bind(i64::from(*rank));
            });
            update.push(
                ") UPDATE live_session_participants SET rank = v.rank FROM v WHERE live_session_participants.id = v.id",
            );
            update.build().execute(&mut *$tx).await?;
        }
        if let Some(cards) = &$entry.append.selected_flashcards {
            sqlx::query("UPDATE live_sessions SET selected_flashcards = $1 WHERE id = $2")
                .bind(cards.as_str())
                .bind(id)
                .execute(&mut *$tx)
                .await?;
        }
        if let Some((status, at)) = $entry.append.status {
            let sql = if status.is_open() {
                "UPDATE live_sessions SET status = $1, started_at = $2 WHERE id = $3"
            } else {
                // The PIN is free again.
                "UPDATE live_sessions SET status = $1, ended_at = $2, pin = NULL WHERE id = $3"
            };
            sqlx::query(sql).bind(status.as_str()).bind(at).bind(id).execute(&mut *$tx).await?;
        }
        Ok(())
    }};
}
pub(super) use write_entry;

/// What one transaction appends. Everything is computed by the session's owner; storage writes it as is.
#[derive(Clone, Debug, Default)]
pub struct Append {
    /// In order.
    pub events: Vec<NewEvent>,
    pub joined: Vec<NewParticipant>,
    /// New hashes of seats' secrets.
    pub secrets: Vec<(ParticipantId, Vec<u8>)>,
    /// Who is in (`None`) or has left, at this time; the last entry of a participant counts.
    pub left: Vec<(ParticipantId, Option<i64>)>,
    /// Guests' seats that became accounts'.
    pub claimed: Vec<(ParticipantId, UserId)>,
    pub answers: Vec<NewAnswer>,
    /// Answers that replace the one of the same participant to the same question.
    pub changed: Vec<NewAnswer>,
    /// How sure somebody is of an answer that is stored: by participant and question, each once.
    pub sureness: Vec<(ParticipantId, u32, bool)>,
    /// Questions whose answers are taken back.
    pub void: Vec<u32>,
    /// New totals of participants who answered.
    pub totals: Vec<Totals>,
    /// New ranks, after a reveal.
    pub ranks: Vec<(ParticipantId, u32)>,
    /// Set when the session's status changed at this time.
    pub status: Option<(LiveSessionStatus, i64)>,
    /// JSON of the cards that are left, when one was dropped.
    pub selected_flashcards: Option<String>,
}

/// One entry of the log.
#[derive(Clone, Debug)]
pub struct NewEvent {
    pub at: i64,
    /// JSON.
    pub event: String,
    /// Of the command that led to it, on its first event.
    pub key: Option<Uuid>,
}

impl From<(i64, String)> for NewEvent {
    fn from((at, event): (i64, String)) -> Self {
        Self { at, event, key: None }
    }
}

/// An entry of the log as stored: time, JSON event, the command's key.
pub type LoggedEvent = (i64, String, Option<Uuid>);

#[derive(Clone, Debug)]
pub struct NewParticipant {
    pub id: ParticipantId,
    pub user: Option<UserId>,
    pub name: String,
    pub name_key: String,
    pub secret_hash: Vec<u8>,
    pub joined_at: i64,
}

#[derive(Clone, Debug)]
pub struct NewAnswer {
    pub participant: ParticipantId,
    pub user: Option<UserId>,
    pub flashcard: CardId,
    /// JSON of the answer.
    pub answer: String,
    pub is_correct: bool,
    pub response_time_ms: u32,
    pub points_earned: u32,
    pub card_index: u32,
    pub submitted_at: i64,
    /// `None`: not asked, or not said.
    pub sure: Option<bool>,
}

/// A participant's totals after an answer.
#[derive(Clone, Debug)]
pub struct Totals {
    pub participant: ParticipantId,
    pub total_score: u32,
    pub correct_answers: u32,
    pub total_answers: u32,
    /// Milliseconds.
    pub average_response_time: u32,
}

/// A participant as stored.
#[derive(Clone, Debug, FromRow)]
pub struct ParticipantRow {
    pub id: Uuid,
    pub user_id: Option<Uuid>,
    pub name: String,
    pub secret_hash: Vec<u8>,
    pub joined_at: i64,
    /// Not in the session since: at the door, or taken out.
    pub left_at: Option<i64>,
    pub total_score: i64,
    pub correct_answers: i64,
    pub total_answers: i64,
    pub average_response_time: i64,
    pub rank: Option<i64>,
}

impl Db {
    /// The whole log in order.
    pub async fn live_session_log(&self, session: LiveSessionId) -> Result<Vec<LoggedEvent>, StoreError> {
        Ok(read!(self, conn => sqlx::query_as(
            "SELECT at, event, command_key FROM live_session_events WHERE session_id = $1 ORDER BY \"offset\"",
        )
        .bind(session.0)
        .fetch_all(conn)
        .await?))
    }

    /// Everybody who took a seat, in the order of joining.
    pub async fn live_session_participants(&self, session: LiveSessionId) -> Result<Vec<ParticipantRow>, StoreError> {
        Ok(read!(self, conn => sqlx::query_as(
            "SELECT id, user_id, name, secret_hash, joined_at, left_at, total_score, correct_answers, total_answers, \
             average_response_time, rank FROM live_session_participants WHERE session_id = $1 ORDER BY joined_at, id",
        )
        .bind(session.0)
        .fetch_all(conn)
        .await?))
    }

    /// (answers, points) stored for a participant: what the totals must equal.
    pub async fn live_session_answer_sums(&self, participant: ParticipantId) -> Result<(i64, i64), StoreError> {
        // SUM is NUMERIC in Postgres.
        Ok(read!(self, conn => sqlx::query_as(
            "SELECT COUNT(*), CAST(COALESCE(SUM(points_earned), 0) AS BIGINT) FROM live_session_answers WHERE participant_id = $1",
        )
        .bind(participant.0)
        .fetch_one(conn)
        .await?))
    }
}
