//! The groups that somebody teaches, remembered for seconds: the list of decks, which a whole school opens at eight,
//! offers them for a new deck. What is decided by rights is never read from here.

use super::storage::{Db, StoreError};
use crate::domain::ids::{GroupId, UserId};
use moka::future::Cache;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// What another node changed is known after this time at the latest.
const KEPT_FOR: Duration = Duration::from_secs(5);

/// Ids and names, by name.
pub type Groups = Arc<[(GroupId, String)]>;

#[derive(Debug)]
pub struct Taught {
    /// By user and by the number of changes before they were read, so that a slow answer outlives none.
    known: Cache<(UserId, u64), Groups>,
    changes: AtomicU64,
}

impl Default for Taught {
    fn default() -> Self {
        let known = Cache::builder().max_capacity(20_000).time_to_live(KEPT_FOR).build();
        Self { known, changes: AtomicU64::default() }
    }
}

impl Taught {
    /// The groups that `user` owns or teaches.
    pub async fn by(&self, db: &Db, user: UserId) -> Result<Groups, StoreError> {
        let key = (user, self.changes.load(Ordering::Acquire));
        if let Some(groups) = self.known.get(&key).await {
            return Ok(groups);
        }
        let groups = db.groups_of(user).await?.into_iter().filter(|group| group.role.teaches());
        let groups: Groups = groups.map(|group| (group.id, group.name)).collect();
        self.known.insert(key, Arc::clone(&groups)).await;
        Ok(groups)
    }

    /// Call after anything that changes a group's name, or who is in a group and as what.
    pub fn changed(&self) {
        self.changes.fetch_add(1, Ordering::AcqRel);
    }
}
