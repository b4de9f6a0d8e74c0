//! Quizzes that are played later alone: the link, the attempts, their answers.

use super::{Db, StoreError};
use crate::domain::ids::{LiveSessionId, ParticipantId, UserId};
use sqlx::FromRow;
use uuid::Uuid;

/// A session that may be played alone.
#[derive(Clone, Debug, FromRow)]
pub struct SelfPacedRow {
    pub session_id: Uuid,
    pub token: String,
    /// Unix ms.
    pub closes_at: i64,
    pub timed: bool,
    pub host_id: Uuid,
    pub host_name: String,
    pub group_id: Option<Uuid>,
    pub group_name: Option<String>,
}

/// Somebody who plays or played.
#[derive(Clone, Debug, FromRow)]
pub struct AttemptRow {
    pub id: Uuid,
    pub user_id: Option<Uuid>,
    pub name: String,
    pub name_key: String,
    /// Played in the room already.
    pub practice: bool,
    pub extra: String,
    pub joined_at: i64,
    pub last_at: i64,
    pub finished_at: Option<i64>,
    pub total_score: i64,
    pub correct_answers: i64,
    pub total_answers: i64,
    pub average_response_time: i64,
    pub rank: Option<i64>,
}

/// A question of an attempt.
#[derive(Clone, Debug, FromRow)]
pub struct TurnRow {
    pub attempt_id: Uuid,
    pub card_index: i64,
    pub opened_at: i64,
    pub closed_at: Option<i64>,
    /// JSON.
    pub answer: Option<String>,
    pub is_correct: bool,
    pub response_time_ms: i64,
    pub points_earned: i64,
    pub bonus: i64,
}

#[derive(Clone, Debug)]
pub struct NewAttempt {
    pub id: ParticipantId,
    pub session: LiveSessionId,
    pub user: Option<UserId>,
    pub name: String,
    pub name_key: String,
    pub secret_hash: Vec<u8>,
    pub practice: bool,
    pub extra: &'static str,
    pub at: i64,
}

/// What closes a question, with the attempt's new totals.
#[derive(Clone, Debug)]
pub struct CloseTurn {
    pub card_index: u32,
    pub at: i64,
    /// JSON; `None`: the time ran out.
    pub answer: Option<String>,
    pub is_correct: bool,
    pub response_time_ms: u32,
    pub points_earned: u32,
    pub bonus: u32,
    pub total_score: u32,
    pub correct_answers: u32,
    pub total_answers: u32,
    pub average_response_time: u32,
    pub rank: Option<u32>,
}

const LINKS: &str = "SELECT p.session_id, p.token, p.closes_at, p.timed, s.host_id, u.display_name AS host_name, \
     s.group_id, g.name AS group_name FROM self_paced p JOIN live_sessions s ON s.id = p.session_id \
     JOIN users u ON u.id = s.host_id LEFT JOIN study_groups g ON g.id = s.group_id \
     WHERE g.deleted_at IS NULL AND ";

const ATTEMPTS: &str = "SELECT id, user_id, name, name_key, practice, extra, joined_at, last_at, finished_at, \
     total_score, correct_answers, total_answers, average_response_time, rank FROM self_paced_attempts WHERE ";

const TURNS: &str = "SELECT t.attempt_id, t.card_index, t.opened_at, t.closed_at, t.answer, t.is_correct, \
     t.response_time_ms, t.points_earned, t.bonus FROM self_paced_answers t ";

impl Db {
    /// Opens the session for playing alone, or changes until when and how; the link stays.
    pub async fn open_self_paced(
        &self,
        session: LiveSessionId,
        token: &str,
        by: UserId,
        closes_at: i64,
        timed: bool,
        at: i64,
    ) -> Result<(), StoreError> {
        change!(self, conn => sqlx::query(
            "INSERT INTO self_paced (session_id, token, opened_by, opened_at, closes_at, timed) \
             VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (session_id) DO UPDATE SET closes_at = excluded.closes_at, timed = excluded.timed",
        )
        .bind(session.0)
        .bind(token)
        .bind(by.0)
        .bind(at)
        .bind(closes_at)
        .bind(timed)
        .execute(conn)
        .await
        .map(|_| ())?);
        Ok(())
    }

