//! Lists: the sessions that run, and who is in one with which points.

use crate::{
    api::{error::AppError, wire::Post},
    domain::{
        ids::{GroupId, LiveSessionId, ParticipantId},
        live::{blitz::ExtraTime, standings::Standing},
    },
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A running session in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveSessionSummary {
    pub session: LiveSessionId,
    pub group: Option<GroupId>,
    pub group_name: Option<String>,
    pub title: String,
    pub host_name: String,
    pub hosted_by_me: bool,
    /// A study room, not a quiz.
    pub room: bool,
    /// The asking account may take over as host: it teaches the group.
    pub may_host: bool,
    /// In the lobby still.
    pub waiting: bool,
    pub pin: Option<String>,
    pub participants: u32,
}

/// A participant with the totals as stored. No secret, no account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedParticipant {
    pub participant: ParticipantId,
    pub name: String,
    pub guest: bool,
    /// At the door, or taken out.
    pub away: bool,
    pub total_score: i64,
    pub correct_answers: i64,
    pub total_answers: i64,
    /// Milliseconds.
    pub average_response_time: i64,
    pub rank: Option<i64>,
    /// Only hosts learn of it.
    pub extra: ExtraTime,
}

/// The standings, for who hosts the session or sits in it.
#[server(protocol = Post)]
pub async fn live_session_leaderboard(session: LiveSessionId) -> Result<Vec<Standing>, AppError> {
    use crate::server::live::queries::GetLiveSessionLeaderboard;
    crate::server::live::call::handle(async |call, caller, _| {
        Ok(GetLiveSessionLeaderboard { session }.run(&call.state, &caller).await?)
    })
    .await
}

/// Everybody in the session with their totals, for its hosts.
#[server(protocol = Post)]
pub async fn live_session_participants(session: LiveSessionId) -> Result<Vec<ListedParticipant>, AppError> {
    use crate::server::live::queries::GetLiveSessionParticipants;
    crate::server::live::call::handle(async |call, caller, _| {
        Ok(GetLiveSessionParticipants { session }.run(&call.state, &caller).await?)
    })
    .await
}

/// Running sessions of all groups of the asking account.
#[server(protocol = Post)]
pub async fn live_sessions_of_my_groups() -> Result<Vec<LiveSessionSummary>, AppError> {
    use crate::server::{call::handle, live::queries::GetActiveLiveSessions};
    handle(async |call| GetActiveLiveSessions::OfMyGroups.run(&call).await).await
}

/// Running sessions of one group.
#[server(protocol = Post)]
pub async fn live_sessions_of_group(group: GroupId) -> Result<Vec<LiveSessionSummary>, AppError> {
    use crate::server::{call::handle, live::queries::GetActiveLiveSessions};
    handle(async |call| GetActiveLiveSessions::OfGroup(group).run(&call).await).await
}
