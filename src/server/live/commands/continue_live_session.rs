//! Play again: a new session with the same settings and a new draw, to which the old one's people are sent.

use super::CreateLiveSession;
use crate::{
    api::error::AppError,
    domain::{
        ids::{CategoryId, DeckId, LiveSessionId},
        live::blitz::{BlitzConfig, Command, HostPhase},
    },
    server::{
        call::{Call, internal},
        live::{caller::Caller, open_session},
        random,
    },
};
use uuid::Uuid;

/// A host's command; `seen` is the revision on the host's screen, a stale one does nothing.
#[derive(Clone, Copy, Debug)]
pub struct ContinueLiveSession {
    pub session: LiveSessionId,
    pub seen: u32,
    /// A repeated click makes one session.
    pub key: Uuid,
    /// When it arrived, Unix ms.
    pub at: i64,
}

impl ContinueLiveSession {
    /// The new session; the one that is there already when somebody else was faster.
    pub async fn run(self, call: &Call, caller: &Caller) -> Result<LiveSessionId, AppError> {
        let old = open_session(&call.state, self.session).await?;
        caller.host(&call.state, &old).await?;
        let view = old.host_view().await?;
        if let Some(next) = view.next {
            return Ok(next);
        }
        // Before anything is made that nobody would find.
        if view.revision != self.seen || !matches!(view.phase, HostPhase::Podium { .. } | HostPhase::Ended { .. }) {
            return Err(AppError::Conflict);
        }
        let row = call.state.db.live_session(self.session).await?;
        let config: BlitzConfig = serde_json::from_str(&row.config).map_err(|error| internal(&error.to_string()))?;
        let create = CreateLiveSession {
            deck: DeckId(row.deck_id),
            category: row.category_id.map(CategoryId),
            card_count: config.card_count,
            time_limit_s: config.time_limit_ms / 1_000,
            hints: config.hints,
            answers: config.answers,
            rules: config.rules,
            key: self.key,
            teams: config.teams,
            carried: old.extra_times().await?,
        };
        let next = create.run(call).await?;
        let key = random::id(self.at);
        match old.command(key, Command::Continue { seen: self.seen, next }, self.at).await {
            Ok(()) => Ok(next),
            // Two hosts at once: one of the two new lobbies stays empty, and everybody goes to the other.
            Err(refused) => match old.host_view().await?.next {
                Some(first) => Ok(first),
                None => Err(refused.into()),
            },
        }
    }
}
