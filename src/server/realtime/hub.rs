//! Fan-out by channel for groups and accounts, on this node. Live sessions fan out by themselves,
//! because each of their players sees something else.

use super::outbox::{Latest, Outbox};
use crate::{
    protocol::{Channel, ChannelEvent, Position, ServerFrame},
    server::random,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;

/// A handle; cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Hub {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// Drawn at start: positions of an earlier run mean nothing.
    epoch: u64,
    channels: Mutex<HashMap<Channel, Stream>>,
}

#[derive(Debug, Default)]
struct Stream {
    offset: u64,
    subscribers: HashMap<Uuid, Arc<Outbox>>,
}

impl Default for Hub {
    fn default() -> Self {
        Self { shared: Arc::new(Shared { epoch: random::seed() >> 1, channels: Mutex::default() }) }
    }
}

impl Hub {
    /// Adds a connection to a channel and tells it the channel's position.
    pub fn subscribe(&self, channel: Channel, connection: Uuid, outbox: &Arc<Outbox>) {
        self.with(|channels| {
            let stream = channels.entry(channel).or_default();
            stream.subscribers.insert(connection, Arc::clone(outbox));
            let position = Position { epoch: self.shared.epoch, offset: stream.offset };
            outbox.send(ServerFrame::Subscribed { channel, position });
        });
    }

    /// Removes a connection from a channel; an empty channel is dropped.
    pub fn unsubscribe(&self, channel: Channel, connection: Uuid) {
        self.with(|channels| {
            if let Some(stream) = channels.get_mut(&channel) {
                stream.subscribers.remove(&connection);
                if stream.subscribers.is_empty() {
                    channels.remove(&channel);
                }
            }
        });
    }

    /// Tells everybody on the channel.
    pub fn publish(&self, channel: Channel, event: &ChannelEvent) {
        self.with(|channels| {
            let Some(stream) = channels.get_mut(&channel) else { return };
            stream.offset += 1;
            let position = Position { epoch: self.shared.epoch, offset: stream.offset };
            for outbox in stream.subscribers.values() {
                outbox.send_latest(
                    channel,
                    Latest::List,
                    ServerFrame::Happened { channel, position, event: event.clone() },
                );
            }
        });
    }

    /// How many channels have subscribers.
    pub fn channels(&self) -> usize {
        self.with(|channels| channels.len())
    }

    fn with<T>(&self, f: impl FnOnce(&mut HashMap<Channel, Stream>) -> T) -> T {
        f(&mut self.shared.channels.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
