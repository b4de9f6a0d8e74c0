//! A message to everybody in the room. Members of the group may write without being in it.

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
pub struct SendRoomMessage {
    pub session: LiveSessionId,
    /// Chosen by the sender: one that is sent again counts once.
    pub message: MessageId,
    /// As typed.
    pub text: String,
    /// When it arrived, Unix ms.
    pub at: i64,
}

impl SendRoomMessage {
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<(), Refused> {
        let (room, who) = room::admit(state, caller, self.session).await?;
        let text = MessageText::parse(&self.text).map_err(Refused::Text)?;
        room.command(who, |by| Command::Send { by, message: self.message, text }, self.at).await
    }
}
