//! A quick reaction, seen for a few seconds.

use crate::{
    domain::{
        ids::LiveSessionId,
        live::study_room::{Command, Reaction},
    },
    protocol::Refused,
    server::{
        live::{caller::Caller, room},
        state::AppState,
    },
};

#[derive(Clone, Copy, Debug)]
pub struct React {
    pub session: LiveSessionId,
    pub reaction: Reaction,
    /// When it arrived, Unix ms.
    pub at: i64,
}

impl React {
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<(), Refused> {
        let (room, who) = room::admit(state, caller, self.session).await?;
        room.command(who, |by| Command::React { by, reaction: self.reaction }, self.at).await
    }
}
