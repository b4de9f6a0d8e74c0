//! Background jobs: each runs when its time comes, once however many servers there are, and leaves a record.

mod cleanup_stale_presence;

use super::{state::AppState, storage::StoreError};
use std::future::Future;

/// Records of runs are kept this long, in milliseconds: a week.
const KEEP: i64 = 7 * 24 * 3600 * 1000;

/// A job's name, as the operator sees it, and its period in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    pub name: &'static str,
    pub every: i64,
}

/// All jobs, in the order of the operator's list.
pub const ALL: [Schedule; 1] = [cleanup_stale_presence::SCHEDULE];

/// Starts all jobs; they end with the server.
pub fn start(state: &AppState) {
    let own = state.clone();
    state.shutdown.tasks.spawn(async move {
        periodically(&own, cleanup_stale_presence::SCHEDULE, || cleanup_stale_presence::run(&own)).await;
    });
}

/// Runs `job` at every full period. After a downtime the one that is current runs at once; the jobs are such that
/// older ones need no repeating.
async fn periodically<F: Future<Output = Result<String, StoreError>>>(
    state: &AppState,
    Schedule { name, every }: Schedule,
    job: impl Fn() -> F,
) {
    loop {
        let now = state.clock.now();
        let due = now - now.rem_euclid(every);
        if let Err(error) = once(state, name, due, &job).await {
            tracing::error!(job = name, error.cause = %error, "job not run");
        }
        tokio::select! {
            () = state.shutdown.token.cancelled() => return,
            () = state.clock.wait_until(due + every) => {}
        }
    }
}

async fn once<F: Future<Output = Result<String, StoreError>>>(
    state: &AppState,
    name: &str,
    due: i64,
    job: impl Fn() -> F,
) -> Result<(), StoreError> {
    if !state.db.begin_job_run(name, due, state.clock.now()).await? {
        return Ok(());
    }
    let outcome = job().await.map_err(|error| error.to_string());
    if let Err(cause) = &outcome {
        tracing::error!(job = name, error.cause = cause, "job failed");
    }
    let told = outcome.as_deref().map_err(String::as_str);
    state.db.end_job_run(name, due, told, state.clock.now(), due - KEEP).await
}
