//! Study rooms on the wire: what somebody in a room does, and what a room that is joined anew looks like.

use crate::domain::{
    ids::{MessageId, UserId},
    live::study_room::{Reaction, RoomMessage, RoomView, Rules, TimerStep},
};
use serde::{Deserialize, Serialize};

/// What somebody does in a room. Append variants, never reorder them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomAct {
    /// `message` is chosen by the sender: the same one again counts once.
    SendMessage {
        message: MessageId,
        text: String,
    },
    EditMessage {
        message: MessageId,
        text: String,
    },
    DeleteMessage {
        message: MessageId,
    },
    /// Somebody is writing.
    Type,
    Mute {
        user: UserId,
        muted: bool,
    },
    RaiseHand {
        user: UserId,
        raised: bool,
    },
    React {
        reaction: Reaction,
    },
    /// `index` from 0. For all who study together, else one's own.
    ShowCard {
        index: u32,
        revealed: bool,
    },
    Timer {
        step: TimerStep,
    },
    SetRules {
        rules: Rules,
    },
    Leave,
    End,
}

/// The room as it is when somebody comes in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomSnapshot {
    pub view: RoomView,
    /// The newest, the oldest of them first.
    pub messages: Vec<RoomMessage>,
    /// Whether there are older ones.
    pub earlier: bool,
}
