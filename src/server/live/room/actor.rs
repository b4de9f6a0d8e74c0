//! The one owner of an open room. It takes all messages that wait, decides them one after the other, appends what
//! happened in one transaction, and only then answers and tells.

use super::{
    Rooms,
    handle::{Handle, Message, Outcome, Screen, Who},
    recent::Recent,
    recovery::{self, Replayed},
    round::{Round, life, not_written},
};
use crate::{
    domain::{
        ids::{LiveSessionId, UserId},
        live::study_room::{Command, Refusal, RoomView, StudyRoom},
    },
    protocol::{Channel, ChannelEvent, Position, Refused, ServerFrame},
    server::{metrics, realtime::outbox::Latest, storage::StoreError},
};
use std::collections::HashMap;
use tokio::sync::{broadcast, mpsc};
use uuid::Uuid;

/// Messages decided in one transaction.
const BATCH: usize = 256;
/// Whose last connection is gone counts as here for so long: a phone that changes networks has not left.
const GRACE_MS: i64 = 8_000;
/// After a restart: longer than a browser's first tries to reconnect take.
const RETURN_MS: i64 = 20_000;
/// Cards, typing marks and reactions are told at most this often.
const THROTTLE_MS: i64 = 200;
/// When the database does not say how the room's quiz stands, it is asked again after so long.
const AGAIN_MS: i64 = 3_000;
/// A closed room that nobody looks at is dropped from memory after ten minutes; its log stays.
const DROP_MS: i64 = 10 * 60 * 1_000;

pub(super) struct Actor {
    rooms: Rooms,
    handle: Handle,
    /// Fencing token: the log takes only appends that carry the newest.
    epoch: i64,
    /// Of the log's next event.
    offset: i64,
    /// Where the channel stands: its events are the changes to messages.
    position: Position,
    state: StudyRoom,
    recent: Recent,
    connections: HashMap<Uuid, UserId>,
    /// Who has no connection any more, and when they count as gone.
    leaving: HashMap<UserId, i64>,
    inbox: mpsc::Receiver<Message>,
    /// What everybody was told last.
    shown: Option<RoomView>,
    told_at: i64,
    /// More is to be told at this time.
    tell_at: Option<i64>,
    /// Live sessions that begin and end, on whichever node.
    turns: broadcast::Receiver<LiveSessionId>,
    /// The quiz whose status was read; news of it come by `turns`.
    known: Option<LiveSessionId>,
    look_at: i64,
    alone_since: i64,
    stopping: bool,
}

impl Actor {
    pub fn new(rooms: Rooms, handle: Handle, epoch: i64, log: Replayed, inbox: mpsc::Receiver<Message>) -> Self {
        let now = rooms.shared.clock.steady();
        // Before the first look: nothing is missed in between.
        let turns = rooms.shared.hub.turns();
        let leaving = log.state.people.iter().map(|person| (person.user, now + RETURN_MS)).collect();
        Self {
            rooms,
            handle,
            epoch,
            offset: log.offset,
            position: Position { epoch: life(epoch), offset: log.said },
            state: log.state,
            recent: log.recent,
            connections: HashMap::new(),
            leaving,
            inbox,
            shown: None,
            told_at: i64::MIN / 2,
            tell_at: None,
            turns,
            known: None,
            look_at: now,
            alone_since: now,
            stopping: false,
        }
    }

    pub async fn run(mut self) {
        let shutdown = self.rooms.shared.shutdown.token.clone();
        let clock = self.rooms.shared.clock.clone();
        self.round(vec![]).await;
        while !self.stopping {
            let mut messages = Vec::new();
            let wake = self.wakes_at();
            tokio::select! {
                _ = self.inbox.recv_many(&mut messages, BATCH) => {}
                () = clock.steady_until(wake) => {}
                turned = self.turns.recv() => {
                    // Too many turned at once to name them: it may be among them.
                    let ours = turned.map_or(true, |session| Some(session) == self.known);
                    if !ours {
                        continue;
                    }
                    self.known = None;
                }
                // Nothing to write: the timer's deadline is absolute.
                () = shutdown.cancelled() => break,
            }
            self.round(messages).await;
            let now = clock.steady();
            self.stopping |=
                self.state.ended.is_some() && self.connections.is_empty() && now - self.alone_since > DROP_MS;
        }
        self.inbox.close();
        self.rooms.shared.running.forget(self.handle.id, &self.handle).await;
    }

