//! Fan-out by channel on this node, with memory: who comes back within five minutes and 300 events misses nothing.
//! Whoever owns a channel tells the hub after the commit; see `source.rs` for how the memory is refilled.

use super::{
    outbox::{Latest, Outbox},
    source::{Origin, Source},
    stream::{Join, Joining, Stream},
};
use crate::{
    domain::ids::UserId,
    protocol::{Channel, ChannelEvent, MAX_REPLAY, Position, Refused},
    server::{random, storage::StoreError},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::time::Instant;
use uuid::Uuid;

/// A handle; cloning it is cheap.
#[derive(Clone, Debug, Default)]
pub struct Hub {
    streams: Arc<Mutex<HashMap<Channel, Arc<Stream>>>>,
}

/// A connection that wants to hear a channel. Whether it may has been checked.
#[derive(Clone, Copy, Debug)]
pub struct Subscriber<'a> {
    pub connection: Uuid,
    pub user: Option<UserId>,
    pub outbox: &'a Arc<Outbox>,
}

impl Hub {
    /// Lets a connection hear a channel: it gets all it missed since `from`, or the state anew.
    pub async fn subscribe(
        &self,
        channel: Channel,
        subscriber: Subscriber<'_>,
        from: Option<Position>,
        origin: Origin,
    ) -> Result<(), StoreError> {
        let Subscriber { connection, user, outbox } = subscriber;
        let joining = Joining { connection, user, outbox, from };
        loop {
            let stream = self.stream(channel, &origin);
            let entered = match &origin {
                Origin::Memory => match stream.resume(joining) {
                    Join::TooOld => stream.enter(joining),
                    join => join == Join::Done,
                },
                Origin::Stateful(source) => match stream.resume(joining) {
                    Join::TooOld => restore(&stream, joining, source.as_ref(), true).await?,
                    join => join == Join::Done,
                },
                Origin::Log(source) => match resume_from_log(&stream, joining, source.as_ref()).await? {
                    Join::TooOld => restore(&stream, joining, source.as_ref(), false).await?,
                    join => join == Join::Done,
                },
            };
            if entered {
                return Ok(());
            }
        }
    }

    /// Removes a connection from a channel.
    pub fn unsubscribe(&self, channel: Channel, connection: Uuid) {
        if let Some(stream) = self.find(channel) {
            stream.leave(connection, Instant::now());
        }
    }

    /// Takes a channel from an account's connections at once; they are told why.
    pub fn revoke(&self, channel: Channel, user: UserId, reason: &Refused) -> usize {
        self.find(channel).map_or(0, |stream| stream.revoke(user, reason))
    }

    /// Tells an event of a channel with a log, after the commit. Positions come in order, one by one.
    pub fn publish(&self, channel: Channel, position: Position, event: ChannelEvent) {
        if let Some(stream) = self.find(channel) {
            stream.publish(position, event, Instant::now());
        }
    }

    /// Tells an event of a channel without a log: the hub counts it.
    pub fn announce(&self, channel: Channel, event: ChannelEvent) {
        if let Some(stream) = self.find(channel) {
            stream.announce(event, Instant::now());
        }
    }

    /// Tells something of which only the newest of its kind counts.
    pub fn publish_latest(&self, channel: Channel, kind: Latest, event: ChannelEvent) {
        if let Some(stream) = self.find(channel) {
            stream.publish_latest(kind, event);
        }
    }

    /// Forgets what is old and channels that nobody has heard for a while. Called every few seconds.
    pub fn sweep(&self, now: Instant) {
        self.with(|streams| streams.retain(|_, stream| !stream.sweep(now)));
    }

    /// How many channels are remembered.
    pub fn channels(&self) -> usize {
        self.with(|streams| streams.len())
    }

    /// How many subscriptions there are.
    pub fn subscriptions(&self) -> usize {
        self.with(|streams| streams.values().map(|stream| stream.subscribers()).sum())
    }

    fn find(&self, channel: Channel) -> Option<Arc<Stream>> {
        self.with(|streams| streams.get(&channel).cloned())
    }

    fn stream(&self, channel: Channel, origin: &Origin) -> Arc<Stream> {
        self.with(|streams| {
            let begin = || {
                // A new life of the channel: positions of an earlier one mean nothing.
                let own = || Position { epoch: random::seed() >> 1, offset: 0 };
                let position = if matches!(origin, Origin::Log(_)) { None } else { Some(own()) };
                Arc::new(Stream::new(channel, position, Instant::now()))
            };
            Arc::clone(streams.entry(channel).or_insert_with(begin))
        })
    }

    fn with<T>(&self, f: impl FnOnce(&mut HashMap<Channel, Arc<Stream>>) -> T) -> T {
        f(&mut self.streams.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// From memory, else with the end of the log in memory.
async fn resume_from_log(stream: &Stream, joining: Joining<'_>, source: &dyn Source) -> Result<Join, StoreError> {
    let join = stream.resume(joining);
    if join != Join::TooOld || joining.from.is_none() {
        return Ok(join);
    }
    let _one_reads_for_all = stream.loading.lock().await;
    let join = stream.resume(joining);
    if join != Join::TooOld {
        return Ok(join);
    }
    let tail = source.tail(MAX_REPLAY).await?;
    stream.fill(tail, Instant::now());
    Ok(stream.resume(joining))
}

/// By a snapshot; `false` when the stream was dropped meanwhile.
async fn restore(
    stream: &Stream,
    joining: Joining<'_>,
    source: &dyn Source,
    hub_counts: bool,
) -> Result<bool, StoreError> {
    let Some(own) = stream.await_snapshot(joining) else { return Ok(false) };
    match source.snapshot(joining.user).await {
        Ok(snapshot) => {
            let position = if hub_counts { own } else { snapshot.position };
            stream.settle(joining.connection, position, snapshot.event);
            Ok(true)
        }
        Err(error) => {
            stream.leave(joining.connection, Instant::now());
            Err(error)
        }
    }
}
