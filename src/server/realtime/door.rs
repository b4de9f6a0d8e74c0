//! What all connections of this node share, and how many may come in at once: after a restart everybody comes back
//! in the same second.

use super::{connections::Connections, writer::Writers};
use crate::server::state::AppState;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Handshakes that are looked at at the same time; whoever comes on top is asked to come later.
const HANDSHAKES: usize = 512;
/// Hellos that are served at the same time; the others wait.
const GREETINGS: usize = 64;

pub struct Door {
    pub state: AppState,
    pub connections: Arc<Connections>,
    pub writers: Writers,
    handshakes: AtomicUsize,
    greetings: Semaphore,
}

/// One handshake; dropping it ends it.
pub struct Handshake<'a>(&'a Door);

impl Door {
    /// For a server that runs on as many threads as the machine offers.
    pub fn new(state: AppState) -> Arc<Self> {
        let threads = match state.config.worker_threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        };
        let writers = Writers::start(threads.min(16), &state.clock, &state.shutdown.writers);
        Arc::new(Self {
            connections: Arc::clone(state.hub.connections()),
            writers,
            handshakes: AtomicUsize::new(0),
            greetings: Semaphore::new(GREETINGS),
            state,
        })
    }

    /// Begins a handshake, unless there are too many.
    pub fn knock(&self) -> Option<Handshake<'_>> {
        let handshake = Handshake(self);
        (self.handshakes.fetch_add(1, Ordering::AcqRel) < HANDSHAKES).then_some(handshake)
    }

    /// A turn for a hello's subscriptions; `None` never, as the turns are never closed.
    pub async fn greeting(&self) -> Option<SemaphorePermit<'_>> {
        self.greetings.acquire().await.ok()
    }

    /// How long somebody is to wait who was not let in.
    pub fn retry_after(&self) -> Duration {
        Duration::from_secs(1)
    }

    /// The second in which something is heard.
    pub fn now(&self) -> u32 {
        self.writers.seconds()
    }
}

impl Drop for Handshake<'_> {
    fn drop(&mut self) {
        self.0.handshakes.fetch_sub(1, Ordering::AcqRel);
    }
}
