//! Presence on this node: the tracker in memory is the truth, and this is its only writer. Once a second it tells the
//! groups what changed; the database's rows follow.

mod connections;
mod device;
mod place;
mod rows;
mod source;

pub use source::GroupPresence;

use crate::{
    domain::{
        flags::Flag,
        ids::{GroupId, UserId},
        presence::{Batch, DRAIN_GRACE, Facts, NodeId, Present, State, Status, Tick, Tracker},
    },
    protocol::{Channel, ChannelEvent},
    server::{
        clock::Clock,
        flags::Flags,
        gather::Gather,
        metrics, random,
        realtime::hub::Hub,
        shutdown::Shutdown,
        storage::{Db, StoreError},
    },
};
use device::Seat;
use rows::Rows;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use uuid::Uuid;

/// This node among the installation's; there is one until they can be several.
const NODE: NodeId = NodeId(0);
/// Changes are told in batches of this many milliseconds.
const BATCH: i64 = 1_000;
/// Faces of a glance.
const GLANCE: usize = 5;

/// A handle; cloning it is cheap.
#[derive(Clone)]
pub struct Presence {
    shared: Arc<Shared>,
}

struct Shared {
    db: Db,
    clock: Clock,
    hub: Hub,
    flags: Flags,
    shutdown: Shutdown,
    tracker: Mutex<Tracker>,
    /// The open connections of people with an account.
    seats: Mutex<HashMap<Uuid, Seat>>,
    rows: Rows,
    /// Counts changes of memberships: facts that were read before one are read again.
    changes: AtomicU64,
    /// In crowds: readers who know somebody from elsewhere, and whom.
    acquaintances: Mutex<HashMap<GroupId, HashMap<UserId, BTreeSet<UserId>>>>,
    /// Those who come at once are looked up together.
    facts: Gather<UserId, Facts>,
    /// The same for readers of crowds.
    friends: Gather<(GroupId, UserId), BTreeSet<UserId>>,
    figures: Figures,
}

/// What happened since the start.
#[derive(Debug, Default)]
pub struct Figures {
    pub ticks: AtomicU64,
    /// Batches that were told.
    pub batches: AtomicU64,
    /// People whom the sweep found. Anything but zero is a bug.
    pub swept: AtomicU64,
}

