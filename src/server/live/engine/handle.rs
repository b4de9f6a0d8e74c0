//! How the rest of the server talks to a session's actor.

use super::{
    super::{
        inbox::{ask, tell},
        registry::Running,
        seat::SecretHash,
    },
    watchers::Role,
};
use crate::{
    domain::{
        ids::{CardId, DeckId, GroupId, LiveSessionId, ParticipantId, UserId},
        live::{
            blitz::{Carried, Command, HostView, MOST_CROWD, PlayerView, Refusal},
            player_name::PlayerName,
            question::{Answer, Question},
            standings::Standing,
        },
    },
    protocol::Refused,
    server::{realtime::outbox::Outbox, storage::StoreError},
};
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

/// A running session: what never changes about it, how many guests may come at once, and its inbox.
#[derive(Clone, Debug)]
pub struct Handle {
    pub id: LiveSessionId,
    pub host: UserId,
    pub group: Option<GroupId>,
    pub deck: DeckId,
    /// See [`Self::crowd`].
    pub(super) crowd: Arc<AtomicU32>,
    pub(super) inbox: mpsc::Sender<Message>,
}

/// Somebody at the door. The participant's id is new; the secret's hash is stored with the seat.
#[derive(Debug)]
pub struct JoinRequest {
    /// Of the command: the same key again is the same person, whose first answer got lost.
    pub key: Uuid,
    pub participant: ParticipantId,
    pub user: Option<UserId>,
    pub name: PlayerName,
    pub secret_hash: SecretHash,
    /// One of many guests from one address: the host looks first.
    pub crowd: bool,
    /// The seat in the session before, which the caller has proved to have.
    pub before: Option<ParticipantId>,
}

/// An answer to the open question, by whoever holds the seat: the secret's, else the account's.
#[derive(Debug)]
pub struct Submission {
    pub secret: Option<SecretHash>,
    pub user: Option<UserId>,
    /// The question's number, from 0.
    pub index: u32,
    pub answer: Answer,
    /// What the line may have cost, measured by the server.
    pub credit_ms: u32,
}

/// The seat that a join ended in.
#[derive(Clone, Copy, Debug)]
pub struct Joined {
    pub participant: ParticipantId,
    /// The account had this seat before; the secret of this request was not stored.
    pub again: bool,
}

/// The questions of a session as they stand.
#[derive(Clone, Debug)]
pub struct Drawn {
    pub title: String,
    pub revision: u32,
    /// They may still be adjusted.
    pub in_lobby: bool,
    pub time_limit_ms: u32,
    pub questions: Vec<Question>,
}

/// A question whose answer has been shown.
#[derive(Clone, Debug)]
pub struct Revealed {
    /// The session's.
    pub title: String,
    pub question: Question,
}

/// What the actor can be asked.
pub(super) enum Message {
    Command { key: Uuid, command: Command, at: i64, reply: oneshot::Sender<Result<(), Outcome>> },
    Answer { key: Uuid, submission: Submission, at: i64, reply: oneshot::Sender<Result<(), Outcome>> },
    Join { request: JoinRequest, at: i64, reply: oneshot::Sender<Result<Joined, Outcome>> },
    Seat { secret: Option<SecretHash>, user: Option<UserId>, reply: oneshot::Sender<Option<ParticipantId>> },
    Watch { connection: Uuid, outbox: Arc<Outbox>, role: Role },
    Unwatch { connection: Uuid },
    HostView { reply: oneshot::Sender<HostView> },
    PlayerView { participant: ParticipantId, reply: oneshot::Sender<Option<PlayerView>> },
    Standings { reply: oneshot::Sender<Vec<Standing>> },
    Drawn { reply: oneshot::Sender<Drawn> },
    ExtraTimes { reply: oneshot::Sender<Vec<Carried>> },
    Revealed { participant: ParticipantId, index: u32, reply: oneshot::Sender<Result<Revealed, Outcome>> },
    RevealedCards { reply: oneshot::Sender<Vec<(u32, CardId)>> },
}

/// Why the actor did not do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Refused(Refusal),
    /// Whoever asked has no seat.
    NotFound,
    /// The database did not take it; the state is as before.
    Unavailable,
}

