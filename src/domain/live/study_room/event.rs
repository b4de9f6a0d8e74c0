//! What happened in a study room: the entries of its log, in the past tense. Append variants, never change them:
//! old logs are read by newer programs.

use super::{QuizLink, Reaction, Rules, Stage};
use crate::domain::ids::{LiveSessionId, MessageId, UserId};
use serde::{Deserialize, Serialize};

/// Why a room was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// By its host or a teacher.
    Host,
    /// Nobody was in it for a while.
    Empty,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Always the first.
    Created {
        host: UserId,
        title: String,
        cards: u32,
        rules: Rules,
    },
    Entered {
        user: UserId,
        name: String,
        moderates: bool,
    },
    Left {
        user: UserId,
    },
    RulesChanged {
        rules: Rules,
    },
    /// To all who study together.
    CardShown {
        index: u32,
        revealed: bool,
    },
    TimerStarted {
        deadline: i64,
    },
    TimerPaused {
        left_ms: u32,
    },
    /// `deadline`: it runs; else it stands at its full length. `finished`: the stage before it came to its end.
    StageBegan {
        stage: Stage,
        deadline: Option<i64>,
        finished: bool,
    },
    TimerSet {
        focus_ms: u32,
        break_ms: u32,
    },
    MessageSent {
        message: MessageId,
        user: UserId,
        /// Kept with the message, not in the log.
        #[serde(skip)]
        text: String,
    },
    MessageEdited {
        message: MessageId,
        user: UserId,
        #[serde(skip)]
        text: String,
    },
    MessageDeleted {
        message: MessageId,
        by: UserId,
    },
    Muted {
        user: UserId,
        by: UserId,
    },
    Unmuted {
        user: UserId,
        by: UserId,
    },
    HandRaised {
        user: UserId,
    },
    HandLowered {
        user: UserId,
    },
    QuizOpened(QuizLink),
    QuizClosed {
        session: LiveSessionId,
    },
    Ended {
        reason: EndReason,
    },
    // ---- Of the moment: applied, told, not kept ----
    CardReached {
        user: UserId,
        index: u32,
    },
    Typed {
        user: UserId,
    },
    Reacted {
        user: UserId,
        reaction: Reaction,
    },
}

impl Event {
    /// Whether the log keeps it.
    pub fn is_kept(&self) -> bool {
        !matches!(self, Self::CardReached { .. } | Self::Typed { .. } | Self::Reacted { .. })
    }

    /// The message that it is about.
    pub fn message(&self) -> Option<MessageId> {
        match self {
            Self::MessageSent { message, .. }
            | Self::MessageEdited { message, .. }
            | Self::MessageDeleted { message, .. } => Some(*message),
            _ => None,
        }
    }
}
