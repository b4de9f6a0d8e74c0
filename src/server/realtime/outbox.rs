//! What a connection still has to be told. Bounded: views replace their older selves,
//! everything else is counted, and whoever reads too slowly is closed and comes back to a fresh snapshot.

use crate::protocol::{Channel, ServerFrame, close};
use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};
use tokio::sync::Notify;

/// Frames that may wait at once: a browser that is 512 frames behind needs a snapshot, not a backlog.
const MAX_WAITING: usize = 512;

/// The queue between whoever has news and the one task that writes to the socket.
#[derive(Debug, Default)]
pub struct Outbox {
    // std's mutex: nothing awaits while it is held.
    queue: Mutex<Queue>,
    news: Notify,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Waiting>,
    close: Option<(u16, &'static str)>,
}

#[derive(Debug)]
struct Waiting {
    /// Set for frames of which only the newest counts.
    latest: Option<(Channel, Latest)>,
    frame: ServerFrame,
}

/// Kinds of which only the newest frame per channel counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Latest {
    View,
    Tally,
    List,
}

/// What the writer is to do next.
#[derive(Debug, PartialEq)]
pub enum Next {
    Frames(Vec<ServerFrame>),
    /// Close with this code and reason.
    Close(u16, &'static str),
}

impl Outbox {
    /// Queues a frame that must arrive. Closes the connection when too much is waiting.
    pub fn send(&self, frame: ServerFrame) {
        self.with(|queue| {
            if queue.waiting.len() >= MAX_WAITING {
                queue.close = Some((close::SLOW, "reads too slowly"));
            } else {
                queue.waiting.push_back(Waiting { latest: None, frame });
            }
        });
    }

    /// Queues a frame that replaces an older one of its kind on its channel.
    pub fn send_latest(&self, channel: Channel, kind: Latest, frame: ServerFrame) {
        self.with(|queue| {
            // The new one goes to the end: a view that overtook an acknowledgement would be out of order.
            queue.waiting.retain(|waiting| waiting.latest != Some((channel, kind)));
            queue.waiting.push_back(Waiting { latest: Some((channel, kind)), frame });
        });
    }

    /// Closes the connection; what still waits is not written any more.
    pub fn close(&self, code: u16, reason: &'static str) {
        self.with(|queue| queue.close = Some((code, reason)));
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
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((code, reason)) = queue.close {
            return Some(Next::Close(code, reason));
        }
        if queue.waiting.is_empty() {
            return None;
        }
        let count = queue.waiting.len().min(max);
        Some(Next::Frames(queue.waiting.drain(..count).map(|waiting| waiting.frame).collect()))
    }

    fn with(&self, change: impl FnOnce(&mut Queue)) {
        change(&mut self.queue.lock().unwrap_or_else(PoisonError::into_inner));
        self.news.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::GroupId;
    use uuid::Uuid;

    fn pong(nonce: u32) -> ServerFrame {
        ServerFrame::Ponged { nonce, server_time: 0 }
    }

    #[test]
    fn only_the_newest_view_waits_and_it_stays_behind_what_came_before() {
        let outbox = Outbox::default();
        let channel = Channel::Group(GroupId(Uuid::nil()));
        outbox.send_latest(channel, Latest::View, pong(1));
        outbox.send(pong(2));
        outbox.send_latest(channel, Latest::Tally, pong(3));
        outbox.send_latest(channel, Latest::View, pong(4));
        assert_eq!(outbox.take(9), Some(Next::Frames(vec![pong(2), pong(3), pong(4)])));
        assert_eq!(outbox.take(9), None);
    }

    #[test]
    fn a_reader_that_is_too_far_behind_is_closed() {
        let outbox = Outbox::default();
        for n in 0..=512 {
            outbox.send(pong(n));
        }
        assert_eq!(outbox.take(9), Some(Next::Close(close::SLOW, "reads too slowly")));
    }
}
