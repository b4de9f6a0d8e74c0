//! Who watches a session, and what each of them is told.

use crate::{
    domain::{
        ids::{LiveSessionId, ParticipantId},
        live::{
            blitz::{Blitz, Shared},
            pin::Pin,
        },
    },
    protocol::{Channel, ChannelEvent, Position, ServerFrame, close},
    server::realtime::{
        frame::Frame,
        outbox::{Latest, Outbox},
    },
};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// A player who was here so recently counts as here: a phone that changes networks is not gone.
const GRACE_MS: i64 = 8_000;

/// Longer than a browser's first tries to reconnect take.
const RETURN_MS: i64 = 20_000;

/// As what a connection watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Host,
    Player(ParticipantId),
}

/// The connections that watch one session.
#[derive(Debug)]
pub(super) struct Watchers {
    session: LiveSessionId,
    hosts: HashMap<Uuid, Arc<Outbox>>,
    /// One connection per seat: the newest.
    players: HashMap<ParticipantId, (Uuid, Arc<Outbox>)>,
    /// When somebody without a connection was here last, Unix ms.
    seen: HashMap<ParticipantId, i64>,
}

impl Watchers {
    pub fn new(session: LiveSessionId) -> Self {
        Self { session, hosts: HashMap::new(), players: HashMap::new(), seen: HashMap::new() }
    }

    pub fn is_empty(&self) -> bool {
        self.hosts.is_empty() && self.players.is_empty()
    }

    /// Adds a connection. An older one with the same seat is closed and told why.
    pub fn add(&mut self, connection: Uuid, outbox: Arc<Outbox>, role: Role) {
        match role {
            Role::Host => {
                self.hosts.insert(connection, outbox);
            }
            Role::Player(participant) => {
                if let Some((older, outbox)) = self.players.insert(participant, (connection, outbox))
                    && older != connection
                {
                    outbox.close(close::REPLACED, "opened somewhere else");
                }
            }
        }
    }

    /// Removes a connection in all its roles.
    pub fn remove(&mut self, connection: Uuid, now: i64) {
        self.hosts.remove(&connection);
        let gone: Vec<_> = self.players.iter().filter(|(_, (id, _))| *id == connection).map(|(p, _)| *p).collect();
        for participant in gone {
            self.players.remove(&participant);
            self.seen.insert(participant, now);
        }
    }

    /// After a restart everybody is on the way back: nobody's absence ends a question for `RETURN_MS`.
    pub fn expect_back(&mut self, participants: impl Iterator<Item = ParticipantId>, now: i64) {
        self.seen.extend(participants.map(|participant| (participant, now + RETURN_MS - GRACE_MS)));
    }

    /// Notes that somebody without a socket asked for the page.
    pub fn saw(&mut self, participant: ParticipantId, now: i64) {
        self.seen.insert(participant, now);
    }

    /// Whether the player is here at `now`, or was a moment ago.
    pub fn connected(&self, participant: ParticipantId, now: i64) -> bool {
        self.players.contains_key(&participant) || self.seen.get(&participant).is_some_and(|at| now - at < GRACE_MS)
    }

    /// Whether somebody is only here by that grace, so that the answer may change with time alone.
    pub fn anybody_leaving(&self, now: i64) -> bool {
        self.seen.iter().any(|(p, at)| now - at <= GRACE_MS && !self.players.contains_key(p))
    }

    pub fn close_all(&self, code: u16, reason: &'static str) {
        for outbox in self.hosts.values().chain(self.players.values().map(|(_, outbox)| outbox)) {
            outbox.close(code, reason);
        }
    }

    /// Everybody's complete view.
    pub fn tell_all(&self, state: &Blitz, pin: Option<Pin>, now: i64) {
        let shared = Shared::of(state);
        self.tell_hosts_with(state, pin, now, &shared);
        for (participant, (_, outbox)) in &self.players {
            self.tell_player_with(*participant, outbox, state, now, &shared);
        }
    }

    pub fn tell_hosts(&self, state: &Blitz, pin: Option<Pin>, now: i64) {
        self.tell_hosts_with(state, pin, now, &Shared::of(state));
    }

    /// The count of answers, to hosts.
    pub fn tell_tally(&self, state: &Blitz, now: i64) {
        if self.hosts.is_empty() {
            return;
        }
        let (answered, expected) = state.tally(&|participant| self.connected(participant, now));
        let channel = Channel::LiveHost(self.session);
        let event = ChannelEvent::AnswersCounted { revision: state.revision, answered, expected };
        let frame = Frame::new(ServerFrame::Changed { channel, event });
        for outbox in self.hosts.values() {
            outbox.send_latest(channel, Latest::Tally, &frame);
        }
    }

    /// The views of these players, as far as they are connected.
    pub fn tell_players(&self, participants: &[ParticipantId], state: &Blitz, now: i64) {
        if participants.is_empty() {
            return;
        }
        let shared = Shared::of(state);
        for participant in participants {
            if let Some((_, outbox)) = self.players.get(participant) {
                self.tell_player_with(*participant, outbox, state, now, &shared);
            }
        }
    }

    /// The first view of a connection that has just come, after its position.
    pub fn welcome(&self, outbox: &Outbox, role: Role, state: &Blitz, pin: Option<Pin>, position: Position, now: i64) {
        let shared = Shared::of(state);
        match role {
            Role::Host => {
                let channel = Channel::LiveHost(self.session);
                outbox.send(ServerFrame::Subscribed { channel, position });
                let view = state.host_view(self.session, pin, now, &shared, &|p| self.connected(p, now));
                let event = ChannelEvent::HostSaw(Box::new(view));
                outbox.send_latest(channel, Latest::View, ServerFrame::Changed { channel, event });
            }
            Role::Player(participant) => {
                outbox.send(ServerFrame::Subscribed { channel: Channel::LivePlayer(self.session), position });
                self.tell_player_with(participant, outbox, state, now, &shared);
            }
        }
    }

    fn tell_hosts_with(&self, state: &Blitz, pin: Option<Pin>, now: i64, shared: &Shared) {
        if self.hosts.is_empty() {
            return;
        }
        let channel = Channel::LiveHost(self.session);
        let view = state.host_view(self.session, pin, now, shared, &|p| self.connected(p, now));
        let event = ChannelEvent::HostSaw(Box::new(view));
        let frame = Frame::new(ServerFrame::Changed { channel, event });
        for outbox in self.hosts.values() {
            outbox.send_latest(channel, Latest::View, &frame);
        }
    }

    fn tell_player_with(&self, participant: ParticipantId, outbox: &Outbox, state: &Blitz, now: i64, shared: &Shared) {
        let Some(view) = state.player_view(self.session, participant, now, shared) else { return };
        let channel = Channel::LivePlayer(self.session);
        let event = ChannelEvent::PlayerSaw(Box::new(view));
        outbox.send_latest(channel, Latest::View, ServerFrame::Changed { channel, event });
    }
}
