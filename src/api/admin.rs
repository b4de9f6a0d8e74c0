//! For admins: feature flags and accounts. Hidden (404) from everybody else.

use crate::{
    api::{
        error::AppError,
        wire::{Get, Post},
    },
    domain::{
        flag_table::{Setting, Source},
        flags::Flag,
        ids::{GroupId, UserId},
        role::UserRole,
    },
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// All flags, and the groups that can have settings of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FlagList {
    pub flags: Vec<FlagState>,
    /// By name; at most 500.
    pub groups: Vec<GroupName>,
}

/// One flag as it holds for everybody, and its exceptions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FlagState {
    pub flag: Flag,
    pub setting: Setting,
    pub source: Source,
    /// On, but something it needs is off.
    pub held_back: bool,
    pub groups: Vec<(GroupName, Setting)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupName {
    pub id: GroupId,
    pub name: String,
}

/// One page of accounts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UserList {
    pub users: Vec<UserLine>,
    /// How many there are on all pages.
    pub total: u32,
    /// From 1.
    pub page: u32,
    pub pages: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UserLine {
    pub id: UserId,
    pub email: String,
    pub display_name: String,
    pub role: UserRole,
    /// Unix milliseconds.
    pub created_at: i64,
}

/// A background job as the operator sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobLine {
    pub name: String,
    /// `None` before the first run.
    pub last: Option<LastRun>,
    pub every_min: u32,
    /// Rounded up.
    pub next_in_min: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LastRun {
    /// Unix milliseconds.
    pub started_at: i64,
    /// `None` while it runs.
    pub took_ms: Option<u32>,
    pub failed: bool,
    /// What it did, or why it failed: a line for the operator.
    pub detail: String,
}

/// The features that are on for the asking user, in `group` when one is given.
/// Pages show only what is on; a group that the user is not in tells nothing.
#[server(protocol = Get)]
pub async fn active_flags(#[server(default)] group: Option<GroupId>) -> Result<Vec<Flag>, AppError> {
    use crate::server::call::handle;
    handle(async |call| {
        if let Some(group) = group {
            call.member(group).await?;
        }
        Ok(Flag::ALL.into_iter().filter(|flag| call.flag(*flag, group).is_ok()).collect())
    })
    .await
}

#[server(protocol = Get)]
pub async fn list_flags() -> Result<FlagList, AppError> {
    use crate::server::call::handle;
    use std::collections::BTreeMap;
    handle(async |call| {
        call.admin()?;
        let table = call.state.flags.table();
        let groups = call.state.db.group_names(500).await?;
        let names: BTreeMap<GroupId, String> = groups.iter().cloned().collect();
        let flags = Flag::ALL.into_iter().map(|flag| {
            let (setting, source) = table.setting(flag, None);
            let overrides = table.overrides(flag).map(|(id, setting)| {
                (GroupName { id, name: names.get(&id).cloned().unwrap_or_else(|| id.to_string()) }, setting)
            });
            let held_back =
                setting.enabled && flag.needs().iter().any(|needed| !table.setting(*needed, None).0.enabled);
            FlagState { flag, setting, source, held_back, groups: overrides.collect() }
        });
        let flags = flags.collect();
        Ok(FlagList { flags, groups: groups.into_iter().map(|(id, name)| GroupName { id, name }).collect() })
    })
    .await
}

/// Sets a flag for everybody (empty `group`) or for one group. Holds at once.
#[server(protocol = Post)]
pub async fn set_flag(
    flag: Flag,
    #[server(default)] group: String,
    enabled: bool,
    percent: u8,
) -> Result<(), AppError> {
    use crate::server::{call::handle, flags::scope};
    handle(async |call| {
        let by = call.admin()?.user;
        let group = scope(&group)?;
        if let Some(group) = group
            && !call.state.db.group_exists(group).await?
        {
            return Err(AppError::NotFound);
        }
        let setting = Setting { enabled, percent };
        call.state.flags.change(&call.state.db, flag, group, Some(setting), by, call.now).await?;
        call.state.hub.doubt(crate::server::realtime::connections::Whose::Everybody);
        Ok(())
    })
    .await
}

/// Takes a setting back: the flag follows the configuration again, or the group follows everybody.
#[server(protocol = Post)]
pub async fn clear_flag(flag: Flag, #[server(default)] group: String) -> Result<(), AppError> {
    use crate::server::{call::handle, flags::scope};
    handle(async |call| {
        let by = call.admin()?.user;
        call.state.flags.change(&call.state.db, flag, scope(&group)?, None, by, call.now).await?;
        call.state.hub.doubt(crate::server::realtime::connections::Whose::Everybody);
        Ok(())
    })
    .await
}

/// A page of 50 accounts whose e-mail or name contains `search`.
#[server(protocol = Get)]
pub async fn list_users(#[server(default)] search: String, #[server(default)] page: u32) -> Result<UserList, AppError> {
    use crate::server::call::handle;
    const PAGE: u32 = 50;
    handle(async |call| {
        call.admin()?;
        let search: String = search.chars().take(100).collect();
        let total = u32::try_from(call.state.db.count_users(&search).await?).unwrap_or(u32::MAX);
        let pages = total.div_ceil(PAGE).max(1);
        let page = page.clamp(1, pages);
        let users = call.state.db.list_users(&search, i64::from(page - 1) * i64::from(PAGE), i64::from(PAGE)).await?;
        let users = users.into_iter().map(|user| UserLine {
            id: user.id,
            email: user.email,
            display_name: user.display_name,
            role: user.role,
            created_at: user.created_at,
        });
        Ok(UserList { users: users.collect(), total, page, pages })
    })
    .await
}

/// Changes what an account may do. The last admin stays one.
#[server(protocol = Post)]
pub async fn set_user_role(user: UserId, role: UserRole) -> Result<(), AppError> {
    use crate::api::error::Problem;
    use crate::server::{call::handle, storage::RoleChange};
    handle(async |call| {
        let by = call.admin()?.user;
        match call.state.db.change_user_role(user, role).await? {
            RoleChange::LastAdmin => Err(AppError::field("role", Problem::LastAdmin)),
            RoleChange::Done => {
                call.state.auth.sessions.forget();
                call.state.hub.doubt(crate::server::realtime::connections::Whose::User(user));
                tracing::info!(%user, role = role.as_str(), %by, "role changed");
                Ok(())
            }
        }
    })
    .await
}

/// All background jobs with their last run and when the next is due.
#[server(protocol = Get)]
pub async fn list_jobs() -> Result<Vec<JobLine>, AppError> {
    use crate::server::{call::handle, jobs};
    handle(async |call| {
        call.admin()?;
        let mut lines = Vec::new();
        for jobs::Schedule { name, every } in jobs::ALL {
            let last = call.state.db.job_runs(name, 1).await?.pop().map(|run| LastRun {
                started_at: run.started_at,
                took_ms: run.finished_at.map(|at| u32::try_from(at - run.started_at).unwrap_or(0)),
                failed: run.result == "failed",
                detail: run.detail,
            });
            let minutes = |ms: i64| u32::try_from(ms).unwrap_or(0).div_ceil(60_000);
            let next_in_min = minutes(every - call.now.rem_euclid(every));
            lines.push(JobLine { name: name.to_owned(), last, every_min: minutes(every), next_in_min });
        }
        Ok(lines)
    })
    .await
}
