//! One press of somebody who plays alone, or only a look: time first, then the command, then what is to be seen now.

use super::{Found, attempt, attempt_of, find};
use crate::{
    api::self_paced::{Later, LaterState, LaterTurn},
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

#[derive(Clone, Debug)]
pub struct PlaySelfPaced {
    pub token: String,
    pub command: Command,
    pub at: i64,
}

impl PlaySelfPaced {
    /// What there is to see afterwards. What was decided is stored before it is told. `NotFound` for an unknown link,
    /// and for a command of somebody who does not play.
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<Later, Refused> {
        let found = find(state, &self.token).await?;
        let Some(row) = attempt_of(state, caller, found.session).await? else {
            let look = self.command == Command::Look;
            return if look { outside(state, caller, found, self.at).await } else { Err(Refused::NotFound) };
        };
        let mut played = read(state, &row).await?;
        // Whoever comes back after the time is over finds the question closed, whatever they send.
        let _ = step(state, &found, &mut played, &Command::Look, self.at).await?;
        let refusal = match &self.command {
            Command::Look => None,
            command => step(state, &found, &mut played, command, self.at).await?,
        };
        Ok(inside(found, &row, &played, self.at, refusal))
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

fn page(found: Found, state: LaterState, refusal: Option<Refusal>) -> Later {
    let round = &found.round;
    Later {
        title: round.quiz.title.clone(),
        host_name: found.link.host_name,
        group_name: found.link.group_name,
        questions: u32::try_from(round.asked.len()).unwrap_or(u32::MAX),
        seconds: found.link.timed.then_some(round.quiz.config.time_limit_ms / 1_000),
        closes_at: found.link.closes_at,
        token: found.link.token,
        refusal,
        state,
    }
}

/// In front of the door.
async fn outside(state: &AppState, caller: &Caller, found: Found, at: i64) -> Result<Later, Refused> {
    if at > found.link.closes_at {
        return Ok(page(found, LaterState::Closed, None));
    }
    let handle = state.live.session(found.session).await?;
    let played = match caller.seat(&handle).await {
        Ok(seat) => state.db.live_session_answer_sums(seat).await?.0 > 0,
        Err(_) => false,
    };
    let account = match &caller.actor {
        Actor::User(user) => Some(user.display_name.clone()),
        Actor::Anonymous => None,
    };
    Ok(page(found, LaterState::Door { account, played }, None))
}

fn inside(found: Found, row: &AttemptRow, played: &Attempt, at: i64, refusal: Option<Refusal>) -> Later {
    let (round, closes_at) = (&found.round, found.link.closes_at);
    let open = at <= closes_at;
    let rest = played.turns.len() < round.asked.len();
    let state = match played.phase(at) {
        Phase::Ready if !open => LaterState::Closed,
        Phase::Ready => LaterState::Ready { name: played.name.clone(), practice: row.practice },
        phase => LaterState::Playing(Box::new(LaterTurn {
            view: round.view(found.session, played, closes_at, at),
            practice: row.practice,
            room: if let Phase::Revealed(turn) = phase { Some(round.room.answers(turn)) } else { None },
            goes_on: rest && open,
            left: u32::try_from(round.asked.len() - played.turns.len().min(round.asked.len())).unwrap_or(0),
        })),
    };
    page(found, state, refusal)
}
