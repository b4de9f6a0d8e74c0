//! The actors of one kind that run in this process: each session has at most one.

use crate::{domain::ids::LiveSessionId, server::storage::StoreError};
use std::collections::HashMap;
use tokio::sync::Mutex;

/// What leads to an actor.
pub trait Running: Clone {
    /// Whether the actor still takes messages.
    fn is_running(&self) -> bool;
    /// Whether both lead to the same actor.
    fn is(&self, other: &Self) -> bool;
}

pub struct Registry<H> {
    // Held while an actor is loaded, so that a session is never loaded twice.
    running: Mutex<HashMap<LiveSessionId, H>>,
}

impl<H> Default for Registry<H> {
    fn default() -> Self {
        Self { running: Mutex::default() }
    }
}

impl<H: Running> Registry<H> {
    /// The session's actor; `load` starts it when it does not run.
    pub async fn find_or(
        &self,
        id: LiveSessionId,
        load: impl Future<Output = Result<H, StoreError>>,
    ) -> Result<H, StoreError> {
        let mut running = self.running.lock().await;
        if let Some(handle) = running.get(&id).filter(|handle| handle.is_running()) {
            return Ok(handle.clone());
        }
        let handle = load.await?;
        running.insert(id, handle.clone());
        Ok(handle)
    }

    /// The session's actor, when it runs in this process.
    pub async fn find(&self, id: LiveSessionId) -> Option<H> {
        self.running.lock().await.get(&id).filter(|handle| handle.is_running()).cloned()
    }

    /// All that run.
    pub async fn all(&self) -> Vec<H> {
        self.running.lock().await.values().filter(|handle| handle.is_running()).cloned().collect()
    }

    /// The actor has ended. A newer one of the same session may stand in its place already.
    pub async fn forget(&self, id: LiveSessionId, ended: &H) {
        let mut running = self.running.lock().await;
        if running.get(&id).is_some_and(|handle| handle.is(ended)) {
            running.remove(&id);
        }
    }
}
