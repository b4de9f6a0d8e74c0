//! The process's sign of life: once a second, for all sessions whose clock runs, in one statement.
//! After a crash it tells how long the outage was.

use super::Shared;
use crate::domain::ids::LiveSessionId;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// What an outage may be measured too long by.
const EVERY_MS: i64 = 1_000;

/// Sessions whose clock runs in this process, with their fencing tokens.
#[derive(Debug, Default)]
pub(super) struct Pulse(Mutex<HashMap<LiveSessionId, i64>>);

impl Pulse {
    /// Notes whether the session's clock runs.
    pub fn set(&self, id: LiveSessionId, epoch: i64, runs: bool) {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if runs {
            sessions.insert(id, epoch);
        } else if sessions.get(&id) == Some(&epoch) {
            sessions.remove(&id);
        }
    }

    fn sessions(&self) -> Vec<(LiveSessionId, i64)> {
        let sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.iter().map(|(id, epoch)| (*id, *epoch)).collect()
    }
}

/// Beats until the server stops.
pub(super) async fn beat(shared: Arc<Shared>) {
    let stop = shared.shutdown.token.clone();
    let mut now = shared.clock.steady();
    loop {
        // From beat to beat: the time that writing one takes does not put off the next.
        tokio::select! {
            () = shared.clock.steady_until(now + EVERY_MS) => {}
            () = stop.cancelled() => return,
        }
        now = shared.clock.steady();
        let sessions = shared.pulse.sessions();
        if sessions.is_empty() {
            continue;
        }
        if let Err(error) = shared.db.keep_live_sessions_alive(&sessions, now).await {
            // Without it an outage counts from the log's last event: longer, never shorter.
            tracing::warn!(error.cause = %error, "sign of life not written");
        }
    }
}
