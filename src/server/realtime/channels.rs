//! Who may hear which channel, and where the channel's events come from.

use super::{
    hub::{Hub, Subscriber},
    outbox::Outbox,
    presence::GroupPresence,
    source::Origin,
};
use crate::{
    domain::flags::Flag,
    protocol::{Channel, Position, Refused},
    server::{
        live::{
            caller::Caller,
            engine::{Handle, Role},
            room,
        },
        state::AppState,
    },
};
use std::sync::Arc;
use uuid::Uuid;

/// What the caller may hear.
enum Entry {
    /// Through the hub.
    Stream(Origin),
    /// Through the session's own actor: each of its players sees something else.
    Live(Handle, Role),
    /// Through the hub, and as one who is in the room.
    Room(room::Handle, room::Who),
}

/// Checks who may hear the channel, then joins it; the channel itself tells its position.
pub async fn enter(
    state: &AppState,
    caller: &Caller,
    connection: Uuid,
    outbox: &Arc<Outbox>,
    channel: Channel,
    from: Option<Position>,
) -> Result<(), Refused> {
    match may_hear(state, caller, channel).await? {
        Entry::Stream(origin) => {
            let subscriber = Subscriber { connection, user: caller.user(), outbox };
            state.hub.subscribe(channel, subscriber, from, origin).await?;
        }
        Entry::Live(session, role) => session.watch(connection, Arc::clone(outbox), role).await?,
        Entry::Room(room, who) => {
            if let Err(refused) = room.enter(connection, who).await {
                room.gone(connection).await;
                return Err(refused);
            }
            let subscriber = Subscriber { connection, user: caller.user(), outbox };
            let origin = Origin::Log(Arc::new(room.clone()));
            if let Err(error) = state.hub.subscribe(channel, subscriber, from, origin).await {
                room.gone(connection).await;
                return Err(error.into());
            }
            room.greet(Arc::clone(outbox)).await?;
        }
    }
    Ok(())
}

/// The one place that says who hears what.
async fn may_hear(state: &AppState, caller: &Caller, channel: Channel) -> Result<Entry, Refused> {
    match channel {
        Channel::User(user) => {
            if caller.user() != Some(user) {
                return Err(Refused::NotFound);
            }
            Ok(Entry::Stream(Origin::Memory))
        }
        Channel::Group(group) => {
            let user = caller.user().ok_or(Refused::SignInRequired)?;
            state.members.role(&state.db, group, user).await?.ok_or(Refused::NotFound)?;
            Ok(Entry::Stream(Origin::Memory))
        }
        Channel::Presence(group) => {
            let user = caller.user().ok_or(Refused::SignInRequired)?;
            state.members.role(&state.db, group, user).await?.ok_or(Refused::NotFound)?;
            state.flags.check(Flag::Presence, Some(user), Some(group))?;
            Ok(Entry::Stream(Origin::Stateful(Arc::new(GroupPresence { presence: state.presence.clone(), group }))))
        }
        Channel::LivePlayer(id) => {
            let session = state.live.session(id).await?;
            flag(state, &session)?;
            let participant = caller.seat(&session).await?;
            Ok(Entry::Live(session, Role::Player(participant)))
        }
        Channel::LiveHost(id) => {
            let session = state.live.session(id).await?;
            flag(state, &session)?;
            caller.host(state, &session).await?;
            Ok(Entry::Live(session, Role::Host))
        }
        Channel::StudyRoom(id) => {
            let (room, who) = room::admit(state, caller, id).await?;
            Ok(Entry::Room(room, who))
        }
    }
}

/// Whether the caller may still hear the channel. `Unavailable` says nothing: ask again.
pub async fn may_still_hear(state: &AppState, caller: &Caller, channel: Channel) -> Result<(), Refused> {
    may_hear(state, caller, channel).await.map(|_| ())
}

/// Leaves the channel.
pub async fn leave(state: &AppState, hub: &Hub, connection: Uuid, channel: Channel) {
    match channel {
        Channel::User(_) | Channel::Group(_) | Channel::Presence(_) => hub.unsubscribe(channel, connection),
        Channel::LivePlayer(id) | Channel::LiveHost(id) => {
            // Leaving must not bring a session back that this process has given up.
            if let Some(session) = state.live.if_running(id).await {
                session.unwatch(connection).await;
            }
        }
        Channel::StudyRoom(id) => {
            hub.unsubscribe(channel, connection);
            if let Some(room) = state.rooms.if_running(id).await {
                room.gone(connection).await;
            }
        }
    }
}

/// Whether the session's feature is on, for the host on behalf of all who sit in it.
fn flag(state: &AppState, session: &Handle) -> Result<(), Refused> {
    Ok(state.flags.check(Flag::LiveSessions, Some(session.host), session.group)?)
}
