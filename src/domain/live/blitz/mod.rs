//! The Blitz Quiz as a pure state machine: `decide` turns a command into events or refuses it,
//! `apply` turns an event into the next state. The log of events is the truth; replaying it gives the same state.

mod apply;
mod decide;
mod event;
#[cfg(test)]
mod tests;
mod view;

pub use decide::{Command, Refusal};
pub use event::{CloseReason, Event};
pub use view::{
    Ahead, HostPhase, HostPlayer, HostView, LeaderboardRow, Me, MyResult, PlayerPhase, PlayerView, Progress, Shared,
};

use super::{
    LiveSessionStatus,
    draw::AnswerMode,
    question::{Answer, Question},
};
use crate::domain::ids::{ParticipantId, UserId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How long the question stands alone before the options appear.
pub const LEAD_IN_MS: i64 = 4_000;
/// How long after the deadline an answer that was on its way still counts (with the points of the deadline).
pub const GRACE_MS: i64 = 500;
/// Rows of the leaderboard on the projector.
pub const LEADERBOARD_ROWS: usize = 5;

/// What the host chose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlitzConfig {
    /// Questions to ask, 1 to 100; the deck may hold fewer.
    pub card_count: u32,
    /// Milliseconds per question, 5 s to 240 s.
    pub time_limit_ms: u32,
    /// Whether a card's hint is shown with its question.
    pub hints: bool,
    pub answers: AnswerMode,
}

/// Where the quiz is. Times are Unix milliseconds of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    Lobby,
    /// The question alone; options at `opens_at`.
    LeadIn {
        index: u32,
        opens_at: i64,
    },
    Answering {
        index: u32,
        opened_at: i64,
        deadline: i64,
    },
    Reveal {
        index: u32,
    },
    Leaderboard {
        index: u32,
    },
    Podium,
    Ended,
}

/// A person in the quiz.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    pub id: ParticipantId,
    /// `None`: a guest.
    pub user: Option<UserId>,
    pub name: String,
    /// What the name looks like; unique in the session.
    pub name_key: String,
    /// Came while this question was open: not waited for in it.
    pub joined_during: Option<u32>,
    pub score: u32,
    pub correct_answers: u32,
    pub total_answers: u32,
    /// Sum over all answers, for the average.
    pub response_time_ms: u64,
    /// Rank before the last reveal, for the arrow on the leaderboard.
    pub previous_rank: Option<u32>,
    pub rank: Option<u32>,
}

/// An answer that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    pub answer: Answer,
    pub response_time_ms: u32,
    pub correct: bool,
    pub points: u32,
}

/// The whole state of one quiz.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blitz {
    pub host: UserId,
    pub title: String,
    pub config: BlitzConfig,
    pub questions: Vec<Question>,
    pub phase: Phase,
    /// Counts phases; host commands carry the one they saw, so that a double click does nothing.
    pub revision: u32,
    pub status: LiveSessionStatus,
    /// In the order in which they joined.
    pub participants: Vec<Participant>,
    index_of: BTreeMap<ParticipantId, usize>,
    /// Answers to the question of the current phase.
    pub answers: BTreeMap<ParticipantId, Submitted>,
    /// Time of the newest event.
    pub last_event_at: i64,
}

impl Phase {
    /// The question that the phase is about.
    pub fn index(self) -> Option<u32> {
        match self {
            Self::LeadIn { index, .. }
            | Self::Answering { index, .. }
            | Self::Reveal { index }
            | Self::Leaderboard { index } => Some(index),
            Self::Lobby | Self::Podium | Self::Ended => None,
        }
    }

    /// The first moment at which time alone changes the phase.
    pub fn wakes_at(self) -> Option<i64> {
        match self {
            Self::LeadIn { opens_at, .. } => Some(opens_at),
            Self::Answering { deadline, .. } => Some(deadline + GRACE_MS + 1),
            _ => None,
        }
    }
}

impl Blitz {
    pub fn participant(&self, id: ParticipantId) -> Option<&Participant> {
        self.index_of.get(&id).and_then(|index| self.participants.get(*index))
    }

    /// The question with this number.
    pub fn question(&self, index: u32) -> Option<&Question> {
        self.questions.get(index as usize)
    }

    fn total(&self) -> u32 {
        u32::try_from(self.questions.len()).unwrap_or(u32::MAX)
    }
}
