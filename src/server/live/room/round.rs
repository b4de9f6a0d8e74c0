//! One round of a room's actor: from accepted events to one transaction, and what is told after it.

use super::{
    handle::{Message, Outcome},
    recent::Said,
};
use crate::{
    domain::{
        ids::LiveSessionId,
        live::study_room::{Event, StudyRoom},
    },
    server::{
        random,
        storage::{MessageChange, NewMessage, RoomAppend, RoomVisit, StoreError},
    },
};
use tokio::sync::oneshot;
use uuid::Uuid;

/// An answer that waits for the commit.
pub(super) type Reply = (oneshot::Sender<Result<(), Outcome>>, Result<(), Outcome>);

#[derive(Default)]
pub(super) struct Round {
    /// The machine's time of day, for what people read. The log's times go on evenly, whatever is done to that clock.
    pub written_at: i64,
    pub append: RoomAppend,
    /// Changes to messages, in order.
    pub said: Vec<Said>,
    /// Something that must not wait, such as the timer.
    pub urgent: bool,
    pub replies: Vec<Reply>,
    /// Questions about the state: answered after the commit.
    pub questions: Vec<Message>,
}

impl Round {
    /// Applies `event` to `state` and notes what is to be written. `next` is the log's offset before the round,
    /// `name` that of who writes.
    pub fn record(
        &mut self,
        state: &mut StudyRoom,
        event: &Event,
        at: i64,
        next: i64,
        name: &str,
    ) -> Result<(), StoreError> {
        // The log's times never run backwards, whatever the order of arrival.
        let at = at.max(state.last_event_at);
        let before = state.status;
        state.apply(event, at);
        let written_at = self.written_at;
        if !event.is_kept() {
            return Ok(());
        }
        let offset = next + i64::try_from(self.append.events.len()).unwrap_or(0);
        let json = serde_json::to_string(event).map_err(|error| StoreError::Other(error.to_string()))?;
        self.append.events.push((at, json));
        match event {
            Event::Entered { user, name, .. } => {
                self.append.left.retain(|(left, _)| left != user);
                let visit = RoomVisit {
                    participant: random::id::<Uuid>(written_at),
                    user: *user,
                    name: name.clone(),
                    at: written_at,
                };
                self.append.entered.push(visit);
            }
            Event::Left { user } => self.append.left.push((*user, written_at)),
            Event::MessageSent { message, user, text } => self.append.sent.push(NewMessage {
                id: *message,
                number: offset,
                user: *user,
                text: text.clone(),
                at: written_at,
            }),
            Event::MessageEdited { message, text, .. } => self.append.changed.push(MessageChange {
                id: *message,
                changed: offset,
                text: text.clone(),
                deleted_by: None,
                at: written_at,
            }),
            Event::MessageDeleted { message, by } => self.append.changed.push(MessageChange {
                id: *message,
                changed: offset,
                text: String::new(),
                deleted_by: Some(*by),
                at: written_at,
            }),
            _ => self.urgent = true,
        }
        self.said.extend(Said::of(event, name, offset, written_at));
        if state.status != before {
            self.append.status = Some((state.status, written_at));
        }
        Ok(())
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.append.events.is_empty()
    }
}

/// Position epochs: the fencing token, and bits drawn by each life of an actor. A database that was restored from a
/// backup counts its tokens again; positions of the lost future must not fit. Small enough for a JSON number.
pub(super) fn life(epoch: i64) -> u64 {
    (u64::try_from(epoch).unwrap_or(0) << 20) | u64::from(random::below(1 << 20))
}

/// For the log lines of a room.
pub(super) fn not_written(id: LiveSessionId, error: &StoreError) {
    tracing::error!(live_session.id = %id, error.cause = %error, "study room not written");
}
