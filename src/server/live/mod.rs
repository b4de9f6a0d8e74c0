//! Live sessions on the server: commands and queries, one file each, usable from server functions and from the
//! socket alike; the engine that owns each running session; seats and who sits in them.

pub mod call;
pub mod caller;
pub mod commands;
pub mod engine;
pub mod export;
mod inbox;
mod names;
pub mod pool;
pub mod queries;
mod registry;
pub mod room;
pub mod room_act;
pub mod seat;
pub mod self_paced;

pub use engine::Live;
pub use room::Rooms;

use super::{state::AppState, storage::StoreError};
use crate::{
    api::error::{AppError, Problem},
    domain::{flags::Flag, ids::LiveSessionId, live::blitz::Refusal},
    protocol::Refused,
};

/// The session, while its feature is on for its host: all who sit in it, guests too, play on the host's behalf.
/// Ending a session asks [`Live`] directly, so that what was switched off can still be closed.
pub async fn open_session(state: &AppState, id: LiveSessionId) -> Result<engine::Handle, Refused> {
    let session = state.live.session(id).await?;
    state.flags.check(Flag::BlitzQuiz, Some(session.host), session.group)?;
    Ok(session)
}

impl From<StoreError> for Refused {
    /// Internals are logged by the conversion to [`AppError`]; the socket says the same in its own words.
    fn from(error: StoreError) -> Self {
        match AppError::from(error) {
            AppError::NotFound => Self::NotFound,
            _ => Self::Unavailable,
        }
    }
}

impl From<AppError> for Refused {
    fn from(error: AppError) -> Self {
        match error {
            AppError::SignInRequired => Self::SignInRequired,
            AppError::Forbidden => Self::Forbidden,
            AppError::NotFound => Self::NotFound,
            AppError::TooMany { retry_after } => Self::TooMany { retry_after },
            AppError::FlagOff { flag } => Self::FlagOff { flag },
            _ => Self::Unavailable,
        }
    }
}

impl From<Refused> for AppError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::SignInRequired => Self::SignInRequired,
            Refused::Forbidden => Self::Forbidden,
            Refused::NotFound | Refused::Live(Refusal::NotInSession) => Self::NotFound,
            Refused::TooMany { retry_after } => Self::TooMany { retry_after },
            Refused::FlagOff { flag } => Self::FlagOff { flag },
            Refused::Unavailable => Self::Unavailable,
            Refused::Name(problem) => Self::field("name", problem),
            Refused::Live(Refusal::NameTaken { suggestion }) => Self::field("name", Problem::Taken { suggestion }),
            Refused::Live(Refusal::Crowded) => Self::field("name", Problem::Crowded),
            Refused::Live(Refusal::Malformed) => Self::field("text", Problem::Malformed),
            Refused::Live(Refusal::NobodyHere) => Self::field("players", Problem::TooFew { min: 1, found: 0 }),
            Refused::Text(problem) => Self::field("text", problem),
            Refused::Live(_) | Refused::Room(_) => Self::Conflict,
        }
    }
}
