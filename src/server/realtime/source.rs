//! Where a channel's events come from when the hub's memory does not reach back far enough: its owner's log.

use crate::{
    domain::ids::UserId,
    protocol::{ChannelEvent, Position},
    server::storage::StoreError,
};
use std::{fmt, future::Future, pin::Pin, sync::Arc};

/// A future that can be kept, as trait objects need it.
pub type Fetch<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// A channel's owner.
pub trait Source: Send + Sync + 'static {
    /// The newest events of the channel, at most `limit`, and where they end.
    fn tail(&self, limit: usize) -> Fetch<'_, Tail>;

    /// The channel's state for `viewer`. The position is read first: an event in between is told again.
    fn snapshot(&self, viewer: Option<UserId>) -> Fetch<'_, Snapshot>;
}

/// The end of a channel's log.
#[derive(Clone, Debug, Default)]
pub struct Tail {
    /// Of the last event, whether or not it is among `events`.
    pub position: Position,
    /// Oldest first; the last one has `position.offset`, and there are no holes.
    pub events: Vec<ChannelEvent>,
}

/// A channel's state at a position.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Ignored for channels whose positions the hub counts itself.
    pub position: Position,
    pub event: Option<ChannelEvent>,
}

/// Who counts a channel's events, and who knows its state.
#[derive(Clone)]
pub enum Origin {
    /// The hub counts, for as long as the process lives; there is no state: a client that missed too much reads its
    /// pages again.
    Memory,
    /// The hub counts, and the owner knows the state.
    Stateful(Arc<dyn Source>),
    /// The owner's log counts, across restarts.
    Log(Arc<dyn Source>),
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Memory => "Memory",
            Self::Stateful(_) => "Stateful",
            Self::Log(_) => "Log",
        })
    }
}
