//! Commands count once: who sends one again under the same key gets the first one's answer.

use crate::{
    domain::ids::UserId,
    protocol::{Outcome, Refused},
};
use moka::future::Cache;
use std::{future::Future, sync::Arc, time::Duration};
use uuid::Uuid;

/// Longer than a phone stays in a tunnel. What must hold beyond that, and beyond a restart, is kept by the command's
/// own transaction.
const KEPT_FOR: Duration = Duration::from_secs(10 * 60);
const KEPT: u64 = 50_000;

/// Whose key it is: two people who draw the same one do not meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    User(UserId),
    /// Of somebody without an account: the browser's tab, which keeps its number over all its connections and tells
    /// it to nobody else.
    Tab(Uuid),
}

/// The answers of this node's last minutes; cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Replies {
    given: Cache<(Owner, Uuid), Outcome>,
}

impl Default for Replies {
    fn default() -> Self {
        Self { given: Cache::builder().max_capacity(KEPT).time_to_live(KEPT_FOR).build() }
    }
}

impl Replies {
    /// Carries `command` out, unless it was carried out before or is being carried out: then its answer is given
    /// again. What was refused may be tried again.
    pub async fn once(
        &self,
        owner: Owner,
        key: Uuid,
        command: impl Future<Output = Result<Outcome, Refused>>,
    ) -> Result<Outcome, Refused> {
        self.given.try_get_with((owner, key), command).await.map_err(Arc::unwrap_or_clone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[tokio::test]
    async fn a_command_counts_once_for_each_owner_and_a_refusal_can_be_tried_again() {
        let (replies, count) = (Replies::default(), AtomicU32::new(0));
        let (ada, ben) = (Owner::User(UserId(Uuid::from_u128(1))), Owner::User(UserId(Uuid::from_u128(2))));
        let key = Uuid::from_u128(7);
        let run = |owner| {
            replies.once(owner, key, async {
                count.fetch_add(1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                Ok(Outcome::Done)
            })
        };
        let (one, two) = tokio::join!(run(ada), run(ada));
        assert_eq!((one, two), (Ok(Outcome::Done), Ok(Outcome::Done)));
        assert_eq!(count.load(Ordering::SeqCst), 1, "both at once are one");
        for (other, expected) in [(ben, 2), (Owner::Tab(Uuid::nil()), 3), (Owner::Tab(Uuid::max()), 4)] {
            assert_eq!(run(other).await, Ok(Outcome::Done));
            assert_eq!(count.load(Ordering::SeqCst), expected, "another's key is another key");
        }
        let other = Uuid::from_u128(8);
        assert_eq!(replies.once(ada, other, async { Err(Refused::Unavailable) }).await, Err(Refused::Unavailable));
        assert_eq!(replies.once(ada, other, async { Ok(Outcome::Done) }).await, Ok(Outcome::Done));
    }
}