    /// Closes it at `at`, unless it is closed already.
    pub async fn close_self_paced(&self, session: LiveSessionId, at: i64) -> Result<(), StoreError> {
        change!(self, conn => sqlx::query(
            "UPDATE self_paced SET closes_at = $2 WHERE session_id = $1 AND closes_at > $2",
        )
        .bind(session.0)
        .bind(at)
        .execute(conn)
        .await
        .map(|_| ())?);
        Ok(())
    }

    /// What this link leads to; nothing when its group was deleted.
    pub async fn self_paced_by_token(&self, token: &str) -> Result<Option<SelfPacedRow>, StoreError> {
        let sql = format!("{LINKS} p.token = $1");
        Ok(read!(self, conn => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(token).fetch_optional(conn).await?))
    }

    /// The session's link, when it has one.
    pub async fn self_paced_of(&self, session: LiveSessionId) -> Result<Option<SelfPacedRow>, StoreError> {
        let sql = format!("{LINKS} p.session_id = $1");
        Ok(read!(self, conn => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(session.0).fetch_optional(conn).await?))
    }

    /// Begins an attempt. `Conflict` when the name or the account plays already.
    pub async fn join_self_paced(&self, new: &NewAttempt) -> Result<(), StoreError> {
        change!(self, conn => sqlx::query(
            "INSERT INTO self_paced_attempts (id, session_id, user_id, name, name_key, secret_hash, practice, extra, \
             joined_at, last_at, total_score, correct_answers, total_answers, average_response_time) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 0, 0, 0, 0)",
        )
        .bind(new.id.0)
        .bind(new.session.0)
        .bind(new.user.map(|user| user.0))
        .bind(new.name.as_str())
        .bind(new.name_key.as_str())
        .bind(new.secret_hash.as_slice())
        .bind(new.practice)
        .bind(new.extra)
        .bind(new.at)
        .execute(conn)
        .await
        .map(|_| ())?);
        Ok(())
    }

    /// All attempts of the session, in the order of joining.
    pub async fn self_paced_attempts(&self, session: LiveSessionId) -> Result<Vec<AttemptRow>, StoreError> {
        let sql = format!("{ATTEMPTS} session_id = $1 ORDER BY joined_at, id");
        Ok(read!(self, conn => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(session.0).fetch_all(conn).await?))
    }

    pub async fn self_paced_attempt(&self, attempt: ParticipantId) -> Result<AttemptRow, StoreError> {
        let sql = format!("{ATTEMPTS} id = $1");
        Ok(read!(self, conn => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(attempt.0).fetch_one(conn).await?))
    }

    /// The attempt of this account.
    pub async fn self_paced_attempt_of_user(
        &self,
        session: LiveSessionId,
        user: UserId,
    ) -> Result<Option<AttemptRow>, StoreError> {
        let sql = format!("{ATTEMPTS} session_id = $1 AND user_id = $2");
        Ok(read!(self, conn => sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(session.0)
            .bind(user.0)
            .fetch_optional(conn)
            .await?))
    }

    /// The attempt of the browser that holds this secret.
    pub async fn self_paced_attempt_by_secret(
        &self,
        session: LiveSessionId,
        secret_hash: &[u8],
    ) -> Result<Option<AttemptRow>, StoreError> {
        let sql = format!("{ATTEMPTS} session_id = $1 AND secret_hash = $2");
        Ok(read!(self, conn => sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(session.0)
            .bind(secret_hash)
            .fetch_optional(conn)
            .await?))
    }

    /// The questions of one attempt, in their order.
    pub async fn self_paced_turns(&self, attempt: ParticipantId) -> Result<Vec<TurnRow>, StoreError> {
        let sql = format!("{TURNS} WHERE t.attempt_id = $1 ORDER BY t.card_index");
        Ok(read!(self, conn => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(attempt.0).fetch_all(conn).await?))
    }

