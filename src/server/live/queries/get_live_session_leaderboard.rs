//! The standings of a session, for who hosts it or sits in it.

use crate::{
    domain::{ids::LiveSessionId, live::standings::Standing},
    protocol::Refused,
    server::{
        live::{caller::Caller, open_session},
        state::AppState,
    },
};

#[derive(Clone, Copy, Debug)]
pub struct GetLiveSessionLeaderboard {
    pub session: LiveSessionId,
}

impl GetLiveSessionLeaderboard {
    /// Complete for the host. Players get it between questions only: an open question's points are nobody's business.
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<Vec<Standing>, Refused> {
        let session = open_session(state, self.session).await?;
        if caller.host(state, &session).await.is_ok() {
            return Ok(session.standings().await?);
        }
        let participant = caller.seat(&session).await?;
        use crate::domain::live::blitz::PlayerPhase;
        match session.player_view(participant).await?.phase {
            PlayerPhase::LeadIn { .. } | PlayerPhase::Answering { .. } => Err(Refused::Forbidden),
            _ => Ok(session.standings().await?),
        }
    }
}
