//! One channel on this node: its newest events and who listens. Whoever joins gets exactly what was missed, or is
//! told to start from a snapshot; there is no third way.

use super::{
    frame::Frame,
    outbox::{Latest, Outbox},
    source::Tail,
};
use crate::{
    domain::ids::UserId,
    protocol::{Channel, ChannelEvent, MAX_REPLAY, Position, Refused, ServerFrame, close},
    server::metrics,
};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;
use uuid::Uuid;

/// Events that are kept, and for how long.
const KEPT: usize = MAX_REPLAY;
const KEPT_FOR: Duration = Duration::from_secs(5 * 60);
/// Bytes that are sent again at most: more would fill the connection's queue.
const MAX_REPLAY_BYTES: usize = 128 * 1024;
/// News that wait for a snapshot; beyond it, the connection starts anew.
const MAX_HELD: usize = 1_024;

#[derive(Debug)]
pub(super) struct Stream {
    channel: Channel,
    inner: Mutex<Inner>,
    /// Held while the log's end is read, so that a thousand who come back cost one query.
    pub(super) loading: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Inner {
    /// Of the newest event; `None`: the owner counts, and has told nothing yet.
    position: Option<Position>,
    /// Without holes, ending at `position`.
    ring: VecDeque<(Instant, Frame)>,
    subscribers: HashMap<Uuid, Subscriber>,
    /// When the last subscriber left.
    quiet_since: Option<Instant>,
    /// Dropped from the hub: who holds it looks for its successor.
    retired: bool,
}

#[derive(Debug)]
struct Subscriber {
    outbox: Arc<Outbox>,
    user: Option<UserId>,
    /// Was told everything up to this offset.
    told: u64,
    /// Set while the snapshot is being made: what comes meanwhile follows it.
    held: Option<Vec<Held>>,
}

#[derive(Debug)]
enum Held {
    Event(Position, Frame),
    Latest(Latest, Frame),
}

/// Who wants to hear.
#[derive(Clone, Copy, Debug)]
pub(super) struct Joining<'a> {
    pub connection: Uuid,
    pub user: Option<UserId>,
    pub outbox: &'a Arc<Outbox>,
    /// What was seen last.
    pub from: Option<Position>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Join {
    Done,
    /// The memory does not reach back to where the client was.
    TooOld,
    Retired,
}

impl Stream {
    /// `position`: where a channel begins that the hub itself counts.
    pub fn new(channel: Channel, position: Option<Position>, now: Instant) -> Self {
        let inner = Inner {
            position,
            ring: VecDeque::new(),
            subscribers: HashMap::new(),
            quiet_since: Some(now),
            retired: false,
        };
        Self { channel, inner: Mutex::new(inner), loading: tokio::sync::Mutex::new(()) }
    }

    /// Lets somebody in who missed nothing, or only what is remembered.
    pub fn resume(&self, joining: Joining<'_>) -> Join {
        self.with(|inner| {
            if inner.retired {
                return Join::Retired;
            }
            let Some(from) = joining.from else { return Join::TooOld };
            let Some(missed) = inner.missed_since(from) else { return Join::TooOld };
            let first = inner.ring.len() - missed;
            let codec = joining.outbox.codec();
            let frames: Vec<Frame> = inner.ring.range(first..).map(|(_, frame)| frame.clone()).collect();
            if frames.iter().map(|frame| frame.bytes(codec).len()).sum::<usize>() > MAX_REPLAY_BYTES {
                return Join::TooOld;
            }
            metrics::RESUMED.add(1);
            metrics::REPLAYED.add(missed);
            joining.outbox.send(ServerFrame::Subscribed { channel: self.channel, position: from });
            for frame in &frames {
                joining.outbox.send_reliable(frame);
            }
            inner.add(joining, None);
            Join::Done
        })
    }

