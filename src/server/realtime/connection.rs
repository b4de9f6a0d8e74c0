//! One connection's life: hello, subscriptions, commands, heartbeat, end. One task owns the socket;
//! everybody else puts frames into its outbox.

use super::{
    codec::Codec,
    limit::FrameLimit,
    outbox::{Next, Outbox},
};
use crate::{
    domain::{flags::Flag, ids::LiveSessionId},
    protocol::{
        Channel, ClientFrame, Command, HEARTBEAT_MS, Outcome, Refused, SILENCE_MS, ServerFrame, Subscription, close,
    },
    server::{
        live::{
            caller::Caller,
            commands::{AdvanceLiveSession, EndLiveSession, JoinLiveSession, StartLiveSession, SubmitLiveAnswer},
            engine::{Handle, Role},
            seat,
        },
        random,
        state::AppState,
    },
};
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use std::{collections::HashSet, sync::Arc, time::Duration};
use tokio::time::{Instant, sleep_until, timeout};
use uuid::Uuid;

/// The first frame must be a hello within this time.
const HELLO: Duration = Duration::from_secs(10);
/// Whoever takes longer to accept what we write is gone.
const WRITE: Duration = Duration::from_secs(10);
/// Frames per flush.
const FRAMES: usize = 32;
/// Channels of one connection.
const MAX_CHANNELS: usize = 64;

struct Connection {
    id: Uuid,
    codec: Codec,
    state: AppState,
    caller: Caller,
    outbox: Arc<Outbox>,
    channels: HashSet<Channel>,
    greeted: bool,
    limit: FrameLimit,
}

/// Serves one upgraded socket until either side ends it.
pub async fn serve(mut socket: WebSocket, codec: Codec, state: AppState, caller: Caller) {
    let now = Instant::now();
    let mut connection = Connection {
        id: random::id(state.clock.now()),
        codec,
        outbox: Arc::new(Outbox::default()),
        channels: HashSet::new(),
        greeted: false,
        limit: FrameLimit::new(now),
        caller,
        state,
    };
    let ending = connection.run(&mut socket, now).await;
    for channel in std::mem::take(&mut connection.channels) {
        connection.leave(channel).await;
    }
    if let Some((code, reason)) = ending {
        let frame = CloseFrame { code, reason: reason.into() };
        // The other side may be gone already.
        let _ = timeout(WRITE, socket.send(Message::Close(Some(frame)))).await;
    }
}

impl Connection {
    /// Returns the close code to send, `None` when the other side ended it.
    async fn run(&mut self, socket: &mut WebSocket, start: Instant) -> Option<(u16, &'static str)> {
        let shutdown = self.state.shutdown.token.clone();
        let outbox = Arc::clone(&self.outbox);
        let mut heard = start;
        let mut nonce = 0;
        // The first ping comes at a random moment, so that a storm of connections does not ping in step.
        let mut ping_at = start + Duration::from_millis(u64::from(HEARTBEAT_MS / 2 + random::below(HEARTBEAT_MS / 2)));
        loop {
            let deadline = if self.greeted { heard + Duration::from_millis(SILENCE_MS.into()) } else { start + HELLO };
            tokio::select! {
                biased;
                () = shutdown.cancelled() => return Some((close::SHUTDOWN, "the server restarts")),
                next = outbox.next(FRAMES) => match next {
                    Next::Close(code, reason) => return Some((code, reason)),
                    Next::Frames(frames) => self.write(socket, &frames).await?,
                },
                message = socket.recv() => {
                    heard = Instant::now();
                    match message {
                        None | Some(Err(_)) | Some(Ok(Message::Close(_))) => return None,
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                        Some(Ok(message)) => {
                            if !self.limit.allow(heard) {
                                return Some((close::TOO_MANY, "too many frames"));
                            }
                            // Stamped here: how long it waits for its turn is not the player's fault.
                            let at = self.state.clock.now();
                            let Some(frame) = self.codec.decode(&message) else {
                                return Some((close::MALFORMED, "not a frame of this subprotocol"));
                            };
                            if let Some(ending) = self.take(frame, at).await {
                                return Some(ending);
                            }
                        }
                    }
                }
                () = sleep_until(ping_at.min(deadline)) => {
                    let now = Instant::now();
                    if now >= deadline {
                        return Some(if self.greeted { (close::NO_PONG, "no sign of life") } else { (close::NO_HELLO, "no hello") });
                    }
                    nonce += 1;
                    ping_at = now + Duration::from_millis(HEARTBEAT_MS.into());
                    self.outbox.send(ServerFrame::Pinged { nonce, server_time: self.state.clock.now() });
                }
            }
        }
    }

    /// `None` (as a missing close code) when the other side takes nothing any more.
    async fn write(&self, socket: &mut WebSocket, frames: &[ServerFrame]) -> Option<()> {
        use futures::SinkExt;
        let writing = async {
            for message in frames.iter().filter_map(|frame| self.codec.encode(frame)) {
                socket.feed(message).await?;
            }
            socket.flush().await
        };
        timeout(WRITE, writing).await.ok()?.ok()
    }

