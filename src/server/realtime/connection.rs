//! One connection's life: hello, subscriptions, commands, heartbeat, end. One task owns the socket;
//! everybody else puts frames into its outbox.

use super::{
    channels,
    codec::Codec,
    commands,
    limit::FrameLimit,
    outbox::{Next, Outbox},
};
use crate::{
    protocol::{Channel, ClientFrame, HEARTBEAT_MS, Refused, SILENCE_MS, ServerFrame, Subscription, close},
    server::{live::caller::Caller, random, state::AppState},
};
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use bytes::Bytes;
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
        outbox: Arc::new(Outbox::new(codec)),
        channels: HashSet::new(),
        greeted: false,
        limit: FrameLimit::new(now),
        caller,
        state,
    };
    let ending = connection.run(&mut socket, now).await;
    connection.state.presence.closed(connection.id);
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
                    Next::Frames(frames) => self.write(socket, frames).await?,
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
    async fn write(&self, socket: &mut WebSocket, frames: Vec<Bytes>) -> Option<()> {
        use futures::SinkExt;
        let writing = async {
            for message in frames.into_iter().filter_map(|bytes| self.codec.message(bytes)) {
                socket.feed(message).await?;
            }
            socket.flush().await
        };
        timeout(WRITE, writing).await.ok()?.ok()
    }

    async fn take(&mut self, frame: ClientFrame, at: i64) -> Option<(u16, &'static str)> {
        match frame {
            ClientFrame::Hello { tab, subscriptions } if !self.greeted => {
                self.greeted = true;
                let server_time = self.state.clock.now();
                self.outbox.send(ServerFrame::Welcomed {
                    connection: self.id,
                    server_time,
                    heartbeat_ms: HEARTBEAT_MS,
                });
                self.state.presence.opened(&self.caller, self.id, tab).await;
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
                let answer = match commands::carry_out(&self.state, &mut self.caller, self.id, key, command, at).await {
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
        let Subscription { channel, position } = subscription;
        let full = self.channels.len() >= MAX_CHANNELS && !self.channels.contains(&channel);
        let result = if full {
            Err(Refused::TooMany { retry_after: 0 })
        } else {
            // Noted first: whatever happens, it is left at the end.
            self.channels.insert(channel);
            channels::enter(&self.state, &self.caller, self.id, &self.outbox, channel, position).await
        };
        if let Err(reason) = result {
            self.channels.remove(&channel);
            self.outbox.send(ServerFrame::SubscriptionRefused { channel, reason });
        }
    }

    async fn leave(&self, channel: Channel) {
        channels::leave(&self.state, &self.state.hub, self.id, channel).await;
    }
}
