//! The teacher's side: until when a quiz may be played alone, and who does.

use super::{Page, hosted, html::Teacher};
use crate::{
    api::self_paced::Setup,
    domain::{
        ids::LiveSessionId,
        live::{blitz::Refusal, self_paced::LONGEST_MS},
        problem::Problem,
    },
    protocol::Refused,
    server::{live::caller::Caller, random, state::AppState, storage::AttemptRow},
};

/// Opens the quiz for playing alone, or moves its deadline; the link stays the same.
#[derive(Clone, Copy, Debug)]
pub struct OpenSelfPaced {
    pub session: LiveSessionId,
    /// Unix ms; `None`: what was sent is no time.
    pub closes_at: Option<i64>,
    pub timed: bool,
    pub at: i64,
}

impl OpenSelfPaced {
    /// `Live(NotNow)` while the session goes on, `Text` for a deadline that is over or too far off.
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<(), Refused> {
        hosted(state, caller, self.session).await?;
        let by = caller.user().ok_or(Refused::SignInRequired)?;
        let round = state.rounds.get(&state.db, self.session).await?;
        if round.asked.is_empty() {
            return Err(Refused::Live(Refusal::NotNow));
        }
        let closes_at = self.closes_at.filter(|closes_at| (self.at + 1..=self.at + LONGEST_MS).contains(closes_at));
        let closes_at = closes_at.ok_or(Refused::Text(Problem::Malformed))?;
        let token = random::hex(&random::bytes::<16>());
        Ok(state.db.open_self_paced(self.session, &token, by, closes_at, self.timed, self.at).await?)
    }
}

/// Closes it now: nobody opens another question.
#[derive(Clone, Copy, Debug)]
pub struct CloseSelfPaced {
    pub session: LiveSessionId,
    pub at: i64,
}

impl CloseSelfPaced {
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<(), Refused> {
        hosted(state, caller, self.session).await?;
        // The deadline itself still belongs to the time that is open.
        Ok(state.db.close_self_paced(self.session, self.at - 1).await?)
    }
}

/// The link and who plays.
#[derive(Clone, Debug)]
pub struct GetSelfPacedSetup {
    pub session: LiveSessionId,
    /// `https://studyhall.example`.
    pub origin: String,
    pub at: i64,
    pub page: Page,
}

impl GetSelfPacedSetup {
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<Setup, Refused> {
        hosted(state, caller, self.session).await?;
        let round = state.rounds.get(&state.db, self.session).await?;
        let link = state.db.self_paced_of(self.session).await?;
        let turns = state.db.self_paced_turns_of(self.session).await?;
        let done = |row: &AttemptRow| turns.iter().filter(|turn| turn.attempt_id == row.id).count();
        let attempts = state.db.self_paced_attempts(self.session).await?;
        let attempts: Vec<(AttemptRow, usize)> = attempts.into_iter().map(|row| (row.clone(), done(&row))).collect();
        let teacher = Teacher {
            session: self.session.to_string(),
            title: &round.quiz.title,
            now: self.at,
            origin: &self.origin,
            link: link.as_ref(),
            attempts: &attempts,
            total: round.asked.len(),
            typed: self.page.get("closes"),
            error: self.page.open_error.clone(),
        };
        Ok(teacher.setup())
    }
}
