//! One press of somebody who plays alone, or only a look: time first, then the command, then what is to be seen now.

use super::{
    Found, attempt, attempt_of, find,
    html::{self, Below, Way},
};
use crate::{
    api::{
        error::AppError,
        self_paced::{self, Later},
    },
    client::form_error,
    domain::{
        ids::ParticipantId,
        live::self_paced::{Attempt, Command, Event, Phase, Refusal},
    },
    protocol::Refused,
    server::{
        auth::Actor,
        live::caller::Caller,
        state::AppState,
        storage::{AttemptRow, CloseTurn, StoreError},
    },
};
use axum::{extract::Query, http::request::Parts};
use leptos::{prelude::use_context, server_fn::ServerFn};
use std::collections::HashMap;

#[derive(Clone, Debug)]
pub struct PlaySelfPaced {
    pub token: String,
    pub command: Command,
    pub at: i64,
    pub page: Page,
}

/// What the address of the page brings back: what was typed, and why a form or a press was refused.
#[derive(Clone, Debug, Default)]
pub struct Page {
    query: HashMap<String, String>,
    pub(super) join_error: Option<AppError>,
    pub(super) open_error: Option<AppError>,
}

impl Page {
    /// Of the request that is answered now.
    pub fn of_request() -> Self {
        let query = use_context::<Parts>().and_then(|parts| Query::try_from_uri(&parts.uri).ok());
        let error = |path: &str| form_error::of(path).and_then(|answer| answer.failure());
        Self {
            query: query.map(|Query(query)| query).unwrap_or_default(),
            join_error: error(<self_paced::JoinSelfPaced as ServerFn>::PATH),
            open_error: error(<self_paced::OpenSelfPaced as ServerFn>::PATH),
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    fn refusal(&self) -> Option<Refusal> {
        self.get("refused").and_then(Refusal::parse)
    }
}

impl PlaySelfPaced {
    /// What there is to see afterwards. What was decided is stored before it is told. `NotFound` for an unknown link,
    /// and for a command of somebody who does not play.
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<Later, Refused> {
        let found = find(state, &self.token).await?;
        let Some(row) = attempt_of(state, caller, found.session).await? else {
            let look = self.command == Command::Look;
            return if look {
                outside(state, caller, found, self.at, &self.page).await
            } else {
                Err(Refused::NotFound)
            };
        };
        let mut played = read(state, &row).await?;
        // Whoever comes back after the time is over finds the question closed, whatever they send.
        let _ = step(state, &found, &mut played, &Command::Look, self.at).await?;
        let refusal = match &self.command {
            Command::Look => None,
            command => step(state, &found, &mut played, command, self.at).await?,
        };
        Ok(inside(found, &row, &played, self.at, refusal, &self.page))
    }
}

async fn read(state: &AppState, row: &AttemptRow) -> Result<Attempt, StoreError> {
    attempt(row, &state.db.self_paced_turns(ParticipantId(row.id)).await?)
}

/// Decides and stores; gives why nothing was done. Somebody who was faster (a second tab) counts as the truth.
async fn step(
    state: &AppState,
    found: &Found,
    played: &mut Attempt,
    command: &Command,
    at: i64,
) -> Result<Option<Refusal>, Refused> {
    let event = match found.round.decide(played, found.link.closes_at, command, at) {
        Ok(Some(event)) => event,
        Ok(None) => return Ok(None),
        Err(refusal) => return Ok(Some(refusal)),
    };
    let mut next = played.clone();
    next.apply(&event);
    match store(state, found, &next, &event, at).await {
        Ok(()) => {
            *played = next;
            Ok(None)
        }
        Err(StoreError::Conflict(_)) => {
            *played = read(state, &state.db.self_paced_attempt(next.id).await?).await?;
            Ok(match command {
                Command::Submit { .. } => Some(Refusal::AlreadyAnswered),
                Command::Step { .. } | Command::Look => None,
            })
        }
        Err(error) => Err(error.into()),
    }
}

async fn store(state: &AppState, found: &Found, next: &Attempt, event: &Event, at: i64) -> Result<(), StoreError> {
    let index = |turn: u32| found.round.asked.get(turn as usize).copied().ok_or(StoreError::NotFound);
    match event {
        Event::Opened { turn, opened_at } => {
            state.db.open_self_paced_turn(next.id, index(*turn)?, *opened_at, at).await
        }
        Event::Closed { turn, closed } => {
            let totals = found.round.totals(next);
            let taken = closed.taken.as_ref();
            let answer = taken.map(|taken| serde_json::to_string(&taken.answer)).transpose();
            let close = CloseTurn {
                card_index: index(*turn)?,
                at: closed.at,
                answer: answer.map_err(|error| StoreError::Other(error.to_string()))?,
                is_correct: taken.is_some_and(|taken| taken.correct),
                response_time_ms: taken.map_or(0, |taken| taken.response_time_ms),
                points_earned: taken.map_or(0, |taken| taken.points + taken.bonus),
                bonus: taken.map_or(0, |taken| taken.bonus),
                total_score: totals.score,
                correct_answers: totals.correct,
                total_answers: totals.answered,
                average_response_time: totals.average_ms,
                rank: totals.rank,
            };
            state.db.close_self_paced_turn(next.id, &close).await
        }
        Event::Finished { at } => state.db.finish_self_paced(next.id, *at).await,
    }
}

/// In front of the door.
async fn outside(state: &AppState, caller: &Caller, found: Found, at: i64, page: &Page) -> Result<Later, Refused> {
    if at > found.link.closes_at {
        return Ok(still(found, Way::Closed, page.refusal()));
    }
    let handle = state.live.session(found.session).await?;
    let played = match caller.seat(&handle).await {
        Ok(seat) => state.db.live_session_answer_sums(seat).await?.0 > 0,
        Err(_) => false,
    };
    let account = match &caller.actor {
        Actor::User(user) => Some(user.display_name.as_str()),
        Actor::Anonymous => None,
    };
    let (typed, error) = (page.get("name").unwrap_or_default(), page.join_error.clone());
    Ok(still(found, Way::Enter { account, played, typed, error }, page.refusal()))
}

fn inside(found: Found, row: &AttemptRow, played: &Attempt, at: i64, refusal: Option<Refusal>, page: &Page) -> Later {
    let (round, closes_at) = (found.round.clone(), found.link.closes_at);
    let (open, shown) = (at <= closes_at, refusal.or(page.refusal()));
    let left = round.asked.len().saturating_sub(played.turns.len());
    let later = match played.phase(at) {
        Phase::Ready if !open => still(found, Way::Closed, shown),
        Phase::Ready => still(found, Way::Ready { name: &played.name, practice: row.practice }, shown),
        _ => {
            let view = round.view(found.session, played, closes_at, at);
            let below = Below {
                view: &view,
                room: &round.room,
                practice: row.practice,
                goes_on: left > 0 && open,
                left: u32::try_from(left).unwrap_or(u32::MAX),
                token: &found.link.token,
                refusal: shown,
            };
            let (title, head, html) = (html::title(&view), html::head(&view), below.html());
            Later { title, head, html, view: Some(Box::new(view)), token: found.link.token, refusal: None }
        }
    };
    Later { refusal, ..later }
}

/// A page without a question.
fn still(found: Found, way: Way<'_>, refusal: Option<Refusal>) -> Later {
    let html = html::door(&found.link, &found.round, way, refusal);
    let title = found.round.quiz.title.clone();
    Later { title, head: String::new(), html, view: None, token: found.link.token, refusal: None }
}
