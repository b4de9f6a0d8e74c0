//! The study rooms of this process: one actor owns each, and everybody talks to it through a [`Handle`].
//! What people write goes out as the channel's events; everything else of the room is a view that replaces itself.

mod actor;
mod handle;
mod recent;
mod recovery;
mod round;

pub use handle::{Handle, Screen, Who};
pub use recent::PAGE;

use super::{
    super::{
        clock::Clock,
        realtime::hub::Hub,
        shutdown::Shutdown,
        state::AppState,
        storage::{Db, StoreError},
    },
    caller::Caller,
    registry::Registry,
};
use crate::{
    domain::{
        flags::Flag,
        ids::{GroupId, LiveSessionId, UserId},
        live::{LiveSessionType, study_room::By},
    },
    protocol::Refused,
    server::auth::Actor as Asker,
};
use std::sync::Arc;

/// A handle to all rooms; cloning it is cheap.
#[derive(Clone)]
pub struct Rooms {
    shared: Arc<Shared>,
}

struct Shared {
    db: Db,
    clock: Clock,
    hub: Hub,
    shutdown: Shutdown,
    running: Registry<Handle>,
}

impl Rooms {
    pub fn new(db: Db, clock: Clock, hub: Hub, shutdown: Shutdown) -> Self {
        Self { shared: Arc::new(Shared { db, clock, hub, shutdown, running: Registry::default() }) }
    }

    /// The room's actor, loaded from its log when it does not run. `NotFound` when there is no such room.
    pub async fn room(&self, id: LiveSessionId) -> Result<Handle, StoreError> {
        self.shared.running.find_or(id, recovery::load(self, id)).await
    }

    /// The room's actor, when it runs in this process.
    pub async fn if_running(&self, id: LiveSessionId) -> Option<Handle> {
        self.shared.running.find(id).await
    }

    /// Starts the actors of all rooms that were open when the process ended. Returns how many.
    pub async fn recover(&self) -> Result<usize, StoreError> {
        let mut recovered = 0;
        for id in self.shared.db.open_live_sessions(LiveSessionType::StudyRoom).await? {
            match self.room(id).await {
                Ok(_) => recovered += 1,
                // One broken log must not keep the others from going on.
                Err(error) => tracing::error!(live_session.id = %id, error.cause = %error, "study room not recovered"),
            }
        }
        Ok(recovered)
    }

    /// Somebody is no member of the group any more (`None`: the group is gone): the rooms are closed to them at once.
    pub async fn shut_out(&self, group: GroupId, user: Option<UserId>) {
        for room in self.shared.running.all().await.into_iter().filter(|room| room.group == group) {
            room.shut_out(user).await;
        }
    }

    /// How many actors run.
    pub async fn running(&self) -> usize {
        self.shared.running.all().await.len()
    }
}

/// The room, for a member of its group while the feature is on; 404 for everybody else. Asked anew for each command:
/// who was removed from the group loses the room at once.
pub async fn admit(state: &AppState, caller: &Caller, session: LiveSessionId) -> Result<(Handle, Who), Refused> {
    let Asker::User(user) = &caller.actor else { return Err(Refused::SignInRequired) };
    let room = state.rooms.room(session).await?;
    let role = state.members.role(&state.db, room.group, user.user).await?.ok_or(Refused::NotFound)?;
    for flag in [Flag::Realtime, Flag::LiveSessions] {
        state.flags.check(flag, Some(user.user), Some(room.group))?;
    }
    let by = By { user: user.user, moderates: role.teaches() };
    Ok((room, Who { by, name: user.display_name.clone() }))
}
