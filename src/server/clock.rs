//! The one place that reads the time of day. Everything else is handed a time.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicI64, Ordering},
    },
    time::{Instant, SystemTime, UNIX_EPOCH},
};

/// Tells the time: the machine's, or one that a test sets.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    #[default]
    System,
    /// Unix milliseconds, UTC.
    Set(Arc<AtomicI64>),
    /// The same, with a machine's clock that somebody has set by so many milliseconds beside the even time.
    Stepped(Arc<AtomicI64>, Arc<AtomicI64>),
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
            Self::Stepped(even, step) => even.load(Ordering::SeqCst) + step.load(Ordering::SeqCst),
        }
    }

    /// Like [`Self::now`], but going on evenly from the first call: a machine's clock that is set back or forth
    /// while a class plays moves no deadline.
    pub fn steady(&self) -> i64 {
        static ANCHOR: OnceLock<(i64, Instant)> = OnceLock::new();
        match self {
            Self::System => {
                let (began, since) = ANCHOR.get_or_init(|| (self.now(), Instant::now()));
                began + i64::try_from(since.elapsed().as_millis()).unwrap_or(i64::MAX)
            }
            Self::Set(even) | Self::Stepped(even, _) => even.load(Ordering::SeqCst),
        }
    }

    /// Waits until [`Self::now`] is `at`, or a little later.
    pub async fn wait_until(&self, at: i64) {
        self.wait(|| at - self.now()).await;
    }

    /// Waits until [`Self::steady`] is `at`, or a little later.
    pub async fn steady_until(&self, at: i64) {
        self.wait(|| at - self.steady()).await;
    }

    async fn wait(&self, left: impl Fn() -> i64) {
        loop {
            let left = left();
            if left <= 0 {
                return;
            }
            // A clock that is set may be moved at any moment; the machine's may be corrected.
            let step = if !matches!(self, Self::System) { 5 } else { left.min(1_000) };
            tokio::time::sleep(std::time::Duration::from_millis(u64::try_from(step).unwrap_or(1))).await;
        }
    }
}
