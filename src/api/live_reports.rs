//! After a live session: its report, a player's own result, and lists of past sessions.

use super::{
    error::AppError,
    wire::{Get, Post},
};
use crate::domain::{
    ids::{GroupId, LiveSessionId},
    live::{
        question::Rich,
        report::{LearnerAnswer, Report},
    },
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A whole session, for its hosts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionReport {
    pub session: LiveSessionId,
    pub group: Option<GroupId>,
    pub title: String,
    /// Unix ms.
    pub ended_at: i64,
    pub report: Report,
    /// Who played later alone, whether the report has them or not.
    pub self_paced: u32,
    /// Without those.
    pub live_only: bool,
}

/// What `?who=` means in addresses.
pub fn is_live_only(who: Option<&str>) -> bool {
    who == Some("live")
}

/// A player's own part of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnResult {
    pub session: LiveSessionId,
    pub title: String,
    /// Unix ms.
    pub ended_at: i64,
    pub name: String,
    /// The seat belongs to no account yet.
    pub guest: bool,
    /// So a guest's seat can be saved at once.
    pub signed_in: bool,
    pub rank: Option<u32>,
    pub players: u32,
    pub score: u32,
    /// Played later, by a link: without the room there is no seat to take cards along with.
    pub alone: bool,
    pub rows: Vec<ResultRow>,
}

/// A question with the own answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultRow {
    /// From 0, as asked.
    pub index: u32,
    pub prompt: Rich,
    pub solution: Rich,
    pub explanation: Option<Rich>,
    pub mine: Option<LearnerAnswer>,
    /// Its card is in a deck of one's own.
    pub taken: bool,
}

/// A page of past sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastSessions {
    pub sessions: Vec<PastSession>,
    /// There are older ones.
    pub more: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastSession {
    pub session: LiveSessionId,
    pub title: String,
    pub group_name: Option<String>,
    pub host_name: String,
    /// Unix ms.
    pub ended_at: i64,
    pub players: u32,
    /// Right among all answers, in thousandths.
    pub right: Option<u16>,
    pub may_report: bool,
    /// The own place and score.
    pub mine: Option<(u32, u32)>,
    /// Who played later alone and had not been in the room.
    pub self_paced: u32,
    /// The own result is of playing alone.
    pub mine_self_paced: bool,
}

/// The report of a session that has ended, with those who played it later; `who=live`: without. For its hosts.
#[server(protocol = Get)]
pub async fn live_report(session: LiveSessionId, who: Option<String>) -> Result<SessionReport, AppError> {
    use crate::server::live::queries::GetLiveReport;
    crate::server::live::call::handle(async |call, caller, _| {
        let live_only = is_live_only(who.as_deref());
        Ok(GetLiveReport { session, live_only }.run(&call.state, &caller).await?)
    })
    .await
}

/// The own result of a session that has ended. For who has a seat in it, or played it later.
#[server(protocol = Get)]
pub async fn live_result(session: LiveSessionId) -> Result<OwnResult, AppError> {
    use crate::server::live::queries::GetLiveResult;
    crate::server::live::call::handle(async |call, caller, _| {
        Ok(GetLiveResult { session }.run(&call.state, &caller).await?)
    })
    .await
}

/// Past sessions, newest first: those of a group, or all that one hosted or played in. `page` counts from 1.
#[server(protocol = Get)]
pub async fn past_live_sessions(group: Option<GroupId>, page: u32) -> Result<PastSessions, AppError> {
    use crate::server::{call::handle, live::queries::GetPastLiveSessions};
    handle(async |call| GetPastLiveSessions { group, page }.run(&call).await).await
}

/// Takes a guest's result along into the account that is signed in now.
#[server(protocol = Post)]
pub async fn claim_live_result(session: LiveSessionId) -> Result<(), AppError> {
    use crate::server::live::commands::ClaimLiveResult;
    crate::server::live::call::handle(async |call, caller, _| {
        ClaimLiveResult { session, at: call.state.clock.steady() }.run(&call.state, &caller).await?;
        leptos_axum::redirect(&format!("/live/{session}/result"));
        Ok(())
    })
    .await
}
