//! The rows of `online_presence`: written when a status turns and every five minutes, never in the way of anybody.

use super::Presence;
use crate::{
    domain::{
        ids::UserId,
        presence::{Activity, Device, NodeId, Place, Standing, Status, Turn},
    },
    server::{
        metrics, random,
        storage::{Db, PresenceRow, StoreError},
    },
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;

/// A row of somebody who stays is confirmed this often, in milliseconds.
pub const REFRESH: i64 = 5 * 60 * 1000;
/// A row that is older than this says nothing of now: its process would have confirmed it.
const LEFT: i64 = REFRESH + 60 * 1000;
/// Rows of one transaction: others want to write as well.
const CHUNK: usize = 200;
/// At the stop there is no next second in which what could not be written is written.
const LAST_TRIES: usize = 3;

pub struct Rows {
    db: Db,
    node: NodeId,
    boot_epoch: i64,
    state: Arc<Mutex<Waiting>>,
    /// One write at a time, so that rows never go back in time.
    writing: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
struct Waiting {
    /// Who is to be written, and when others saw them last, unless that stays as it is.
    pending: BTreeMap<UserId, Option<i64>>,
    /// When each person's row is to be confirmed.
    refresh: BTreeSet<(i64, UserId)>,
    refresh_at: HashMap<UserId, i64>,
    /// Who was here before a restart and is not back yet: shown as they were, and seen last when they were.
    held: BTreeSet<UserId>,
}

/// What a row's `metadata` says.
#[derive(Default, Serialize, Deserialize)]
struct Metadata {
    activity: Option<Activity>,
    #[serde(default)]
    sockets: Vec<Uuid>,
    /// What the node's next process goes on with.
    #[serde(default)]
    devices: Vec<Kept>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    tab: Uuid,
    active_at: i64,
    place: Option<Place>,
}

impl Waiting {
    fn schedule(&mut self, user: UserId, at: Option<i64>) {
        let old = match at {
            Some(at) => self.refresh_at.insert(user, at),
            None => self.refresh_at.remove(&user),
        };
        if let Some(old) = old {
            self.refresh.remove(&(old, user));
        }
        if let Some(at) = at {
            self.refresh.insert((at, user));
        }
    }
}

impl Rows {
    pub fn new(db: Db, node: NodeId, boot_epoch: i64) -> Self {
        Self { db, node, boot_epoch, state: Arc::default(), writing: Arc::default() }
    }

    /// Devices of this node's earlier processes whose people may be on the way back; they count for `grace`.
    pub async fn left_behind(&self, grace: i64, now: i64) -> Result<Vec<Device>, StoreError> {
        let rows = self.db.presence_left_behind(self.node, self.boot_epoch, now - LEFT).await?;
        let mut devices = Vec::new();
        for (user, metadata) in rows {
            // Written by an older version, or of somebody who was gone.
            let Ok(metadata) = serde_json::from_str::<Metadata>(&metadata) else { continue };
            devices.extend(metadata.devices.into_iter().map(|Kept { tab, active_at, place }| Device {
                node: self.node,
                user,
                tab,
                active_at,
                place,
                until: Some(now + grace),
            }));
        }
        self.lock().held.extend(devices.iter().map(|device| device.user));
        Ok(devices)
    }

    /// How many are held.
    pub fn held(&self) -> usize {
        self.lock().held.len()
    }

    /// Somebody who was held is here again.
    pub fn back(&self, user: UserId, now: i64) {
        let mut waiting = self.lock();
        if waiting.held.remove(&user) {
            waiting.pending.insert(user, Some(now));
        }
    }

    /// Whoever this node's earlier processes left behind is gone.
    pub async fn replace(&self) -> Result<u64, StoreError> {
        self.db.replace_presence(self.node, self.boot_epoch).await
    }

    /// Notes statuses that turned.
    pub fn note(&self, turns: Vec<Turn>, now: i64) {
        let mut waiting = self.lock();
        for Turn { user, from, to } in turns {
            // Who comes out of hiding, or goes in it or away while hidden, was last seen when others saw them last.
            let seen = to.is_visible() || !matches!(from, Status::Invisible | Status::Offline);
            let seen = seen && !waiting.held.contains(&user);
            if to.status == Status::Offline {
                waiting.held.remove(&user);
            }
            waiting.pending.insert(user, seen.then_some(now));
            waiting.schedule(user, (to.status != Status::Offline).then_some(now + REFRESH));
        }
        let due: Vec<UserId> = waiting.refresh.iter().take_while(|(at, _)| *at <= now).map(|(_, user)| *user).collect();
        for user in due {
            waiting.pending.entry(user).or_insert(None);
            waiting.schedule(user, Some(now + REFRESH));
        }
    }

    /// Writes what is waiting, beside everything else. What could not be written waits on.
    pub fn write(&self, presence: &Presence, now: i64) {
        let Ok(permit) = Arc::clone(&self.writing).try_lock_owned() else { return };
        let rows = self.take(presence, now);
        if rows.is_empty() {
            return;
        }
        let (db, node, boot_epoch, state) = (self.db.clone(), self.node, self.boot_epoch, Arc::clone(&self.state));
        presence.shared.shutdown.tasks.spawn(async move {
            let unwritten = write(&db, node, boot_epoch, &rows, now).await;
            let mut waiting = state.lock().unwrap_or_else(PoisonError::into_inner);
            for row in unwritten {
                waiting.pending.entry(row.user).or_insert(row.last_seen);
            }
            drop(waiting);
            drop(permit);
        });
    }

    /// The server stops: nobody is here any more.
    pub async fn close(&self, presence: &Presence, now: i64) {
        let _permit = self.writing.lock().await;
        let here = self.lock().refresh_at.keys().copied().collect::<Vec<_>>();
        let mut rows = self.take(presence, now);
        for user in here {
            let (standing, devices) = presence.with(|tracker| (tracker.standing(user), tracker.devices(user)));
            rows.retain(|row| row.user != user);
            let held = self.lock().held.contains(&user);
            let last_seen = (standing.is_visible() && !held).then_some(now);
            rows.push(row(user, Standing::GONE, vec![], devices, last_seen, now));
        }
        let mut unwritten = &rows[..];
        for _ in 0..LAST_TRIES {
            unwritten = write(&self.db, self.node, self.boot_epoch, unwritten, now).await;
        }
        if !unwritten.is_empty() {
            tracing::error!(people = unwritten.len(), "presence not written before the stop");
        }
    }

    fn take(&self, presence: &Presence, now: i64) -> Vec<PresenceRow> {
        let (pending, held) = {
            let mut waiting = self.lock();
            (std::mem::take(&mut waiting.pending), waiting.held.clone())
        };
        presence.with(|tracker| {
            let rows = pending.into_iter().map(|(user, seen)| {
                let standing = tracker.standing(user);
                let seen = if standing.is_visible() && !held.contains(&user) { Some(now) } else { seen };
                row(user, standing, tracker.connections(user), tracker.devices(user), seen, now)
            });
            rows.collect()
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn row(
    user: UserId,
    standing: Standing,
    sockets: Vec<Uuid>,
    devices: Vec<Device>,
    last_seen: Option<i64>,
    now: i64,
) -> PresenceRow {
    let activity = standing.place.as_ref().map(|place| place.doing.activity);
    let devices =
        devices.into_iter().map(|Device { tab, active_at, place, .. }| Kept { tab, active_at, place }).collect();
    // Numbers, ids and texts: nothing of it can fail.
    let metadata = serde_json::to_string(&Metadata { activity, sockets, devices }).unwrap_or_else(|_| "{}".into());
    PresenceRow {
        id: random::id::<UserId>(now).0,
        user,
        group: standing.place.as_ref().and_then(|place| place.group),
        session: activity.and_then(|activity| activity.session()),
        status: standing.status,
        last_seen,
        metadata,
    }
}

/// Writes `rows` and gives those that the database did not take although it may take them later.
async fn write<'a>(db: &Db, node: NodeId, boot_epoch: i64, mut rows: &'a [PresenceRow], now: i64) -> &'a [PresenceRow] {
    while !rows.is_empty() {
        let (chunk, rest) = rows.split_at(rows.len().min(CHUNK));
        match db.write_presence(node, boot_epoch, chunk, now).await {
            Ok(()) => {
                metrics::PRESENCE_ROWS.add(chunk.len());
                metrics::PRESENCE_LAST_SEEN.add(chunk.iter().filter(|row| row.last_seen.is_some()).count());
            }
            Err(StoreError::Unavailable(cause)) => {
                tracing::warn!(error.cause = cause, "presence not written; tried again");
                break;
            }
            Err(error) => tracing::error!(error.cause = %error, "presence not written"),
        }
        rows = rest;
    }
    rows
}
