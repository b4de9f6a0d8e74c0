//! The one owner of a running session. It takes all messages that wait, decides them one after the other,
//! appends what happened in one transaction, and only then answers and tells the watchers.

use super::{
    super::seat::SecretHash,
    Live,
    handle::{Handle, JoinRequest, Joined, Message, Outcome},
    journal::Journal,
    recovery,
    watchers::{Role, Watchers},
};
use crate::{
    domain::{
        ids::ParticipantId,
        live::{
            blitz::{Blitz, Command, Event, Phase, Refusal, Shared},
            pin::Pin,
        },
    },
    protocol::{Channel, ChannelEvent, Position, close},
    server::storage::StoreError,
};
use std::collections::{HashMap, HashSet};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

/// Messages decided in one transaction.
const BATCH: usize = 1_024;
/// Names in the lobby and the count of answers are told at most this often.
const THROTTLE_MS: i64 = 100;
/// A session that nobody watches is ended after four hours without an event.
const FORGOTTEN_MS: i64 = 4 * 60 * 60 * 1_000;
/// An ended session that nobody watches is dropped from memory after ten minutes; its log stays.
const DROP_MS: i64 = 10 * 60 * 1_000;

pub(super) struct Actor {
    live: Live,
    handle: Handle,
    pin: Option<Pin>,
    /// Fencing token: the log takes only appends that carry the newest.
    epoch: i64,
    /// Of the next event.
    offset: i64,
    state: Blitz,
    seats: HashMap<SecretHash, ParticipantId>,
    /// Commands that were carried out, so that a repeated one does nothing.
    done: HashSet<Uuid>,
    watchers: Watchers,
    inbox: mpsc::Receiver<Message>,
    /// Hosts are to be told names or counts at this time.
    tell_at: Option<i64>,
    /// Nobody has watched since, Unix ms.
    alone_since: i64,
    stopping: bool,
}

/// Answers that wait for the commit.
enum Reply {
    Command(oneshot::Sender<Result<(), Outcome>>, Result<(), Outcome>),
    Join(oneshot::Sender<Result<Joined, Outcome>>, Result<Joined, Outcome>),
}

/// What one round of messages leads to.
#[derive(Default)]
struct Round {
    journal: Journal,
    replies: Vec<Reply>,
    /// Questions about the state: answered after the commit.
    questions: Vec<Message>,
    answered: Vec<ParticipantId>,
    joined: Vec<(SecretHash, ParticipantId)>,
    keys: Vec<Uuid>,
}

impl Actor {
    pub fn new(
        live: Live,
        handle: Handle,
        pin: Option<Pin>,
        epoch: i64,
        offset: i64,
        state: Blitz,
        seats: HashMap<SecretHash, ParticipantId>,
        inbox: mpsc::Receiver<Message>,
    ) -> Self {
        let alone_since = live.shared.clock.now();
        let mut watchers = Watchers::new(handle.id);
        watchers.expect_back(state.participants.iter().map(|participant| participant.id), alone_since);
        Self {
            live,
            handle,
            pin,
            epoch,
            offset,
            state,
            seats,
            done: HashSet::new(),
            watchers,
            inbox,
            tell_at: None,
            alone_since,
            stopping: false,
        }
    }

    pub async fn run(mut self) {
        let shutdown = self.live.shared.shutdown.token.clone();
        let clock = self.live.shared.clock.clone();
        self.round(vec![], Some(Command::Recover)).await;
        while !self.stopping {
            let mut messages = Vec::new();
            let wake = self.wakes_at();
            tokio::select! {
                _ = self.inbox.recv_many(&mut messages, BATCH) => {}
                () = clock.wait_until(wake) => {}
                () = shutdown.cancelled() => {
                    self.suspend().await;
                    break;
                }
            }
            self.round(messages, None).await;
            self.leave_if_forgotten().await;
        }
        self.inbox.close();
        let mut running = self.live.shared.running.lock().await;
        // A newer actor of the same session may stand there already.
        if running.get(&self.handle.id).is_some_and(|handle| handle.inbox.same_channel(&self.handle.inbox)) {
            running.remove(&self.handle.id);
        }
    }

