//! A group's presence as a channel: whoever missed too much gets the state.

use super::Presence;
use crate::{
    domain::ids::{GroupId, UserId},
    protocol::ChannelEvent,
    server::realtime::source::{Fetch, Snapshot, Source, Tail},
};

/// The owner of [`crate::protocol::Channel::Presence`].
pub struct GroupPresence {
    pub presence: Presence,
    pub group: GroupId,
}

impl Source for GroupPresence {
    fn tail(&self, _: usize) -> Fetch<'_, Tail> {
        // Positions are the hub's; there is no log.
        Box::pin(async { Ok(Tail::default()) })
    }

    fn snapshot(&self, viewer: Option<UserId>) -> Fetch<'_, Snapshot> {
        Box::pin(async move {
            let Some(viewer) = viewer else { return Ok(Snapshot { position: Default::default(), event: None }) };
            let state = self.presence.state(self.group, viewer).await?;
            let event = Some(ChannelEvent::PresenceShown(Box::new(state)));
            Ok(Snapshot { position: Default::default(), event })
        })
    }
}
