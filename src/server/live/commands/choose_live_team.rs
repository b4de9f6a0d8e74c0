//! A player picks a team in the lobby.

use crate::{
    domain::{ids::LiveSessionId, live::blitz::Command},
    protocol::Refused,
    server::{
        live::{caller::Caller, open_session},
        random,
        state::AppState,
    },
};

#[derive(Clone, Copy, Debug)]
pub struct ChooseLiveTeam {
    pub session: LiveSessionId,
    /// Its number, as the host named them.
    pub team: u8,
    /// When it arrived, Unix ms.
    pub at: i64,
}

impl ChooseLiveTeam {
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<(), Refused> {
        let session = open_session(state, self.session).await?;
        let participant = caller.seat(&session).await?;
        session.command(random::id(self.at), Command::ChooseTeam { participant, team: self.team }, self.at).await
    }
}
