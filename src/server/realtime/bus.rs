//! Between nodes: what one tells, all hear. One node alone hears itself at once; nothing else knows that.

use super::{connections::Whose, outbox::Latest};
use crate::{
    domain::ids::{LiveSessionId, UserId},
    protocol::{Channel, ChannelEvent, Position, Refused},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What concerns the connections of all nodes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum News {
    /// An event of a channel with a log. A node that finds a hole reads the log.
    Published { channel: Channel, position: Position, event: ChannelEvent },
    /// An event of a channel that each node counts for itself.
    Announced { channel: Channel, event: ChannelEvent },
    /// Only the newest of its kind counts.
    Latest { channel: Channel, kind: Latest, event: ChannelEvent },
    /// An account loses a channel.
    Revoked { channel: Channel, user: UserId, reason: Refused },
    /// What these may hear has to be looked at again.
    Doubted(Whose),
    /// These are signed out.
    SignedOut(Whose),
    /// A live session began or ended.
    Turned(LiveSessionId),
}

/// The way between nodes.
pub trait Bus: Send + Sync + fmt::Debug {
    /// Sends news to all nodes. Gives back what this node is to hear at once; a bus that brings the node's own news
    /// back, in the order of all, gives nothing and calls `Hub::hear` when they come.
    fn tell(&self, news: News) -> Option<News>;
}

/// The only node there is.
#[derive(Debug)]
pub struct Local;

impl Bus for Local {
    fn tell(&self, news: News) -> Option<News> {
        Some(news)
    }
}
