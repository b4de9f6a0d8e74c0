//! The one owner of a running session: takes all messages that wait, lets `round` decide them one after the other,
//! appends what happened in one transaction, and only then lets `tell` answer and tell the watchers.

use super::{
    super::seat::SecretHash,
    Live,
    handle::{Handle, Message},
    journal::json,
    recovery::{self, Done, Replayed},
    round::Round,
    watchers::Watchers,
};
use crate::{
    domain::{
        ids::ParticipantId,
        live::{
            blitz::{Blitz, Command, Event, Phase, SNAPSHOT_VERSION},
            pin::Pin,
        },
    },
    protocol::close,
    server::storage::{Snapshot, StoreError},
};
use std::collections::HashMap;
use tokio::sync::mpsc;

/// Messages decided in one transaction.
const BATCH: usize = 1_024;
/// Events after which the state is kept.
const SNAPSHOT_EVERY: i64 = 1_000;
/// A session that nobody watches is ended after four hours without an event.
const FORGOTTEN_MS: i64 = 4 * 60 * 60 * 1_000;
/// An ended session that nobody watches is dropped from memory after ten minutes; its log stays.
const DROP_MS: i64 = 10 * 60 * 1_000;

pub(super) struct Actor {
    pub live: Live,
    pub handle: Handle,
    pub pin: Option<Pin>,
    /// Fencing token: the log takes only appends that carry the newest.
    epoch: i64,
    /// Of the last process, when it was killed while a clock ran.
    alive_at: Option<i64>,
    /// When it had recovered. What arrived while it was loaded counts as from then: the question's time went on then.
    pub began: i64,
    /// Of the next event.
    offset: i64,
    /// Up to where the last snapshot goes.
    snapshot: i64,
    pub state: Blitz,
    /// A seat whose first answer got lost has two secrets until the next restart: either may have arrived.
    pub seats: HashMap<SecretHash, ParticipantId>,
    /// Commands that were carried out, so that a repeated one does nothing.
    pub done: Done,
    pub watchers: Watchers,
    inbox: mpsc::Receiver<Message>,
    /// Hosts are to be told names or counts at this time.
    pub tell_at: Option<i64>,
    /// More than the count of answers has changed for them.
    pub tell_view: bool,
    /// Players who are to see their own answer at `tell_at`: the acknowledgement has told them already, and the
    /// reveal may come before.
    pub tell_answered: Vec<ParticipantId>,
    /// Nobody has watched since, Unix ms.
    pub alone_since: i64,
    stopping: bool,
}

/// What an actor begins with.
pub(super) struct Start {
    pub live: Live,
    pub handle: Handle,
    pub pin: Option<Pin>,
    pub epoch: i64,
    pub alive_at: Option<i64>,
    pub offset: i64,
    pub snapshot: i64,
    pub state: Blitz,
    pub seats: HashMap<SecretHash, ParticipantId>,
    pub done: Done,
    pub inbox: mpsc::Receiver<Message>,
}

impl Actor {
    pub fn new(start: Start) -> Self {
        let Start { live, handle, pin, epoch, alive_at, offset, snapshot, state, seats, done, inbox } = start;
        let alone_since = live.shared.clock.steady();
        let mut watchers = Watchers::new(handle.id);
        watchers.expect_back(state.participants.iter().map(|participant| participant.id), alone_since);
        Self {
            live,
            handle,
            pin,
            epoch,
            alive_at,
            began: i64::MIN,
            offset,
            snapshot,
            state,
            seats,
            done,
            watchers,
            inbox,
            tell_at: None,
            tell_view: false,
            tell_answered: vec![],
            alone_since,
            stopping: false,
        }
    }

    pub async fn run(mut self) {
        let shutdown = self.live.shared.shutdown.token.clone();
        let clock = self.live.shared.clock.clone();
        self.round(vec![], Some(Command::Recover { alive_at: self.alive_at })).await;
        while !self.stopping {
            let mut messages = Vec::new();
            let wake = self.wakes_at();
            tokio::select! {
                _ = self.inbox.recv_many(&mut messages, BATCH) => {}
                () = clock.steady_until(wake) => {}
                () = shutdown.cancelled() => {
                    self.suspend().await;
                    break;
                }
            }
            self.round(messages, None).await;
            self.leave_if_forgotten().await;
        }
        self.inbox.close();
        self.live.shared.pulse.set(self.handle.id, self.epoch, false);
        self.live.shared.running.forget(self.handle.id, &self.handle).await;
    }

