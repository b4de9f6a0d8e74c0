//! What a connection still has to be told, within a budget of bytes. Three classes: control frames are never left
//! out, reliable events close a reader that is too slow (it resumes), and of the latest-only ones a newer replaces
//! the older.

use super::{codec::Codec, frame::Frame};
use crate::protocol::{Channel, close};
use bytes::Bytes;
use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Notify;
use uuid::Uuid;

/// Bytes that may wait. A browser that is so far behind needs what it missed, not a longer queue.
const BUDGET: usize = 256 * 1024;

/// The queue between whoever has news and whoever writes to the socket.
#[derive(Debug)]
pub struct Outbox {
    codec: Codec,
    // std's mutex: nothing awaits while it is held.
    queue: Mutex<Queue>,
    news: Notify,
}

#[derive(Debug, Default)]
struct Queue {
    /// Control frames and reliable events, in order.
    ordered: VecDeque<Bytes>,
    /// Behind all of those: a view that overtook an acknowledgement would be out of order.
    latest: Vec<(Channel, Latest, Bytes)>,
    bytes: usize,
    close: Option<(u16, &'static str)>,
}

/// What a latest-only frame replaces: the waiting one of the same kind on its channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Latest {
    View,
    Tally,
    List,
    /// A kind that the channel's owner numbers, about one person or thing.
    Of(u8, Uuid),
}

/// What the writer is to do next.
#[derive(Debug, PartialEq)]
pub enum Next {
    Frames(Vec<Bytes>),
    /// Close with this code and reason.
    Close(u16, &'static str),
}

impl Outbox {
    pub fn codec(&self) -> Codec {
        self.codec
    }

    pub fn new(codec: Codec) -> Self {
        Self { codec, queue: Mutex::default(), news: Notify::new() }
    }

    /// Queues a control frame: answers, positions, heartbeats. Twice the budget is the end of patience.
    pub fn send(&self, frame: impl Into<Frame>) {
        self.push(&frame.into(), 2 * BUDGET);
    }

    /// Queues an event that must arrive, or the connection ends and resumes.
    pub fn send_reliable(&self, frame: &Frame) {
        self.push(frame, BUDGET);
    }

    fn push(&self, frame: &Frame, budget: usize) {
        let bytes = frame.bytes(self.codec);
        self.with(|queue| {
            if queue.takes(bytes.len(), budget) {
                queue.ordered.push_back(bytes);
            }
        });
    }

    /// Queues a frame that replaces an older one of its kind on its channel.
    pub fn send_latest(&self, channel: Channel, kind: Latest, frame: impl Into<Frame>) {
        let bytes = frame.into().bytes(self.codec);
        self.with(|queue| {
            if let Some(at) = queue.latest.iter().position(|(c, k, _)| *k == kind && *c == channel) {
                let (.., old) = queue.latest.remove(at);
                queue.bytes -= old.len();
            }
            if queue.takes(bytes.len(), BUDGET) {
                queue.latest.push((channel, kind, bytes));
            }
        });
    }

    /// Closes the connection; what still waits is not written any more.
    pub fn close(&self, code: u16, reason: &'static str) {
        self.with(|queue| queue.end(code, reason));
    }

    /// Waits for something to do and takes up to `max` frames.
    pub async fn next(&self, max: usize) -> Next {
        loop {
            let news = self.news.notified();
            if let Some(next) = self.take(max) {
                return next;
            }
            news.await;
        }
    }

    fn take(&self, max: usize) -> Option<Next> {
        let mut queue = self.lock();
        if let Some((code, reason)) = queue.close {
            return Some(Next::Close(code, reason));
        }
        let mut frames = Vec::new();
        while frames.len() < max {
            let frame = match queue.ordered.pop_front() {
                Some(frame) => frame,
                None if !queue.latest.is_empty() => queue.latest.remove(0).2,
                None => break,
            };
            queue.bytes -= frame.len();
            frames.push(frame);
        }
        if frames.is_empty() { None } else { Some(Next::Frames(frames)) }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with(&self, change: impl FnOnce(&mut Queue)) {
        change(&mut self.lock());
        self.news.notify_one();
    }
}

impl Queue {
    /// Makes room for so many bytes, or ends the connection.
    fn takes(&mut self, bytes: usize, budget: usize) -> bool {
        if self.close.is_some() || bytes == 0 {
            return false;
        }
        if self.bytes + bytes > budget {
            self.end(close::SLOW, "reads too slowly");
            return false;
        }
        self.bytes += bytes;
        true
    }

    /// The first reason stands.
    fn end(&mut self, code: u16, reason: &'static str) {
        if self.close.is_none() {
            *self = Self { close: Some((code, reason)), ..Self::default() };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::ids::GroupId, protocol::ServerFrame};

    fn pong(nonce: u32) -> Frame {
        Frame::new(ServerFrame::Ponged { nonce, server_time: 0 })
    }

    fn outbox() -> (Outbox, Channel) {
        (Outbox::new(Codec::Postcard), Channel::Group(GroupId(Uuid::nil())))
    }

    fn frames(nonces: impl IntoIterator<Item = u32>) -> Option<Next> {
        Some(Next::Frames(nonces.into_iter().map(|nonce| pong(nonce).bytes(Codec::Postcard)).collect()))
    }

    #[test]
    fn only_the_newest_view_waits_and_it_stays_behind_what_came_before() {
        let (outbox, channel) = outbox();
        outbox.send_latest(channel, Latest::View, pong(1));
        outbox.send(pong(2));
        outbox.send_latest(channel, Latest::Tally, pong(3));
        outbox.send_latest(channel, Latest::View, pong(4));
        assert_eq!(outbox.take(9), frames([2, 3, 4]));
        assert_eq!(outbox.take(9), None);
        assert_eq!(outbox.lock().bytes, 0);
    }

    #[test]
    fn a_reader_that_is_too_far_behind_is_closed_and_answers_have_room_beyond_events() {
        let (outbox, _) = outbox();
        let size = pong(9).bytes(Codec::Postcard).len();
        for _ in 0..BUDGET / size {
            outbox.send_reliable(&pong(9));
        }
        outbox.send(pong(8));
        assert!(matches!(outbox.take(1), Some(Next::Frames(_))), "an answer fits");
        outbox.send(pong(8));
        outbox.send_reliable(&pong(9));
        assert_eq!(outbox.take(9), Some(Next::Close(close::SLOW, "reads too slowly")));
        assert_eq!(outbox.lock().bytes, 0, "nothing is kept for who is closed");
    }

    #[test]
    fn what_is_replaced_costs_nothing() {
        let (outbox, channel) = outbox();
        for n in 0..1_000_000 {
            outbox.send_latest(channel, Latest::Of(1, Uuid::nil()), pong(n));
        }
        assert_eq!(outbox.take(9), frames([999_999]));
    }
}
