//! The one place that decides what happens in an attempt.

use super::{Attempt, Closed, Command, Event, Phase, Refusal, Round, count};
use crate::domain::live::{
    blitz::{self, ExtraTime, GRACE_MS, LEAD_IN_MS},
    question::Answer,
};

impl Round {
    /// The event that follows from `command` at `at` (Unix ms), none where there is nothing to do, or why it is refused.
    /// `closes_at`: after it nothing is opened; a question that is open keeps its own time, one without a limit closes.
    /// Total: every command has a result in every phase.
    pub fn decide(
        &self,
        attempt: &Attempt,
        closes_at: i64,
        command: &Command,
        at: i64,
    ) -> Result<Option<Event>, Refusal> {
        match command {
            Command::Look => Ok(self.time_out(attempt, closes_at, at)),
            Command::Step { seen } if *seen != attempt.revision() => Err(Refusal::Stale),
            Command::Step { .. } => self.step(attempt, closes_at, at).map(Some),
            Command::Submit { turn, answer } => self.submit(attempt, closes_at, *turn, answer, at).map(Some),
        }
    }

    /// The own limit for a question of the round, ms; `None`: there is none.
    pub fn limit_ms(&self, extra: ExtraTime, turn: usize) -> Option<u32> {
        let index = self.asked.get(turn).copied().unwrap_or_default();
        extra.limit_ms(self.quiz.limit_ms(index))
    }

    /// Until when an answer to the open question is taken, without the grace.
    pub(super) fn deadline(&self, attempt: &Attempt, closes_at: i64, turn: usize) -> i64 {
        let opened_at = attempt.turns.get(turn).map_or(0, |turn| turn.opened_at);
        self.limit_ms(attempt.extra, turn).map_or(closes_at, |limit| opened_at + i64::from(limit))
    }

    fn time_out(&self, attempt: &Attempt, closes_at: i64, at: i64) -> Option<Event> {
        let Phase::Answering(turn) = attempt.phase(at) else { return None };
        let over = at > self.deadline(attempt, closes_at, turn) + GRACE_MS;
        over.then(|| Event::Closed { turn: count(turn), closed: Closed { at, taken: None } })
    }

    fn step(&self, attempt: &Attempt, closes_at: i64, at: i64) -> Result<Event, Refusal> {
        let next = attempt.turns.len();
        let rest = next < self.asked.len();
        let open = at <= closes_at;
        match attempt.phase(at) {
            Phase::Ready | Phase::Revealed(_) | Phase::Finished if rest && open => {
                // Without a limit nobody needs a moment to get ready.
                let lead_in = self.limit_ms(attempt.extra, next).map_or(0, |_| LEAD_IN_MS);
                Ok(Event::Opened { turn: count(next), opened_at: at + lead_in })
            }
            Phase::Revealed(_) => Ok(Event::Finished { at }),
            Phase::Ready => Err(Refusal::Closed),
            Phase::Finished if rest => Err(Refusal::Closed),
            Phase::Finished => Err(Refusal::Finished),
            Phase::LeadIn(_) | Phase::Answering(_) => Err(Refusal::Stale),
        }
    }

    fn submit(&self, attempt: &Attempt, closes_at: i64, turn: u32, answer: &Answer, at: i64) -> Result<Event, Refusal> {
        let number = turn as usize;
        let open = match attempt.turns.get(number) {
            Some(open) => open,
            None if attempt.phase(at) == Phase::Finished => return Err(Refusal::Finished),
            None => return Err(Refusal::WrongQuestion),
        };
        if let Some(closed) = &open.closed {
            return Err(if closed.taken.is_some() { Refusal::AlreadyAnswered } else { Refusal::TooLate });
        }
        if at > self.deadline(attempt, closes_at, number) + GRACE_MS {
            return Err(if self.limit_ms(attempt.extra, number).is_some() {
                Refusal::TooLate
            } else {
                Refusal::Closed
            });
        }
        let index = self.asked.get(number).copied().ok_or(Refusal::WrongQuestion)?;
        let taken = self.quiz.judge(attempt.lone(number), index, answer, open.opened_at, at).map_err(refusal)?;
        Ok(Event::Closed { turn, closed: Closed { at, taken: Some(taken) } })
    }
}

/// The quiz's reason in the words of an attempt.
fn refusal(reason: blitz::Refusal) -> Refusal {
    match reason {
        blitz::Refusal::TooEarly => Refusal::TooEarly,
        blitz::Refusal::TooLate => Refusal::TooLate,
        blitz::Refusal::WrongQuestion => Refusal::WrongQuestion,
        _ => Refusal::Malformed,
    }
}
