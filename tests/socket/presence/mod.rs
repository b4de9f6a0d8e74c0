//! Presence against the real server: who comes and goes, on how many devices, and what others may know.
//! Batches are told when the clock has moved by a second.

mod devices;
mod privacy;
mod restart;
mod rows;

pub(super) use crate::common::eventually;
use crate::common::{Browser, Role, Socket, TestServer, World};
use studyhall::{
    domain::{
        ids::{GroupId, UserId},
        presence::{Present, State, Status},
    },
    protocol::{Channel, ChannelEvent, ServerFrame},
};

pub(super) const SECOND: i64 = 1_000;
pub(super) const MINUTE: i64 = 60 * SECOND;

/// Somebody who looks at a group.
pub(super) struct Watcher {
    pub(super) socket: Socket,
    pub(super) state: State,
}

impl Watcher {
    pub(super) async fn of(browser: &Browser, group: GroupId) -> Self {
        let mut socket = Socket::subscribed(browser, &[Channel::Presence(group)]).await;
        let state = socket
            .wait(|frame| match frame {
                ServerFrame::Resynced { snapshot: Some(event), .. } => match &**event {
                    ChannelEvent::PresenceShown(state) => Some((**state).clone()),
                    _ => None,
                },
                _ => None,
            })
            .await;
        Self { socket, state }
    }

    /// Reads on until the group looks so.
    pub(super) async fn until(&mut self, wanted: impl Fn(&State) -> bool) -> &State {
        while !wanted(&self.state) {
            let state = &mut self.state;
            self.socket
                .wait(|frame| match frame {
                    ServerFrame::Happened { event: ChannelEvent::PresenceChanged(diff), .. } => {
                        state.apply((**diff).clone());
                        Some(())
                    }
                    _ => None,
                })
                .await;
        }
        &self.state
    }

    pub(super) async fn sees(&mut self, user: UserId, status: Option<Status>) -> Option<Present> {
        self.until(|state| state.find(user).map(|one| one.status) == status).await.find(user).cloned()
    }

    /// How many presence frames have come, after everything that was sent until now.
    pub(super) async fn frames(&mut self) -> usize {
        settle(&mut self.socket).await;
        let told = |frame: &&ServerFrame| {
            matches!(frame, ServerFrame::Happened { event: ChannelEvent::PresenceChanged(_), .. })
        };
        self.socket.received.iter().filter(told).count()
    }
}

/// Everything that was sent before has been carried out.
pub(super) async fn settle(socket: &mut Socket) {
    socket.settle().await;
}

/// One more device of the role's person, which the server knows of.
pub(super) async fn device(world: &World, role: Role) -> Socket {
    let mut socket = Socket::subscribed(&world.browser(role), &[]).await;
    settle(&mut socket).await;
    socket
}

/// Lets the server's next batch happen.
pub(super) async fn batch(server: &TestServer) {
    let ticks = server.state.presence.ticks();
    server.advance(SECOND);
    eventually("a tick", async || server.state.presence.ticks() > ticks).await;
}

pub(super) async fn connections(server: &TestServer, count: usize) {
    eventually("the lost line is noticed", async || server.state.presence.connections() == count).await;
}
