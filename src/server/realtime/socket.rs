//! An upgraded connection: its TCP stream, what it still has to be told, and when it was last heard. Shared by the
//! task that reads, the writer that writes and the wheel that pings.

use super::{codec::Codec, outbox::Outbox, writer::Writer};
use crate::{
    domain::ids::{SignInId, UserId},
    server::live::caller::Caller,
};
use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::{net::TcpStream, sync::Notify, time::Instant};
use uuid::Uuid;

#[derive(Debug)]
pub struct Socket {
    pub id: Uuid,
    pub stream: TcpStream,
    pub outbox: Arc<Outbox>,
    pub user: Option<UserId>,
    pub sign_in: Option<SignInId>,
    pub ip: IpAddr,
    /// Seconds of the writer's clock.
    heard: AtomicU32,
    greeted: AtomicBool,
    /// Milliseconds of the writer's clock at the last ping, until it is answered; 0: none.
    pinged: AtomicU32,
    /// Milliseconds of a round trip, smoothed; 0: not measured yet.
    line: AtomicU32,
    began: Instant,
    /// Nothing is read or written any more.
    ended: AtomicBool,
    /// What it may hear has to be looked at again.
    doubted: AtomicBool,
    /// Tells the reading task about the two above.
    signal: Notify,
}

/// Why the reading task was woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    Ended,
    Doubted,
    None,
}

/// The newest measure pulls by a quarter upwards and at once downwards: a line that was fast once is known to be able
/// to, and somebody who answers pings late to win time must do so always.
fn smoothed(before: u32, took: u32) -> u32 {
    if before == 0 || took < before { took.max(1) } else { before + (took - before) / 4 }
}

impl Socket {
    pub fn new(id: Uuid, stream: TcpStream, codec: Codec, writer: &Writer, caller: &Caller) -> Arc<Self> {
        let (user, sign_in) = (caller.user(), caller.sign_in());
        Arc::new_cyclic(|weak| Self {
            id,
            stream,
            outbox: Arc::new(Outbox::new(codec, writer.clone(), weak.clone())),
            user,
            sign_in,
            ip: caller.ip,
            heard: AtomicU32::new(writer.seconds()),
            greeted: AtomicBool::new(false),
            pinged: AtomicU32::new(0),
            line: AtomicU32::new(0),
            began: writer.began(),
            ended: AtomicBool::new(false),
            doubted: AtomicBool::new(false),
            signal: Notify::new(),
        })
    }

    pub fn hear(&self, second: u32) {
        self.heard.store(second, Ordering::Relaxed);
    }

    /// The second in which something came last.
    pub fn heard(&self) -> u32 {
        self.heard.load(Ordering::Relaxed)
    }

    pub fn ping(&self) {
        self.pinged.store(self.millis(), Ordering::Relaxed);
    }

    /// How long the last ping took, when this is its answer.
    pub fn answered(&self) -> Option<Duration> {
        match self.pinged.swap(0, Ordering::Relaxed) {
            0 => None,
            since => {
                let took = self.millis().wrapping_sub(since);
                self.line.store(smoothed(self.line_ms(), took), Ordering::Relaxed);
                Some(Duration::from_millis(took.into()))
            }
        }
    }

    /// A round trip over this line in ms, by the server's own pings; 0 before the first was answered.
    pub fn line_ms(&self) -> u32 {
        self.line.load(Ordering::Relaxed)
    }

    /// Wraps after seven weeks; differences stay right.
    fn millis(&self) -> u32 {
        self.began.elapsed().as_millis() as u32
    }

    pub fn greet(&self) {
        self.greeted.store(true, Ordering::Relaxed);
    }

    pub fn greeted(&self) -> bool {
        self.greeted.load(Ordering::Relaxed)
    }

    /// Stops the reading task.
    pub fn end(&self) {
        self.ended.store(true, Ordering::Release);
        self.signal.notify_one();
    }

    pub fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// Lets the reading task look again at what may be heard.
    pub fn doubt(&self) {
        self.doubted.store(true, Ordering::Release);
        self.signal.notify_one();
    }

    pub async fn signalled(&self) {
        self.signal.notified().await;
    }

    pub fn signal(&self) -> Signal {
        if self.has_ended() {
            Signal::Ended
        } else if self.doubted.swap(false, Ordering::AcqRel) {
            Signal::Doubted
        } else {
            Signal::None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::smoothed;

    #[test]
    fn a_line_is_as_slow_as_it_is_most_of_the_time() {
        assert_eq!(smoothed(0, 80), 80);
        assert_eq!(smoothed(80, 480), 180, "one slow answer is not the line");
        assert_eq!(smoothed(180, 60), 60, "what was fast once can be");
        assert_eq!(smoothed(60, 0), 1, "measured, and very fast");
    }
}
