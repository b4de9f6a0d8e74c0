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
            blitz::{Blitz, Event},
        },
    },
    server::storage::{Db, StoreError},
};
use std::collections::HashMap;
use tokio::sync::mpsc;
use uuid::Uuid;

/// Messages that may wait for an actor; senders wait beyond that.
const INBOX: usize = 4_096;

/// Claims the session, replays its log, spawns its actor.
pub(super) async fn load(live: &Live, id: LiveSessionId) -> Result<Handle, StoreError> {
    let shared = &live.shared;
    let row = shared.db.live_session(id).await?;
    if row.session_type != LiveSessionType::BlitzQuiz.as_str() {
        return Err(StoreError::NotFound);
    }
    // Whoever else ran it can append no more from here on. What has ended is only read.
    let epoch = if row.status().is_open() { shared.db.claim_live_session(id).await? } else { row.owner_epoch };
    // Read after the claim: from then on nobody else writes it.
    let alive_at = shared.db.live_session(id).await?.alive_at;
    let Replayed { state, offset, done } = replay(&shared.db, id).await?;
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
        inbox: sender,
    };
    let actor = Actor::new(Start {
        live: live.clone(),
        handle: handle.clone(),
        pin: row.pin(),
        epoch,
        alive_at,
        offset,
        state,
        seats,
        done,
        inbox,
    });
    shared.shutdown.tasks.spawn(actor.run());
    Ok(handle)
}

/// What a log says.
pub(super) struct Replayed {
    pub state: Blitz,
    /// The next free one.
    pub offset: i64,
    /// Keys of the commands that were carried out, with the seat that a join led to.
    pub done: Done,
}

/// See [`Replayed::done`].
pub(super) type Done = HashMap<Uuid, Option<ParticipantId>>;

pub(super) async fn replay(db: &Db, id: LiveSessionId) -> Result<Replayed, StoreError> {
    let log = db.live_session_log(id).await?;
    let offset = i64::try_from(log.len()).map_err(|error| StoreError::Other(error.to_string()))?;
    let mut done = Done::new();
    let mut events = Vec::with_capacity(log.len());
    for (at, json, key) in log {
        let event: Event = serde_json::from_str(&json)
            .map_err(|error| StoreError::Other(format!("log of live session {id}: {error}")))?;
        if let Some(key) = key {
            done.insert(key, seat_of(&event));
        }
        events.push((at, event));
    }
    let state =
        Blitz::replay(events.iter()).ok_or_else(|| StoreError::Other(format!("log of live session {id} is empty")))?;
    Ok(Replayed { state, offset, done })
}

/// The seat that an event gave.
pub(super) fn seat_of(event: &Event) -> Option<ParticipantId> {
    match event {
        Event::Joined { participant, .. } | Event::Knocked { participant, .. } => Some(*participant),
        _ => None,
    }
}
