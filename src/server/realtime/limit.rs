//! How many frames a connection may send: 30 a second, 60 at once.

use tokio::time::Instant;

const PER_SECOND: f64 = 30.0;
const BURST: f64 = 60.0;

/// A token bucket.
#[derive(Debug)]
pub struct FrameLimit {
    tokens: f64,
    filled: Instant,
}

impl FrameLimit {
    pub fn new(now: Instant) -> Self {
        Self { tokens: BURST, filled: now }
    }

    /// Whether one more frame is allowed at `now`.
    pub fn allow(&mut self, now: Instant) -> bool {
        let earned = now.duration_since(self.filled).as_secs_f64() * PER_SECOND;
        self.tokens = (self.tokens + earned).min(BURST);
        self.filled = now;
        if self.tokens < 1.0 {
            return false;
        }
        self.tokens -= 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_flood_is_stopped_and_a_steady_stream_is_not() {
        let start = Instant::now();
        let mut limit = FrameLimit::new(start);
        assert_eq!((0..100).filter(|_| limit.allow(start)).count(), 60);
        let later = start + Duration::from_secs(1);
        assert_eq!((0..100).filter(|_| limit.allow(later)).count(), 30);
    }
}
