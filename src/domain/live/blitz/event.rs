//! What happened in a Blitz Quiz: the entries of its log, in the past tense. Append variants, never change them:
//! old logs are read by newer programs.

use super::{BlitzConfig, ExtraTime};
use crate::domain::{
    ids::{LiveSessionId, ParticipantId, UserId},
    live::question::{Answer, Question},
};
use serde::{Deserialize, Serialize};

/// Why a question was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseReason {
    Timer,
    AllAnswered,
    Host,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Always the first.
    Created {
        host: UserId,
        title: String,
        config: BlitzConfig,
        questions: Vec<Question>,
    },
    Joined {
        participant: ParticipantId,
        user: Option<UserId>,
        name: String,
        name_key: String,
    },
    /// The question stands alone; its options come at `opens_at`.
    LeadInBegan {
        index: u32,
        opens_at: i64,
    },
    QuestionOpened {
        index: u32,
        opened_at: i64,
        deadline: i64,
        /// Players who were not connected then; kept where teams play.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        absent: Vec<ParticipantId>,
    },
    AnswerSubmitted {
        participant: ParticipantId,
        index: u32,
        answer: Answer,
        response_time_ms: u32,
        correct: bool,
        points: u32,
        #[serde(default)]
        bonus: u32,
        /// What the line's round trip took off the time that the points see.
        #[serde(default, skip_serializing_if = "is_zero")]
        credit_ms: u32,
    },
    QuestionRevealed {
        index: u32,
        reason: CloseReason,
    },
    LeaderboardShown {
        index: u32,
    },
    PodiumShown,
    /// `completed`: at least one question was revealed.
    Ended {
        completed: bool,
    },
    /// The server was away for `pause_ms`; running times are moved by it.
    Recovered {
        pause_ms: i64,
    },
    /// The server stopped in good order at this time.
    Suspended,
    LobbyLocked,
    LobbyUnlocked,
    /// Somebody new stands at the door.
    Knocked {
        participant: ParticipantId,
        user: Option<UserId>,
        name: String,
        name_key: String,
    },
    /// Somebody who was taken out stands at the door again.
    AskedBack {
        participant: ParticipantId,
    },
    Admitted {
        participant: ParticipantId,
    },
    Removed {
        participant: ParticipantId,
    },
    /// The clock stands.
    Paused,
    /// The clock goes on after `pause_ms`.
    Resumed {
        pause_ms: i64,
    },
    /// The question counts for nobody; its answers are taken back.
    QuestionSkipped {
        index: u32,
    },
    /// A later answer replaced an earlier one.
    AnswerChanged {
        participant: ParticipantId,
        index: u32,
        answer: Answer,
        response_time_ms: u32,
        correct: bool,
        points: u32,
        bonus: u32,
        #[serde(default, skip_serializing_if = "is_zero")]
        credit_ms: u32,
    },
    /// The same people play on in another session.
    Continued {
        next: LiveSessionId,
    },
    /// A guest's seat became an account's.
    Claimed {
        participant: ParticipantId,
        user: UserId,
    },
    /// Before the start: the question as the host wants it.
    QuestionAdjusted {
        index: u32,
        question: Box<Question>,
    },
    /// Before the start: the question is not asked; those after it move up.
    QuestionDropped {
        index: u32,
    },
    /// Somebody is in this team now.
    TeamJoined {
        participant: ParticipantId,
        team: u8,
    },
    ExtraTimeGiven {
        participant: ParticipantId,
        extra: ExtraTime,
    },
    /// The usual time is over, somebody has more; to be looked at again at `until`.
    OvertimeBegan {
        index: u32,
        until: Option<i64>,
    },
    /// These questions are asked once more, in this order.
    SecondChancesDrawn {
        questions: Vec<u32>,
    },
    /// How sure somebody is of the answer that was taken.
    SurenessTold {
        participant: ParticipantId,
        index: u32,
        sure: bool,
    },
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}
