//! From the log back to a running session.

use super::{Live, actor::Actor, handle::Handle};
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
    let (state, offset) = replay(&shared.db, id).await?;
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
    let actor = Actor::new(live.clone(), handle.clone(), row.pin(), epoch, offset, state, seats, inbox);
    shared.shutdown.tasks.spawn(actor.run());
    Ok(handle)
}

/// The state and the next free offset.
pub(super) async fn replay(db: &Db, id: LiveSessionId) -> Result<(Blitz, i64), StoreError> {
    let log = db.live_session_log(id).await?;
    let offset = i64::try_from(log.len()).map_err(|error| StoreError::Other(error.to_string()))?;
    let events: Vec<(i64, Event)> = log
        .into_iter()
        .map(|(at, json)| Ok((at, serde_json::from_str(&json)?)))
        .collect::<Result<_, serde_json::Error>>()
        .map_err(|error| StoreError::Other(format!("log of live session {id}: {error}")))?;
    let state =
        Blitz::replay(events.iter()).ok_or_else(|| StoreError::Other(format!("log of live session {id} is empty")))?;
    Ok((state, offset))
}
