//! How sure a player is of the answer that was taken.

use crate::{
    domain::{ids::LiveSessionId, live::blitz::Command},
    protocol::Refused,
    server::{
        live::{caller::Caller, open_session},
        state::AppState,
    },
};
use uuid::Uuid;

#[derive(Clone, Copy, Debug)]
pub struct TellSureness {
    pub session: LiveSessionId,
    /// The question's number, from 0.
    pub card_index: u32,
    pub sure: bool,
    pub key: Uuid,
    /// When it arrived, Unix ms.
    pub at: i64,
}

impl TellSureness {
    /// As long as the question is open for the player.
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<(), Refused> {
        let session = open_session(state, self.session).await?;
        let participant = caller.seat(&session).await?;
        let command = Command::TellSure { participant, index: self.card_index, sure: self.sure };
        session.command(self.key, command, self.at).await
    }
}
