//! `cleanup-stale-presence`: the safety net below presence. Each server keeps its own rows true, so that a row nobody
//! has confirmed for three times the interval is the trace of a bug or of a server that is gone.

use super::Schedule;
use crate::server::{metrics, state::AppState, storage::StoreError};
use std::sync::atomic::Ordering;

pub const SCHEDULE: Schedule = Schedule { name: "cleanup-stale-presence", every: 5 * 60 * 1000 };
const STALE: i64 = 3 * 5 * 60 * 1000;

pub async fn run(state: &AppState) -> Result<String, StoreError> {
    let found = state.db.sweep_presence(state.clock.steady() - STALE).await?;
    if found > 0 {
        state.presence.figures().swept.fetch_add(found, Ordering::Relaxed);
        metrics::PRESENCE_SWEPT.add(usize::try_from(found).unwrap_or(usize::MAX));
        tracing::warn!(people = found, "stale presence cleaned up: this should not happen");
    }
    Ok(format!("{found} stale rows"))
}