    /// Lets somebody in at the present, without a snapshot. `false`: retired.
    pub fn enter(&self, joining: Joining<'_>) -> bool {
        self.with(|inner| {
            let position = inner.position.unwrap_or_default();
            let channel = self.channel;
            joining.outbox.send(match joining.from {
                Some(_) => {
                    metrics::RESYNCED.add(1);
                    ServerFrame::Resynced { channel, position, snapshot: None }
                }
                None => ServerFrame::Subscribed { channel, position },
            });
            inner.add(joining, None);
            !inner.retired
        })
    }

    /// Lets somebody in who will be told the state; until then, news are kept back. Gives the hub's own position.
    pub fn await_snapshot(&self, joining: Joining<'_>) -> Option<Position> {
        let how = if joining.from.is_some() { &metrics::RESYNCED } else { &metrics::RESTORED };
        how.add(1);
        self.with(|inner| {
            inner.add(joining, Some(vec![]));
            (!inner.retired).then(|| inner.position.unwrap_or_default())
        })
    }

    /// Tells the state at `position`, and what came since.
    pub fn settle(&self, connection: Uuid, position: Position, snapshot: Option<ChannelEvent>) {
        let channel = self.channel;
        let frame = ServerFrame::Resynced { channel, position, snapshot: snapshot.map(Box::new) };
        self.with(|inner| {
            inner.position.get_or_insert(position);
            let Some(subscriber) = inner.subscribers.get_mut(&connection) else { return };
            let Some(held) = subscriber.held.take() else { return };
            subscriber.told = position.offset;
            subscriber.outbox.send(frame);
            for news in held {
                match news {
                    Held::Event(at, _) if at.epoch == position.epoch && at.offset <= position.offset => {}
                    Held::Event(at, frame) => subscriber.tell(at, &frame),
                    Held::Latest(kind, frame) => subscriber.outbox.send_latest(channel, kind, &frame),
                }
            }
        });
    }

    pub fn leave(&self, connection: Uuid, now: Instant) {
        self.with(|inner| {
            inner.subscribers.remove(&connection);
            if inner.subscribers.is_empty() {
                inner.quiet_since = Some(now);
            }
        });
    }

    /// Takes the channel from all connections of `user`.
    pub fn revoke(&self, user: UserId, reason: &Refused) {
        let gone = Frame::new(ServerFrame::SubscriptionRefused { channel: self.channel, reason: reason.clone() });
        self.with(|inner| {
            inner.subscribers.retain(|_, subscriber| {
                let keeps = subscriber.user != Some(user);
                if !keeps {
                    subscriber.outbox.send(&gone);
                }
                keeps
            });
        })
    }

    /// Tells an event whose owner counted it.
    pub fn publish(&self, position: Position, event: ChannelEvent, now: Instant) {
        let frame = Frame::new(ServerFrame::Happened { channel: self.channel, position, event });
        self.with(|inner| inner.tell(position, frame, now));
    }

    /// Counts an event and tells it.
    pub fn announce(&self, event: ChannelEvent, now: Instant) {
        self.with(|inner| {
            let mut position = inner.position.unwrap_or_default();
            position.offset += 1;
            let frame = Frame::new(ServerFrame::Happened { channel: self.channel, position, event });
            inner.tell(position, frame, now);
        });
    }

    /// Tells something of which only the newest counts.
    pub fn publish_latest(&self, kind: Latest, event: ChannelEvent) {
        let frame = Frame::new(ServerFrame::Changed { channel: self.channel, event });
        self.with(|inner| {
            for subscriber in inner.subscribers.values_mut() {
                match &mut subscriber.held {
                    Some(held) => hold(&subscriber.outbox, held, Held::Latest(kind, frame.clone())),
                    None => subscriber.outbox.send_latest(self.channel, kind, &frame),
                }
            }
        });
    }

