//! Messages: what may be written, how a message looks to all, and the few quick reactions.

use crate::domain::{
    ids::{MessageId, UserId},
    problem::Problem,
    text::clean_text,
};
use serde::{Deserialize, Serialize};

/// Characters of a message.
pub const TEXT_MAX: usize = 2_000;

/// Text that may be sent. Made by [`MessageText::parse`] only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageText(String);

impl MessageText {
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        let too_long = Problem::TooLong { max: TEXT_MAX as u32 };
        // Whoever pastes a book gets an answer without us reading it.
        if typed.len() > TEXT_MAX * 8 {
            return Err(too_long);
        }
        let text: String = clean_text(typed).chars().filter(|c| !turns_text(*c)).collect();
        if text.chars().all(char::is_whitespace) {
            return Err(Problem::Required);
        }
        if text.chars().count() > TEXT_MAX { Err(too_long) } else { Ok(Self(text)) }
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

/// Direction overrides: they would rearrange what stands around the message.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A message as everybody in the room sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomMessage {
    pub id: MessageId,
    /// Its place in the room's log: later messages have greater ones.
    pub number: i64,
    /// The log's place of its last change.
    pub changed: i64,
    pub user: UserId,
    pub name: String,
    /// Unix ms.
    pub at: i64,
    /// Empty when it was deleted.
    pub text: String,
    pub edited: bool,
    pub deleted_by: Option<UserId>,
}

/// A quick reaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reaction {
    Yes,
    Heart,
    Laugh,
    Wow,
    Clap,
}

impl Reaction {
    pub const ALL: [Self; 5] = [Self::Yes, Self::Heart, Self::Laugh, Self::Wow, Self::Clap];

    pub fn emoji(self) -> &'static str {
        match self {
            Self::Yes => "👍",
            Self::Heart => "❤️",
            Self::Laugh => "😄",
            Self::Wow => "😮",
            Self::Clap => "👏",
        }
    }
}
