//! What a host does beside going on: the door, the clock, a question taken back.

use crate::{
    domain::{
        ids::LiveSessionId,
        live::blitz::{Command, Control},
    },
    protocol::Refused,
    server::{
        live::{caller::Caller, open_session},
        state::AppState,
    },
};
use uuid::Uuid;

/// A host's command; `seen` is the revision on the host's screen, a stale one does nothing.
#[derive(Clone, Copy, Debug)]
pub struct ControlLiveSession {
    pub session: LiveSessionId,
    pub seen: u32,
    pub control: Control,
    /// A repeated command with the same key counts once.
    pub key: Uuid,
    /// When it arrived, Unix ms.
    pub at: i64,
}

impl ControlLiveSession {
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<(), Refused> {
        let session = open_session(state, self.session).await?;
        caller.host(state, &session).await?;
        session.command(self.key, Command::Control { seen: self.seen, control: self.control }, self.at).await
    }
}
