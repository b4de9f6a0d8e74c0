//! The study room as a pure state machine: `decide` turns a command into events or refuses it, `apply` turns an event
//! into the next state. The log of events is the truth; what people write is kept beside it, so that a deleted
//! message leaves no words behind.

mod apply;
mod decide;
mod event;
pub mod links;
mod message;
#[cfg(test)]
mod tests;
mod timer;
mod view;

pub use decide::{By, Command, Refusal};
pub use event::{EndReason, Event};
pub use message::{MessageText, Reaction, RoomMessage, TEXT_MAX};
pub use timer::{BREAK_MINUTES, FOCUS_MINUTES, Stage, Timer, TimerStep, TimerView};
pub use view::{PersonView, RoomView};

use super::LiveSessionStatus;
use crate::domain::ids::{LiveSessionId, MessageId, UserId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// People who can be in a room at once.
pub const ROOM_MAX: usize = 100;
/// A room without people is closed after so long.
pub const EMPTY_MS: i64 = 15 * 60 * 1_000;
/// A person may write so many messages in [`PACE_MS`].
pub const PACE: usize = 10;
pub const PACE_MS: i64 = 20_000;
/// How long a typing mark and a reaction stay.
pub const TYPING_MS: i64 = 6_000;
pub const REACTION_MS: i64 = 5_000;

/// How the room is run. The host changes it at any time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// One card for all, else everybody turns their own.
    pub together: bool,
    /// Everybody may turn the card for all and run the timer.
    pub anyone: bool,
}

/// The card that all look at, when they study together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedCard {
    /// From 0.
    pub index: u32,
    pub revealed: bool,
}

/// A quiz that was started from the room and still runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuizLink {
    pub session: LiveSessionId,
    pub pin: String,
}

/// Somebody in the room. Card, typing and reaction are of the moment: the log does not keep them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub user: UserId,
    pub name: String,
    /// Teaches the group.
    pub moderates: bool,
    /// From 0, where everybody turns their own.
    pub card: u32,
    /// Unix ms.
    pub typing_until: i64,
    pub reaction: Option<(Reaction, i64)>,
}

/// What has to be known of a message to judge commands about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    pub author: UserId,
    pub deleted: bool,
}

/// The whole state of one room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StudyRoom {
    pub host: UserId,
    pub title: String,
    /// How many the deck had when the room was opened.
    pub cards: u32,
    pub rules: Rules,
    pub status: LiveSessionStatus,
    pub ended: Option<EndReason>,
    /// In the order in which they came.
    pub people: Vec<Person>,
    /// Raised hands, the longest waiting first.
    pub hands: Vec<UserId>,
    pub muted: BTreeSet<UserId>,
    pub shown: SharedCard,
    pub timer: Timer,
    pub messages: BTreeMap<MessageId, Sent>,
    pub quiz: Option<QuizLink>,
    /// Since when nobody is in, Unix ms.
    pub empty_since: Option<i64>,
    /// Who wrote when, as far as the pace is concerned.
    wrote: VecDeque<(UserId, i64)>,
    /// Time of the newest event.
    pub last_event_at: i64,
}

impl StudyRoom {
    pub fn person(&self, user: UserId) -> Option<&Person> {
        self.people.iter().find(|person| person.user == user)
    }

    /// The first moment at which time alone changes what people see.
    pub fn wakes_at(&self, now: i64) -> Option<i64> {
        if self.ended.is_some() {
            return None;
        }
        let empty = self.empty_since.filter(|_| self.quiz.is_none()).map(|since| since + EMPTY_MS);
        let marks = self
            .people
            .iter()
            .flat_map(|person| [Some(person.typing_until), person.reaction.map(|(_, until)| until)])
            .flatten()
            .filter(|until| *until > now);
        self.timer.deadline.into_iter().chain(empty).chain(marks).min()
    }
}
