//! Closes the room; it can be read afterwards.

use crate::{
    domain::{ids::LiveSessionId, live::study_room::Command},
    protocol::Refused,
    server::{
        live::{caller::Caller, room},
        state::AppState,
    },
};

#[derive(Clone, Copy, Debug)]
pub struct EndStudyRoom {
    pub session: LiveSessionId,
    /// When it arrived, Unix ms.
    pub at: i64,
}

impl EndStudyRoom {
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<(), Refused> {
        let (room, who) = room::admit(state, caller, self.session).await?;
        room.command(who, |by| Command::End { by }, self.at).await
    }
}
