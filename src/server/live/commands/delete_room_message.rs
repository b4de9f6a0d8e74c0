//! Takes one's own message back; host and teachers take anybody's.

use crate::{
    domain::{
        ids::{LiveSessionId, MessageId},
        live::study_room::Command,
    },
    protocol::Refused,
    server::{
        live::{caller::Caller, room},
        state::AppState,
    },
};

#[derive(Clone, Copy, Debug)]
pub struct DeleteRoomMessage {
    pub session: LiveSessionId,
    pub message: MessageId,
    /// When it arrived, Unix ms.
    pub at: i64,
}

impl DeleteRoomMessage {
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<(), Refused> {
        let (room, who) = room::admit(state, caller, self.session).await?;
        room.command(who, |by| Command::Delete { by, message: self.message }, self.at).await
    }
}
