//! All devices that are there, of this node and of others, as a pure state machine with one writer.
//! It is told what happens, and once a second it says what changed.

use super::{
    Device, Facts, Place, Present, Standing, State, Status,
    device::{AWAY_AFTER, stand},
    group::{Batch, Group},
};
use crate::domain::ids::{GroupId, UserId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// A lost line shows nothing for this long. (lichess waits 5 s, Ably up to a minute.)
pub const GRACE: i64 = 8_000;
/// The same after a start, for those who were there in the process before: their clients look for the way back.
pub const DRAIN_GRACE: i64 = 30_000;

/// One server of an installation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeId(pub u32);

/// How new a node's state is: of two the greater counts, whatever the order in which they arrive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stamp {
    /// When the node's process started; a restarted node replaces everything it had.
    pub boot_epoch: u64,
    pub version: u64,
}

/// Everything a node knows of its own connections.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeState {
    pub node: NodeId,
    pub stamp: Stamp,
    pub devices: BTreeMap<Uuid, Device>,
    pub people: BTreeMap<UserId, Facts>,
}

#[derive(Clone, Debug)]
struct Known {
    facts: Facts,
    devices: BTreeSet<Uuid>,
    standing: Standing,
    /// The groups that see them.
    seen_in: BTreeSet<GroupId>,
}

/// Somebody's status became another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    pub user: UserId,
    pub from: Status,
    pub to: Standing,
}

/// What changed since the last tick.
#[derive(Clone, Debug, Default)]
pub struct Tick {
    pub batches: Vec<(GroupId, Batch)>,
    pub turns: Vec<Turn>,
}

#[derive(Clone, Debug, Default)]
pub struct Tracker {
    node: NodeId,
    stamps: BTreeMap<NodeId, Stamp>,
    devices: HashMap<Uuid, Device>,
    people: HashMap<UserId, Known>,
    groups: HashMap<GroupId, Group>,
    /// When a device changes by itself. An entry may be too early: then it is put back.
    due: BTreeSet<(i64, Uuid)>,
    dirty: BTreeSet<UserId>,
    touched: BTreeSet<GroupId>,
}

impl Tracker {
    /// `boot_epoch` grows with each start of this node.
    pub fn new(node: NodeId, boot_epoch: u64) -> Self {
        let stamps = BTreeMap::from([(node, Stamp { boot_epoch, version: 0 })]);
        Self { node, stamps, ..Self::default() }
    }

    /// A device is there. One that lost its line in the same tab goes on as it was.
    pub fn connect(&mut self, connection: Uuid, user: UserId, tab: Uuid, facts: Facts, now: i64) {
        self.learn(user, facts);
        let lost = self.devices_of(user).find(|(_, d)| d.tab == tab && d.until.is_some()).map(|(id, _)| *id);
        let before = lost.and_then(|id| self.remove(id));
        // Coming back by itself is no sign of the person.
        let active_at = before.as_ref().map_or(now, |device| device.active_at);
        let place = before.and_then(|device| device.place);
        self.insert(connection, Device { node: self.node, user, tab, active_at, place, until: None });
        self.step(user);
    }

    /// A device of this node's earlier process: its person is on the way back, and counts until the device's `until`.
    pub fn restore(&mut self, connection: Uuid, device: Device, facts: Facts) {
        let user = device.user;
        self.learn(user, facts);
        self.insert(connection, Device { node: self.node, ..device });
        self.step(user);
    }

    /// The line is gone; the device counts for `grace` milliseconds more.
    pub fn lose(&mut self, connection: Uuid, grace: i64, now: i64) {
        let Some(device) = self.devices.get_mut(&connection) else { return };
        let user = device.user;
        let until = now.saturating_add(grace);
        device.until = Some(until);
        self.due.insert((until, connection));
        self.step(user);
    }

    /// The person did something on this device.
    pub fn touch(&mut self, connection: Uuid, now: i64) {
        let Some(device) = self.devices.get_mut(&connection) else { return };
        let was_away = device.away_at() <= now;
        device.active_at = device.active_at.max(now);
        let (user, away_at) = (device.user, device.away_at());
        if was_away {
            self.due.insert((away_at, connection));
        }
        self.step(user);
    }

