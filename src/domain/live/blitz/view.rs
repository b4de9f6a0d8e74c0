//! What the host and what a player see of the state. Two types: a player's view before the reveal
//! has no place where a key, a solution or somebody's points could be.

use super::{TeamRow, TeamView};
use crate::domain::{
    ids::{LiveSessionId, ParticipantId},
    live::{
        pin::Pin,
        question::{Answer, OpenQuestion, Solution},
        standings::Standing,
    },
};
use serde::{Deserialize, Serialize};

/// One row of the leaderboard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaderboardRow {
    pub standing: Standing,
    /// Places won (positive) or lost since the question before.
    pub change: i32,
}

/// Which question of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// From 0.
    pub index: u32,
    pub total: u32,
    /// 0; among the second chances the number of the first of them.
    pub first: u32,
}

impl Progress {
    /// The question is asked for the second time.
    pub fn is_second(self) -> bool {
        self.first > 0
    }
}

/// Everything a player's phone shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlayerView {
    pub session: LiveSessionId,
    pub title: String,
    pub revision: u32,
    pub players: u32,
    pub me: Me,
    /// The session in which the same people play on.
    pub next: Option<LiveSessionId>,
    pub phase: PlayerPhase,
    /// `None`: no teams.
    pub team: Option<TeamView>,
}

/// The player's own line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    pub participant: ParticipantId,
    pub name: String,
    /// Without the question that is still open.
    pub score: u32,
    /// `None` before the first reveal.
    pub rank: Option<u32>,
    /// The person just ahead.
    pub ahead: Option<Ahead>,
    pub correct_answers: u32,
}

/// Who is just ahead, and by how many points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ahead {
    pub name: String,
    pub points: u32,
}

/// What the player's answer was worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyResult {
    pub answer: Answer,
    pub correct: bool,
    pub points: u32,
    /// For a streak, on top.
    pub bonus: u32,
    pub response_time_ms: u32,
    /// How sure one was; `None`: not said.
    pub sure: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlayerPhase {
    Lobby,
    LeadIn {
        progress: Progress,
        prompt: OpenQuestion,
        remaining_ms: u32,
    },
    Answering {
        progress: Progress,
        question: OpenQuestion,
        remaining_ms: u32,
        time_limit_ms: u32,
        /// What was taken, so that a reload shows it again.
        my_answer: Option<Answer>,
        /// It may be changed until the question closes.
        may_change: bool,
        /// The own time is over; the reveal is still to come.
        closed: bool,
        /// Whoever has answered is asked how sure they are.
        asks_sure: bool,
        /// What one said to that.
        sure: Option<bool>,
    },
    Reveal {
        progress: Progress,
        question: OpenQuestion,
        solution: Solution,
        /// Answers per option; empty for typed answers.
        distribution: Vec<u32>,
        /// `None`: not answered.
        mine: Option<MyResult>,
    },
    Leaderboard {
        progress: Progress,
        rows: Vec<LeaderboardRow>,
    },
    Podium {
        rows: Vec<Standing>,
    },
    Ended {
        completed: bool,
        rows: Vec<Standing>,
    },
    /// Waiting for the host to let one in.
    AtTheDoor,
    /// Taken out by the host.
    Removed,
    /// The clock stands; the question is hidden from everybody.
    Paused {
        progress: Progress,
    },
}

/// Everything the projector shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostView {
    pub session: LiveSessionId,
    pub title: String,
    /// `None` once the session has ended.
    pub pin: Option<Pin>,
    pub revision: u32,
    pub players: u32,
    pub total: u32,
    /// What the next press does.
    pub step: NextStep,
    pub locked: bool,
    /// Whoever stands at the door, the first ones; `at_the_door` counts all.
    pub waiting: Vec<HostPlayer>,
    pub at_the_door: u32,
    /// Until this phase gives way by itself.
    pub auto_ms: Option<u32>,
    /// Reveal or leaderboard would have given way, but the clock stands.
    pub paused: bool,
    /// The session in which the same people play on.
    pub next: Option<LiveSessionId>,
    pub phase: HostPhase,
    /// Best first; empty: no teams.
    pub teams: Vec<TeamRow>,
}

/// What the host's next press does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NextStep {
    Start,
    Open,
    Reveal,
    Leaderboard,
    Question,
    Podium,
    End,
    Resume,
}

/// A name in the lobby.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostPlayer {
    pub participant: ParticipantId,
    pub name: String,
    pub connected: bool,
    pub team: Option<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostPhase {
    Lobby {
        /// The newest; the view's `players` counts all.
        players: Vec<HostPlayer>,
    },
    LeadIn {
        progress: Progress,
        prompt: OpenQuestion,
        remaining_ms: u32,
    },
    Answering {
        progress: Progress,
        question: OpenQuestion,
        remaining_ms: u32,
        time_limit_ms: u32,
        answered: u32,
        /// Connected players who are waited for, and those who answered.
        expected: u32,
        /// The usual time is over; the reveal is still to come.
        closed: bool,
    },
    Reveal {
        progress: Progress,
        question: OpenQuestion,
        solution: Solution,
        distribution: Vec<u32>,
        correct: u32,
        answered: u32,
        /// Who was sure and wrong; `None` where nobody was asked.
        sure_and_wrong: Option<u32>,
    },
    Leaderboard {
        progress: Progress,
        rows: Vec<LeaderboardRow>,
    },
    Podium {
        rows: Vec<Standing>,
    },
    Ended {
        completed: bool,
        rows: Vec<Standing>,
    },
    /// The clock stands; the question is hidden from everybody.
    Paused {
        progress: Progress,
    },
}
