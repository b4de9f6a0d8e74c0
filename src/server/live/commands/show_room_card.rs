//! Turns the card: for all who study together, else one's own.

use crate::{
    domain::{ids::LiveSessionId, live::study_room::Command},
    protocol::Refused,
    server::{
        live::{caller::Caller, room},
        state::AppState,
    },
};

#[derive(Clone, Copy, Debug)]
pub struct ShowRoomCard {
    pub session: LiveSessionId,
    /// From 0.
    pub index: u32,
    pub revealed: bool,
    /// When it arrived, Unix ms.
    pub at: i64,
}

impl ShowRoomCard {
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<(), Refused> {
        let (room, who) = room::admit(state, caller, self.session).await?;
        room.command(who, |by| Command::ShowCard { by, index: self.index, revealed: self.revealed }, self.at).await
    }
}