    /// The person went to another page on this device.
    pub fn go(&mut self, connection: Uuid, place: Option<Place>, now: i64) {
        let Some(device) = self.devices.get_mut(&connection) else { return };
        device.place = place;
        self.touch(connection, now);
    }

    /// The person chose a status. Nothing to do for somebody who is not there.
    pub fn choose(&mut self, user: UserId, choice: Status) {
        if let Some(known) = self.people.get_mut(&user) {
            known.facts.choice = choice;
            self.step(user);
        }
    }

    /// What the database says of somebody has changed: name, groups.
    pub fn learn(&mut self, user: UserId, facts: Facts) {
        for (group, members) in &facts.groups {
            if let Some(known) = self.groups.get_mut(group) {
                known.resize(*members);
                self.touched.insert(*group);
            }
        }
        match self.people.get_mut(&user) {
            Some(known) => known.facts = facts,
            None => {
                let known =
                    Known { facts, devices: BTreeSet::new(), standing: Standing::GONE, seen_in: BTreeSet::new() };
                self.people.insert(user, known);
            }
        }
        self.step(user);
    }

    /// Takes over what another node says; `false` when it is old. Any order of any messages ends the same.
    pub fn merge(&mut self, state: NodeState) -> bool {
        if state.node == self.node || self.stamps.get(&state.node).is_some_and(|known| *known >= state.stamp) {
            return false;
        }
        self.stamps.insert(state.node, state.stamp);
        let old: Vec<Uuid> = self.devices.iter().filter(|(_, d)| d.node == state.node).map(|(id, _)| *id).collect();
        for id in old {
            if let Some(device) = self.remove(id) {
                self.dirty.insert(device.user);
            }
        }
        for (user, facts) in state.people {
            if self.people.get(&user).is_none_or(|known| known.devices.is_empty() || known.facts.at < facts.at) {
                self.learn(user, facts);
            }
        }
        for (id, device) in state.devices {
            let user = device.user;
            self.insert(id, device);
            self.dirty.insert(user);
        }
        true
    }

    /// What this node says to the others.
    pub fn export(&self) -> NodeState {
        let own = self.devices.iter().filter(|(_, device)| device.node == self.node);
        let devices: BTreeMap<Uuid, Device> = own.map(|(id, device)| (*id, device.clone())).collect();
        let people = devices
            .values()
            .filter_map(|device| Some((device.user, self.people.get(&device.user)?.facts.clone())))
            .collect();
        let stamp = self.stamps.get(&self.node).copied().unwrap_or_default();
        NodeState { node: self.node, stamp, devices, people }
    }

    /// Once a second: everything that changed.
    pub fn tick(&mut self, now: i64) -> Tick {
        while let Some((at, connection)) = self.due.first().copied().filter(|(at, _)| *at <= now) {
            self.due.remove(&(at, connection));
            self.ring(connection, now);
        }
        let mut tick = Tick::default();
        for user in std::mem::take(&mut self.dirty) {
            tick.turns.extend(self.settle(user, now));
        }
        let touched = std::mem::take(&mut self.touched);
        for id in touched {
            let Some(group) = self.groups.get_mut(&id) else { continue };
            if let Some(batch) = group.batch() {
                tick.batches.push((id, batch));
            }
            if group.is_empty() {
                self.groups.remove(&id);
            }
        }
        tick
    }

    /// Who is there as of the last tick, for a reader who knows `friends` from elsewhere.
    pub fn state(&self, group: GroupId, friends: &BTreeSet<UserId>) -> State {
        self.groups.get(&group).map(|group| group.state(friends)).unwrap_or_default()
    }

    /// Whether the group is told as a number and a sample.
    pub fn is_crowd(&self, group: GroupId) -> bool {
        self.groups.get(&group).is_some_and(Group::is_crowd)
    }

    /// How somebody stands, as they see themselves, at the last tick.
    pub fn standing(&self, user: UserId) -> Standing {
        self.people.get(&user).map_or(Standing::GONE, |known| known.standing.clone())
    }

