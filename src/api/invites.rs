//! Invitations into groups: making, ending and accepting them.

use super::{
    error::AppError,
    wire::{Get, Post},
};
use crate::domain::ids::GroupId;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// An invitation that is good. Times in Unix milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenInvite {
    pub code: String,
    /// The whole link.
    pub link: String,
    /// Whole days left, at least 1.
    pub days_left: i64,
}

/// What somebody who holds a code may know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteFacts {
    pub code: String,
    /// Empty when the invitation has ended.
    pub group_name: String,
    pub open: bool,
    /// The group, for those who are in it already.
    pub member_of: Option<GroupId>,
}

/// Makes an invitation into a group. Teachers and owners.
#[server(protocol = Post)]
pub async fn create_invite(group: GroupId) -> Result<String, AppError> {
    use crate::domain::invite as codes;
    use crate::server::{call::handle, random, storage::StoreError};
    handle(async |call| {
        call.teacher(group).await?;
        let me = call.user()?.user;
        // One of 30⁸ codes is rarely in use; three draws in a row never are.
        for _ in 0..3 {
            let code = codes::code(random::below);
            match call.state.db.create_invite(&code, group, me, call.now, call.now + codes::LIFETIME).await {
                Ok(()) => return Ok(code),
                Err(StoreError::Conflict(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(AppError::Unavailable)
    })
    .await
}

/// The invitations into a group that are good. Teachers and owners.
#[server(protocol = Get)]
pub async fn invites(group: GroupId) -> Result<Vec<OpenInvite>, AppError> {
    use crate::server::{call::handle, security};
    handle(async |call| {
        call.teacher(group).await?;
        let site = use_context::<axum::http::request::Parts>()
            .map_or_else(String::new, |parts| security::public_origin(&parts.headers, &call.state.config));
        let rows = call.state.db.invites(group, call.now).await?;
        Ok(rows
            .into_iter()
            .map(|row| OpenInvite {
                link: format!("{site}/invite/{}", row.code),
                code: row.code,
                days_left: ((row.expires_at - call.now) / (24 * 3600 * 1000)).max(1),
            })
            .collect())
    })
    .await
}

/// Ends an invitation. Teachers and owners.
#[server(protocol = Post)]
pub async fn revoke_invite(group: GroupId, code: String) -> Result<(), AppError> {
    use crate::domain::invite as codes;
    use crate::server::call::handle;
    handle(async |call| {
        call.teacher(group).await?;
        let code = codes::parse(&code).ok_or(AppError::NotFound)?;
        Ok(call.state.db.revoke_invite(group, &code, call.now).await?)
    })
    .await
}

/// What an invitation leads to. Open to everybody who holds its code; 404 when there never was one.
#[server(protocol = Get)]
pub async fn invite(code: String) -> Result<InviteFacts, AppError> {
    use crate::domain::invite as codes;
    use crate::server::{auth::browser::Browser, call::handle};
    handle(async |call| {
        call.state.limits.invite_code(Browser::of(&call).ip)?;
        let code = codes::parse(&code).ok_or(AppError::NotFound)?;
        let found = call.state.db.invite(&code, call.now).await?.ok_or(AppError::NotFound)?;
        let member_of = match call.user() {
            Ok(me) => call.state.db.group_role(found.group, me.user).await?.map(|_| found.group),
            Err(_) => None,
        };
        let visible = found.open || member_of.is_some();
        Ok(InviteFacts {
            code,
            group_name: if visible { found.group_name } else { String::new() },
            open: found.open,
            member_of,
        })
    })
    .await
}

/// Joins the group of an invitation. Accepting twice is the same as once. Goes to the group's page.
#[server(protocol = Post)]
pub async fn accept_invite(code: String) -> Result<GroupId, AppError> {
    use super::error::Problem;
    use crate::domain::invite as codes;
    use crate::server::{auth::browser::Browser, call::handle, storage::Accepted};
    use leptos::server_fn::ServerFn;
    let result = handle(async |call| {
        let me = call.user()?.user;
        call.state.limits.invite_code(Browser::of(&call).ip)?;
        if code.trim().is_empty() {
            return Err(AppError::field("code", Problem::Required));
        }
        let wrong = || AppError::field("code", Problem::Wrong);
        let code = codes::parse(&code).ok_or_else(wrong)?;
        match call.state.db.accept_invite(&code, me, call.now).await? {
            Accepted::Joined(group) | Accepted::Member(group) => {
                call.state.taught.changed();
                call.state.presence.changed(me).await;
                leptos_axum::redirect(&format!("/groups/{group}"));
                Ok(group)
            }
            Accepted::Ended => Err(AppError::field("code", Problem::Closed)),
            Accepted::Unknown => Err(wrong()),
        }
    })
    .await;
    crate::server::form::keep(<AcceptInvite as ServerFn>::PATH, &result, &[("code", &code)]);
    result
}
