//! One connection's life: hello, subscriptions, commands, end. One small task reads; everybody else puts frames into
//! the outbox, and a writer that serves many sockets sends them.

use super::{
    channels,
    codec::Codec,
    commands,
    door::Door,
    limit::FrameLimit,
    socket::{Signal, Socket},
    wire::{self, Broken, Heard, Reader},
};
use crate::{
    domain::flags::Flag,
    protocol::{Channel, ClientFrame, HEARTBEAT_MS, Refused, ServerFrame, Subscription, close},
    server::{live::caller::Caller, metrics},
};
use std::{cell::RefCell, io::ErrorKind, sync::Arc, time::Duration};
use tokio::time::{Instant, timeout};
use uuid::Uuid;

/// Channels of one connection.
const MAX_CHANNELS: usize = 64;
/// How long a client may take to close its side, and what it may still send meanwhile.
const FAREWELL: Duration = Duration::from_secs(5);
const FAREWELL_BYTES: usize = 1024 * 1024;
const BUFFER: usize = 32 * 1024;

thread_local! {
    /// What was read just now; shared by all connections, as none keeps anything in it.
    static READ: RefCell<Vec<u8>> = RefCell::new(vec![0; BUFFER]);
}

/// What only the reading task knows about its connection.
struct Connection {
    socket: Arc<Socket>,
    codec: Codec,
    door: Arc<Door>,
    caller: Caller,
    /// The browser's, as it says itself; nil before the hello.
    tab: Uuid,
    channels: Vec<Channel>,
    limit: FrameLimit,
    reader: Reader,
}

