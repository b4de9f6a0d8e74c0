//! What was typed into a form that comes back with a mistake, or that somebody left for a moment to upload a picture:
//! kept in memory for an hour, for who typed it. Card texts are too long and too private for an address.

use super::random;
use crate::domain::ids::UserId;
use moka::future::Cache;
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

/// Bytes of all forms together; the oldest go first.
const BYTES: u64 = 32 * 1024 * 1024;
const LIFETIME: Duration = Duration::from_secs(60 * 60);

/// The kept forms of this process.
#[derive(Clone, Debug)]
pub struct KeptForms(Cache<Uuid, Arc<Kept>>);

#[derive(Debug)]
struct Kept {
    by: UserId,
    fields: Vec<(String, String)>,
}

impl Default for KeptForms {
    fn default() -> Self {
        let weight = |_: &Uuid, kept: &Arc<Kept>| {
            let bytes: usize = kept.fields.iter().map(|(name, value)| 64 + name.len() + value.len()).sum();
            u32::try_from(bytes).unwrap_or(u32::MAX)
        };
        Self(Cache::builder().weigher(weight).max_capacity(BYTES).time_to_live(LIFETIME).build())
    }
}

impl KeptForms {
    /// Keeps `fields` and gives the number under which `by`, and nobody else, finds them.
    pub async fn keep(&self, by: UserId, fields: Vec<(String, String)>, now: i64) -> Uuid {
        let id = random::id(now);
        self.0.insert(id, Arc::new(Kept { by, fields })).await;
        id
    }

    /// What `by` typed; `None` when there is nothing of theirs (any more).
    pub async fn find(&self, id: Uuid, by: UserId) -> Option<Vec<(String, String)>> {
        self.0.get(&id).await.filter(|kept| kept.by == by).map(|kept| kept.fields.clone())
    }
}