impl Presence {
    pub fn new(db: Db, clock: Clock, hub: Hub, flags: Flags, shutdown: Shutdown) -> Self {
        // Each start is later than the one before; that is all an epoch must be.
        let boot_epoch = clock.now();
        let tracker = Mutex::new(Tracker::new(NODE, u64::try_from(boot_epoch).unwrap_or(0)));
        let rows = Rows::new(db.clone(), NODE, boot_epoch);
        let shared = Shared {
            db,
            clock,
            hub,
            flags,
            shutdown,
            tracker,
            seats: Mutex::default(),
            rows,
            changes: AtomicU64::default(),
            acquaintances: Mutex::default(),
            facts: Gather::default(),
            friends: Gather::default(),
            figures: Figures::default(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Takes the place of this node's earlier processes, then batches until the server stops. Who was here is shown
    /// as they were for as long as their clients look for the way back.
    pub async fn start(&self) -> Result<(), StoreError> {
        let now = self.now();
        let left = self.shared.rows.left_behind(DRAIN_GRACE, now).await?;
        for device in left {
            if let Some(facts) = self.facts(device.user).await? {
                self.with(|tracker| tracker.restore(random::id(now), device, facts));
            }
        }
        // Whoever looks at a group first sees them in it.
        self.tick();
        let ghosts = self.shared.rows.replace().await?;
        if ghosts > 0 {
            tracing::info!(people = ghosts, "presence of the last run replaced");
        }
        let presence = self.clone();
        self.shared.shutdown.tasks.spawn(async move { presence.run().await });
        Ok(())
    }

    async fn run(&self) {
        let Shared { clock, shutdown, flags, .. } = &*self.shared;
        let mut table = flags.table();
        loop {
            let next = clock.steady() + BATCH;
            tokio::select! {
                () = shutdown.token.cancelled() => break,
                () = clock.steady_until(next) => {}
            }
            let now_set = flags.table();
            if !Arc::ptr_eq(&table, &now_set) {
                table = now_set;
                self.learn_all().await;
            }
            self.tick();
            self.shared.rows.write(self, self.now());
            self.shared.figures.ticks.fetch_add(1, Ordering::AcqRel);
        }
        self.shared.rows.close(self, self.now()).await;
    }

    /// Somebody chose a status; it is kept for all their devices and the next time.
    pub async fn choose(&self, user: UserId, status: Status) -> Result<(), StoreError> {
        self.shared.db.set_presence_status(user, status).await?;
        self.changing();
        self.with(|tracker| tracker.choose(user, status));
        self.shared.hub.announce(Channel::User(user), ChannelEvent::PresenceStatusChosen { status });
        Ok(())
    }

    /// Somebody's groups or name changed. Call it after the commit.
    pub async fn changed(&self, user: UserId) {
        self.changing();
        self.learn(user).await;
    }

    /// Like [`Self::changed`] for all members of `group`: it was deleted or brought back.
    pub async fn group_changed(&self, group: GroupId) {
        self.changing();
        match self.shared.db.member_ids(group).await {
            Ok(members) => {
                for user in members {
                    self.learn(user).await;
                }
            }
            Err(error) => tracing::warn!(error.cause = %error, "presence of a group not updated"),
        }
    }

    /// Who of `group` is there, for `reader`, a member, as of the last batch.
    pub async fn state(&self, group: GroupId, reader: UserId) -> Result<State, StoreError> {
        let friends = self.friends(group, reader).await?;
        Ok(self.with(|tracker| {
            let mut state = tracker.state(group, &friends);
            if let Some(Facts { name, choice, .. }) = tracker.facts(reader) {
                state.include(Present { user: reader, name: name.clone(), status: *choice, doing: None });
            }
            state
        }))
    }

    /// A few of who is there beside `reader`, without asking the database.
    pub fn glance(&self, group: GroupId, reader: UserId) -> State {
        let mut state = self.with(|tracker| tracker.state(group, &BTreeSet::new()));
        if state.find(reader).is_some() {
            state.there = state.there.saturating_sub(1);
            state.people.retain(|one| one.user != reader);
        }
        state.people.truncate(GLANCE);
        state
    }

    /// Open connections of people with an account.
    pub fn connections(&self) -> usize {
        self.seats().len()
    }

    /// People who were here before a restart and are not back yet.
    pub fn held(&self) -> usize {
        self.shared.rows.held()
    }

    /// How many times changes were looked for.
    pub fn ticks(&self) -> u64 {
        self.shared.figures.ticks.load(Ordering::Acquire)
    }

    pub fn figures(&self) -> &Figures {
        &self.shared.figures
    }

    /// Devices, people, groups in memory.
    pub fn sizes(&self) -> [usize; 3] {
        self.with(|tracker| tracker.sizes())
    }

    /// Tells the groups what changed since the last time.
    fn tick(&self) {
        let now = self.now();
        let Tick { batches, turns } = self.with(|tracker| tracker.tick(now));
        self.shared.rows.note(turns, now);
        self.shared.figures.batches.fetch_add(batches.len() as u64, Ordering::Relaxed);
        for (group, batch) in batches {
            self.tell(group, batch);
        }
    }

    fn tell(&self, group: GroupId, batch: Batch) {
        let hub = &self.shared.hub;
        metrics::PRESENCE_DIFFS.add(1);
        let told = !matches!(batch, Batch::Changed(None, _));
        metrics::PRESENCE_FRAMES.add(if told { hub.listeners(Channel::Presence(group)) } else { 0 });
        match batch {
            Batch::Anew(state) => hub.announce(Channel::Presence(group), ChannelEvent::PresenceShown(Box::new(state))),
            Batch::Changed(diff, unseen) => {
                if let Some(diff) = diff {
                    hub.announce(Channel::Presence(group), ChannelEvent::PresenceChanged(Box::new(diff)));
                }
                let mut acquaintances = self.shared.acquaintances.lock().unwrap_or_else(PoisonError::into_inner);
                let Some(readers) = acquaintances.get_mut(&group) else { return };
                for (reader, friends) in readers {
                    if let Some(diff) = unseen.diff(friends) {
                        let event = ChannelEvent::AcquaintancesChanged { group, diff: Box::new(diff) };
                        metrics::PRESENCE_FRAMES.add(hub.listeners(Channel::User(*reader)));
                        hub.announce(Channel::User(*reader), event);
                    }
                }
            }
        }
    }

    /// In a crowd: whom `reader` knows from elsewhere; they are told of them from now on.
    async fn friends(&self, group: GroupId, reader: UserId) -> Result<BTreeSet<UserId>, StoreError> {
        if !self.with(|tracker| tracker.is_crowd(group)) {
            return Ok(BTreeSet::new());
        }
        let db = self.shared.db.clone();
        let read = move |asked: Vec<(GroupId, UserId)>| {
            let db = db.clone();
            async move {
                let mut readers: BTreeMap<GroupId, Vec<UserId>> = BTreeMap::new();
                asked.into_iter().for_each(|(group, reader)| readers.entry(group).or_default().push(reader));
                let mut found = HashMap::new();
                for (group, readers) in readers {
                    let friends = db.acquaintances(group, &readers).await?;
                    found.extend(friends.into_iter().map(|(reader, friends)| ((group, reader), friends)));
                }
                Ok(found)
            }
        };
        let friends = self.shared.friends.get((group, reader), read).await?.unwrap_or_default();
        if !friends.is_empty() && self.with(|tracker| tracker.facts(reader).is_some()) {
            let mut acquaintances = self.shared.acquaintances.lock().unwrap_or_else(PoisonError::into_inner);
            acquaintances.entry(group).or_default().insert(reader, friends.clone());
        }
        Ok(friends)
    }

    /// What the database says of somebody, in groups where they have the feature.
    async fn facts(&self, user: UserId) -> Result<Option<Facts>, StoreError> {
        let table = self.shared.flags.table();
        let (db, now) = (self.shared.db.clone(), self.now());
        let read = move |users: Vec<UserId>| {
            let db = db.clone();
            async move { db.presence_facts(&users, now).await }
        };
        let facts = self.shared.facts.get(user, read).await?;
        Ok(facts.map(|mut facts| {
            facts.groups.retain(|group, _| table.is_on(Flag::Presence, Some(user), Some(*group)));
            facts
        }))
    }

    /// Reads what the database says of somebody who is there.
    async fn learn(&self, user: UserId) {
        loop {
            let seen = self.shared.changes.load(Ordering::Acquire);
            if self.with(|tracker| tracker.facts(user).is_none()) {
                return;
            }
            let facts = match self.facts(user).await {
                Ok(facts) => facts.unwrap_or_default(),
                Err(error) => return tracing::warn!(error.cause = %error, "presence of somebody not updated"),
            };
            let current = self.with(|tracker| {
                // Under the lock: what changes after this is learned after this.
                let current = self.shared.changes.load(Ordering::Acquire) == seen;
                if current {
                    tracker.learn(user, facts);
                }
                current
            });
            if current {
                return;
            }
        }
    }

    /// The flags changed: everybody's groups are read again.
    async fn learn_all(&self) {
        self.changing();
        for user in self.with(|tracker| tracker.users().collect::<Vec<_>>()) {
            self.learn(user).await;
        }
    }

    /// What was read of anybody before this is read again.
    fn changing(&self) {
        self.shared.changes.fetch_add(1, Ordering::AcqRel);
    }

    fn seats(&self) -> MutexGuard<'_, HashMap<Uuid, Seat>> {
        self.shared.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A machine's clock that is set makes nobody away and keeps nobody.
    fn now(&self) -> i64 {
        self.shared.clock.steady()
    }

    fn with<T>(&self, f: impl FnOnce(&mut Tracker) -> T) -> T {
        f(&mut self.shared.tracker.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
