//! One device of a person, and how several of them become one standing.

use super::{Place, Status, tracker::NodeId};
use crate::domain::ids::{GroupId, UserId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Without a sign of the person on any device for this long, they are away. Milliseconds, as everywhere here.
pub const AWAY_AFTER: i64 = 5 * 60 * 1000;

/// One connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    pub node: NodeId,
    pub user: UserId,
    /// The browser's tab: one that comes back goes on where it was.
    pub tab: Uuid,
    /// The person's last sign here: a key, a touch, a page.
    pub active_at: i64,
    pub place: Option<Place>,
    /// The line is lost; the device still counts until then.
    pub until: Option<i64>,
}

impl Device {
    pub fn status(&self, now: i64) -> Status {
        if self.until.is_some_and(|until| until <= now) {
            Status::Offline
        } else if self.away_at() <= now {
            Status::Away
        } else if self.place.as_ref().is_some_and(|place| place.doing.activity.is_busy()) {
            Status::Busy
        } else {
            Status::Online
        }
    }

    pub fn away_at(&self) -> i64 {
        self.active_at.saturating_add(AWAY_AFTER)
    }
}

/// What the database says about a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub name: String,
    /// One of [`Status::CHOICES`].
    pub choice: Status,
    /// The groups whose members may see them, with how many members each has.
    pub groups: BTreeMap<GroupId, u32>,
    /// When it was read; of two nodes' facts the newer count.
    pub at: i64,
}

/// A person over all devices, as they see themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub status: Status,
    pub place: Option<Place>,
}

impl Standing {
    pub const GONE: Self = Self { status: Status::Offline, place: None };

    /// Whether the members of their groups see them.
    pub fn is_visible(&self) -> bool {
        !matches!(self.status, Status::Invisible | Status::Offline)
    }
}

/// Busy before online before away; what the person chose goes over it while any device is there.
/// Who is away does nothing.
pub fn stand<'a>(choice: Status, devices: impl Iterator<Item = &'a Device>, now: i64) -> Standing {
    let best = devices
        .map(|device| (device.status(now), device))
        .filter(|(status, _)| *status != Status::Offline)
        .max_by_key(|(status, device)| (status.rank(), device.place.is_some(), device.active_at, device.tab));
    let Some((status, device)) = best else { return Standing::GONE };
    let status = match choice {
        Status::Online | Status::Offline => status,
        Status::Busy | Status::Away | Status::Invisible => choice,
    };
    let place = if status == Status::Away { None } else { device.place.clone() };
    Standing { status, place }
}
