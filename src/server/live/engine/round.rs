//! One round of an actor: each message is decided against the state as it will be after the ones before it.

use super::{
    super::seat::SecretHash,
    actor::Actor,
    handle::{JoinRequest, Joined, Message, Outcome, Submission},
    journal::Journal,
    recovery::seat_of,
};
use crate::domain::{
    ids::{ParticipantId, UserId},
    live::blitz::{Command, Control, Event, Refusal},
};
use std::collections::HashMap;
use tokio::sync::oneshot;
use uuid::Uuid;

/// Answers that wait for the commit.
pub(super) enum Reply {
    Command(oneshot::Sender<Result<(), Outcome>>, Result<(), Outcome>),
    Join(oneshot::Sender<Result<Joined, Outcome>>, Result<Joined, Outcome>),
}

/// What one round of messages leads to.
#[derive(Default)]
pub(super) struct Round {
    pub journal: Journal,
    pub replies: Vec<Reply>,
    /// Questions about the state: answered after the commit.
    pub questions: Vec<Message>,
    /// Players who have answered.
    pub answered: Vec<ParticipantId>,
    /// Players whose own view has changed otherwise.
    pub touched: Vec<ParticipantId>,
    /// More than the count of answers has changed for the hosts.
    pub names: bool,
    pub seats: Vec<(SecretHash, ParticipantId)>,
    pub keys: HashMap<Uuid, Option<ParticipantId>>,
}

impl Actor {
    pub(super) fn take(&mut self, message: Message, now: i64, round: &mut Round) {
        match message {
            Message::Command { key, command, at, reply } => {
                let result = self.once(key, &command, at, round);
                round.replies.push(Reply::Command(reply, result));
            }
            Message::Answer { key, submission, at, reply } => {
                let Submission { secret, user, index, answer, credit_ms } = submission;
                let result = match self.seat_of(secret, user) {
                    Some(participant) => {
                        self.once(key, &Command::SubmitOver { participant, index, answer, credit_ms }, at, round)
                    }
                    None => Err(Outcome::NotFound),
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
                self.tell_view = true;
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

    /// Carries a command out, unless its key was carried out before.
    fn once(&mut self, key: Uuid, command: &Command, at: i64, round: &mut Round) -> Result<(), Outcome> {
        if self.done.contains_key(&key) || round.keys.contains_key(&key) {
            return Ok(());
        }
        self.carry_out(command, at.max(self.began), None, Some(key), round)
    }

    fn join(&mut self, request: &JoinRequest, at: i64, round: &mut Round) -> Result<Joined, Outcome> {
        if let Some(participant) = self.joined_by(request, round) {
            // The answer with the first secret got lost: here is another one for the same seat.
            round.journal.append.secrets.push((participant, request.secret_hash.to_vec()));
            round.seats.push((request.secret_hash, participant));
            return Ok(Joined { participant, again: false });
        }
        let again = self.seat_of(None, request.user);
        let (participant, user, name) = (request.participant, request.user, request.name.clone());
        let command = if request.crowd {
            Command::Knock { participant, user, name }
        } else {
            Command::Join { participant, user, name }
        };
        self.carry_out(&command, at, Some(request.secret_hash), Some(request.key), round)?;
        if let Some(participant) = again {
            return Ok(Joined { participant, again: true });
        }
        if let Some(before) = request.before {
            let carry = Command::CarryOver { participant: request.participant, before };
            self.carry_out(&carry, at, None, None, round)?;
        }
        round.seats.push((request.secret_hash, request.participant));
        Ok(Joined { participant: request.participant, again: false })
    }

    /// The seat that this very command led to before. The key alone is no proof: the name must be the same too.
    fn joined_by(&self, request: &JoinRequest, round: &Round) -> Option<ParticipantId> {
        let participant = self.done.get(&request.key).or_else(|| round.keys.get(&request.key)).copied()??;
        let seated = self.state.participant(participant)?;
        (seated.name == request.name.as_str() && seated.user == request.user).then_some(participant)
    }

    pub(super) fn carry_out(
        &mut self,
        command: &Command,
        at: i64,
        secret: Option<SecretHash>,
        key: Option<Uuid>,
        round: &mut Round,
    ) -> Result<(), Outcome> {
        let now = self.now();
        let watchers = &self.watchers;
        let events = match self.state.decide(command, at, &|participant| watchers.connected(participant, now)) {
            Ok(events) => events,
            // The same answer again is the first one's echo, not a second try.
            Err(Refusal::AlreadyAnswered) if self.is_echo(command) => return Ok(()),
            Err(refusal) => return Err(Outcome::Refused(refusal)),
        };
        if matches!(command, Command::Control { control: Control::AdmitAll, .. }) && !events.is_empty() {
            // The host has looked at the crowd: as many again may walk in.
            self.handle.more_expected();
        }
        for (event, key) in events.iter().zip(std::iter::once(key).chain(std::iter::repeat(None))) {
            // The log's times never run backwards, whatever the order of arrival; a new process has a new clock.
            let at = if matches!(event, Event::Recovered { .. }) { at } else { at.max(self.state.last_event_at) };
            round.journal.record(&mut self.state, event, at, secret, key).map_err(|error| {
                tracing::error!(live_session.id = %self.handle.id, error.cause = %error, "event not encoded");
                Outcome::Unavailable
            })?;
            if let Some(key) = key {
                round.keys.insert(key, seat_of(event));
            }
            match event {
                Event::AnswerSubmitted { participant, .. } | Event::AnswerChanged { participant, .. } => {
                    round.answered.push(*participant);
                }
                Event::ExtraTimeGiven { participant, .. } | Event::SurenessTold { participant, .. } => {
                    round.touched.push(*participant);
                }
                Event::AskedBack { participant }
                | Event::Admitted { participant }
                | Event::Removed { participant }
                | Event::TeamJoined { participant, .. } => {
                    round.touched.push(*participant);
                    round.names = true;
                }
                Event::Joined { .. } | Event::Knocked { .. } | Event::LobbyLocked | Event::LobbyUnlocked => {
                    round.names = true;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn is_echo(&self, command: &Command) -> bool {
        matches!(command, Command::Submit { participant, answer, .. } | Command::SubmitOver { participant, answer, .. }
            if self.state.answers.get(participant).is_some_and(|taken| taken.answer == *answer))
    }

    pub(super) fn seat_of(&self, secret: Option<SecretHash>, user: Option<UserId>) -> Option<ParticipantId> {
        let by_secret = secret.and_then(|secret| self.seats.get(&secret).copied());
        by_secret.or_else(|| {
            let user = user?;
            self.state.participants.iter().find(|p| p.user == Some(user)).map(|p| p.id)
        })
    }
}
