//! Who is connected to this node: by account, by address. For limits, for what a sign-out or a lost membership must
//! end at once, and for the drain.

use super::{frame::Frame, socket::Socket};
use crate::{
    domain::ids::{SignInId, UserId},
    protocol::{ServerFrame, close},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::sleep;
use uuid::Uuid;

/// Connections of one account: several devices with several tabs.
const PER_USER: usize = 10;
/// Connections of one address: a large school behind one line.
const PER_IP: usize = 8_000;
/// The drain closes so many in a second.
const DRAIN_PER_SECOND: usize = 1_000;
const DRAIN_STEP: Duration = Duration::from_millis(50);

#[derive(Debug, Default)]
pub struct Connections {
    // std's mutex: nothing awaits while it is held.
    listed: Mutex<Listed>,
}

#[derive(Debug, Default)]
struct Listed {
    all: HashMap<Uuid, Arc<Socket>>,
    /// The oldest first.
    users: HashMap<UserId, Vec<Uuid>>,
    ips: HashMap<IpAddr, usize>,
}

/// Bytes that wait for clients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    pub bytes: usize,
    /// 99 of 100 have no more.
    pub p99: usize,
    /// For the slowest.
    pub most: usize,
    /// For how long the slowest has had something waiting.
    pub oldest_ms: usize,
}

/// Whose connections are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Whose {
    User(UserId),
    /// Of an account, but for one sign-in.
    UserBut(UserId, SignInId),
    SignIn(UserId, SignInId),
    Everybody,
}

/// The place on the list; dropping it gives it up.
#[derive(Debug)]
pub struct Place {
    connections: Arc<Connections>,
    id: Uuid,
    user: Option<UserId>,
    ip: IpAddr,
}

impl Connections {
    /// Whether an address may open one more.
    pub fn admits(&self, ip: IpAddr) -> bool {
        self.with(|listed| listed.ips.get(&ip).is_none_or(|count| *count < PER_IP))
    }

    /// Puts a connection on the list. The account's oldest makes room.
    pub fn list(self: &Arc<Self>, socket: &Arc<Socket>) -> Place {
        let oldest = self.with(|listed| {
            listed.all.insert(socket.id, Arc::clone(socket));
            *listed.ips.entry(socket.ip).or_default() += 1;
            let of_user = listed.users.entry(socket.user?).or_default();
            of_user.push(socket.id);
            let oldest = if of_user.len() > PER_USER { Some(of_user.remove(0)) } else { None };
            oldest.and_then(|id| listed.all.get(&id).cloned())
        });
        if let Some(oldest) = oldest {
            oldest.outbox.close(close::REPLACED, "too many connections of one account");
        }
        Place { connections: Arc::clone(self), id: socket.id, user: socket.user, ip: socket.ip }
    }

    /// What these may hear has to be looked at again.
    pub fn doubt(&self, whose: Whose) {
        self.of(whose).iter().for_each(|socket| socket.doubt());
    }

    /// Closes them, as their sign-in has ended.
    pub fn sign_out(&self, whose: Whose) {
        for socket in self.of(whose) {
            socket.outbox.close(close::SIGNED_OUT, "signed out");
        }
    }

    pub fn count(&self) -> usize {
        self.with(|listed| listed.all.len())
    }

    /// Accounts with at least one connection.
    pub fn users(&self) -> usize {
        self.with(|listed| listed.users.len())
    }

    /// Those that have said hello.
    pub fn greeted(&self) -> usize {
        self.with(|listed| listed.all.values().filter(|socket| socket.greeted()).count())
    }

    /// What waits for all of them.
    pub fn waiting(&self) -> Waiting {
        let sockets = self.of(Whose::Everybody);
        let mut bytes: Vec<usize> = sockets.iter().map(|socket| socket.outbox.waiting()).collect();
        bytes.sort_unstable();
        let oldest = sockets.iter().filter_map(|socket| socket.outbox.waiting_since()).min();
        Waiting {
            bytes: bytes.iter().sum(),
            p99: bytes.get((bytes.len() * 99).div_ceil(100).saturating_sub(1)).copied().unwrap_or(0),
            most: bytes.last().copied().unwrap_or(0),
            oldest_ms: oldest.map_or(0, |at| usize::try_from(at.elapsed().as_millis()).unwrap_or(usize::MAX)),
        }
    }

    /// Tells everybody that the server stops, then closes them in steps within about `longest`.
    pub async fn drain(&self, longest: Duration) {
        let sockets = self.of(Whose::Everybody);
        let whole = Duration::from_secs_f64(sockets.len() as f64 / DRAIN_PER_SECOND as f64).min(longest);
        let within_ms = u32::try_from(whole.as_millis()).unwrap_or(u32::MAX);
        let draining = Frame::new(ServerFrame::Draining { within_ms });
        for socket in &sockets {
            socket.outbox.send(&draining);
        }
        let steps = usize::try_from(whole.as_millis() / DRAIN_STEP.as_millis()).unwrap_or(0).max(1);
        for batch in sockets.chunks(sockets.len().div_ceil(steps).max(1)) {
            // First, so that the word above is out before the end of the first ones.
            sleep(DRAIN_STEP).await;
            for socket in batch {
                socket.outbox.close(close::SHUTDOWN, "the server restarts");
            }
        }
        // Whoever came in between.
        for socket in self.of(Whose::Everybody) {
            socket.outbox.close(close::SHUTDOWN, "the server restarts");
        }
    }

    fn of(&self, whose: Whose) -> Vec<Arc<Socket>> {
        let fits = |socket: &&Arc<Socket>| match whose {
            Whose::User(_) | Whose::Everybody => true,
            Whose::UserBut(_, kept) => socket.sign_in != Some(kept),
            Whose::SignIn(_, sign_in) => socket.sign_in == Some(sign_in),
        };
        self.with(|listed| match whose {
            Whose::Everybody => listed.all.values().cloned().collect(),
            Whose::User(user) | Whose::UserBut(user, _) | Whose::SignIn(user, _) => {
                let ids = listed.users.get(&user).into_iter().flatten();
                ids.filter_map(|id| listed.all.get(id)).filter(fits).cloned().collect()
            }
        })
    }

    fn with<T>(&self, f: impl FnOnce(&mut Listed) -> T) -> T {
        f(&mut self.listed.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.connections.with(|listed| {
            listed.all.remove(&self.id);
            if let Some(user) = self.user
                && let Some(of_user) = listed.users.get_mut(&user)
            {
                of_user.retain(|id| *id != self.id);
                if of_user.is_empty() {
                    listed.users.remove(&user);
                }
            }
            if let Some(count) = listed.ips.get_mut(&self.ip) {
                *count -= 1;
                if *count == 0 {
                    listed.ips.remove(&self.ip);
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_school_comes_from_one_address_and_not_more() {
        let connections = Connections::default();
        let [school, elsewhere] = [1, 2].map(|n| IpAddr::from([10, 0, 0, n]));
        connections.with(|listed| listed.ips.insert(school, PER_IP - 1));
        assert!(connections.admits(school));
        connections.with(|listed| listed.ips.insert(school, PER_IP));
        assert!(!connections.admits(school) && connections.admits(elsewhere));
    }
}
