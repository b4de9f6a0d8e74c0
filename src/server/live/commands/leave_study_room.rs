//! Leaving a study room for good, without the grace of a lost line.

use crate::{
    domain::ids::LiveSessionId,
    protocol::Refused,
    server::{
        live::{caller::Caller, room},
        state::AppState,
    },
};

#[derive(Clone, Copy, Debug)]
pub struct LeaveStudyRoom {
    pub session: LiveSessionId,
}

impl LeaveStudyRoom {
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<(), Refused> {
        let (room, who) = room::admit(state, caller, self.session).await?;
        room.leave(who.by.user).await
    }
}