    async fn take(&mut self, frame: ClientFrame, at: i64) -> Option<(u16, &'static str)> {
        match frame {
            ClientFrame::Hello { subscriptions, .. } if !self.greeted => {
                self.greeted = true;
                let server_time = self.state.clock.now();
                self.outbox.send(ServerFrame::Welcomed {
                    connection: self.id,
                    server_time,
                    heartbeat_ms: HEARTBEAT_MS,
                });
                for subscription in subscriptions.into_iter().take(MAX_CHANNELS) {
                    self.subscribe(subscription).await;
                }
            }
            _ if !self.greeted => return Some((close::MALFORMED, "the first frame is hello")),
            ClientFrame::Hello { .. } => return Some((close::MALFORMED, "hello comes once")),
            ClientFrame::Subscribe(subscription) => self.subscribe(subscription).await,
            ClientFrame::Unsubscribe { channel } => {
                if self.channels.remove(&channel) {
                    self.leave(channel).await;
                }
            }
            ClientFrame::Command { id, key, command } => {
                let answer = match self.carry_out(key, command, at).await {
                    Ok(outcome) => ServerFrame::Acknowledged { id, outcome },
                    Err(reason) => ServerFrame::CommandRefused { id, reason },
                };
                self.outbox.send(answer);
            }
            ClientFrame::Pong { .. } => {}
            ClientFrame::Ping { nonce } => {
                self.outbox.send(ServerFrame::Ponged { nonce, server_time: self.state.clock.now() });
            }
        }
        None
    }

    async fn subscribe(&mut self, subscription: Subscription) {
        let channel = subscription.channel;
        let full = self.channels.len() >= MAX_CHANNELS && !self.channels.contains(&channel);
        let result = if full { Err(Refused::TooMany { retry_after: 0 }) } else { self.enter(channel).await };
        match result {
            Ok(()) => {
                self.channels.insert(channel);
            }
            Err(reason) => self.outbox.send(ServerFrame::SubscriptionRefused { channel, reason }),
        }
    }

    /// Checks who may hear the channel, then joins it; the channel itself sends `Subscribed`.
    async fn enter(&self, channel: Channel) -> Result<(), Refused> {
        match channel {
            Channel::User(user) => {
                if self.caller.user() != Some(user) {
                    return Err(Refused::NotFound);
                }
                self.state.hub.subscribe(channel, self.id, &self.outbox);
            }
            Channel::Group(group) => {
                let user = self.caller.user().ok_or(Refused::SignInRequired)?;
                self.state.db.group_role(group, user).await?.ok_or(Refused::NotFound)?;
                self.state.hub.subscribe(channel, self.id, &self.outbox);
            }
            Channel::LivePlayer(id) => {
                let session = self.state.live.session(id).await?;
                self.flag(&session)?;
                let participant = self.caller.seat(&session).await?;
                session.watch(self.id, Arc::clone(&self.outbox), Role::Player(participant)).await?;
            }
            Channel::LiveHost(id) => {
                let session = self.state.live.session(id).await?;
                self.flag(&session)?;
                self.caller.host(&self.state, &session).await?;
                session.watch(self.id, Arc::clone(&self.outbox), Role::Host).await?;
            }
        }
        Ok(())
    }

    async fn leave(&self, channel: Channel) {
        match channel {
            Channel::User(_) | Channel::Group(_) => self.state.hub.unsubscribe(channel, self.id),
            Channel::LivePlayer(id) | Channel::LiveHost(id) => {
                // Leaving must not bring a session back that this process has given up.
                if let Some(session) = self.state.live.if_running(id).await {
                    session.unwatch(self.id).await;
                }
            }
        }
    }

    async fn carry_out(&mut self, key: Uuid, command: Command, at: i64) -> Result<Outcome, Refused> {
        let (state, caller) = (&self.state, &self.caller);
        match command {
            Command::JoinLiveSession { pin, name } => {
                let taken = JoinLiveSession { pin, name, at }.run(state, caller).await?;
                if let Some(secret) = &taken.secret {
                    self.caller.add_seat(taken.session, seat::hash(secret));
                }
                let (session, participant) = (taken.session, taken.participant);
                return Ok(Outcome::Joined { session, participant, secret: taken.secret.unwrap_or_default() });
            }
            Command::TakeSeat { session, secret } => self.take_seat(session, &secret).await?,
            Command::StartLiveSession { session, seen } => {
                StartLiveSession { session, seen, key, at }.run(state, caller).await?;
            }
            Command::AdvanceLiveSession { session, seen } => {
                AdvanceLiveSession { session, seen, key, at }.run(state, caller).await?;
            }
            Command::EndLiveSession { session, seen } => {
                EndLiveSession { session, seen, key, at }.run(state, caller).await?;
            }
            Command::SubmitLiveAnswer { session, card_index, answer } => {
                SubmitLiveAnswer { session, card_index, answer, key, at }.run(state, caller).await?;
            }
        }
        Ok(Outcome::Done)
    }

    async fn take_seat(&mut self, id: LiveSessionId, secret: &str) -> Result<(), Refused> {
        let session = self.state.live.session(id).await?;
        let hash = seat::hash(secret);
        session.seat(Some(hash), None).await?.ok_or(Refused::NotFound)?;
        self.caller.add_seat(id, hash);
        Ok(())
    }

    /// Whether the session's feature is on, for the host on behalf of all who sit in it.
    fn flag(&self, session: &Handle) -> Result<(), Refused> {
        Ok(self.state.flags.check(Flag::LiveSessions, Some(session.host), session.group)?)
    }
}
