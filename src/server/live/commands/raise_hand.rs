//! Raises one's hand, or lowers it; host and teachers lower anybody's.

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
pub struct RaiseHand {
    pub session: LiveSessionId,
    pub user: UserId,
    pub raised: bool,
    /// When it arrived, Unix ms.
    pub at: i64,
}

impl RaiseHand {
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<(), Refused> {
        let (room, who) = room::admit(state, caller, self.session).await?;
        room.command(who, |by| Command::Hand { by, user: self.user, raised: self.raised }, self.at).await
    }
}