    /// Puts the end of the owner's log before what is remembered.
    pub fn fill(&self, tail: Tail, now: Instant) {
        self.with(|inner| {
            let (Position { epoch, offset: mut end }, mut events) = (tail.position, tail.events);
            let mut live = VecDeque::new();
            match inner.position {
                Some(at) if at.epoch != epoch => inner.subscribers.values_mut().for_each(|s| s.told = 0),
                Some(at) if at.offset < end => {
                    // What is committed but not told yet will be told.
                    let early = usize::try_from(end - at.offset).unwrap_or(usize::MAX);
                    events.truncate(events.len().saturating_sub(early));
                    end = at.offset;
                }
                Some(at) => {
                    let newer = usize::try_from(at.offset - end).unwrap_or(usize::MAX);
                    // With a hole between the two, what is there already is worth more.
                    let Some(from) = inner.ring.len().checked_sub(newer) else { return };
                    live = inner.ring.split_off(from);
                }
                None => {}
            }
            let first = (end + 1).saturating_sub(events.len() as u64);
            let frames = (first..).zip(events).map(|(offset, event)| {
                let position = Position { epoch, offset };
                (now, Frame::new(ServerFrame::Happened { channel: self.channel, position, event }))
            });
            let newest = end + live.len() as u64;
            inner.ring = frames.chain(live).collect();
            inner.position = Some(Position { epoch, offset: newest });
            inner.trim(now);
        });
    }

    /// Forgets what is old. `true` when nobody has listened for so long that the stream can go.
    pub fn sweep(&self, now: Instant) -> bool {
        self.with(|inner| {
            inner.trim(now);
            let quiet = inner.quiet_since.is_some_and(|since| now - since >= KEPT_FOR);
            inner.retired |= quiet && inner.subscribers.is_empty();
            inner.retired
        })
    }

    pub fn subscribers(&self) -> usize {
        self.with(|inner| inner.subscribers.len())
    }

    fn with<T>(&self, f: impl FnOnce(&mut Inner) -> T) -> T {
        f(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Inner {
    fn add(&mut self, joining: Joining<'_>, held: Option<Vec<Held>>) {
        let outbox = Arc::clone(joining.outbox);
        let told = self.position.map_or(0, |position| position.offset);
        let subscriber = Subscriber { outbox, user: joining.user, told, held };
        self.subscribers.insert(joining.connection, subscriber);
        self.quiet_since = None;
    }

    /// How many events of the ring somebody at `from` has missed; `None` when not all of them are there.
    fn missed_since(&self, from: Position) -> Option<usize> {
        let at = self.position?;
        // A position ahead of the stream is from another life of it: of a database that was restored.
        if at.epoch != from.epoch || from.offset > at.offset {
            return None;
        }
        let missed = usize::try_from(at.offset - from.offset).ok()?;
        (missed <= self.ring.len()).then_some(missed)
    }

    fn tell(&mut self, position: Position, frame: Frame, now: Instant) {
        match self.position {
            Some(at) if at.epoch == position.epoch && position.offset <= at.offset => return,
            Some(at) if at.epoch == position.epoch && position.offset == at.offset + 1 => {}
            Some(at) if at.epoch == position.epoch => self.ring.clear(),
            _ => {
                self.ring.clear();
                self.subscribers.values_mut().for_each(|subscriber| subscriber.told = 0);
            }
        }
        self.position = Some(position);
        for subscriber in self.subscribers.values_mut() {
            match &mut subscriber.held {
                Some(held) => hold(&subscriber.outbox, held, Held::Event(position, frame.clone())),
                None => subscriber.tell(position, &frame),
            }
        }
        self.ring.push_back((now, frame));
        self.trim(now);
    }

    fn trim(&mut self, now: Instant) {
        while self.ring.len() > KEPT || self.ring.front().is_some_and(|(at, _)| now - *at >= KEPT_FOR) {
            self.ring.pop_front();
        }
    }
}

impl Subscriber {
    fn tell(&mut self, position: Position, frame: &Frame) {
        if position.offset > self.told {
            self.told = position.offset;
            self.outbox.send_reliable(frame);
        }
    }
}

fn hold(outbox: &Outbox, held: &mut Vec<Held>, news: Held) {
    if held.len() < MAX_HELD {
        held.push(news);
    } else {
        outbox.close(close::SLOW, "the snapshot took too long");
    }
}

#[cfg(test)]
#[path = "stream_tests.rs"]
mod tests;
