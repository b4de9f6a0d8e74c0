//! What a connection still has to be told, within a budget of bytes. Three classes: control frames are never left
//! out, reliable events close a reader that is too slow (it resumes), and of the latest-only ones a newer replaces
//! the older.

use super::{codec::Codec, frame::Frame, socket::Socket, writer::Writer};
use crate::{
    protocol::{Channel, close},
    server::metrics,
};
use bytes::{Buf, Bytes};
use serde::{Deserialize, Serialize};
use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError, Weak},
};
use tokio::time::Instant;
use uuid::Uuid;

/// Bytes that may wait. A browser that is so far behind needs what it missed, not a longer queue.
const BUDGET: usize = 256 * 1024;

/// The queue between whoever has news and whoever writes to the socket.
#[derive(Debug)]
pub struct Outbox {
    codec: Codec,
    /// Who writes it out; none in tests.
    to: Option<(Writer, Weak<Socket>)>,
    // std's mutex: nothing awaits while it is held.
    queue: Mutex<Queue>,
}

#[derive(Debug, Default)]
struct Queue {
    /// Control frames and reliable events, in order.
    ordered: VecDeque<Bytes>,
    /// Behind all of those: a view that overtook an acknowledgement would be out of order.
    latest: Vec<(Channel, Latest, Bytes)>,
    bytes: usize,
    /// Since when the queue has not been empty.
    since: Option<Instant>,
    /// The first of `ordered` was written in part: nothing may come before its rest.
    cut: bool,
    /// The same of what the writer has in hand.
    cut_in_hand: bool,
    /// The writer knows, or is busy with it.
    announced: bool,
    end: Option<End>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// To be told with this code and reason.
    Close(u16, &'static str),
    /// Nothing is told any more.
    Told,
}

/// What a latest-only frame replaces: the waiting one of the same kind on its channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Frames were put into the buffer, or this one alone is to be written.
    Frames,
    Frame(Bytes),
    /// Close with this code and reason; not within a frame.
    Close(u16, &'static str),
    /// End without a word: the last frame could not be finished.
    Cut,
    Nothing,
}

impl Outbox {
    /// For a socket that `writer` serves.
    pub(super) fn new(codec: Codec, writer: Writer, socket: Weak<Socket>) -> Self {
        Self { codec, to: Some((writer, socket)), queue: Mutex::default() }
    }

    /// Kept until somebody takes it.
    #[cfg(test)]
    pub fn detached(codec: Codec) -> Self {
        Self { codec, to: None, queue: Mutex::default() }
    }

    pub fn codec(&self) -> Codec {
        self.codec
    }

    /// Queues a control frame: answers, positions, heartbeats. Twice the budget is the end of patience.
    pub fn send(&self, frame: impl Into<Frame>) {
        self.push(frame.into().bytes(self.codec), 2 * BUDGET);
    }

    /// Queues an event that must arrive, or the connection ends and resumes.
    pub fn send_reliable(&self, frame: &Frame) {
        self.push(frame.bytes(self.codec), BUDGET);
    }

    /// Queues bytes that are a frame of the WebSocket layer.
    pub(super) fn send_raw(&self, bytes: Bytes) {
        self.push(bytes, 2 * BUDGET);
    }

    fn push(&self, bytes: Bytes, budget: usize) {
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
                replaced(kind).add(1);
            }
            if queue.takes(bytes.len(), BUDGET) {
                queue.latest.push((channel, kind, bytes));
            }
        });
    }

    /// Closes the connection; what still waits is not written any more.
    pub fn close(&self, code: u16, reason: &'static str) {
        self.with(|queue| queue.finish(End::Close(code, reason)));
    }

    /// The socket is gone: nothing is kept for it.
    pub(super) fn abandon(&self) {
        self.lock().finish(End::Told);
    }

    /// Bytes that wait.
    pub fn waiting(&self) -> usize {
        self.lock().bytes
    }

    /// Since when something has been waiting all the time.
    pub fn waiting_since(&self) -> Option<Instant> {
        self.lock().since
    }

    /// Gives what is to be written next, at most `most` bytes in one piece unless a frame is longer.
    /// With `Nothing`, the next news is announced again.
    pub(super) fn take(&self, buffer: &mut Vec<u8>, most: usize) -> Next {
        let mut queue = self.lock();
        queue.cut_in_hand = std::mem::take(&mut queue.cut);
        match queue.end {
            Some(End::Told) => return Next::Nothing,
            Some(End::Close(code, reason)) => {
                queue.end = Some(End::Told);
                return if queue.cut_in_hand { Next::Cut } else { Next::Close(code, reason) };
            }
            None => {}
        }
        let Some(first) = queue.pop() else {
            queue.announced = false;
            return Next::Nothing;
        };
        if queue.peek().is_none_or(|second| first.len() + second > most) {
            return Next::Frame(first);
        }
        buffer.clear();
        buffer.extend_from_slice(&first);
        while queue.peek().is_some_and(|length| buffer.len() + length <= most)
            && let Some(frame) = queue.pop()
        {
            buffer.extend_from_slice(&frame);
        }
        Next::Frames
    }

    /// Puts back what the network did not take. `began`: it took the part before it.
    pub(super) fn put_back(&self, rest: Bytes, began: bool) {
        let mut queue = self.lock();
        queue.cut = began || queue.cut_in_hand;
        if queue.end.is_none() {
            queue.bytes += rest.len();
            queue.since.get_or_insert_with(Instant::now);
            queue.ordered.push_front(rest);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with(&self, change: impl FnOnce(&mut Queue)) {
        let announce = {
            let mut queue = self.lock();
            change(&mut queue);
            !std::mem::replace(&mut queue.announced, true)
        };
        if announce
            && let Some((writer, socket)) = &self.to
            && let Some(socket) = socket.upgrade()
        {
            writer.serve(socket);
        }
    }
}

/// The counter of what a newer one of its kind replaced.
fn replaced(kind: Latest) -> &'static metrics::Counter {
    match kind {
        Latest::View => &metrics::WS_REPLACED_VIEW,
        Latest::Tally => &metrics::WS_REPLACED_TALLY,
        Latest::List | Latest::Of(..) => &metrics::WS_REPLACED_OTHER,
    }
}