    /// Decides all messages, commits, answers, tells.
    async fn round(&mut self, messages: Vec<Message>, first: Option<Command>) {
        let now = self.now();
        let revision = self.state.revision;
        let mut round = Round::default();
        if let Some(command) = first {
            if matches!(command, Command::Recover { .. }) {
                self.began = now;
            }
            let _ = self.carry_out(&command, now, None, None, &mut round);
        }
        for message in messages {
            self.take(message, now, &mut round);
        }
        for command in [Command::Settle, Command::Tick] {
            let _ = self.carry_out(&command, now, None, None, &mut round);
        }
        let committed = self.commit(&round).await;
        self.live.shared.pulse.set(self.handle.id, self.epoch, !self.stopping && self.state.wakes_at().is_some());
        self.answer(round, committed, revision, now).await;
        self.keep_snapshot().await;
    }

    /// After everybody was answered, and while nobody waits for a question, unless it would get too long.
    async fn keep_snapshot(&mut self) {
        let since = self.offset - self.snapshot;
        let busy = matches!(self.state.phase, Phase::LeadIn { .. } | Phase::Answering { .. });
        if self.stopping || since < SNAPSHOT_EVERY * if busy { 20 } else { 1 } {
            return;
        }
        let db = &self.live.shared.db;
        let kept = match json(&self.state) {
            Ok(state) => {
                let snapshot = Snapshot { offset: self.offset, state };
                db.save_live_snapshot(self.handle.id, self.epoch, SNAPSHOT_VERSION, &snapshot).await
            }
            Err(error) => Err(error),
        };
        if let Err(error) = kept {
            // The log has everything; the next one comes in its time.
            tracing::warn!(live_session.id = %self.handle.id, error.cause = %error, "snapshot not written");
        }
        self.snapshot = self.offset;
    }

    /// Writes the round. On failure the state is what the log says, and nothing of the round has happened.
    async fn commit(&mut self, round: &Round) -> bool {
        if round.journal.is_empty() {
            return true;
        }
        let append = &round.journal.append;
        let db = &self.live.shared.db;
        match db.append_live_session(self.handle.id, self.epoch, self.offset, append).await {
            Ok(()) => {
                self.offset += i64::try_from(append.events.len()).unwrap_or(0);
                return true;
            }
            Err(StoreError::Conflict(name)) if name == "owner_epoch" => {
                crate::server::metrics::FENCED.add(1);
                tracing::warn!(live_session.id = %self.handle.id, "live session was taken over");
                self.stopping = true;
            }
            Err(error) => {
                tracing::error!(live_session.id = %self.handle.id, error.cause = %error, "live session not written");
                match recovery::replay(db, self.handle.id).await {
                    Ok(Replayed { state, offset, done, .. }) => {
                        (self.state, self.offset, self.done) = (state, offset, done);
                    }
                    // Not even readable: the next caller loads it afresh.
                    Err(_) => self.stopping = true,
                }
            }
        }
        if self.stopping {
            self.watchers.close_all(close::SHUTDOWN, "the session is being moved");
        }
        false
    }

    /// The session's time: even while the machine's clock is set.
    pub fn now(&self) -> i64 {
        self.live.shared.clock.steady()
    }

    pub fn epoch_and_offset(&self) -> (i64, i64) {
        (self.epoch, self.offset)
    }

    /// When the actor has something to do without being asked.
    fn wakes_at(&self) -> i64 {
        let now = self.now();
        let mut wake = now + 60_000;
        wake = wake.min(self.state.wakes_at().unwrap_or(wake));
        wake = wake.min(self.tell_at.unwrap_or(wake));
        if let Some(until) = self.state.taps_until().filter(|until| *until > now) {
            wake = wake.min(until);
        }
        if matches!(self.state.phase, Phase::Answering { .. }) && self.watchers.anybody_leaving(now) {
            wake = wake.min(now + 1_000);
        }
        wake
    }

    /// Stamps the time of a graceful stop into the log, so that the question's time goes on exactly there.
    async fn suspend(&mut self) {
        if self.state.wakes_at().is_none() {
            return;
        }
        let mut round = Round::default();
        let at = self.now().max(self.state.last_event_at);
        if round.journal.record(&mut self.state, &Event::Suspended, at, None, None).is_ok() {
            self.commit(&round).await;
        }
    }

    async fn leave_if_forgotten(&mut self) {
        if !self.watchers.is_empty() {
            return;
        }
        let now = self.now();
        if self.state.phase == Phase::Ended {
            self.stopping |= now - self.alone_since > DROP_MS;
        } else if now - self.state.last_event_at.max(self.alone_since) > FORGOTTEN_MS {
            // Reveal, podium, end: as a host would who ends it.
            let end = Command::End { seen: self.state.revision };
            self.round(vec![], Some(end)).await;
        }
    }
}

#[cfg(test)]
mod tests;
