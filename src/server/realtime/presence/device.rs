//! One connection's part in presence: whose it is, and how often it may say something.

use crate::domain::ids::{SignInId, UserId};
use std::collections::VecDeque;

/// A connection may say so much of its person within [`WINDOW`] milliseconds.
const UPDATES: usize = 5;
const WINDOW: i64 = 30_000;

#[derive(Clone, Debug)]
pub struct Seat {
    pub user: UserId,
    pub sign_in: SignInId,
    /// When the last updates came.
    updates: VecDeque<i64>,
}

impl Seat {
    pub fn new(user: UserId, sign_in: SignInId) -> Self {
        Self { user, sign_in, updates: VecDeque::new() }
    }

    /// Counts an update at `now`; otherwise the seconds until the next one is allowed.
    pub fn admit(&mut self, now: i64) -> Result<(), u32> {
        while self.updates.front().is_some_and(|at| now - at >= WINDOW) {
            self.updates.pop_front();
        }
        if self.updates.len() >= UPDATES {
            let left = self.updates.front().map_or(0, |at| at + WINDOW - now);
            return Err(u32::try_from(left.div_euclid(1_000) + 1).unwrap_or(1));
        }
        self.updates.push_back(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn five_updates_in_thirty_seconds() {
        let mut seat = Seat::new(UserId(Uuid::nil()), SignInId(Uuid::nil()));
        assert!((0..5).all(|n| seat.admit(n * 1_000).is_ok()));
        assert_eq!(seat.admit(5_000), Err(26));
        assert_eq!(seat.admit(30_000), Ok(()));
        assert_eq!(seat.admit(30_500), Err(1));
    }
}