/// A close code and its reason.
type End = (u16, &'static str);
/// How a connection ends; `None`: the other side has closed it.
type Ending = Option<End>;

/// Serves an upgraded socket until either side ends it. `early` came with the handshake.
pub async fn serve(socket: Arc<Socket>, codec: Codec, door: Arc<Door>, caller: Caller, early: Vec<u8>) {
    let listed = door.connections.list(&socket);
    let mut connection = Connection {
        socket,
        codec,
        door,
        caller,
        tab: Uuid::nil(),
        channels: vec![],
        limit: FrameLimit::new(Instant::now()),
        reader: Reader::default(),
    };
    if let Some((code, reason)) = connection.run(early).await {
        connection.socket.outbox.close(code, reason);
    }
    connection.door.state.presence.closed(connection.socket.id);
    drop(listed);
    Box::pin(connection.leave_all()).await;
    let Connection { socket, .. } = connection;
    // Reads the rest, so that the close frame is not lost in a reset.
    let _ = timeout(FAREWELL, farewell(&socket)).await;
    socket.outbox.abandon();
    socket.end();
}

impl Connection {
    /// Returns how to end; `None` when the other side has ended it, or the writer has.
    async fn run(&mut self, early: Vec<u8>) -> Option<End> {
        if !early.is_empty() {
            let mut heard = Vec::new();
            let read = self.reader.take(&early, &mut heard);
            let (frames, end) = self.understand(read, heard);
            if let Some(end) = self.take_all(frames, end).await {
                return end;
            }
        }
        drop(early);
        loop {
            let (frames, end) = tokio::select! {
                biased;
                () = self.socket.signalled() => match self.socket.signal() {
                    Signal::Ended => return None,
                    Signal::Doubted => {
                        Box::pin(self.look_again()).await;
                        continue;
                    }
                    Signal::None => continue,
                },
                readable = self.socket.stream.readable() => {
                    readable.ok()?;
                    self.read()?
                }
            };
            if frames.is_empty() && end.is_none() {
                continue;
            }
            if let Some(end) = self.take_all(frames, end).await {
                return end;
            }
        }
    }

    /// Reads once. `None`: the other side is gone.
    fn read(&mut self) -> Option<(Vec<ClientFrame>, Option<Ending>)> {
        let mut heard = Vec::new();
        let read = READ.with_borrow_mut(|buffer| match self.socket.stream.try_read(buffer) {
            Ok(0) => None,
            Ok(count) => {
                metrics::WS_BYTES_IN.add(count);
                self.socket.hear(self.door.now());
                Some(self.reader.take(&buffer[..count], &mut heard))
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Some(Ok(())),
            Err(_) => None,
        })?;
        Some(self.understand(read, heard))
    }

    /// What of it is to be done, and whether the connection ends behind it. Heartbeats end here.
    fn understand(&mut self, read: Result<(), Broken>, heard: Vec<Heard>) -> (Vec<ClientFrame>, Option<Ending>) {
        let mut frames = Vec::new();
        metrics::WS_FRAMES_IN.add(heard.len());
        for message in heard {
            let bytes = match message {
                Heard::Pong => continue,
                Heard::Close => {
                    self.socket.outbox.close(1000, "");
                    return (frames, Some(None));
                }
                Heard::Ping(payload) if self.limit.allow(Instant::now()) => {
                    self.socket.outbox.send_raw(wire::pong(&payload));
                    continue;
                }
                Heard::Ping(_) => return (frames, Some(Some(TOO_MANY))),
                Heard::Text(bytes) if self.codec == Codec::Json => bytes,
                Heard::Binary(bytes) if self.codec == Codec::Postcard => bytes,
                Heard::Text(_) | Heard::Binary(_) => return (frames, Some(Some(MALFORMED))),
            };
            if !self.limit.allow(Instant::now()) {
                return (frames, Some(Some(TOO_MANY)));
            }
            match self.codec.decode(&bytes) {
                Some(ClientFrame::Pong { .. }) if self.socket.greeted() => {
                    if let Some(took) = self.socket.answered() {
                        metrics::PING.record(took);
                    }
                }
                Some(frame) => frames.push(frame),
                None => return (frames, Some(Some(MALFORMED))),
            }
        }
        let end = match read {
            Ok(()) => None,
            Err(Broken::TooBig) => Some(Some((1009, "frame too big"))),
            Err(Broken::Malformed) => Some(Some((1002, "not a frame"))),
        };
        (frames, end)
    }

    /// Gives `end`, or how it ended before that.
    async fn take_all(&mut self, frames: Vec<ClientFrame>, end: Option<Ending>) -> Option<Ending> {
        // Stamped here: how long it waits for its turn is not the player's fault.
        let at = self.door.state.clock.steady();
        for frame in frames {
            // Boxed, so that an idle connection does not keep the memory that a command needs.
            if let Some(early) = Box::pin(self.take(frame, at)).await {
                return Some(Some(early));
            }
        }
        end
    }

    async fn take(&mut self, frame: ClientFrame, at: i64) -> Option<End> {
        let outbox = Arc::clone(&self.socket.outbox);
        match frame {
            ClientFrame::Hello { tab, subscriptions } if !self.socket.greeted() => {
                self.socket.greet();
                self.tab = tab;
                outbox.send(ServerFrame::Welcomed {
                    connection: self.socket.id,
                    server_time: self.door.state.clock.now(),
                    heartbeat_ms: HEARTBEAT_MS,
                });
                let door = Arc::clone(&self.door);
                let _turn = door.greeting().await;
                self.door.state.presence.opened(&self.caller, self.socket.id, tab).await;
                for subscription in subscriptions.into_iter().take(MAX_CHANNELS) {
                    self.subscribe(subscription).await;
                }
            }
            _ if !self.socket.greeted() => return Some((close::MALFORMED, "the first frame is hello")),
            ClientFrame::Hello { .. } => return Some((close::MALFORMED, "hello comes once")),
            ClientFrame::Subscribe(subscription) => self.subscribe(subscription).await,
            ClientFrame::Unsubscribe { channel } => {
                if self.channels.contains(&channel) {
                    self.channels.retain(|other| *other != channel);
                    self.leave(channel).await;
                }
            }
            ClientFrame::Command { id, key, command } => {
                self.caller.line_ms = self.socket.line_ms();
                let done = commands::carry_out(
                    &self.door.state,
                    &mut self.caller,
                    (self.socket.id, self.tab),
                    key,
                    command,
                    at,
                )
                .await;
                outbox.send(match done {
                    Ok(outcome) => ServerFrame::Acknowledged { id, outcome },
                    Err(reason) => ServerFrame::CommandRefused { id, reason },
                });
            }
            ClientFrame::Pong { .. } => {}
            ClientFrame::Ping { nonce } => {
                outbox.send(ServerFrame::Ponged { nonce, server_time: self.door.state.clock.now() });
            }
        }
        None
    }

    async fn subscribe(&mut self, subscription: Subscription) {
        let Subscription { channel, position } = subscription;
        let known = self.channels.contains(&channel);
        let result = if !known && self.channels.len() >= MAX_CHANNELS {
            Err(Refused::TooMany { retry_after: 0 })
        } else {
            if !known {
                // Noted first: whatever happens, it is left at the end.
                self.channels.push(channel);
            }
            let (id, outbox) = (self.socket.id, &self.socket.outbox);
            channels::enter(&self.door.state, &self.caller, id, outbox, channel, position).await
        };
        if let Err(reason) = result {
            self.lose(channel, reason).await;
        }
    }

    /// Takes away what may not be heard any more. A database that does not answer says nothing about that.
    async fn look_again(&mut self) {
        if self.door.state.flags.check(Flag::Realtime, self.caller.user(), None).is_err() {
            return self.socket.outbox.close(close::SIGNED_OUT, "the socket is switched off");
        }
        for channel in self.channels.clone() {
            match channels::may_still_hear(&self.door.state, &self.caller, channel).await {
                Ok(()) | Err(Refused::Unavailable) => {}
                Err(reason) => self.lose(channel, reason).await,
            }
        }
    }

    async fn lose(&mut self, channel: Channel, reason: Refused) {
        self.channels.retain(|other| *other != channel);
        self.leave(channel).await;
        self.socket.outbox.send(ServerFrame::SubscriptionRefused { channel, reason });
    }

    async fn leave(&self, channel: Channel) {
        channels::leave(&self.door.state, &self.door.state.hub, self.socket.id, channel).await;
    }

    async fn leave_all(&mut self) {
        for channel in std::mem::take(&mut self.channels) {
            self.leave(channel).await;
        }
    }
}

const TOO_MANY: End = (close::TOO_MANY, "too many frames");
const MALFORMED: End = (close::MALFORMED, "not a frame of this subprotocol");

/// Until the other side closes, or says too much.
async fn farewell(socket: &Socket) {
    let mut left = FAREWELL_BYTES;
    while left > 0 && socket.stream.readable().await.is_ok() {
        match READ.with_borrow_mut(|buffer| socket.stream.try_read(buffer)) {
            Ok(0) => return,
            Ok(count) => left = left.saturating_sub(count),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}
