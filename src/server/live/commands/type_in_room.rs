//! Somebody is writing: a mark of a few seconds.

use crate::{
    domain::{ids::LiveSessionId, live::study_room::Command},
    protocol::Refused,
    server::{
        live::{caller::Caller, room},
        state::AppState,
    },
};

#[derive(Clone, Copy, Debug)]
pub struct TypeInRoom {
    pub session: LiveSessionId,
    /// When it arrived, Unix ms.
    pub at: i64,
}

impl TypeInRoom {
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<(), Refused> {
        let (room, who) = room::admit(state, caller, self.session).await?;
        room.command(who, |by| Command::Type { by }, self.at).await
    }
}