    /// Decides all messages, commits, answers, tells.
    async fn round(&mut self, messages: Vec<Message>, first: Option<Command>) {
        let now = self.live.shared.clock.now();
        let revision = self.state.revision;
        let mut round = Round::default();
        if let Some(command) = first {
            let _ = self.carry_out(&command, now, None, &mut round);
        }
        for message in messages {
            self.take(message, now, &mut round);
        }
        for command in [Command::Settle, Command::Tick] {
            let _ = self.carry_out(&command, now, None, &mut round);
        }
        let committed = self.commit(&round).await;
        self.answer(round, committed, revision, now);
    }

    /// Decides one message against the state as it will be after the ones before it.
    fn take(&mut self, message: Message, now: i64, round: &mut Round) {
        match message {
            Message::Command { key, command, at, reply } => {
                let result = if self.done.contains(&key) || round.keys.contains(&key) {
                    Ok(())
                } else {
                    let result = self.carry_out(&command, at, None, round);
                    if result.is_ok() {
                        round.keys.push(key);
                        if let Command::Submit { participant, .. } = command {
                            round.answered.push(participant);
                        }
                    }
                    result
                };
                round.replies.push(Reply::Command(reply, result));
            }
            Message::Join { request, at, reply } => {
                let result = self.join(&request, at, round);
                round.replies.push(Reply::Join(reply, result));
            }
            Message::Watch { connection, outbox, role } => {
                self.watchers.add(connection, outbox.clone(), role);
                round.questions.push(Message::Watch { connection, outbox, role });
            }
            Message::Unwatch { connection } => {
                self.watchers.remove(connection, now);
                self.tell_soon(now);
                if self.watchers.is_empty() {
                    self.alone_since = now;
                }
            }
            Message::PlayerView { participant, reply } => {
                self.watchers.saw(participant, now);
                round.questions.push(Message::PlayerView { participant, reply });
            }
            Message::Seat { secret, user, reply } => match secret.and_then(|secret| self.seats.get(&secret)) {
                // A seat that is committed need not wait for this round: every answer asks for it first.
                Some(participant) => {
                    let _ = reply.send(Some(*participant));
                }
                None => round.questions.push(Message::Seat { secret, user, reply }),
            },
            question => round.questions.push(question),
        }
    }

    fn join(&mut self, request: &JoinRequest, at: i64, round: &mut Round) -> Result<Joined, Outcome> {
        if let Some(participant) = self.seat_of(None, request.user) {
            return Ok(Joined { participant, again: true });
        }
        let command =
            Command::Join { participant: request.participant, user: request.user, name: request.name.clone() };
        self.carry_out(&command, at, Some(request.secret_hash), round)?;
        round.joined.push((request.secret_hash, request.participant));
        Ok(Joined { participant: request.participant, again: false })
    }

    fn carry_out(
        &mut self,
        command: &Command,
        at: i64,
        secret: Option<SecretHash>,
        round: &mut Round,
    ) -> Result<(), Outcome> {
        let now = self.live.shared.clock.now();
        let watchers = &self.watchers;
        let events = match self.state.decide(command, at, &|participant| watchers.connected(participant, now)) {
            Ok(events) => events,
            // The same answer again is the first one's echo, not a second try.
            Err(Refusal::AlreadyAnswered) if self.is_echo(command) => return Ok(()),
            Err(refusal) => return Err(Outcome::Refused(refusal)),
        };
        for event in events {
            // The log's times never run backwards, whatever the order of arrival.
            let at = at.max(self.state.last_event_at);
            round.journal.record(&mut self.state, &event, at, secret).map_err(|error| {
                tracing::error!(live_session.id = %self.handle.id, error.cause = %error, "event not encoded");
                Outcome::Unavailable
            })?;
        }
        Ok(())
    }

