//! Another text for one's own message.

use crate::{
    domain::{
        ids::{LiveSessionId, MessageId},
        live::study_room::{Command, MessageText},
    },
    protocol::Refused,
    server::{
        live::{caller::Caller, room},
        state::AppState,
    },
};

#[derive(Clone, Debug)]
pub struct EditRoomMessage {
    pub session: LiveSessionId,
    pub message: MessageId,
    /// As typed.
    pub text: String,
    /// When it arrived, Unix ms.
    pub at: i64,
}

impl EditRoomMessage {
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<(), Refused> {
        let (room, who) = room::admit(state, caller, self.session).await?;
        let text = MessageText::parse(&self.text).map_err(Refused::Text)?;
        room.command(who, |by| Command::Edit { by, message: self.message, text }, self.at).await
    }
}
