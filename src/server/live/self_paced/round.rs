//! The rounds that are played: each is read once from the log of a session that is over, which changes no more.

use super::super::queries::{answers, played, players};
use crate::{
    domain::{ids::LiveSessionId, live::self_paced::Round},
    protocol::Refused,
    server::storage::Db,
};
use moka::future::Cache;
use std::{sync::Arc, time::Duration};

/// What was read lately.
#[derive(Clone)]
pub struct Rounds {
    known: Cache<LiveSessionId, Arc<Round>>,
}

impl Default for Rounds {
    fn default() -> Self {
        Self { known: Cache::builder().max_capacity(200).time_to_idle(Duration::from_secs(3_600)).build() }
    }
}

impl Rounds {
    /// The session's round; a class that comes at once reads it once. `Live(NotNow)` while the session goes on.
    pub async fn get(&self, db: &Db, session: LiveSessionId) -> Result<Arc<Round>, Refused> {
        let read = async {
            let played = played(db, session).await?;
            let players = players(db, session, &played).await?;
            let answers = answers(db, session).await?;
            Ok::<_, Refused>(Arc::new(Round::of(played.quiz, &played.counted, &players, &answers)))
        };
        self.known.try_get_with(session, read).await.map_err(|error| (*error).clone())
    }
}
