//! Heartbeats of many sockets in one wheel with a slot for each second: who is pinged when, and who is silent for
//! too long.

use super::{frame::Frame, socket::Socket};
use crate::{
    protocol::{HEARTBEAT_MS, SILENCE_MS, ServerFrame, close},
    server::random,
};
use std::sync::{Arc, Weak};

/// The first frame must be a hello within this time, in seconds.
const HELLO: u32 = 10;
const HEARTBEAT: u32 = HEARTBEAT_MS / 1000;
/// An answer to a ping must come within this time.
const PONG: u32 = (SILENCE_MS - HEARTBEAT_MS) / 1000;
const SLOTS: usize = 32;

/// What is due for a socket.
#[derive(Clone, Copy, Debug)]
enum Due {
    Hello,
    Ping,
    /// For the ping of this second.
    Pong(u32),
}

#[derive(Debug)]
pub struct Wheel {
    slots: Vec<Vec<(Weak<Socket>, Due)>>,
    /// The next second to look at.
    next: u32,
}

impl Default for Wheel {
    fn default() -> Self {
        Self { slots: (0..SLOTS).map(|_| vec![]).collect(), next: 0 }
    }
}

impl Wheel {
    pub fn add(&mut self, socket: &Arc<Socket>, now: u32) {
        self.plan(Arc::downgrade(socket), Due::Hello, now + HELLO);
    }

    /// Does what is due up to the second `now`. `time` in Unix milliseconds, for the pings.
    pub fn turn(&mut self, now: u32, time: i64) {
        let ping = Frame::new(ServerFrame::Pinged { nonce: now, server_time: time });
        // After a long stop of the process every slot once is enough.
        self.next = self.next.max(now.saturating_sub(SLOTS as u32 - 1));
        while self.next <= now {
            let slot = self.next as usize % SLOTS;
            self.next += 1;
            let entries = std::mem::take(&mut self.slots[slot]);
            for (weak, due) in entries {
                let Some(socket) = weak.upgrade().filter(|socket| !socket.has_ended()) else { continue };
                let (due, after) = match due {
                    Due::Hello if !socket.greeted() => {
                        socket.outbox.close(close::NO_HELLO, "no hello");
                        continue;
                    }
                    // The first ping comes at a random moment, so that a storm of connections does not ping in step.
                    Due::Hello => (Due::Ping, 2 + random::below(HEARTBEAT - HELLO - 1)),
                    Due::Ping => {
                        socket.ping();
                        socket.outbox.send(&ping);
                        (Due::Pong(now), PONG)
                    }
                    Due::Pong(since) if socket.heard() < since => {
                        socket.outbox.close(close::NO_PONG, "no sign of life");
                        continue;
                    }
                    Due::Pong(_) => (Due::Ping, HEARTBEAT - PONG),
                };
                self.plan(weak, due, now + after);
            }
        }
    }

    fn plan(&mut self, socket: Weak<Socket>, due: Due, at: u32) {
        self.slots[at.max(self.next) as usize % SLOTS].push((socket, due));
    }
}

#[cfg(test)]
mod tests {
    use super::super::{codec::Codec, writer::Writer};
    use super::*;
    use crate::server::{auth::Actor, live::caller::Caller};
    use axum::http::HeaderMap;
    use tokio::{
        net::{TcpListener, TcpStream},
        time::Instant,
    };

    async fn socket() -> (Arc<Socket>, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, peer) = listener.accept().await.unwrap();
        let caller = Caller::new(Actor::Anonymous, &HeaderMap::new(), peer.ip());
        let writer = Writer::new(Instant::now());
        (Socket::new(uuid::Uuid::nil(), stream, Codec::Postcard, &writer, &caller), client)
    }

    #[tokio::test]
    async fn nothing_is_left_of_who_is_gone() {
        let (socket, _client) = socket().await;
        socket.greet();
        let mut wheel = Wheel::default();
        wheel.add(&socket, 0);
        (0..60).for_each(|second| wheel.turn(second, 0));
        drop(socket);
        (60..60 + SLOTS as u32).for_each(|second| wheel.turn(second, 0));
        assert!(wheel.slots.iter().all(Vec::is_empty));
    }

    #[tokio::test]
    async fn a_silent_client_is_closed_within_35_seconds_and_a_live_one_never() {
        let ((silent, _a), (live, _b)) = (socket().await, socket().await);
        let mut wheel = Wheel::default();
        for socket in [&silent, &live] {
            socket.greet();
            wheel.add(socket, 0);
        }
        let (mut pings, mut closed_at) = (vec![], None);
        for second in 0..400 {
            wheel.turn(second, 0);
            if !live.outbox.drain().is_empty() {
                pings.push(second);
                live.hear(second);
            }
            // The other one answers twice, then goes into a tunnel.
            if second < 60 && !silent.outbox.drain().is_empty() {
                silent.hear(second);
            }
            closed_at = closed_at.or(silent.outbox.closed_with().map(|code| (second, code)));
        }
        let (second, code) = closed_at.expect("found");
        assert_eq!(code, close::NO_PONG);
        assert!(second - silent.heard() <= SILENCE_MS / 1000, "{second} {}", silent.heard());
        assert_eq!(live.outbox.closed_with(), None);
        assert!((12..=25).contains(&pings[0]), "{pings:?}");
        assert!(pings.windows(2).all(|pair| pair[1] - pair[0] == HEARTBEAT), "{pings:?}");
    }

    #[tokio::test]
    async fn a_storm_of_connections_is_not_pinged_in_step() {
        let sockets = futures::future::join_all((0..40).map(|_| socket())).await;
        let mut wheel = Wheel::default();
        for (socket, _) in &sockets {
            socket.greet();
            wheel.add(socket, 0);
        }
        let mut seconds = std::collections::BTreeSet::new();
        for second in 0..=25 {
            wheel.turn(second, 0);
            let pinged = sockets.iter().filter(|(socket, _)| !socket.outbox.drain().is_empty()).count();
            seconds.extend((pinged > 0).then_some(second));
        }
        // Forty draws from fourteen seconds: fewer than five different ones do not happen.
        assert!(seconds.len() >= 5, "{seconds:?}");
    }

    #[tokio::test]
    async fn who_says_no_hello_is_closed_and_who_is_gone_costs_nothing() {
        let ((rude, _a), (gone, _b)) = (socket().await, socket().await);
        let mut wheel = Wheel::default();
        wheel.add(&rude, 0);
        wheel.add(&gone, 0);
        drop(gone);
        (0..=HELLO).for_each(|second| wheel.turn(second, 0));
        assert_eq!(rude.outbox.closed_with(), Some(close::NO_HELLO));
        assert!(wheel.slots.iter().all(Vec::is_empty));
    }
}
