//! The feature flags of a running server: read at start, kept in memory, changed by an admin at once.

use super::{
    call::internal,
    storage::{Db, StoreError},
};
use crate::{
    api::error::{AppError, Problem},
    domain::{
        flag_table::{FlagTable, Setting},
        flags::Flag,
        ids::{GroupId, UserId},
    },
};
use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};
use tokio::sync::Mutex;

/// Cloning it is cheap; all clones see the same table.
#[derive(Clone, Debug)]
pub struct Flags {
    table: Arc<RwLock<Arc<FlagTable>>>,
    /// Held while a change is checked and written, so that two changes cannot contradict each other.
    changing: Arc<Mutex<()>>,
}

impl Flags {
    /// What is configured, and what admins have set.
    pub async fn load(db: &Db, defaults: BTreeMap<Flag, bool>) -> Result<Self, StoreError> {
        let mut table = FlagTable::new(defaults);
        for row in db.flag_settings().await? {
            table.set(row.flag, row.group, Some(row.setting));
        }
        if let Some(conflict) = table.conflict() {
            // The configuration has changed below an admin's setting. Off is safe; the admin page shows why.
            let (flag, needs) = (conflict.flag.name(), conflict.needs.name());
            tracing::warn!(flag, needs, "a feature is set to on, but stays off because it needs another one");
        }
        Ok(Self { table: Arc::new(RwLock::new(Arc::new(table))), changing: Arc::default() })
    }

    /// The settings as they are now.
    pub fn table(&self) -> Arc<FlagTable> {
        self.table.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// `Ok` when `user` has the feature in `group`, else `FlagOff`. For a guest, ask with the host's id.
    pub fn check(&self, flag: Flag, user: Option<UserId>, group: Option<GroupId>) -> Result<(), AppError> {
        if self.table().is_on(flag, user, group) { Ok(()) } else { Err(AppError::FlagOff { flag }) }
    }

    /// Sets a flag for everybody or for one group, or takes the setting back (`None`).
    /// Refuses what is not built, and what would leave a flag on without the one it needs.
    pub async fn change(
        &self,
        db: &Db,
        flag: Flag,
        group: Option<GroupId>,
        setting: Option<Setting>,
        by: UserId,
        now: i64,
    ) -> Result<(), AppError> {
        if setting.is_some_and(|setting| setting.percent > 100) {
            return Err(AppError::field("percent", Problem::OutOfRange { min: 0, max: 100 }));
        }
        if !flag.is_built() && setting.is_some_and(|setting| setting.enabled) {
            return Err(AppError::field("enabled", Problem::NotBuilt));
        }
        let _one_at_a_time = self.changing.lock().await;
        let mut table = FlagTable::clone(&self.table());
        table.set(flag, group, setting);
        if let Some(conflict) = table.conflict() {
            let problem = Problem::FlagNeeds { flag: conflict.flag, needs: conflict.needs };
            return Err(AppError::field("enabled", problem));
        }
        let written = match setting {
            Some(setting) => db.set_flag(flag, group, setting, by, now).await,
            None => db.clear_flag(flag, group).await,
        };
        match written {
            Err(StoreError::Conflict(constraint)) => return Err(internal(&constraint)),
            other => other?,
        }
        *self.table.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(table);
        tracing::info!(flag = flag.name(), group = ?group, setting = ?setting, by = %by, "feature flag changed");
        Ok(())
    }
}

/// A form's choice of group: empty means everybody.
pub fn scope(group: &str) -> Result<Option<GroupId>, AppError> {
    match group.trim() {
        "" => Ok(None),
        id => id.parse().map(Some).map_err(|_| AppError::field("group", Problem::Malformed)),
    }
}
