//! The sessions that run now, of one group or of all groups of the asking account.

use crate::{
    api::{error::AppError, live::LiveSessionSummary},
    domain::{
        flags::Flag,
        ids::{GroupId, LiveSessionId, UserId},
        live::{LiveSessionStatus, LiveSessionType},
    },
    server::{call::Call, storage::ActiveLiveSessionRow},
};

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
        Ok(rows.into_iter().map(|row| summary(row, me)).collect())
    }
}

fn summary(row: ActiveLiveSessionRow, me: UserId) -> LiveSessionSummary {
    LiveSessionSummary {
        session: LiveSessionId(row.id),
        group: row.group_id.map(GroupId),
        group_name: row.group_name,
        title: row.deck_title,
        host_name: row.host_name,
        hosted_by_me: row.host_id == me.0,
        room: row.session_type == LiveSessionType::StudyRoom.as_str(),
        waiting: row.status == LiveSessionStatus::Waiting.as_str(),
        pin: row.pin,
        participants: u32::try_from(row.participants).unwrap_or(0),
    }
}
