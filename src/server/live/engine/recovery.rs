//! From the log back to a running session.

use super::{
    Live,
    actor::{Actor, Start},
    handle::Handle,
};
use crate::{
    domain::{
        ids::{DeckId, GroupId, LiveSessionId, ParticipantId, UserId},
        live::{
            LiveSessionType,
            blitz::{Blitz, CROWD, Event, MOST_CROWD, SNAPSHOT_VERSION},
        },
    },
    server::storage::{Db, LoggedEvent, StoreError},
};
use std::{
    collections::HashMap,
    sync::{Arc, atomic::AtomicU32},
};
use tokio::sync::mpsc;
use uuid::Uuid;

/// Messages that may wait for an actor; senders wait beyond that.
const INBOX: usize = 4_096;

/// Spawns the session's actor.
pub(super) async fn load(live: &Live, id: LiveSessionId) -> Result<Handle, StoreError> {
    let actor = owner(live, id).await?;
    let handle = actor.handle.clone();
    live.shared.shutdown.tasks.spawn(actor.run());
    Ok(handle)
}

/// Claims the session and replays its log.
pub(super) async fn owner(live: &Live, id: LiveSessionId) -> Result<Actor, StoreError> {
    let shared = &live.shared;
    let row = shared.db.live_session(id).await?;
    if row.session_type != LiveSessionType::BlitzQuiz.as_str() {
        return Err(StoreError::NotFound);
    }
    // Whoever else ran it can append no more from here on. What has ended is only read.
    let epoch = if row.status().is_open() { shared.db.claim_live_session(id).await? } else { row.owner_epoch };
    // Read after the claim: from then on nobody else writes it.
    let alive_at = shared.db.live_session(id).await?.alive_at;
    let Replayed { state, offset, snapshot, done } = replay(&shared.db, id).await?;
    let seats: HashMap<_, _> = shared
        .db
        .live_session_participants(id)
        .await?
        .into_iter()
        .filter_map(|row| Some((row.secret_hash.try_into().ok()?, ParticipantId(row.id))))
        .collect();
    let (sender, inbox) = mpsc::channel(INBOX);
    let handle = Handle {
        id,
        host: UserId(row.host_id),
        group: row.group_id.map(GroupId),
        deck: DeckId(row.deck_id),
        crowd: Arc::new(AtomicU32::new(state.config.rules.expected.clamp(CROWD, MOST_CROWD))),
        inbox: sender,
    };
    Ok(Actor::new(Start {
        live: live.clone(),
        handle,
        pin: row.pin(),
        epoch,
        alive_at,
        offset,
        snapshot,
        state,
        seats,
        done,
        inbox,
    }))
}

/// What a log says.
pub(super) struct Replayed {
    pub state: Blitz,
    /// The next free one.
    pub offset: i64,
    /// Up to where the last snapshot goes; 0 without one.
    pub snapshot: i64,
    /// Keys of the commands that were carried out, with the seat that a join led to.
    pub done: Done,
}

/// See [`Replayed::done`].
pub(super) type Done = HashMap<Uuid, Option<ParticipantId>>;

/// The state from the last snapshot and the events after it; without a snapshot that can be read, from the whole log.
pub(super) async fn replay(db: &Db, id: LiveSessionId) -> Result<Replayed, StoreError> {
    if let Some(snapshot) = db.live_snapshot(id, SNAPSHOT_VERSION).await? {
        match serde_json::from_str::<Blitz>(&snapshot.state) {
            Ok(state) => return go_on(db, id, state, snapshot.offset).await,
            Err(error) => {
                tracing::info!(live_session.id = %id, error.cause = %error, "snapshot not read, the log is replayed");
            }
        }
    }
    let mut log = db.live_session_log(id).await?.into_iter();
    let mut done = Done::new();
    let first = log.next().map(|entry| decode(id, entry, &mut done)).transpose()?;
    let state = first.and_then(|(at, event)| Blitz::created(&event, at));
    let mut state = state.ok_or_else(|| StoreError::Other(format!("log of live session {id} does not begin")))?;
    let mut offset = 1;
    for entry in log {
        let (at, event) = decode(id, entry, &mut done)?;
        state.apply(&event, at);
        offset += 1;
    }
    Ok(Replayed { state, offset, snapshot: 0, done })
}

async fn go_on(db: &Db, id: LiveSessionId, mut state: Blitz, from: i64) -> Result<Replayed, StoreError> {
    let mut done = Done::new();
    for (key, event) in db.live_session_keys(id, from).await? {
        let seat = event.and_then(|json| serde_json::from_str(&json).ok()).as_ref().and_then(seat_of);
        done.insert(key, seat);
    }
    let mut offset = from;
    for entry in db.live_session_log_from(id, from).await? {
        let (at, event) = decode(id, entry, &mut done)?;
        state.apply(&event, at);
        offset += 1;
    }
    Ok(Replayed { state, offset, snapshot: from, done })
}

fn decode(id: LiveSessionId, (at, json, key): LoggedEvent, done: &mut Done) -> Result<(i64, Event), StoreError> {
    let event: Event =
        serde_json::from_str(&json).map_err(|error| StoreError::Other(format!("log of live session {id}: {error}")))?;
    if let Some(key) = key {
        done.insert(key, seat_of(&event));
    }
    Ok((at, event))
}

/// The seat that an event gave.
pub(super) fn seat_of(event: &Event) -> Option<ParticipantId> {
    match event {
        Event::Joined { participant, .. } | Event::Knocked { participant, .. } => Some(*participant),
        _ => None,
    }
}
