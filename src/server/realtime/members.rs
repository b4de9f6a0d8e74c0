//! Who is in which group, remembered for seconds: when a class comes back at once, its group is read once.

use super::hub::Hub;
use crate::{
    domain::{
        ids::{GroupId, UserId},
        role::GroupRole,
    },
    server::storage::{Db, StoreError},
};
use moka::future::Cache;
use std::{collections::HashMap, sync::Arc, time::Duration};

/// What another node changed is known after this time at the latest.
const KEPT_FOR: Duration = Duration::from_secs(5);

type Roles = Arc<HashMap<UserId, GroupRole>>;

/// Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Members {
    /// By group and by the number of changes that this node has heard of.
    known: Cache<(GroupId, u64), Roles>,
    hub: Hub,
}

impl Members {
    pub fn new(hub: Hub) -> Self {
        Self { known: Cache::builder().max_capacity(1_000).time_to_live(KEPT_FOR).build(), hub }
    }

    /// The role of `user` in `group`. Who is not among those remembered is looked up: they may have just joined.
    pub async fn role(&self, db: &Db, group: GroupId, user: UserId) -> Result<Option<GroupRole>, StoreError> {
        let read = async { Ok(Arc::new(db.group_roles(group).await?.into_iter().collect())) };
        let roles = self.known.try_get_with((group, self.hub.changes()), read).await;
        let roles = roles.map_err(|error: Arc<StoreError>| StoreError::Unavailable(error.to_string()))?;
        match roles.get(&user) {
            Some(role) => Ok(Some(*role)),
            None => db.group_role(group, user).await,
        }
    }
}
