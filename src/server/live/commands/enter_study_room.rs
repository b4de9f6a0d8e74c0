//! Coming into a study room: a connection that hears the room is its person's presence there.

use crate::{
    domain::ids::LiveSessionId,
    protocol::Refused,
    server::{
        live::{
            caller::Caller,
            room::{self, Handle},
        },
        state::AppState,
    },
};
use uuid::Uuid;

#[derive(Clone, Copy, Debug)]
pub struct EnterStudyRoom {
    pub session: LiveSessionId,
    pub connection: Uuid,
}

impl EnterStudyRoom {
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<Handle, Refused> {
        let (room, who) = room::admit(state, caller, self.session).await?;
        room.enter(self.connection, who).await?;
        Ok(room)
    }
}