    /// Decides all messages, commits, answers, tells.
    async fn round(&mut self, messages: Vec<Message>) {
        let now = self.rooms.shared.clock.steady();
        let mut round = Round { written_at: self.rooms.shared.clock.now(), ..Round::default() };
        for message in messages {
            self.take(message, now, &mut round);
        }
        let due: Vec<UserId> = self.leaving.iter().filter(|(_, at)| **at <= now).map(|(user, _)| *user).collect();
        for user in due {
            self.leaving.remove(&user);
            let _ = self.carry_out(&Command::Leave { user }, "", now, &mut round);
        }
        self.look_at_quiz(now, &mut round).await;
        let _ = self.carry_out(&Command::Tick, "", now, &mut round);
        let committed = self.commit(&round).await;
        self.finish(round, committed, now).await;
    }

    /// Decides one message against the state as it will be after the ones before it.
    fn take(&mut self, message: Message, now: i64, round: &mut Round) {
        match message {
            Message::Command { command, name, at, reply } => {
                let result = self.carry_out(&command, &name, at, round);
                round.replies.push((reply, result));
            }
            Message::Enter { connection, who, reply } => {
                let result = self.enter(connection, who, now, round);
                round.replies.push((reply, result));
            }
            Message::Gone { connection } => {
                if let Some(user) = self.connections.remove(&connection)
                    && !self.is_connected(user)
                {
                    self.leaving.insert(user, now + GRACE_MS);
                    self.alone_since = now;
                }
            }
            Message::Leave { user, reply } => {
                let tabs = self.connections.values().filter(|one| **one == user).count();
                let result = if tabs > 1 { Ok(()) } else { self.carry_out(&Command::Leave { user }, "", now, round) };
                round.replies.push((reply, result));
            }
            Message::ShutOut { user } => self.shut_out(user, now, round),
            question => round.questions.push(question),
        }
    }

