//! What admins have set for features.

use super::{Db, StoreError};
use crate::domain::{
    flag_table::Setting,
    flags::Flag,
    ids::{GroupId, UserId},
};

/// The scope of a row that holds for everybody; else it is a group's id.
const ALL: &str = "all";

/// One setting, for everybody (`group` is `None`) or for one group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlagRow {
    pub flag: Flag,
    pub group: Option<GroupId>,
    pub setting: Setting,
}

impl Db {
    /// All settings. Rows of flags that this program does not know are left out.
    pub async fn flag_settings(&self) -> Result<Vec<FlagRow>, StoreError> {
        let rows: Vec<(String, String, bool, i64)> = read!(self, conn => {
            sqlx::query_as("SELECT flag, scope, enabled, percent FROM feature_flags ORDER BY flag, scope")
                .fetch_all(conn)
                .await?
        });
        let known = rows.into_iter().filter_map(|(flag, scope, enabled, percent)| {
            let group = if scope == ALL { None } else { Some(scope.parse().ok()?) };
            let percent = u8::try_from(percent.clamp(0, 100)).ok()?;
            Some(FlagRow { flag: Flag::parse(&flag)?, group, setting: Setting { enabled, percent } })
        });
        Ok(known.collect())
    }

    /// Writes or replaces one setting.
    pub async fn set_flag(
        &self,
        flag: Flag,
        group: Option<GroupId>,
        setting: Setting,
        by: UserId,
        now: i64,
    ) -> Result<(), StoreError> {
        change!(self, conn => {
            sqlx::query(
                "INSERT INTO feature_flags (flag, scope, enabled, percent, updated_by, updated_at) \
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (flag, scope) DO UPDATE SET \
                 enabled = excluded.enabled, percent = excluded.percent, \
                 updated_by = excluded.updated_by, updated_at = excluded.updated_at",
            )
            .bind(flag.name())
            .bind(scope(group))
            .bind(setting.enabled)
            .bind(i64::from(setting.percent))
            .bind(by.0)
            .bind(now)
            .execute(conn)
            .await?;
        });
        Ok(())
    }

    /// Takes one setting back; nothing happens when there is none.
    pub async fn clear_flag(&self, flag: Flag, group: Option<GroupId>) -> Result<(), StoreError> {
        change!(self, conn => {
            sqlx::query("DELETE FROM feature_flags WHERE flag = $1 AND scope = $2")
                .bind(flag.name())
                .bind(scope(group))
                .execute(conn)
                .await?;
        });
        Ok(())
    }
}

fn scope(group: Option<GroupId>) -> String {
    group.map_or_else(|| ALL.to_owned(), |group| group.to_string())
}
