//! How the room is run: one card for all or not, and who may steer.

use crate::{
    domain::{
        ids::LiveSessionId,
        live::study_room::{Command, Rules},
    },
    protocol::Refused,
    server::{
        live::{caller::Caller, room},
        state::AppState,
    },
};

#[derive(Clone, Copy, Debug)]
pub struct SetRoomRules {
    pub session: LiveSessionId,
    pub rules: Rules,
    /// When it arrived, Unix ms.
    pub at: i64,
}

impl SetRoomRules {
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<(), Refused> {
        let (room, who) = room::admit(state, caller, self.session).await?;
        room.command(who, |by| Command::SetRules { by, rules: self.rules }, self.at).await
    }
}