    fn enter(&mut self, connection: Uuid, who: Who, now: i64, round: &mut Round) -> Result<(), Outcome> {
        let (user, name) = (who.by.user, who.name);
        match self.carry_out(&Command::Enter { by: who.by, name }, "", now, round) {
            // A closed room can be read.
            Ok(()) | Err(Outcome::Refused(Refusal::Ended)) => {
                self.connections.insert(connection, user);
                self.leaving.remove(&user);
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn shut_out(&mut self, user: Option<UserId>, now: i64, round: &mut Round) {
        let inside = self.connections.values().copied().chain(self.state.people.iter().map(|person| person.user));
        let mut out: Vec<UserId> = inside.filter(|one| user.is_none_or(|user| user == *one)).collect();
        out.sort_unstable();
        out.dedup();
        for user in out {
            self.connections.retain(|_, one| *one != user);
            let _ = self.carry_out(&Command::Leave { user }, "", now, round);
            let channel = Channel::StudyRoom(self.handle.id);
            self.rooms.shared.hub.revoke(channel, user, &Refused::NotFound);
        }
    }

    fn carry_out(&mut self, command: &Command, name: &str, at: i64, round: &mut Round) -> Result<(), Outcome> {
        for event in self.state.decide(command, at).map_err(Outcome::Refused)? {
            round.record(&mut self.state, &event, at, self.offset, name).map_err(|error| {
                not_written(self.handle.id, &error);
                Outcome::Unavailable
            })?;
        }
        Ok(())
    }

    /// Reads the status of the room's quiz when it was started, when it turned, and after a restart.
    async fn look_at_quiz(&mut self, now: i64, round: &mut Round) {
        let quiz = self.state.quiz.as_ref().map(|quiz| quiz.session).filter(|quiz| self.known != Some(*quiz));
        let Some(quiz) = quiz.filter(|_| self.look_at <= now) else { return };
        let over = match self.rooms.shared.db.live_session(quiz).await {
            Ok(row) => !row.status().is_open(),
            Err(StoreError::NotFound) => true,
            Err(_) => {
                self.look_at = now + AGAIN_MS;
                return;
            }
        };
        self.known = Some(quiz);
        if over {
            let _ = self.carry_out(&Command::CloseQuiz { session: quiz }, "", now, round);
        }
    }

    /// Writes the round. On failure the state is what the log says, and nothing of the round has happened.
    async fn commit(&mut self, round: &Round) -> bool {
        if round.is_empty() {
            return true;
        }
        let db = self.rooms.shared.db.clone();
        match db.append_study_room(self.handle.id, self.epoch, self.offset, &round.append).await {
            Ok(()) => {
                self.offset += i64::try_from(round.append.events.len()).unwrap_or(0);
                return true;
            }
            Err(StoreError::Conflict(name)) if name == "owner_epoch" => {
                metrics::FENCED.add(1);
                tracing::warn!(live_session.id = %self.handle.id, "study room was taken over");
                self.stopping = true;
            }
            Err(error) => {
                not_written(self.handle.id, &error);
                match recovery::replay(&db, self.handle.id).await {
                    Ok(log) => (self.state, self.offset, self.recent) = (log.state, log.offset, log.recent),
                    // Not even readable: the next caller loads it afresh.
                    Err(_) => self.stopping = true,
                }
            }
        }
        false
    }

    /// Sends the answers, then the news.
    async fn finish(&mut self, round: Round, committed: bool, now: i64) {
        for (reply, result) in round.replies {
            // Whoever asked may have gone; what was decided stands.
            let _ = reply.send(if committed { result } else { result.and(Err(Outcome::Unavailable)) });
        }
        let channel = Channel::StudyRoom(self.handle.id);
        if committed {
            for said in round.said {
                self.position.offset += 1;
                match self.recent.note(&self.rooms.shared.db, self.handle.id, said).await {
                    Ok(message) => {
                        let event = ChannelEvent::RoomSaid(Box::new(message));
                        self.rooms.shared.hub.publish(channel, self.position, event);
                    }
                    // A hole: whoever listens asks again, and finds a new life with all messages in it.
                    Err(error) => {
                        not_written(self.handle.id, &error);
                        self.position.epoch = life(self.epoch);
                    }
                }
            }
            if round.append.status.is_some() {
                self.rooms.shared.hub.announce(Channel::Group(self.handle.group), ChannelEvent::LiveSessionsChanged);
            }
        }
        self.tell(round.urgent, now);
        for question in round.questions {
            match question {
                Message::Greet { outbox } => {
                    let event = ChannelEvent::RoomSaw(Box::new(self.view(now)));
                    outbox.send_latest(channel, Latest::View, ServerFrame::Changed { channel, event });
                }
                Message::Screen { reply } => {
                    let (view, messages) = (self.view(now), self.recent.page());
                    let earlier = self.state.messages.len() > messages.len();
                    let _ = reply.send(Screen { position: self.position, view, messages, earlier });
                }
                _ => {}
            }
        }
    }

    /// Tells everybody what the room looks like, when it looks different.
    fn tell(&mut self, urgent: bool, now: i64) {
        let view = self.view(now);
        if self.shown.as_ref().is_some_and(|shown| shown.same_as(&view)) && !urgent {
            self.tell_at = None;
            return;
        }
        let at = if urgent { now } else { now.max(self.told_at + THROTTLE_MS) };
        self.tell_at = (at > now).then_some(at);
        if at <= now {
            self.told_at = now;
            let event = ChannelEvent::RoomSaw(Box::new(view.clone()));
            self.rooms.shared.hub.publish_latest(Channel::StudyRoom(self.handle.id), Latest::View, event);
            self.shown = Some(view);
        }
    }

    fn view(&self, now: i64) -> RoomView {
        self.state.view(self.handle.id, self.handle.group, self.handle.deck, now)
    }

    fn is_connected(&self, user: UserId) -> bool {
        self.connections.values().any(|one| *one == user)
    }

    /// When the actor has something to do without being asked.
    fn wakes_at(&self) -> i64 {
        let now = self.rooms.shared.clock.steady();
        let quiz = self.state.quiz.as_ref().filter(|quiz| self.known != Some(quiz.session)).map(|_| self.look_at);
        let marks = [self.state.wakes_at(now), self.tell_at, quiz, self.leaving.values().min().copied()];
        marks.into_iter().flatten().fold(now + 60_000, i64::min)
    }
}