    fn is_echo(&self, command: &Command) -> bool {
        matches!(command, Command::Submit { participant, answer, .. }
            if self.state.answers.get(participant).is_some_and(|taken| taken.answer == *answer))
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
                    Ok((state, offset)) => (self.state, self.offset) = (state, offset),
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

    /// Sends the answers, then the news.
    fn answer(&mut self, round: Round, committed: bool, revision: u32, now: i64) {
        if committed {
            self.done.extend(round.keys);
            self.seats.extend(round.joined.iter().copied());
        }
        let news = committed && !round.journal.is_empty();
        for reply in round.replies {
            // Whoever asked may have gone; what was decided stands.
            match reply {
                Reply::Command(to, result) => {
                    let _ = to.send(if committed { result } else { result.and(Err(Outcome::Unavailable)) });
                }
                Reply::Join(to, result) => {
                    let _ = to.send(if committed { result } else { result.and(Err(Outcome::Unavailable)) });
                }
            }
        }
        if news {
            if self.state.revision != revision {
                self.tell_at = None;
                self.watchers.tell_all(&self.state, self.pin, now);
            } else {
                self.tell_soon(now);
                self.watchers.tell_players(&round.answered, &self.state, now);
            }
            if round.journal.status().is_some() {
                self.tell_group();
            }
        }
        for question in round.questions {
            self.reply_to(question, now);
        }
        if self.tell_at.is_some_and(|at| at <= now) {
            self.tell_at = None;
            match self.state.phase {
                Phase::Answering { .. } => self.watchers.tell_tally(&self.state, now),
                _ => self.watchers.tell_hosts(&self.state, self.pin, now),
            }
        }
    }

    fn reply_to(&mut self, question: Message, now: i64) {
        let connected = |participant| self.watchers.connected(participant, now);
        match question {
            Message::Watch { outbox, role, .. } => {
                self.watchers.welcome(&outbox, role, &self.state, self.pin, self.position(), now);
                if let Role::Player(_) = role {
                    self.tell_soon(now);
                }
            }
            Message::Seat { secret, user, reply } => {
                let _ = reply.send(self.seat_of(secret, user));
            }
            Message::HostView { reply } => {
                let shared = Shared::of(&self.state);
                let _ = reply.send(self.state.host_view(self.handle.id, self.pin, now, &shared, &connected));
            }
            Message::PlayerView { participant, reply } => {
                let shared = Shared::of(&self.state);
                let _ = reply.send(self.state.player_view(self.handle.id, participant, now, &shared));
            }
            Message::Standings { reply } => {
                let players = self.state.participants.iter().map(|p| (p.id, p.name.as_str(), p.score));
                let _ = reply.send(crate::domain::live::standings::standings(players));
            }
            Message::Command { .. } | Message::Join { .. } | Message::Unwatch { .. } => {}
        }
    }

    fn seat_of(&self, secret: Option<SecretHash>, user: Option<crate::domain::ids::UserId>) -> Option<ParticipantId> {
        let by_secret = secret.and_then(|secret| self.seats.get(&secret).copied());
        by_secret.or_else(|| {
            let user = user?;
            self.state.participants.iter().find(|p| p.user == Some(user)).map(|p| p.id)
        })
    }

    fn position(&self) -> Position {
        let number = |n: i64| u64::try_from(n).unwrap_or(0);
        Position { epoch: number(self.epoch), offset: number(self.offset) }
    }

    fn tell_soon(&mut self, now: i64) {
        self.tell_at.get_or_insert(now + THROTTLE_MS);
    }

    fn tell_group(&self) {
        if let Some(group) = self.handle.group {
            self.live.shared.hub.announce(Channel::Group(group), ChannelEvent::LiveSessionsChanged);
        }
    }

    /// When the actor has something to do without being asked.
    fn wakes_at(&self) -> i64 {
        let now = self.live.shared.clock.now();
        let mut wake = now + 60_000;
        wake = wake.min(self.state.phase.wakes_at().unwrap_or(wake));
        wake = wake.min(self.tell_at.unwrap_or(wake));
        if matches!(self.state.phase, Phase::Answering { .. }) && self.watchers.anybody_leaving(now) {
            wake = wake.min(now + 1_000);
        }
        wake
    }

    /// Stamps the time of a graceful stop into the log, so that the question's time goes on exactly there.
    async fn suspend(&mut self) {
        if self.state.phase.wakes_at().is_none() {
            return;
        }
        let now = self.live.shared.clock.now();
        let mut round = Round::default();
        let at = now.max(self.state.last_event_at);
        if round.journal.record(&mut self.state, &Event::Suspended, at, None).is_ok() {
            self.commit(&round).await;
        }
    }

    async fn leave_if_forgotten(&mut self) {
        if !self.watchers.is_empty() {
            return;
        }
        let now = self.live.shared.clock.now();
        if self.state.phase == Phase::Ended {
            self.stopping |= now - self.alone_since > DROP_MS;
        } else if now - self.state.last_event_at.max(self.alone_since) > FORGOTTEN_MS {
            // Reveal, podium, end: as a host would who ends it.
            let end = Command::End { seen: self.state.revision };
            self.round(vec![], Some(end)).await;
        }
    }
}