    /// What is known of somebody who is there.
    pub fn facts(&self, user: UserId) -> Option<&Facts> {
        self.people.get(&user).map(|known| &known.facts)
    }

    /// Everybody with a device.
    pub fn users(&self) -> impl Iterator<Item = UserId> + '_ {
        self.people.keys().copied()
    }

    /// The connections of somebody that are not lost, for the database's row.
    pub fn connections(&self, user: UserId) -> Vec<Uuid> {
        self.devices_of(user).filter(|(_, device)| device.until.is_none()).map(|(id, _)| *id).collect()
    }

    /// All devices of somebody, those with a lost line too.
    pub fn devices(&self, user: UserId) -> Vec<Device> {
        self.devices_of(user).map(|(_, device)| device.clone()).collect()
    }

    /// Devices, people, groups: all zero when nobody is there.
    pub fn sizes(&self) -> [usize; 3] {
        [self.devices.len(), self.people.len(), self.groups.len()]
    }

    fn ring(&mut self, connection: Uuid, now: i64) {
        let Some(device) = self.devices.get(&connection) else { return };
        let (user, away_at, until) = (device.user, device.away_at(), device.until);
        if until.is_some_and(|until| until <= now) {
            self.remove(connection);
        } else if away_at > now {
            self.due.insert((away_at, connection));
            return;
        }
        self.dirty.insert(user);
    }

    /// Works out how somebody stands and shows it to their groups.
    fn settle(&mut self, user: UserId, now: i64) -> Option<Turn> {
        let known = self.people.get_mut(&user)?;
        let devices = known.devices.iter().filter_map(|id| self.devices.get(id));
        let standing = stand(known.facts.choice, devices, now);
        let seen_in: BTreeSet<GroupId> =
            if standing.is_visible() { known.facts.groups.keys().copied().collect() } else { BTreeSet::new() };
        for group in known.seen_in.difference(&seen_in) {
            if let Some(known) = self.groups.get_mut(group) {
                known.set(user, None);
                self.touched.insert(*group);
            }
        }
        for group in &seen_in {
            let members = known.facts.groups.get(group).copied().unwrap_or(0);
            let place = standing.place.as_ref().filter(|place| place.group == Some(*group));
            let doing = place.map(|place| place.doing.clone());
            let present = Present { user, name: known.facts.name.clone(), status: standing.status, doing };
            self.groups.entry(*group).or_insert_with(|| Group::new(members)).set(user, Some(present));
            self.touched.insert(*group);
        }
        known.seen_in = seen_in;
        let from = std::mem::replace(&mut known.standing, standing.clone()).status;
        if known.devices.is_empty() {
            self.people.remove(&user);
        }
        (from != standing.status).then_some(Turn { user, from, to: standing })
    }

    fn devices_of(&self, user: UserId) -> impl Iterator<Item = (&Uuid, &Device)> {
        let ids = self.people.get(&user).map(|known| &known.devices);
        ids.into_iter().flatten().filter_map(move |id| self.devices.get_key_value(id))
    }

    fn insert(&mut self, connection: Uuid, device: Device) {
        let next = device.until.map_or(device.away_at(), |until| until.min(device.away_at()));
        self.due.insert((next, connection));
        if let Some(until) = device.until {
            self.due.insert((until, connection));
        }
        if let Some(known) = self.people.get_mut(&device.user) {
            known.devices.insert(connection);
            self.devices.insert(connection, device);
        }
    }

    fn remove(&mut self, connection: Uuid) -> Option<Device> {
        let device = self.devices.remove(&connection)?;
        if let Some(known) = self.people.get_mut(&device.user) {
            known.devices.remove(&connection);
        }
        self.due.remove(&(device.active_at + AWAY_AFTER, connection));
        Some(device)
    }

    /// Something about `user` changed here.
    fn step(&mut self, user: UserId) {
        self.dirty.insert(user);
        if let Some(stamp) = self.stamps.get_mut(&self.node) {
            stamp.version += 1;
        }
    }
}
