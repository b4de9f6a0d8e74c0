//! Writes to thousands of sockets from a few tasks: a wake-up serves every socket that has news. While a writer is busy,
//! more news gather for the sockets that wait, and each gets one write for them. The same tasks turn the wheel of
//! heartbeats: no socket has a timer of its own.

use super::{outbox::Next, socket::Socket, wheel::Wheel, wire};
use crate::server::{clock::Clock, metrics};
use bytes::Bytes;
use std::{
    io::ErrorKind,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::Notify,
    time::{Instant, sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;

/// Bytes of one write.
const PIECE: usize = 16 * 1024;
/// Whoever takes longer to accept what we write is gone.
const PATIENCE: Duration = Duration::from_secs(10);
/// Writes after which other tasks get their turn.
const TURN: usize = 64;
/// One of the tasks that write; cloning the handle is cheap.
#[derive(Clone, Debug)]
pub struct Writer {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    started: Instant,
    ready: Mutex<Vec<Arc<Socket>>>,
    news: Notify,
    wheel: Mutex<Wheel>,
}

/// All writers of the process.
#[derive(Clone, Debug)]
pub struct Writers {
    started: Instant,
    all: Arc<[Writer]>,
    next: Arc<AtomicUsize>,
}

impl Writers {
    /// As many as `count`, running until `stop`.
    pub fn start(count: usize, clock: &Clock, stop: &CancellationToken) -> Self {
        let started = Instant::now();
        let all: Arc<[Writer]> = (0..count.max(1)).map(|_| Writer::new(started)).collect();
        for writer in all.iter() {
            let (writer, clock, stop) = (writer.clone(), clock.clone(), stop.clone());
            tokio::spawn(async move { stop.run_until_cancelled(writer.run(clock)).await });
        }
        Self { started, all, next: Arc::default() }
    }

    /// Seconds since the writers began.
    pub fn seconds(&self) -> u32 {
        seconds_since(self.started)
    }

    /// The writer for a new socket.
    pub fn pick(&self) -> Option<&Writer> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        self.all.get(turn % self.all.len().max(1))
    }
}

impl Writer {
    pub(super) fn new(started: Instant) -> Self {
        let shared =
            Shared { started, ready: Mutex::default(), news: Notify::new(), wheel: Mutex::new(Wheel::default()) };
        Self { shared: Arc::new(shared) }
    }

    /// When the writers began.
    pub fn began(&self) -> Instant {
        self.shared.started
    }

    /// Seconds since the writers began: a clock of four bytes.
    pub fn seconds(&self) -> u32 {
        seconds_since(self.shared.started)
    }

    /// Watches over the socket's heartbeat from now on.
    pub fn watch(&self, socket: &Arc<Socket>) {
        self.wheel(|wheel| wheel.add(socket, self.seconds()));
    }

    /// The socket has news.
    pub fn serve(&self, socket: Arc<Socket>) {
        let first = {
            let mut ready = self.shared.ready.lock().unwrap_or_else(PoisonError::into_inner);
            ready.push(socket);
            ready.len() == 1
        };
        if first {
            self.shared.news.notify_one();
        }
    }

    async fn run(self, clock: Clock) {
        let (mut batch, mut buffer) = (Vec::new(), Vec::with_capacity(PIECE));
        let mut turn_at = self.shared.started + Duration::from_secs(1);
        loop {
            tokio::select! {
                () = self.shared.news.notified() => {}
                () = sleep_until(turn_at) => {
                    turn_at += Duration::from_secs(1);
                    let second = self.seconds();
                    // What became overdue while the process was stopped is done in one go.
                    turn_at = turn_at.max(Instant::now());
                    self.wheel(|wheel| wheel.turn(second, clock.now()));
                }
            }
            {
                let mut ready = self.shared.ready.lock().unwrap_or_else(PoisonError::into_inner);
                std::mem::swap(&mut *ready, &mut batch);
            }
            for (count, socket) in batch.drain(..).enumerate() {
                self.write(socket, &mut buffer);
                if count % TURN == TURN - 1 {
                    tokio::task::yield_now().await;
                }
            }
            if batch.capacity() > 4_096 {
                batch.shrink_to(1_024);
            }
        }
    }

    /// Writes what the socket has to be told, as far as the network takes it.
    fn write(&self, socket: Arc<Socket>, buffer: &mut Vec<u8>) {
        loop {
            let single = match socket.outbox.take(buffer, PIECE) {
                Next::Nothing => return,
                Next::Frames => None,
                Next::Frame(bytes) => Some(bytes),
                Next::Close(code, reason) => {
                    metrics::closed(code);
                    // Whether it arrives or not, this is the end.
                    let _ = socket.stream.try_write(&wire::close(code, reason));
                    return socket.end();
                }
                Next::Cut => return socket.end(),
            };
            let bytes = single.as_deref().unwrap_or(buffer);
            let written = match socket.stream.try_write(bytes) {
                Ok(written) => written,
                Err(error) if error.kind() == ErrorKind::WouldBlock => 0,
                Err(_) => return socket.end(),
            };
            metrics::WS_WRITES.add(1);
            metrics::WS_BYTES_OUT.add(written);
            if written < bytes.len() {
                metrics::WS_BLOCKED.add(1);
                let rest = match single {
                    Some(frame) => frame.slice(written..),
                    None => Bytes::copy_from_slice(&buffer[written..]),
                };
                socket.outbox.put_back(rest, written > 0);
                return self.wait(socket);
            }
        }
    }

    /// Comes back to the socket when the network takes more.
    fn wait(&self, socket: Arc<Socket>) {
        let writer = self.clone();
        tokio::spawn(async move {
            match timeout(PATIENCE, socket.stream.writable()).await {
                Ok(Ok(())) if !socket.has_ended() => writer.serve(socket),
                _ => socket.end(),
            }
        });
    }

    fn wheel(&self, f: impl FnOnce(&mut Wheel)) {
        f(&mut self.shared.wheel.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

fn seconds_since(start: Instant) -> u32 {
    u32::try_from(start.elapsed().as_secs()).unwrap_or(u32::MAX)
}
