//! Live sessions: what runs in a room at the same time for everybody.
//! The session's log of events is the truth; state is rebuilt from it byte for byte.

pub mod answer_text;
pub mod blitz;
pub mod draw;
pub mod kinds;
pub mod number;
pub mod pin;
pub mod player_name;
pub mod question;
pub mod report;
pub mod scoring;
pub mod self_paced;
pub mod standings;
pub mod study_room;

use serde::{Deserialize, Serialize};

/// What kind of session it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LiveSessionType {
    BlitzQuiz,
    StudyRoom,
    PeerReview,
}

/// Where a session stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LiveSessionStatus {
    /// People gather in the lobby.
    Waiting,
    Active,
    /// Ended after at least one question; results are kept.
    Completed,
    /// Ended before anything was asked.
    Cancelled,
}

impl LiveSessionType {
    /// The name in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BlitzQuiz => "blitz_quiz",
            Self::StudyRoom => "study_room",
            Self::PeerReview => "peer_review",
        }
    }
}

impl LiveSessionStatus {
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Active, Self::Completed, Self::Cancelled];

    /// The name in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Active => "active",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }

    /// Whether people are in it now.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Active)
    }
}
