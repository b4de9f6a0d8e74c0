//! The same quiz later, alone and at one's own pace, against the room's ghost. A pure state machine for each attempt:
//! `decide` turns a command into an event or refuses it, `apply` turns an event into the next state. Answers are
//! accepted and scored by the quiz's own rules.

mod decide;
mod ghost;
mod show;
#[cfg(test)]
mod tests;

pub use ghost::{Room, RoomAnswers};

use super::{
    blitz::{Blitz, Carried, ExtraTime, Lone, Submitted},
    question::Answer,
};
use crate::domain::ids::ParticipantId;
use serde::{Deserialize, Serialize};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// How long a link is open unless the teacher says otherwise.
pub const USUAL_MS: i64 = 7 * DAY_MS;
/// How far off a deadline may be.
pub const LONGEST_MS: i64 = 90 * DAY_MS;
/// Attempts of one session: more than a school sends, and no script fills the tables with them.
pub const MOST_ATTEMPTS: usize = 5_000;

/// What is played: the questions that counted in the room, and how the room did.
#[derive(Clone, Debug)]
pub struct Round {
    /// The quiz without its people.
    pub quiz: Blitz,
    /// Numbers of the questions, in the order in which they were asked.
    pub asked: Vec<u32>,
    pub room: Room,
    /// Extra time that was given before the session, to accounts that may not have come to it.
    pub carried: Vec<Carried>,
}

/// One person's way through the questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub id: ParticipantId,
    pub name: String,
    /// No limit as well where the teacher switched the time limits off.
    pub extra: ExtraTime,
    /// The questions so far, in the order of [`Round::asked`].
    pub turns: Vec<Turn>,
    /// The end was looked at. With questions left the attempt goes on if the deadline is moved.
    pub finished_at: Option<i64>,
}

/// A question of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// When its options appear, Unix ms of the server.
    pub opened_at: i64,
    pub closed: Option<Closed>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    pub at: i64,
    /// `None`: the time ran out.
    pub taken: Option<Submitted>,
}

/// Where an attempt is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing was opened yet.
    Ready,
    /// The question stands alone.
    LeadIn(usize),
    Answering(usize),
    Revealed(usize),
    Finished,
}

/// What the person wants. Time is looked at with each of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// To what comes next; `seen` is the revision on the screen, so that a double press does nothing.
    Step { seen: u32 },
    /// `turn` counts the questions of the round from 0.
    Submit { turn: u32, answer: Answer },
    /// Only look.
    Look,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A question was delivered; its time runs from `opened_at`.
    Opened {
        turn: u32,
        opened_at: i64,
    },
    Closed {
        turn: u32,
        closed: Closed,
    },
    Finished {
        at: i64,
    },
}

/// Why a command does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The deadline is over.
    Closed,
    /// The screen was out of date.
    Stale,
    TooEarly,
    TooLate,
    WrongQuestion,
    AlreadyAnswered,
    Malformed,
    Finished,
}

/// Sums over an attempt's answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub score: u32,
    pub correct: u32,
    pub answered: u32,
    /// Mean, ms; 0 without answers.
    pub average_ms: u32,
    /// As it would be in the room after the last closed question; `None` before the first.
    pub rank: Option<u32>,
}

impl Refusal {
    pub const ALL: [Self; 8] = [
        Self::Closed,
        Self::Stale,
        Self::TooEarly,
        Self::TooLate,
        Self::WrongQuestion,
        Self::AlreadyAnswered,
        Self::Malformed,
        Self::Finished,
    ];

    /// The name in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Stale => "stale",
            Self::TooEarly => "too_early",
            Self::TooLate => "too_late",
            Self::WrongQuestion => "wrong_question",
            Self::AlreadyAnswered => "already_answered",
            Self::Malformed => "malformed",
            Self::Finished => "finished",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.as_str() == name)
    }
}

impl Attempt {
    /// Counts what happened; commands carry the one they saw.
    pub fn revision(&self) -> u32 {
        let closed = self.closed();
        count(self.turns.len() + closed + usize::from(self.finished_at.is_some()))
    }

    /// How many questions are closed.
    pub fn closed(&self) -> usize {
        self.turns.iter().filter(|turn| turn.closed.is_some()).count()
    }

    pub fn phase(&self, at: i64) -> Phase {
        if self.finished_at.is_some() {
            return Phase::Finished;
        }
        match self.turns.len().checked_sub(1).and_then(|last| Some((last, self.turns.get(last)?))) {
            None => Phase::Ready,
            Some((last, turn)) if turn.closed.is_some() => Phase::Revealed(last),
            Some((last, turn)) if at < turn.opened_at => Phase::LeadIn(last),
            Some((last, _)) => Phase::Answering(last),
        }
    }

    /// What was taken for this question.
    pub fn taken(&self, turn: usize) -> Option<&Submitted> {
        self.turns.get(turn)?.closed.as_ref()?.taken.as_ref()
    }

    pub fn score(&self) -> u32 {
        self.all_taken().map(|taken| taken.points + taken.bonus).sum()
    }

    pub fn correct(&self) -> u32 {
        count(self.all_taken().filter(|taken| taken.correct).count())
    }

    fn all_taken(&self) -> impl Iterator<Item = &Submitted> {
        self.turns.iter().filter_map(|turn| turn.closed.as_ref()?.taken.as_ref())
    }

    /// Who answers, for the rules: right answers in a row before this question.
    fn lone(&self, turn: usize) -> Lone {
        let before = self.turns.iter().take(turn).rev();
        let right = |turn: &&Turn| turn.closed.as_ref().is_some_and(|c| c.taken.as_ref().is_some_and(|t| t.correct));
        Lone { streak: count(before.take_while(right).count()), extra: self.extra }
    }

    /// The state after `event`. Total: what happened is never refused.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::Opened { opened_at, .. } => {
                self.finished_at = None;
                self.turns.push(Turn { opened_at: *opened_at, closed: None });
            }
            Event::Closed { turn, closed } => {
                if let Some(turn) = self.turns.get_mut(*turn as usize) {
                    turn.closed = Some(closed.clone());
                }
            }
            Event::Finished { at } => self.finished_at = Some(*at),
        }
    }
}

impl Round {
    pub fn totals(&self, attempt: &Attempt) -> Totals {
        let answered = count(attempt.all_taken().count());
        let time: u64 = attempt.all_taken().map(|taken| u64::from(taken.response_time_ms)).sum();
        let score = attempt.score();
        Totals {
            score,
            correct: attempt.correct(),
            answered,
            average_ms: u32::try_from(time / u64::from(answered.max(1))).unwrap_or(u32::MAX),
            rank: attempt.closed().checked_sub(1).map(|turn| self.room.rank(turn, score)),
        }
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