    /// The closed questions of all attempts of a session.
    pub async fn self_paced_turns_of(&self, session: LiveSessionId) -> Result<Vec<TurnRow>, StoreError> {
        let sql = format!(
            "{TURNS} JOIN self_paced_attempts a ON a.id = t.attempt_id \
             WHERE a.session_id = $1 AND t.closed_at IS NOT NULL ORDER BY t.card_index, t.attempt_id"
        );
        Ok(read!(self, conn => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(session.0).fetch_all(conn).await?))
    }

    /// Delivers a question. `Conflict` when it was delivered before.
    pub async fn open_self_paced_turn(
        &self,
        attempt: ParticipantId,
        card_index: u32,
        opened_at: i64,
        at: i64,
    ) -> Result<(), StoreError> {
        transaction!(self, tx => {
            sqlx::query(
                "INSERT INTO self_paced_answers (attempt_id, card_index, opened_at, is_correct, response_time_ms, \
                 points_earned, bonus) VALUES ($1, $2, $3, FALSE, 0, 0, 0)",
            )
            .bind(attempt.0)
            .bind(i64::from(card_index))
            .bind(opened_at)
            .execute(&mut *tx)
            .await?;
            sqlx::query("UPDATE self_paced_attempts SET last_at = $2, finished_at = NULL WHERE id = $1")
                .bind(attempt.0)
                .bind(at)
                .execute(&mut *tx)
                .await?;
            Ok(())
        })
    }

    /// Closes a question, once: `Conflict("closed")` when it is closed already, and nothing is written then.
    pub async fn close_self_paced_turn(&self, attempt: ParticipantId, close: &CloseTurn) -> Result<(), StoreError> {
        transaction!(self, tx => {
            let closed = sqlx::query(
                "UPDATE self_paced_answers SET closed_at = $3, answer = $4, is_correct = $5, response_time_ms = $6, \
                 points_earned = $7, bonus = $8 WHERE attempt_id = $1 AND card_index = $2 AND closed_at IS NULL",
            )
            .bind(attempt.0)
            .bind(i64::from(close.card_index))
            .bind(close.at)
            .bind(close.answer.as_deref())
            .bind(close.is_correct)
            .bind(i64::from(close.response_time_ms))
            .bind(i64::from(close.points_earned))
            .bind(i64::from(close.bonus))
            .execute(&mut *tx)
            .await?;
            if closed.rows_affected() != 1 {
                return Err(StoreError::Conflict("closed".into()));
            }
            sqlx::query(
                "UPDATE self_paced_attempts SET last_at = $2, total_score = $3, correct_answers = $4, \
                 total_answers = $5, average_response_time = $6, rank = $7 WHERE id = $1",
            )
            .bind(attempt.0)
            .bind(close.at)
            .bind(i64::from(close.total_score))
            .bind(i64::from(close.correct_answers))
            .bind(i64::from(close.total_answers))
            .bind(i64::from(close.average_response_time))
            .bind(close.rank.map(i64::from))
            .execute(&mut *tx)
            .await?;
            Ok(())
        })
    }

    /// The end of an attempt was looked at.
    pub async fn finish_self_paced(&self, attempt: ParticipantId, at: i64) -> Result<(), StoreError> {
        change!(self, conn => sqlx::query(
            "UPDATE self_paced_attempts SET finished_at = $2, last_at = $2 WHERE id = $1 AND finished_at IS NULL",
        )
        .bind(attempt.0)
        .bind(at)
        .execute(conn)
        .await
        .map(|_| ())?);
        Ok(())
    }

    /// A guest's attempt becomes an account's. `Conflict` when it is somebody's already, or the account has one.
    pub async fn claim_self_paced(&self, attempt: ParticipantId, user: UserId) -> Result<(), StoreError> {
        let claimed = change!(self, conn => sqlx::query(
            "UPDATE self_paced_attempts SET user_id = $2 WHERE id = $1 AND user_id IS NULL",
        )
        .bind(attempt.0)
        .bind(user.0)
        .execute(conn)
        .await?
        .rows_affected());
        if claimed == 1 { Ok(()) } else { Err(StoreError::Conflict("user_id".into())) }
    }
}
