//! What is read after a live session: its answers, and lists of past sessions.

use super::{Db, StoreError};
use crate::domain::ids::{GroupId, LiveSessionId, UserId};
use sqlx::FromRow;
use uuid::Uuid;

/// Sessions on one page of a list.
pub const SESSIONS_PER_PAGE: i64 = 20;

/// An answer as stored.
#[derive(Clone, Debug, FromRow)]
pub struct AnswerRow {
    pub participant_id: Uuid,
    pub card_index: i64,
    /// JSON.
    pub answer: String,
    pub is_correct: bool,
    pub points_earned: i64,
    pub response_time_ms: i64,
    /// `None`: not asked, or not said.
    pub sure: Option<bool>,
}

/// One line of a list of past sessions.
#[derive(Clone, Debug, FromRow)]
pub struct PastSessionRow {
    pub id: Uuid,
    pub deck_title: String,
    pub group_name: Option<String>,
    pub host_name: String,
    pub ended_at: i64,
    pub participants: i64,
    /// Over all answers of the session.
    pub answers: i64,
    pub correct: i64,
    /// Whether the asking account may read the report: it hosted, or teaches the group.
    pub may_report: bool,
    /// The asking account's own result, when it played.
    pub my_score: Option<i64>,
    pub my_rank: Option<i64>,
    /// Who played later alone and had not been in the room.
    pub self_paced: i64,
    /// The own result is of playing alone.
    pub mine_self_paced: bool,
}

/// `$1` is the asking account.
const PAST: &str = "SELECT s.id, d.title AS deck_title, g.name AS group_name, u.display_name AS host_name, s.ended_at, \
     (SELECT COUNT(*) FROM live_session_participants p WHERE p.session_id = s.id AND p.left_at IS NULL) AS participants, \
     (SELECT COUNT(*) FROM live_session_answers a WHERE a.session_id = s.id) AS answers, \
     (SELECT COUNT(*) FROM live_session_answers a WHERE a.session_id = s.id AND a.is_correct) AS correct, \
     (s.host_id = $1 OR EXISTS (SELECT 1 FROM memberships t WHERE t.group_id = s.group_id AND t.user_id = $1 \
       AND t.role <> 'member')) AS may_report, \
     COALESCE(me.total_score, later.total_score) AS my_score, COALESCE(me.rank, later.rank) AS my_rank, \
     (SELECT COUNT(*) FROM self_paced_attempts l WHERE l.session_id = s.id AND NOT l.practice \
       AND l.rank IS NOT NULL) AS self_paced, \
     (me.id IS NULL AND later.id IS NOT NULL) AS mine_self_paced \
     FROM live_sessions s JOIN decks d ON d.id = s.deck_id JOIN users u ON u.id = s.host_id \
     LEFT JOIN study_groups g ON g.id = s.group_id \
     LEFT JOIN live_session_participants me ON me.session_id = s.id AND me.user_id = $1 \
     LEFT JOIN self_paced_attempts later ON later.session_id = s.id AND later.user_id = $1 AND later.rank IS NOT NULL \
     WHERE s.status = 'completed' AND s.session_type = 'blitz_quiz' AND ";

impl Db {
    /// All answers that count, by question and participant.
    pub async fn live_session_answers(&self, session: LiveSessionId) -> Result<Vec<AnswerRow>, StoreError> {
        Ok(read!(self, conn => sqlx::query_as(
            "SELECT participant_id, card_index, answer, is_correct, points_earned, response_time_ms, sure \
             FROM live_session_answers WHERE session_id = $1 ORDER BY card_index, participant_id",
        )
        .bind(session.0)
        .fetch_all(conn)
        .await?))
    }

    /// Past sessions of a group, newest first; `page` counts from 0.
    pub async fn past_live_sessions_of_group(
        &self,
        user: UserId,
        group: GroupId,
        page: i64,
    ) -> Result<Vec<PastSessionRow>, StoreError> {
        let sql = format!("{PAST} s.group_id = $2 ORDER BY s.ended_at DESC, s.id LIMIT CAST($3 AS BIGINT) OFFSET $4");
        Ok(read!(self, conn => sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(user.0)
            .bind(group.0)
            // One more than is shown says whether there is another page.
            .bind(SESSIONS_PER_PAGE + 1)
            .bind(page * SESSIONS_PER_PAGE)
            .fetch_all(conn)
            .await?))
    }

    /// Past sessions that `user` hosted or played in, newest first; `page` counts from 0.
    pub async fn past_live_sessions_of_user(&self, user: UserId, page: i64) -> Result<Vec<PastSessionRow>, StoreError> {
        let sql = format!(
            "{PAST} (s.host_id = $1 OR me.id IS NOT NULL OR later.id IS NOT NULL) ORDER BY s.ended_at DESC, s.id LIMIT CAST($2 AS BIGINT) OFFSET $3"
        );
        Ok(read!(self, conn => sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(user.0)
            .bind(SESSIONS_PER_PAGE + 1)
            .bind(page * SESSIONS_PER_PAGE)
            .fetch_all(conn)
            .await?))
    }
}
