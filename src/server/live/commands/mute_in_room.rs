//! Host and teachers let somebody only read, or write again.

use crate::{
    domain::{
        ids::{LiveSessionId, UserId},
        live::study_room::Command,
    },
    protocol::Refused,
    server::{
        live::{caller::Caller, room},
        state::AppState,
    },
};

#[derive(Clone, Copy, Debug)]
pub struct MuteInRoom {
    pub session: LiveSessionId,
    pub user: UserId,
    pub muted: bool,
    /// When it arrived, Unix ms.
    pub at: i64,
}

impl MuteInRoom {
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<(), Refused> {
        let (room, who) = room::admit(state, caller, self.session).await?;
        room.command(who, |by| Command::Mute { by, user: self.user, muted: self.muted }, self.at).await
    }
}
