//! Opening a study room on a deck of a group.

use crate::{
    api::error::{AppError, Problem},
    domain::{
        flags::Flag,
        ids::{CardId, DeckId, LiveSessionId},
        live::study_room::{Event, Rules},
    },
    protocol::{Channel, ChannelEvent},
    server::{
        call::{Call, internal},
        random,
        storage::{NewStudyRoom, StoreError},
    },
};
use uuid::Uuid;

/// Cards of a room at most.
const MOST_CARDS: usize = 2_000;
/// Two clicks within so many milliseconds are one.
const DOUBLE_CLICK_MS: i64 = 10_000;

#[derive(Clone, Copy, Debug)]
pub struct CreateStudyRoom {
    pub deck: DeckId,
    pub rules: Rules,
}

impl CreateStudyRoom {
    /// For every member of the deck's group. Who has an open room on this deck comes back to it.
    pub async fn run(self, call: &Call) -> Result<LiveSessionId, AppError> {
        let state = &call.state;
        let host = call.user()?.user;
        let access = call.deck_read(self.deck).await?;
        let group = access.group_id.ok_or_else(|| AppError::field("deck", Problem::NotAllowed))?;
        for flag in [Flag::Realtime, Flag::LiveSessions] {
            call.flag(flag, Some(group))?;
        }
        if let Some(open) = state.db.open_room_of_host(self.deck, host).await? {
            return Ok(open);
        }
        let cards: Vec<CardId> = state.db.card_ids(self.deck, MOST_CARDS).await?;
        if cards.is_empty() {
            return Err(AppError::field("deck", Problem::TooFew { min: 1, found: 0 }));
        }
        let count = u32::try_from(cards.len()).unwrap_or(u32::MAX);
        let created = Event::Created { host, title: access.title, cards: count, rules: self.rules };
        let json = |error: serde_json::Error| internal(&error.to_string());
        let moment = u128::try_from(call.now / DOUBLE_CLICK_MS).unwrap_or(0);
        let new = NewStudyRoom {
            id: random::id(call.now),
            group,
            host,
            deck: self.deck,
            config: serde_json::to_string(&self.rules).map_err(json)?,
            cards,
            idempotency_key: Uuid::from_u128(self.deck.0.as_u128() ^ moment),
            created: serde_json::to_string(&created).map_err(json)?,
            at: call.now,
            logged_at: state.clock.steady(),
        };
        match state.db.create_study_room(&new).await {
            Ok(()) => {
                state.hub.announce(Channel::Group(group), ChannelEvent::LiveSessionsChanged);
                Ok(new.id)
            }
            Err(StoreError::Conflict(name)) => {
                let made = state.db.live_session_by_key(host, new.idempotency_key).await?;
                made.ok_or_else(|| StoreError::Conflict(name).into())
            }
            Err(error) => Err(error.into()),
        }
    }
}
