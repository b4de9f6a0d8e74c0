//! The newest messages in memory: what a page shows first, and what somebody who comes back needs.

use crate::{
    domain::{
        ids::{LiveSessionId, MessageId, UserId},
        live::study_room::{Event, RoomMessage},
    },
    server::storage::{Db, StoreError},
};
use std::collections::VecDeque;

/// Messages on a page of the conversation.
pub const PAGE: i64 = 50;
/// Bytes of text that go out at once at most; long messages make a shorter page.
const PAGE_BYTES: usize = 48 * 1024;

/// Oldest first.
#[derive(Debug, Default)]
pub(super) struct Recent(VecDeque<RoomMessage>);

/// A change to a message, as the round accepted it.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub message: MessageId,
    /// The log's place of the event.
    pub offset: i64,
    pub at: i64,
    pub what: What,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    Sent { user: UserId, name: String, text: String },
    Edited { text: String },
    Deleted { by: UserId },
}

impl Said {
    /// `None` for events that are not about a message.
    pub fn of(event: &Event, name: &str, offset: i64, at: i64) -> Option<Self> {
        let what = match event {
            Event::MessageSent { user, text, .. } => {
                What::Sent { user: *user, name: name.to_owned(), text: text.clone() }
            }
            Event::MessageEdited { text, .. } => What::Edited { text: text.clone() },
            Event::MessageDeleted { by, .. } => What::Deleted { by: *by },
            _ => return None,
        };
        Some(Self { message: event.message()?, offset, at, what })
    }
}

impl Recent {
    pub async fn load(db: &Db, room: LiveSessionId) -> Result<Self, StoreError> {
        Ok(Self(db.room_messages(room, None, PAGE).await?.into()))
    }

    /// The message after the change. One that is not in memory any more is read: it is written already.
    pub async fn note(&mut self, db: &Db, room: LiveSessionId, said: Said) -> Result<RoomMessage, StoreError> {
        let Said { message: id, offset, at, what } = said;
        if let What::Sent { user, name, text } = what {
            let (edited, deleted_by) = (false, None);
            let message = RoomMessage { id, number: offset, changed: offset, user, name, at, text, edited, deleted_by };
            self.0.push_back(message.clone());
            if self.0.len() > usize::try_from(PAGE).unwrap_or(0) {
                self.0.pop_front();
            }
            return Ok(message);
        }
        let Some(message) = self.0.iter_mut().find(|message| message.id == id) else {
            return db.room_message(room, id).await;
        };
        message.changed = offset;
        match what {
            What::Edited { text } => (message.text, message.edited) = (text, true),
            What::Deleted { by } => (message.text, message.deleted_by) = (String::new(), Some(by)),
            What::Sent { .. } => {}
        }
        Ok(message.clone())
    }

    /// The newest messages, the oldest of them first.
    pub fn page(&self) -> Vec<RoomMessage> {
        let mut bytes = 0;
        let fits = self.0.iter().rev().take_while(|message| {
            bytes += message.text.len();
            bytes <= PAGE_BYTES
        });
        let mut page: Vec<_> = fits.cloned().collect();
        page.reverse();
        page
    }
}
