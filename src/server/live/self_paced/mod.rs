//! Playing a quiz later, alone: who opens the link, who comes by it, and each press. Nothing is kept in memory but the
//! rounds, which are read from logs that are closed; so a restart, or several servers, change nothing.

mod attempt;
mod html;
mod join;
mod open;
pub mod results;
mod round;

pub use attempt::{Page, PlaySelfPaced};
pub use join::JoinSelfPaced;
pub use open::{CloseSelfPaced, GetSelfPacedSetup, OpenSelfPaced};
pub use round::Rounds;

use super::{caller::Caller, engine::Handle};
use crate::{
    domain::{
        flags::Flag,
        ids::{GroupId, LiveSessionId, ParticipantId, UserId},
        live::{
            blitz::{ExtraTime, Submitted},
            self_paced::{Attempt, Closed, Round, Turn},
        },
    },
    protocol::Refused,
    server::{
        state::AppState,
        storage::{AttemptRow, SelfPacedRow, StoreError, TurnRow},
    },
};
use std::sync::Arc;

/// A link that was found, with what is played.
pub(super) struct Found {
    pub link: SelfPacedRow,
    pub session: LiveSessionId,
    pub round: Arc<Round>,
}

/// What the link leads to. `NotFound` for a token that nobody made, and for one whose group is gone.
pub(super) async fn find(state: &AppState, token: &str) -> Result<Found, Refused> {
    let link = state.db.self_paced_by_token(token).await?.ok_or(Refused::NotFound)?;
    let session = LiveSessionId(link.session_id);
    state.flags.check(Flag::BlitzQuiz, Some(UserId(link.host_id)), link.group_id.map(GroupId))?;
    let round = state.rounds.get(&state.db, session).await?;
    Ok(Found { link, session, round })
}

/// The caller's attempt: the account's, else that of the browser.
pub async fn attempt_of(
    state: &AppState,
    caller: &Caller,
    session: LiveSessionId,
) -> Result<Option<AttemptRow>, StoreError> {
    if let Some(user) = caller.user()
        && let Some(row) = state.db.self_paced_attempt_of_user(session, user).await?
    {
        return Ok(Some(row));
    }
    match caller.attempts.iter().find(|(id, _)| *id == session) {
        Some((_, secret)) => state.db.self_paced_attempt_by_secret(session, secret).await,
        None => Ok(None),
    }
}

/// The session's handle, for who hosted it or teaches its group.
pub(super) async fn hosted(state: &AppState, caller: &Caller, session: LiveSessionId) -> Result<Handle, Refused> {
    let handle = state.live.session(session).await?;
    caller.host(state, &handle).await?;
    Ok(handle)
}

/// The attempt as its rows tell it.
pub(super) fn attempt(row: &AttemptRow, turns: &[TurnRow]) -> Result<Attempt, StoreError> {
    Ok(Attempt {
        id: ParticipantId(row.id),
        name: row.name.clone(),
        extra: ExtraTime::parse(&row.extra).unwrap_or_default(),
        turns: turns.iter().map(turn).collect::<Result<_, StoreError>>()?,
        finished_at: row.finished_at,
    })
}

fn turn(row: &TurnRow) -> Result<Turn, StoreError> {
    let closed = row.closed_at.map(|at| Ok::<_, StoreError>(Closed { at, taken: taken(row)? })).transpose()?;
    Ok(Turn { opened_at: row.opened_at, closed })
}

fn taken(row: &TurnRow) -> Result<Option<Submitted>, StoreError> {
    let Some(json) = &row.answer else { return Ok(None) };
    let number = |n: i64| u32::try_from(n).unwrap_or(0);
    let answer = serde_json::from_str(json).map_err(|error| StoreError::Other(error.to_string()))?;
    Ok(Some(Submitted {
        answer,
        response_time_ms: number(row.response_time_ms),
        sure: None,
        correct: row.is_correct,
        points: number(row.points_earned - row.bonus),
        bonus: number(row.bonus),
    }))
}
