//! A guest who has an account now takes the result along.

use crate::{
    domain::{ids::LiveSessionId, live::blitz::Command},
    protocol::Refused,
    server::{
        live::{caller::Caller, self_paced},
        random,
        state::AppState,
    },
};

#[derive(Clone, Copy, Debug)]
pub struct ClaimLiveResult {
    pub session: LiveSessionId,
    /// When it arrived, Unix ms.
    pub at: i64,
}

impl ClaimLiveResult {
    /// By the secret of the seat, within a day after the session's end. `NotFound` without a seat.
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<(), Refused> {
        let session = state.live.session(self.session).await?;
        let user = caller.user().ok_or(Refused::SignInRequired)?;
        let participant = match caller.seat(&session).await {
            Ok(participant) => participant,
            Err(_) => return self_paced::results::claim(state, caller, self.session, self.at).await,
        };
        session.command(random::id(self.at), Command::Claim { participant, user }, self.at).await
    }
}
