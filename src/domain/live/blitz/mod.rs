//! The Blitz Quiz as a pure state machine: `decide` turns a command into events or refuses it,
//! `apply` turns an event into the next state. The log of events is the truth; replaying it gives the same state.

mod adjust;
#[cfg(test)]
mod adjust_tests;
mod alone;
mod apply;
#[cfg(test)]
mod claim_tests;
mod command;
mod control;
#[cfg(test)]
mod control_tests;
mod decide;
#[cfg(test)]
mod door_tests;
mod event;
mod extra_time;
mod flow;
#[cfg(test)]
mod kinds_tests;
#[cfg(test)]
mod random_tests;
mod second_chance;
#[cfg(test)]
mod second_chance_tests;
mod show;
mod sureness;
#[cfg(test)]
mod sureness_tests;
mod team;
#[cfg(test)]
mod team_tests;
#[cfg(test)]
mod tests;
mod view;
#[cfg(test)]
mod view_tests;

pub use alone::Lone;
pub use command::{Command, Control, Refusal};
pub use event::{CloseReason, Event};
pub use extra_time::{Carried, ExtraTime};
pub use second_chance::{MOST_SECOND_CHANCES, Tally};
pub use show::Shared;
pub use sureness::{SURE_MS, Sureness};
pub use team::{FEWEST_TEAMS, MAX_TEAM_NAME, MOST_TEAMS, TeamRow, TeamState, TeamView, Teams};
pub use view::{
    Ahead, HostPhase, HostPlayer, HostView, LeaderboardRow, Me, MyResult, NextStep, PlayerPhase, PlayerView, Progress,
};

use super::{
    LiveSessionStatus,
    draw::AnswerMode,
    question::{Answer, Question},
};
use crate::domain::ids::{LiveSessionId, ParticipantId, UserId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Of the state as it is stored: goes up whenever an event leads to another state than before. A new field needs nothing:
/// a stored state without it is not read, and the log is replayed.
pub const SNAPSHOT_VERSION: i64 = 2;
/// How long the question stands alone before the options appear.
pub const LEAD_IN_MS: i64 = 4_000;
/// How long after the deadline an answer that was on its way still counts (with the points of the deadline).
pub const GRACE_MS: i64 = 500;
/// What a slow line can take off the time that the speed curve sees, at most.
pub const MOST_CREDIT_MS: u32 = 250;
/// How long after the end a guest may take the result along into an account: as long as the seat's cookie lives.
pub const CLAIM_MS: i64 = 24 * 60 * 60 * 1_000;
/// Rows of the leaderboard on the projector.
pub const LEADERBOARD_ROWS: usize = 5;

/// People at the door at once: more than a host can look at, and no script fills the memory with them.
pub const MOST_AT_DOOR: usize = 500;
/// Seats of one session, with those who were sent away.
pub const MOST_SEATS: usize = 20_000;
/// Guests who walk in from one address at once, until the host says that there are more.
pub const CROWD: u32 = 150;
/// As many as that can become.
pub const MOST_CROWD: u32 = 3_000;
/// Names on one screen of the lobby.
pub const LOBBY_NAMES: usize = 40;

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
    /// Logs that were written before there were rules mean the usual ones.
    #[serde(default)]
    pub rules: Rules,
    /// `None`: everybody plays alone.
    #[serde(default)]
    pub teams: Option<Teams>,
    /// Extra time from the session before.
    #[serde(default)]
    pub carried: Vec<Carried>,
}

/// How the host wants the quiz to run. New fields need a default that means what was before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// Everybody waits at the door until the host lets them in.
    pub approve: bool,
    /// After this time reveal and leaderboard give way by themselves.
    pub auto_advance_ms: Option<u32>,
    /// The leaderboard comes after every so many questions; 0: only the podium at the end.
    pub leaderboard_every: u32,
    pub scoring: Scoring,
    /// Right answers in a row earn more.
    pub streaks: bool,
    /// An answer may be changed until the question closes.
    pub change_answer: bool,
    /// The most missed questions come back once at the end.
    pub second_chance: bool,
    /// Players are asked how sure they are of their answers.
    pub confidence: bool,
    /// As many people as the host expects; 0: not said. Guests beyond them, and a tenth more, wait at the door.
    pub expected: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            approve: false,
            auto_advance_ms: None,
            leaderboard_every: 1,
            scoring: Scoring::Speed,
            streaks: false,
            change_answer: false,
            second_chance: false,
            confidence: false,
            expected: 0,
        }
    }
}

/// What a right answer is worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scoring {
    /// More the faster it came.
    #[default]
    Speed,
    /// All points, whenever it came.
    Accuracy,
}

