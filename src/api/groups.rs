//! Groups: making and naming them, who is in them and as what.

use super::{
    error::AppError,
    wire::{Get, Post},
};
use crate::domain::{
    ids::{GroupId, UserId},
    presence::{State, Status},
    role::GroupRole,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Members on one page.
pub const PAGE: u32 = 50;
/// A deleted group can be brought back for a day, in milliseconds.
pub const UNDO: i64 = 24 * 3600 * 1000;

/// One of the own groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupSummary {
    pub id: GroupId,
    pub name: String,
    pub my_role: GroupRole,
    pub members: i64,
    /// Some of who is there; `None` where nobody sees that.
    pub presence: Option<State>,
}

/// A group and a page of its members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupPage {
    pub id: GroupId,
    pub name: String,
    pub my_role: GroupRole,
    pub members: Vec<Member>,
    /// Members on all pages.
    pub total: i64,
    /// Counts from 1.
    pub page: u32,
    /// Who is there, and what the asking user chose to be; `None` where nobody sees that.
    pub presence: Option<(State, Status)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub user: UserId,
    pub display_name: String,
    /// Shown to those who teach, to tell two of the same name apart.
    pub email: Option<String>,
    pub role: GroupRole,
    /// The asking user.
    pub me: bool,
    /// When they were there last, for others to read; Unix milliseconds.
    pub last_seen: Option<i64>,
}

/// Makes a group owned by the asking user. Teachers and admins only. Goes to the group's page.
#[server(protocol = Post)]
pub async fn create_group(name: String) -> Result<GroupId, AppError> {
    use crate::server::groups;
    use crate::{
        domain::role::UserRole,
        server::{call::handle, random},
    };
    use leptos::server_fn::ServerFn;
    let result = handle(async |call| {
        let me = call.user()?;
        if me.role == UserRole::Learner {
            return Err(AppError::Forbidden);
        }
        let name = groups::name(&name)?;
        let id: GroupId = random::id(call.now);
        call.state.db.create_group(id, &name, me.user, call.now).await?;
        call.state.taught.changed();
        call.state.presence.changed(me.user).await;
        leptos_axum::redirect(&format!("/groups/{id}"));
        Ok(id)
    })
    .await;
    crate::server::form::keep(<CreateGroup as ServerFn>::PATH, &result, &[("name", &name)]);
    result
}

/// Renames a group. Owners only.
#[server(protocol = Post)]
pub async fn rename_group(group: GroupId, name: String) -> Result<(), AppError> {
    use crate::server::call::handle;
    use crate::server::groups;
    use leptos::server_fn::ServerFn;
    let result = handle(async |call| {
        call.owner(group).await?;
        let name = groups::name(&name)?;
        call.state.db.rename_group(group, &name).await?;
        call.state.taught.changed();
        Ok(())
    })
    .await;
    crate::server::form::keep(<RenameGroup as ServerFn>::PATH, &result, &[("name", &name)]);
    result
}

/// The groups that the asking user is in, by name.
#[server(protocol = Get)]
pub async fn my_groups() -> Result<Vec<GroupSummary>, AppError> {
    use crate::{
        domain::flags::Flag,
        server::{call::handle, storage::ListedGroup},
    };
    handle(async |call| {
        let me = call.user()?.user;
        let groups = call.state.db.groups_of(me).await?;
        let summary = |group: ListedGroup| {
            let ListedGroup { id, name, role: my_role, members } = group;
            let seen = call.flag(Flag::Presence, Some(id)).is_ok();
            let presence = seen.then(|| call.state.presence.glance(id, me));
            GroupSummary { id, name, my_role, members, presence }
        };
        Ok(groups.into_iter().map(summary).collect())
    })
    .await
}

/// The groups that the asking user teaches, by name.
#[server(protocol = Get)]
pub async fn taught_groups() -> Result<Vec<(GroupId, String)>, AppError> {
    use crate::server::call::handle;
    handle(async |call| {
        let me = call.user()?.user;
        Ok(call.state.taught.by(&call.state.db, me).await?.to_vec())
    })
    .await
}

