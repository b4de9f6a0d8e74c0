//! Presence: who of a group is there, and what one chooses to be for others.

use super::{
    error::AppError,
    wire::{Get, Post},
};
use crate::domain::{ids::GroupId, presence::State};
use leptos::prelude::*;

/// Who of a group is there now. Members only; nobody where the feature is off.
#[server(protocol = Get)]
pub async fn group_presence(group: GroupId) -> Result<State, AppError> {
    use crate::{domain::flags::Flag, server::call::handle};
    handle(async |call| {
        call.member(group).await?;
        call.flag(Flag::Presence, Some(group))?;
        Ok(call.state.presence.state(group, call.user()?.user).await?)
    })
    .await
}

/// Chooses the own status, for all devices and until it is chosen anew.
#[server(protocol = Post)]
pub async fn set_presence_status(status: String) -> Result<(), AppError> {
    use crate::{
        api::error::Problem,
        domain::{flags::Flag, presence::Status},
        server::call::handle,
    };
    handle(async |call| {
        let me = call.user()?.user;
        call.flag(Flag::Presence, None)?;
        let status = Status::parse(&status).filter(|status| Status::CHOICES.contains(status));
        let status = status.ok_or_else(|| AppError::field("status", Problem::NotAllowed))?;
        call.state.presence.choose(me, status).await?;
        call.state.auth.sessions.forget();
        Ok(())
    })
    .await
}