/// Where somebody who asked for a seat stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Admission {
    /// At the door: the host has not decided yet.
    Waiting,
    In,
    /// Taken out by the host; comes back only when let in.
    Removed,
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    pub id: ParticipantId,
    /// `None`: a guest.
    pub user: Option<UserId>,
    pub name: String,
    pub admission: Admission,
    /// Came while this question was open: not waited for in it.
    pub joined_during: Option<u32>,
    pub score: u32,
    pub correct_answers: u32,
    pub total_answers: u32,
    /// Sum over all answers, for the average.
    pub response_time_ms: u64,
    /// Right answers in a row, up to the last reveal.
    pub streak: u32,
    /// The same before the last reveal, for a question that is taken back.
    pub previous_streak: u32,
    /// Rank before the last reveal, for the arrow on the leaderboard.
    pub previous_rank: Option<u32>,
    pub rank: Option<u32>,
    /// Number of the team.
    pub team: Option<u8>,
    pub extra: ExtraTime,
}

/// An answer that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submitted {
    pub answer: Answer,
    pub response_time_ms: u32,
    pub correct: bool,
    /// At most the question's points.
    pub points: u32,
    /// For a streak, on top.
    pub bonus: u32,
    /// `None`: not said.
    pub sure: Option<bool>,
}

/// The whole state of one quiz.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// What names look like; each once.
    name_keys: BTreeSet<String>,
    /// Answers to the question of the current phase.
    pub answers: BTreeMap<ParticipantId, Submitted>,
    /// Nobody new may come in.
    pub locked: bool,
    /// Whoever is new waits for the host.
    pub approve: bool,
    /// The clock stands since.
    pub paused_at: Option<i64>,
    /// When reveal or leaderboard give way by themselves.
    pub auto_at: Option<i64>,
    /// Questions that were revealed and not taken back.
    pub revealed: u32,
    /// The session in which the same people play on.
    pub next: Option<LiveSessionId>,
    /// Time of the newest event.
    pub last_event_at: i64,
    /// One per team.
    pub teams: Vec<TeamState>,
    /// Who was not there when the options of the question came; kept where teams play.
    pub absent: BTreeSet<ParticipantId>,
    /// The usual time of the open question is over, and somebody has more: the next moment to look, when there is one.
    #[serde(with = "overtime_as_list")]
    pub overtime: Option<Option<i64>>,
    /// How each question went that was revealed and not taken back.
    pub tallies: BTreeMap<u32, Tally>,
    /// Number of the first second chance, once they are drawn.
    pub second_from: Option<u32>,
    /// The questions that come back, in the order in which they do.
    pub second_of: Vec<u32>,
    /// When the newest answer to the open question was taken.
    pub answered_at: Option<i64>,
}

/// JSON knows one kind of nothing: what is there is written as a list of one.
mod overtime_as_list {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(overtime: &Option<Option<i64>>, to: S) -> Result<S::Ok, S::Error> {
        overtime.map(|until| [until]).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<i64>>, D::Error> {
        Ok(Option::<[Option<i64>; 1]>::deserialize(from)?.map(|[until]| until))
    }
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
}

impl Blitz {
    pub fn participant(&self, id: ParticipantId) -> Option<&Participant> {
        self.index_of.get(&id).and_then(|index| self.participants.get(*index))
    }

    /// The question with this number.
    pub fn question(&self, index: u32) -> Option<&Question> {
        self.questions.get(index as usize)
    }

    /// Time to answer the question with this number, ms.
    pub fn limit_ms(&self, index: u32) -> u32 {
        let own = self.question(index).and_then(|question| question.adjusted.time_limit_ms);
        own.unwrap_or(self.config.time_limit_ms)
    }

    /// The first moment at which time alone changes the phase; `None` while no clock runs.
    pub fn wakes_at(&self) -> Option<i64> {
        if self.paused_at.is_some() {
            return None;
        }
        match self.phase {
            Phase::LeadIn { opens_at, .. } => Some(opens_at),
            Phase::Answering { deadline, .. } => self.overtime.unwrap_or(Some(deadline + GRACE_MS + 1)),
            Phase::Reveal { .. } | Phase::Leaderboard { .. } => self.auto_at,
            Phase::Lobby | Phase::Podium | Phase::Ended => None,
        }
    }

    /// Those who play: let in, and not taken out.
    pub fn players(&self) -> impl Iterator<Item = &Participant> {
        self.participants.iter().filter(|p| p.admission == Admission::In)
    }

    fn total(&self) -> u32 {
        u32::try_from(self.questions.len()).unwrap_or(u32::MAX)
    }
}
