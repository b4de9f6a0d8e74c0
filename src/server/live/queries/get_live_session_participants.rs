//! Who sits in a session, for its hosts.

use crate::{
    domain::ids::{LiveSessionId, ParticipantId},
    protocol::Refused,
    server::{live::caller::Caller, state::AppState},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug)]
pub struct GetLiveSessionParticipants {
    pub session: LiveSessionId,
}

/// A participant with the totals as stored. No secret, no account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedParticipant {
    pub participant: ParticipantId,
    pub name: String,
    pub guest: bool,
    pub total_score: i64,
    pub correct_answers: i64,
    pub total_answers: i64,
    /// Milliseconds.
    pub average_response_time: i64,
    pub rank: Option<i64>,
}

impl GetLiveSessionParticipants {
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<Vec<ListedParticipant>, Refused> {
        let session = state.live.session(self.session).await?;
        caller.host(state, &session).await?;
        let rows = state.db.live_session_participants(self.session).await?;
        Ok(rows
            .into_iter()
            .map(|row| ListedParticipant {
                participant: ParticipantId(row.id),
                name: row.name,
                guest: row.user_id.is_none(),
                total_score: row.total_score,
                correct_answers: row.correct_answers,
                total_answers: row.total_answers,
                average_response_time: row.average_response_time,
                rank: row.rank,
            })
            .collect())
    }
}
