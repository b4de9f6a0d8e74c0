//! The graceful stop: everything that outlives a request watches the token and is counted by the tracker.

use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Shared by sockets, actors and jobs; cloning it is cheap.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    /// Cancelled when the server begins to stop.
    pub token: CancellationToken,
    /// Cancelled last: whoever writes to sockets still has to say goodbye.
    pub writers: CancellationToken,
    /// Spawn long tasks with it; the stop waits for them, for a bounded time.
    pub tasks: TaskTracker,
}

/// Resolves at SIGTERM or SIGINT.
pub async fn signal() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
        }
        Err(error) => {
            tracing::warn!(error.cause = %error, "SIGTERM cannot be watched");
            let _ = interrupt.await;
        }
    }
}
