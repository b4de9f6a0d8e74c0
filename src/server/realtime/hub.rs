//! Fan-out by channel on this node, with memory: who comes back within five minutes and 300 events misses nothing.
//! Whoever owns a channel tells the hub after the commit; see `source.rs` for how the memory is refilled.

use super::{
    bus::{Bus, Local, News},
    connections::{Connections, Whose},
    outbox::{Latest, Outbox},
    source::{Origin, Source},
    stream::{Join, Joining, Stream},
};
use crate::{
    domain::ids::{LiveSessionId, UserId},
    protocol::{Channel, ChannelEvent, MAX_REPLAY, Position, Refused},
    server::{metrics, random, storage::StoreError},
};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::{sync::broadcast, time::Instant};
use uuid::Uuid;

/// Turns of live sessions that may wait for a room to look at them.
const TURNED: usize = 256;

/// A handle; cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Hub {
    streams: Arc<Mutex<HashMap<Channel, Arc<Stream>>>>,
    connections: Arc<Connections>,
    bus: Arc<dyn Bus>,
    /// Counts what was said about memberships, roles and flags.
    changes: Arc<AtomicU64>,
    /// Logs of channels that have none of their own, for measurements.
    logs: Arc<Mutex<HashMap<Channel, Origin>>>,
    /// Live sessions whose status changed, for those of this node that wait for one.
    turned: broadcast::Sender<LiveSessionId>,
}

/// A connection that wants to hear a channel. Whether it may has been checked.
#[derive(Clone, Copy, Debug)]
pub struct Subscriber<'a> {
    pub connection: Uuid,
    pub user: Option<UserId>,
    pub outbox: &'a Arc<Outbox>,
}

impl Default for Hub {
    /// Of a node that is alone.
    fn default() -> Self {
        Self::new(Arc::new(Local))
    }
}

impl Hub {
    pub fn new(bus: Arc<dyn Bus>) -> Self {
        Self {
            streams: Arc::default(),
            connections: Arc::default(),
            bus,
            changes: Arc::default(),
            logs: Arc::default(),
            turned: broadcast::channel(TURNED).0,
        }
    }

    /// Who is connected to this node.
    pub fn connections(&self) -> &Arc<Connections> {
        &self.connections
    }

    /// Rises with every change to memberships, roles and flags that this node hears of.
    pub fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    /// Lets the channel's events come from this log.
    pub fn keep_log(&self, channel: Channel, log: Arc<dyn Source>) {
        self.logs.lock().unwrap_or_else(PoisonError::into_inner).insert(channel, Origin::Log(log));
    }

    /// Lets a connection hear a channel: it gets all it missed since `from`, or the state anew.
    pub async fn subscribe(
        &self,
        channel: Channel,
        subscriber: Subscriber<'_>,
        from: Option<Position>,
        origin: Origin,
    ) -> Result<(), StoreError> {
        let Subscriber { connection, user, outbox } = subscriber;
        let kept = self.logs.lock().unwrap_or_else(PoisonError::into_inner).get(&channel).cloned();
        let origin = kept.unwrap_or(origin);
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
    pub fn revoke(&self, channel: Channel, user: UserId, reason: &Refused) {
        self.tell(News::Revoked { channel, user, reason: reason.clone() });
    }

    /// Tells an event of a channel with a log, after the commit. Positions come in order, one by one.
    pub fn publish(&self, channel: Channel, position: Position, event: ChannelEvent) {
        self.tell(News::Published { channel, position, event });
    }

    /// Tells an event of a channel without a log: the hub counts it.
    pub fn announce(&self, channel: Channel, event: ChannelEvent) {
        self.tell(News::Announced { channel, event });
    }

    /// Tells something of which only the newest of its kind counts.
    pub fn publish_latest(&self, channel: Channel, kind: Latest, event: ChannelEvent) {
        self.tell(News::Latest { channel, kind, event });
    }

    /// After a change to memberships, roles or flags: what these hear is looked at again, and taken away within a
    /// moment.
    pub fn doubt(&self, whose: Whose) {
        self.tell(News::Doubted(whose));
    }

    /// After the end of sign-ins: their connections are closed.
    pub fn sign_out(&self, whose: Whose) {
        self.tell(News::SignedOut(whose));
    }

    /// The status of a live session is another, after the commit.
    pub fn turned(&self, session: LiveSessionId) {
        self.tell(News::Turned(session));
    }

    /// The live sessions whose status changes from now on, on whichever node. Who lags behind reads the status itself.
    pub fn turns(&self) -> broadcast::Receiver<LiveSessionId> {
        self.turned.subscribe()
    }

    fn tell(&self, news: News) {
        if let Some(news) = self.bus.tell(news) {
            self.hear(news);
        }
    }

    /// News of any node, this one too.
    pub fn hear(&self, news: News) {
        let now = Instant::now();
        match news {
            News::Published { channel, position, event } => {
                metrics::EVENTS.add(1);
                if let Some(stream) = self.find(channel) {
                    stream.publish(position, event, now);
                    metrics::BROADCAST.record(now.elapsed());
                }
            }
            News::Announced { channel, event } => {
                metrics::EVENTS.add(1);
                if let Some(stream) = self.find(channel) {
                    stream.announce(event, now);
                    metrics::BROADCAST.record(now.elapsed());
                }
            }
            News::Latest { channel, kind, event } => {
                if let Some(stream) = self.find(channel) {
                    stream.publish_latest(kind, event);
                }
            }
            News::Revoked { channel, user, reason } => {
                if let Some(stream) = self.find(channel) {
                    stream.revoke(user, &reason);
                }
            }
            News::Doubted(whose) => {
                self.changes.fetch_add(1, Ordering::AcqRel);
                self.connections.doubt(whose);
            }
            News::SignedOut(whose) => self.connections.sign_out(whose),
            News::Turned(session) => {
                // Nobody may be waiting.
                let _ = self.turned.send(session);
            }
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

    /// How many hear the channel.
    pub fn listeners(&self, channel: Channel) -> usize {
        self.find(channel).map_or(0, |stream| stream.subscribers())
    }

    fn find(&self, channel: Channel) -> Option<Arc<Stream>> {
        self.with(|streams| streams.get(&channel).cloned())
    }

    fn stream(&self, channel: Channel, origin: &Origin) -> Arc<Stream> {
        self.with(|streams| {
            let begin = || {
                // A new life of the channel: positions of an earlier one mean nothing. 53 bits: all that JSON carries.
                let own = || Position { epoch: random::seed() >> 11, offset: 0 };
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
    metrics::LOG_READS.add(1);
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