impl Queue {
    /// Makes room for so many bytes, or ends the connection.
    fn takes(&mut self, bytes: usize, budget: usize) -> bool {
        if self.end.is_some() || bytes == 0 {
            return false;
        }
        if self.bytes + bytes > budget {
            self.finish(End::Close(close::SLOW, "reads too slowly"));
            return false;
        }
        self.bytes += bytes;
        self.since.get_or_insert_with(Instant::now);
        metrics::WS_FRAMES_OUT.add(1);
        true
    }

    fn pop(&mut self) -> Option<Bytes> {
        let frame = match self.ordered.pop_front() {
            Some(frame) => frame,
            None if self.latest.is_empty() => {
                // An idle connection keeps no memory for its queue.
                (self.ordered, self.latest) = (VecDeque::new(), Vec::new());
                self.since = None;
                return None;
            }
            None => self.latest.remove(0).2,
        };
        self.bytes -= frame.len();
        Some(frame)
    }

    fn peek(&self) -> Option<usize> {
        self.ordered.front().or_else(|| self.latest.first().map(|(.., frame)| frame)).map(Buf::remaining)
    }

    /// The first reason stands.
    fn finish(&mut self, end: End) {
        if self.end.is_none() || end == End::Told {
            *self = Self { end: Some(end), cut: self.cut, announced: self.announced, ..Self::default() };
        }
    }
}

#[cfg(test)]
impl Outbox {
    /// All that waits, as frames.
    pub fn drain(&self) -> Vec<Bytes> {
        let mut queue = self.lock();
        std::iter::from_fn(|| queue.pop()).collect()
    }

    /// The code it was closed with.
    pub fn closed_with(&self) -> Option<u16> {
        match self.lock().end {
            Some(End::Close(code, _)) => Some(code),
            _ => None,
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
        (Outbox::detached(Codec::Postcard), Channel::Group(GroupId(Uuid::nil())))
    }

    fn frames(nonces: impl IntoIterator<Item = u32>) -> Vec<Bytes> {
        nonces.into_iter().map(|nonce| pong(nonce).bytes(Codec::Postcard)).collect()
    }

    #[test]
    fn only_the_newest_view_waits_and_it_stays_behind_what_came_before() {
        let (outbox, channel) = outbox();
        outbox.send_latest(channel, Latest::View, pong(1));
        outbox.send(pong(2));
        outbox.send_latest(channel, Latest::Tally, pong(3));
        outbox.send_latest(channel, Latest::View, pong(4));
        assert_eq!(outbox.drain(), frames([2, 3, 4]));
        assert_eq!(outbox.waiting(), 0);
    }

    #[test]
    fn a13_a_reader_that_is_too_far_behind_is_closed_and_answers_have_room_beyond_events() {
        let (outbox, _) = outbox();
        let size = pong(9).bytes(Codec::Postcard).len();
        for _ in 0..BUDGET / size {
            outbox.send_reliable(&pong(9));
        }
        outbox.send(pong(8));
        assert_eq!(outbox.closed_with(), None, "an answer fits");
        outbox.send_reliable(&pong(9));
        assert_eq!(outbox.closed_with(), Some(close::SLOW));
        assert_eq!(outbox.waiting(), 0, "nothing is kept for who is closed");
    }

    #[test]
    fn what_is_replaced_costs_nothing() {
        let (outbox, channel) = outbox();
        for n in 0..1_000_000 {
            outbox.send_latest(channel, Latest::Of(1, Uuid::nil()), pong(n));
        }
        assert_eq!(outbox.drain(), frames([999_999]));
    }

    #[test]
    fn what_the_network_did_not_take_goes_first_and_no_close_comes_within_it() {
        let (outbox, _) = outbox();
        outbox.send(pong(1));
        outbox.send(pong(2));
        let mut buffer = Vec::new();
        assert_eq!(outbox.take(&mut buffer, 1_000), Next::Frames);
        assert_eq!(buffer, frames([1, 2]).concat());
        // Meanwhile there is something new.
        outbox.send(pong(3));
        outbox.put_back(Bytes::copy_from_slice(&buffer[3..]), true);
        assert_eq!(outbox.take(&mut buffer, 1_000), Next::Frames);
        assert_eq!(buffer, frames([1, 2, 3]).concat()[3..]);
        outbox.put_back(Bytes::copy_from_slice(&buffer[..]), false);
        outbox.close(close::SLOW, "");
        assert_eq!(outbox.take(&mut buffer, 1_000), Next::Cut);
        assert_eq!(outbox.take(&mut buffer, 1_000), Next::Nothing);
    }
}
