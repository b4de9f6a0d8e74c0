//! The sessions that run now, of one group or of all groups of the asking account.

use crate::{
    api::{error::AppError, live::LiveSessionSummary},
    domain::{
        flags::Flag,
        ids::{GroupId, LiveSessionId, UserId},
        live::{LiveSessionStatus, LiveSessionType},
        role::GroupRole,
    },
    server::{call::Call, storage::ActiveLiveSessionRow},
};
use std::collections::{HashMap, hash_map::Entry};

#[derive(Clone, Copy, Debug)]
pub enum GetActiveLiveSessions {
    OfGroup(GroupId),
    OfMyGroups,
}

impl GetActiveLiveSessions {
    pub async fn run(self, call: &Call) -> Result<Vec<LiveSessionSummary>, AppError> {
        let me = call.user()?.user;
        let rows = match self {
            Self::OfGroup(group) => {
                call.member(group).await?;
                call.flag(Flag::LiveSessions, Some(group))?;
                call.state.db.active_live_sessions_of_group(group).await?
            }
            Self::OfMyGroups => {
                call.flag(Flag::LiveSessions, None)?;
                call.state.db.active_live_sessions_of_user(me).await?
            }
        };
        let mut teaches = HashMap::new();
        for group in rows.iter().filter_map(|row| row.group_id) {
            if let Entry::Vacant(unknown) = teaches.entry(group) {
                let role = call.state.db.group_role(GroupId(group), me).await?;
                unknown.insert(role.is_some_and(GroupRole::teaches));
            }
        }
        let may_host = |row: &ActiveLiveSessionRow| {
            row.host_id == me.0 || row.group_id.is_some_and(|group| teaches.get(&group) == Some(&true))
        };
        Ok(rows
            .into_iter()
            .map(|row| (may_host(&row), row))
            .map(|(may_host, row)| summary(row, me, may_host))
            .collect())
    }
}

fn summary(row: ActiveLiveSessionRow, me: UserId, may_host: bool) -> LiveSessionSummary {
    LiveSessionSummary {
        session: LiveSessionId(row.id),
        group: row.group_id.map(GroupId),
        group_name: row.group_name,
        title: row.deck_title,
        host_name: row.host_name,
        hosted_by_me: row.host_id == me.0,
        room: row.session_type == LiveSessionType::StudyRoom.as_str(),
        may_host,
        waiting: row.status == LiveSessionStatus::Waiting.as_str(),
        pin: row.pin,
        participants: u32::try_from(row.participants).unwrap_or(0),
    }
}