/// A group and the given page of its members (from 1). Members only.
#[server(protocol = Get)]
pub async fn group(group: GroupId, #[server(default)] page: u32) -> Result<GroupPage, AppError> {
    use crate::{
        domain::{flags::Flag, presence::Present},
        server::call::handle,
    };
    handle(async |call| {
        let my_role = call.member(group).await?;
        let who = call.user()?;
        let me = who.user;
        let db = &call.state.db;
        let name = db.group_name(group).await?.ok_or(AppError::NotFound)?;
        let total = db.count_members(group).await?;
        let last = u32::try_from((total - 1).max(0) / i64::from(PAGE)).unwrap_or(u32::MAX - 1) + 1;
        let page = page.clamp(1, last);
        let rows = db.members(group, i64::from(page - 1) * i64::from(PAGE), i64::from(PAGE)).await?;
        let seen = call.flag(Flag::Presence, Some(group)).is_ok();
        let presence = if seen {
            let (user, name, status) = (me, who.display_name.clone(), who.presence);
            let mut state = call.state.presence.state(group, me).await?;
            state.include(Present { user, name, status, doing: None });
            Some((state, status))
        } else {
            None
        };
        let members = rows
            .into_iter()
            .map(|row| Member {
                me: row.user == me,
                last_seen: row.last_seen.filter(|_| seen),
                user: row.user,
                display_name: row.display_name,
                email: my_role.teaches().then_some(row.email),
                role: row.role,
            })
            .collect();
        Ok(GroupPage { id: group, name, my_role, members, total, page, presence })
    })
    .await
}

/// Takes somebody out of a group. Teachers take out members; owners anybody.
#[server(protocol = Post)]
pub async fn remove_member(group: GroupId, user: UserId) -> Result<(), AppError> {
    use crate::server::call::handle;
    use crate::server::groups;
    handle(async |call| {
        let mine = call.teacher(group).await?;
        let theirs = call.state.db.group_role(group, user).await?.ok_or(AppError::NotFound)?;
        if theirs >= mine && mine != GroupRole::Owner {
            return Err(AppError::Forbidden);
        }
        groups::changed(call.state.db.remove_member(group, user).await?)?;
        call.state.taught.changed();
        call.state.presence.changed(user).await;
        call.state.hub.doubt(crate::server::realtime::connections::Whose::User(user));
        call.state.rooms.shut_out(group, Some(user)).await;
        Ok(())
    })
    .await
}

/// Gives a member another role. Owners only.
#[server(protocol = Post)]
pub async fn change_member_role(group: GroupId, user: UserId, role: GroupRole) -> Result<(), AppError> {
    use crate::server::call::handle;
    use crate::server::groups;
    handle(async |call| {
        call.owner(group).await?;
        groups::changed(call.state.db.set_member_role(group, user, role).await?)?;
        call.state.taught.changed();
        call.state.hub.doubt(crate::server::realtime::connections::Whose::User(user));
        Ok(())
    })
    .await
}

/// Leaves a group. The last owner cannot. Goes to the list of groups.
#[server(protocol = Post)]
pub async fn leave_group(group: GroupId) -> Result<(), AppError> {
    use crate::server::call::handle;
    use crate::server::groups;
    handle(async |call| {
        call.member(group).await?;
        let me = call.user()?.user;
        groups::changed(call.state.db.remove_member(group, me).await?)?;
        call.state.taught.changed();
        call.state.presence.changed(me).await;
        call.state.hub.doubt(crate::server::realtime::connections::Whose::User(me));
        call.state.rooms.shut_out(group, Some(me)).await;
        leptos_axum::redirect("/groups");
        Ok(())
    })
    .await
}

/// Deletes a group so that it can be brought back. Owners only. Goes to the list of groups, which offers that.
#[server(protocol = Post)]
pub async fn delete_group(group: GroupId) -> Result<(), AppError> {
    use crate::server::call::handle;
    handle(async |call| {
        call.owner(group).await?;
        call.state.db.delete_group(group, call.now).await?;
        call.state.taught.changed();
        call.state.presence.group_changed(group).await;
        call.state.hub.doubt(crate::server::realtime::connections::Whose::Everybody);
        call.state.rooms.shut_out(group, None).await;
        leptos_axum::redirect(&format!("/groups?deleted={group}"));
        Ok(())
    })
    .await
}

/// The name of a group that the asking owner has just deleted; `None` when there is nothing to bring back.
#[server(protocol = Get)]
pub async fn deleted_group(group: GroupId) -> Result<Option<String>, AppError> {
    use crate::server::call::handle;
    handle(async |call| {
        let me = call.user()?.user;
        Ok(call.state.db.deleted_group(group, me, call.now - UNDO).await?)
    })
    .await
}

/// Brings a deleted group back. Its owners only, within a day. Goes to the group's page.
#[server(protocol = Post)]
pub async fn restore_group(group: GroupId) -> Result<(), AppError> {
    use crate::server::call::handle;
    handle(async |call| {
        let me = call.user()?.user;
        call.state.db.restore_group(group, me, call.now - UNDO).await?;
        call.state.taught.changed();
        call.state.presence.group_changed(group).await;
        leptos_axum::redirect(&format!("/groups/{group}"));
        Ok(())
    })
    .await
}
