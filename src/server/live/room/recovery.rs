//! From the log back to a running room.

use super::{Rooms, actor::Actor, handle::Handle, recent::Recent};
use crate::{
    domain::{
        ids::{DeckId, GroupId, LiveSessionId, UserId},
        live::{
            LiveSessionType,
            study_room::{Event, StudyRoom},
        },
    },
    server::storage::{Db, StoreError},
};
use tokio::sync::mpsc;

/// Messages that may wait for an actor; senders wait beyond that.
const INBOX: usize = 1_024;

/// What the log gives back.
pub(super) struct Replayed {
    pub state: StudyRoom,
    /// Of the next event.
    pub offset: i64,
    /// Events about messages: the channel's own count.
    pub said: u64,
    pub recent: Recent,
}

/// Claims the room, replays its log, spawns its actor.
pub(super) async fn load(rooms: &Rooms, id: LiveSessionId) -> Result<Handle, StoreError> {
    let shared = &rooms.shared;
    let row = shared.db.live_session(id).await?;
    let group = row.group_id.filter(|_| row.session_type == LiveSessionType::StudyRoom.as_str());
    let group = GroupId(group.ok_or(StoreError::NotFound)?);
    // Whoever else ran it can append no more from here on. What has ended is only read.
    let epoch = if row.status().is_open() { shared.db.claim_live_session(id).await? } else { row.owner_epoch };
    let replayed = replay(&shared.db, id).await?;
    let (sender, inbox) = mpsc::channel(INBOX);
    let handle = Handle { id, group, deck: DeckId(row.deck_id), host: UserId(row.host_id), inbox: sender };
    let actor = Actor::new(rooms.clone(), handle.clone(), epoch, replayed, inbox);
    shared.shutdown.tasks.spawn(actor.run());
    Ok(handle)
}

pub(super) async fn replay(db: &Db, id: LiveSessionId) -> Result<Replayed, StoreError> {
    let log = db.live_session_log(id).await?;
    let offset = i64::try_from(log.len()).map_err(|error| StoreError::Other(error.to_string()))?;
    let events: Vec<(i64, Event)> = log
        .into_iter()
        .map(|(at, json, _)| Ok((at, serde_json::from_str(&json)?)))
        .collect::<Result<_, serde_json::Error>>()
        .map_err(|error| StoreError::Other(format!("log of study room {id}: {error}")))?;
    let state = StudyRoom::replay(events.iter())
        .ok_or_else(|| StoreError::Other(format!("log of study room {id} is empty")))?;
    let said = events.iter().filter(|(_, event)| event.message().is_some()).count() as u64;
    Ok(Replayed { state, offset, said, recent: Recent::load(db, id).await? })
}
