//! How the rest of the server talks to a room's actor.

use super::super::{
    inbox::{ask, tell},
    registry::Running,
};
use crate::{
    domain::{
        ids::{DeckId, GroupId, LiveSessionId, UserId},
        live::study_room::{By, Command, Refusal, RoomMessage, RoomView},
    },
    protocol::{ChannelEvent, Position, Refused, RoomSnapshot},
    server::{
        realtime::{
            outbox::Outbox,
            source::{Fetch, Snapshot, Source, Tail},
        },
        storage::StoreError,
    },
};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

/// A running room: what never changes about it, and its inbox.
#[derive(Clone, Debug)]
pub struct Handle {
    pub id: LiveSessionId,
    pub group: GroupId,
    pub deck: DeckId,
    pub host: UserId,
    pub(super) inbox: mpsc::Sender<Message>,
}

/// A member of the group at the door or in the room.
#[derive(Clone, Debug)]
pub struct Who {
    pub by: By,
    pub name: String,
}

/// The room as it is now.
#[derive(Clone, Debug)]
pub struct Screen {
    pub position: Position,
    pub view: RoomView,
    /// The newest messages, the oldest of them first.
    pub messages: Vec<RoomMessage>,
    /// Whether there are older ones.
    pub earlier: bool,
}

/// What the actor can be asked.
pub(super) enum Message {
    /// `name`: of who writes.
    Command {
        command: Command,
        name: String,
        at: i64,
        reply: oneshot::Sender<Result<(), Outcome>>,
    },
    /// A connection of somebody who comes in, or who looks at a room that is closed.
    Enter {
        connection: Uuid,
        who: Who,
        reply: oneshot::Sender<Result<(), Outcome>>,
    },
    /// Sends the view to a connection that has just subscribed.
    Greet {
        outbox: Arc<Outbox>,
    },
    /// A connection is gone; its person may be on the way back.
    Gone {
        connection: Uuid,
    },
    /// Somebody leaves for good, unless another of their tabs stays.
    Leave {
        user: UserId,
        reply: oneshot::Sender<Result<(), Outcome>>,
    },
    ShutOut {
        user: Option<UserId>,
    },
    Screen {
        reply: oneshot::Sender<Screen>,
    },
}

/// Why the actor did not do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Refused(Refusal),
    /// The database did not take it; the state is as before.
    Unavailable,
}

impl From<Outcome> for Refused {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Refused(Refusal::NotAllowed) => Self::Forbidden,
            Outcome::Refused(Refusal::UnknownMessage) => Self::NotFound,
            Outcome::Refused(Refusal::TooFast { retry_after }) => Self::TooMany { retry_after },
            Outcome::Refused(refusal) => Self::Room(refusal),
            Outcome::Unavailable => Self::Unavailable,
        }
    }
}

impl Handle {
    /// Carries out a command of `who` that arrived at `at` (Unix ms); done when it is committed.
    pub async fn command(&self, who: Who, command: impl FnOnce(By) -> Command, at: i64) -> Result<(), Refused> {
        let (command, name) = (command(who.by), who.name);
        Ok(ask(&self.inbox, |reply| Message::Command { command, name, at, reply }).await??)
    }

    /// Somebody comes in with this connection.
    pub async fn enter(&self, connection: Uuid, who: Who) -> Result<(), Refused> {
        Ok(ask(&self.inbox, |reply| Message::Enter { connection, who, reply }).await??)
    }

    /// Sends the view now; call it after the subscription, so that nothing newer is overtaken.
    pub async fn greet(&self, outbox: Arc<Outbox>) -> Result<(), StoreError> {
        tell(&self.inbox, Message::Greet { outbox }).await
    }

    /// The connection is gone or has turned away.
    pub async fn gone(&self, connection: Uuid) {
        // An actor that has ended has forgotten it already.
        let _ = tell(&self.inbox, Message::Gone { connection }).await;
    }

    pub async fn leave(&self, user: UserId) -> Result<(), Refused> {
        Ok(ask(&self.inbox, |reply| Message::Leave { user, reply }).await??)
    }

    pub(super) async fn shut_out(&self, user: Option<UserId>) {
        let _ = tell(&self.inbox, Message::ShutOut { user }).await;
    }

    pub async fn screen(&self) -> Result<Screen, StoreError> {
        ask(&self.inbox, |reply| Message::Screen { reply }).await
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

impl Source for Handle {
    /// Only where it stands: who missed more than the hub remembers gets the newest messages as they are now, and
    /// reads the earlier ones by the page.
    fn tail(&self, _limit: usize) -> Fetch<'_, Tail> {
        Box::pin(async { Ok(Tail { position: self.screen().await?.position, events: vec![] }) })
    }

    fn snapshot(&self, _viewer: Option<UserId>) -> Fetch<'_, Snapshot> {
        Box::pin(async {
            let Screen { position, view, messages, earlier } = self.screen().await?;
            let snapshot = RoomSnapshot { view, messages, earlier };
            Ok(Snapshot { position, event: Some(ChannelEvent::RoomOpened(Box::new(snapshot))) })
        })
    }
}