impl From<Outcome> for Refused {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Refused(refusal) => Self::Live(refusal),
            Outcome::NotFound => Self::NotFound,
            Outcome::Unavailable => Self::Unavailable,
        }
    }
}

impl Handle {
    /// Carries out a command that arrived at `at` (Unix ms); done when it is committed.
    /// A command with a `key` that was carried out before is done already.
    pub async fn command(&self, key: Uuid, command: Command, at: i64) -> Result<(), Refused> {
        Ok(ask(&self.inbox, |reply| Message::Command { key, command, at, reply }).await??)
    }

    /// Takes an answer that arrived at `at` (Unix ms); done when it is committed. In one message with the question
    /// whose seat it is, since a whole class answers in the same moment.
    pub async fn answer(&self, key: Uuid, submission: Submission, at: i64) -> Result<(), Refused> {
        Ok(ask(&self.inbox, |reply| Message::Answer { key, submission, at, reply }).await??)
    }

    /// Gives somebody a seat.
    pub async fn join(&self, request: JoinRequest, at: i64) -> Result<Joined, Refused> {
        Ok(ask(&self.inbox, |reply| Message::Join { request, at, reply }).await??)
    }

    /// Whose seat it is: by the secret, else by the account.
    pub async fn seat(
        &self,
        secret: Option<SecretHash>,
        user: Option<UserId>,
    ) -> Result<Option<ParticipantId>, StoreError> {
        ask(&self.inbox, |reply| Message::Seat { secret, user, reply }).await
    }

    /// Sends the view of `role` to the connection now and after every change.
    pub async fn watch(&self, connection: Uuid, outbox: Arc<Outbox>, role: Role) -> Result<(), StoreError> {
        tell(&self.inbox, Message::Watch { connection, outbox, role }).await
    }

    /// The connection is gone or has turned away.
    pub async fn unwatch(&self, connection: Uuid) {
        // An actor that has ended has forgotten it already.
        let _ = tell(&self.inbox, Message::Unwatch { connection }).await;
    }

    pub async fn host_view(&self) -> Result<HostView, StoreError> {
        ask(&self.inbox, |reply| Message::HostView { reply }).await
    }

    pub async fn player_view(&self, participant: ParticipantId) -> Result<PlayerView, StoreError> {
        ask(&self.inbox, |reply| Message::PlayerView { participant, reply }).await?.ok_or(StoreError::NotFound)
    }

    pub async fn standings(&self) -> Result<Vec<Standing>, StoreError> {
        ask(&self.inbox, |reply| Message::Standings { reply }).await
    }

    /// The questions with their keys. For hosts alone.
    pub async fn drawn(&self) -> Result<Drawn, StoreError> {
        ask(&self.inbox, |reply| Message::Drawn { reply }).await
    }

    /// Who has more time than the others. For hosts, and for the session in which the same people play on.
    pub async fn extra_times(&self) -> Result<Vec<Carried>, StoreError> {
        ask(&self.inbox, |reply| Message::ExtraTimes { reply }).await
    }

    /// The question, for a player who has seen its answer.
    pub async fn revealed(&self, participant: ParticipantId, index: u32) -> Result<Revealed, Refused> {
        Ok(ask(&self.inbox, |reply| Message::Revealed { participant, index, reply }).await??)
    }

    /// The cards of the questions whose answers have been shown, by the questions' numbers.
    pub async fn revealed_cards(&self) -> Result<Vec<(u32, CardId)>, StoreError> {
        ask(&self.inbox, |reply| Message::RevealedCards { reply }).await
    }

    /// How many guests walk in from one address at once. Whoever comes after them waits at the door.
    pub fn crowd(&self) -> u32 {
        self.crowd.load(Ordering::Relaxed)
    }

    /// The host has let in a crowd: twice as many may come from one address.
    pub(super) fn more_expected(&self) {
        self.crowd.store(self.crowd().saturating_mul(2).min(MOST_CROWD), Ordering::Relaxed);
    }
}

impl Running for Handle {
    fn is_running(&self) -> bool {
        !self.inbox.is_closed()
    }

    fn is(&self, other: &Self) -> bool {
        self.inbox.same_channel(&other.inbox)
    }
}
