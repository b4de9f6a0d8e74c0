//! A channel's log that outlives servers: numbered events, as a room has them.

use std::sync::{Arc, Mutex};
use studyhall::{
    domain::ids::UserId,
    protocol::{Channel, ChannelEvent, Position},
    server::{
        realtime::source::{Fetch, Snapshot, Source, Tail},
        state::AppState,
    },
};

#[derive(Clone, Debug)]
pub struct Log {
    channel: Channel,
    at: Arc<Mutex<Position>>,
}

/// The `number`-th event.
fn event(number: u64) -> ChannelEvent {
    ChannelEvent::AnswersCounted { revision: number as u32, answered: 0, expected: 0 }
}

/// The number of an event.
pub fn read(event: &ChannelEvent) -> u32 {
    match event {
        ChannelEvent::AnswersCounted { revision, .. } => *revision,
        other => panic!("not of this log: {other:?}"),
    }
}

impl Log {
    pub fn new(channel: Channel) -> Self {
        Self { channel, at: Arc::new(Mutex::new(Position { epoch: 1, offset: 0 })) }
    }

    /// Lets the server's channel come from this log.
    pub fn serve(&self, state: &AppState) {
        state.hub.keep_log(self.channel, Arc::new(self.clone()));
    }

    /// The next event is written; tell it with [`Self::tell`].
    pub fn append(&self) -> Position {
        let mut at = self.at.lock().unwrap();
        at.offset += 1;
        *at
    }

    pub fn tell(&self, state: &AppState, position: Position) {
        state.hub.publish(self.channel, position, event(position.offset));
    }

    pub fn publish(&self, state: &AppState) {
        self.tell(state, self.append());
    }

    pub fn newest(&self) -> u32 {
        self.at.lock().unwrap().offset as u32
    }

    /// As after a backup was put back: a new epoch, and events that never happened.
    pub fn restore(&self, offset: u64) {
        let mut at = self.at.lock().unwrap();
        *at = Position { epoch: at.epoch + 1, offset };
    }
}

impl Source for Log {
    fn tail(&self, limit: usize) -> Fetch<'_, Tail> {
        Box::pin(async move {
            let position = *self.at.lock().unwrap();
            let events = (position.offset.saturating_sub(limit as u64) + 1..=position.offset).map(event).collect();
            Ok(Tail { position, events })
        })
    }

    fn snapshot(&self, _: Option<UserId>) -> Fetch<'_, Snapshot> {
        Box::pin(async move {
            let position = *self.at.lock().unwrap();
            Ok(Snapshot { position, event: Some(event(position.offset)) })
        })
    }
}
