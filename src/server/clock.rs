//! The one place that reads the time of day. Everything else is handed a time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

/// Tells the time: the machine's, or one that a test sets.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    #[default]
    System,
    /// Unix milliseconds, UTC.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// Unix milliseconds, UTC.
    pub fn now(&self) -> i64 {
        match self {
            #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
            Self::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX)),
            Self::Set(at) => at.load(Ordering::SeqCst),
        }
    }

    /// Waits until it is `at` (Unix milliseconds), or a little later.
    pub async fn wait_until(&self, at: i64) {
        loop {
            let left = at - self.now();
            if left <= 0 {
                return;
            }
            // A clock that is set may be moved at any moment; the machine's may be corrected.
            let step = if matches!(self, Self::Set(_)) { 5 } else { left.min(1_000) };
            tokio::time::sleep(std::time::Duration::from_millis(u64::try_from(step).unwrap_or(1))).await;
        }
    }
}
