//! Starts, pauses, skips and sets the shared timer.

use crate::{
    domain::{
        ids::LiveSessionId,
        live::study_room::{Command, TimerStep},
    },
    protocol::Refused,
    server::{
        live::{caller::Caller, room},
        state::AppState,
    },
};

#[derive(Clone, Copy, Debug)]
pub struct SetRoomTimer {
    pub session: LiveSessionId,
    pub step: TimerStep,
    /// When it arrived, Unix ms.
    pub at: i64,
}

impl SetRoomTimer {
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<(), Refused> {
        let (room, who) = room::admit(state, caller, self.session).await?;
        room.command(who, |by| Command::Timer { by, step: self.step }, self.at).await
    }
}
