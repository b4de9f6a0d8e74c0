//! The running sessions of this process: one actor owns each, and everybody talks to it through a [`Handle`].

mod actor;
mod handle;
mod journal;
mod pulse;
mod recovery;
mod round;
mod tell;
mod watchers;

pub use handle::{Drawn, Handle, JoinRequest, Joined, Revealed, Submission};
pub use watchers::Role;

use super::{
    super::{
        clock::Clock,
        realtime::hub::Hub,
        shutdown::Shutdown,
        storage::{Db, StoreError},
    },
    registry::Registry,
};
use crate::domain::{ids::LiveSessionId, live::LiveSessionType};
use std::sync::Arc;

/// A handle to all sessions; cloning it is cheap.
#[derive(Clone)]
pub struct Live {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    pub db: Db,
    pub clock: Clock,
    pub hub: Hub,
    pub shutdown: Shutdown,
    pub running: Registry<Handle>,
    pulse: pulse::Pulse,
}

impl Live {
    pub fn new(db: Db, clock: Clock, hub: Hub, shutdown: Shutdown) -> Self {
        let shared =
            Arc::new(Shared { db, clock, hub, shutdown, running: Registry::default(), pulse: pulse::Pulse::default() });
        // Not among the tasks that a stop waits for: it ends with the token and has nothing to finish.
        tokio::spawn(pulse::beat(Arc::clone(&shared)));
        Self { shared }
    }

    /// The session's actor, loaded from its log when it does not run. `NotFound` when there is no such session.
    pub async fn session(&self, id: LiveSessionId) -> Result<Handle, StoreError> {
        self.shared.running.find_or(id, recovery::load(self, id)).await
    }

    /// The session's actor, when it runs in this process.
    pub async fn if_running(&self, id: LiveSessionId) -> Option<Handle> {
        self.shared.running.find(id).await
    }

    /// Starts the actors of all sessions that were going on when the process ended; their time goes on from there.
    /// Returns how many.
    pub async fn recover(&self) -> Result<usize, StoreError> {
        let ids = self.shared.db.open_live_sessions(LiveSessionType::BlitzQuiz).await?;
        let mut recovered = 0;
        for id in ids {
            match self.session(id).await {
                Ok(_) => recovered += 1,
                // One broken log must not keep the others from going on.
                Err(error) => {
                    tracing::error!(live_session.id = %id, error.cause = %error, "live session not recovered")
                }
            }
        }
        Ok(recovered)
    }

    /// How many actors run.
    pub async fn running(&self) -> usize {
        self.shared.running.all().await.len()
    }
}
