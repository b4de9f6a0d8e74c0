//! Who sits in a session, for its hosts.

use crate::{
    api::live::ListedParticipant,
    domain::ids::{LiveSessionId, ParticipantId},
    protocol::Refused,
    server::{live::caller::Caller, state::AppState},
};

#[derive(Clone, Copy, Debug)]
pub struct GetLiveSessionParticipants {
    pub session: LiveSessionId,
}

impl GetLiveSessionParticipants {
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<Vec<ListedParticipant>, Refused> {
        let session = state.live.session(self.session).await?;
        caller.host(state, &session).await?;
        let rows = state.db.live_session_participants(self.session).await?;
        let extra = session.extra_times().await?;
        let extra = |id| extra.iter().find(|row| row.participant.0 == id).map(|row| row.extra).unwrap_or_default();
        Ok(rows
            .into_iter()
            .map(|row| ListedParticipant {
                participant: ParticipantId(row.id),
                name: row.name,
                guest: row.user_id.is_none(),
                away: row.left_at.is_some(),
                total_score: row.total_score,
                correct_answers: row.correct_answers,
                total_answers: row.total_answers,
                average_response_time: row.average_response_time,
                rank: row.rank,
                extra: extra(row.id),
            })
            .collect())
    }
}
