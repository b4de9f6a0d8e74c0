//! Commands without an answer: sent again on every new connection, in order and with the same keys.

use crate::protocol::{ClientFrame, Command};
use std::collections::VecDeque;
use uuid::Uuid;

#[derive(Clone, Debug)]
pub struct Pending {
    id: u32,
    key: Uuid,
    command: Command,
    /// When it went out on this connection.
    sent_at: Option<u64>,
}

impl Pending {
    pub fn new(id: u32, key: Uuid, command: Command) -> Self {
        Self { id, key, command, sent_at: None }
    }

    pub fn send(&mut self, now: u64) -> ClientFrame {
        self.sent_at = Some(now);
        ClientFrame::Command { id: self.id, key: self.key, command: self.command.clone() }
    }
}

#[derive(Clone, Debug, Default)]
pub struct Outbox(VecDeque<Pending>);

impl Outbox {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn push(&mut self, pending: Pending) {
        self.0.push_back(pending);
    }

    /// Since when the oldest answer is missing.
    pub fn oldest(&self) -> Option<u64> {
        self.0.iter().filter_map(|pending| pending.sent_at).min()
    }

    pub fn send_all(&mut self, now: u64) -> impl Iterator<Item = ClientFrame> {
        self.0.iter_mut().map(move |pending| pending.send(now))
    }

    /// The line is being asked: the next doubt counts from here.
    pub fn doubted(&mut self, now: u64) {
        for pending in self.0.iter_mut().filter(|pending| pending.sent_at.is_some()) {
            pending.sent_at = Some(now);
        }
    }

    /// `false` when it was settled before.
    pub fn settle(&mut self, id: u32) -> bool {
        let before = self.0.len();
        self.0.retain(|pending| pending.id != id);
        self.0.len() < before
    }

    /// The connection is gone.
    pub fn unsent(&mut self) {
        self.0.iter_mut().for_each(|pending| pending.sent_at = None);
    }

    /// The ids of all that will never be answered.
    pub fn give_up(&mut self) -> Vec<u32> {
        self.0.drain(..).map(|pending| pending.id).collect()
    }
}
