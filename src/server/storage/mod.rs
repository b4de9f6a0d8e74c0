//! Storage on two engines with one SQL text: SQLite (embedded) and Postgres.
//! Times are `i64` Unix milliseconds UTC, ids are UUIDs, JSON is text, placeholders are `$1`; behind `LIMIT` they are
//! `CAST($1 AS BIGINT)`, because SQLite plans by the value of a bare one and compiles the statement anew each time.
//! One file per resource adds its functions to `Db`; the contract suite runs each on both engines.

use sqlx::{PgPool, SqlitePool};

#[macro_use]
mod dispatch;
mod admin;
mod card_writes;
mod cards;
mod categories;
mod decks;
mod flags;
mod groups;
mod images;
mod imports;
mod invites;
mod jobs;
mod live_commits;
mod live_log;
mod live_reports;
mod live_sessions;
mod live_snapshots;
mod open;
mod presence;
mod readers;
mod self_paced;
mod sign_ins;
mod study_rooms;
mod tags;
mod taken_cards;
mod users;

pub use admin::{ListedUser, RoleChange};
pub use cards::NewCard;
pub use flags::FlagRow;
pub use groups::{ListedGroup, ListedMember, MembershipChange};
pub use images::{Image, NewImage};
pub use imports::{Confirmed, StoredImport};
pub use invites::{Accepted, FoundInvite, ListedInvite};
pub use jobs::JobRun;
pub use live_log::{Append, LoggedEvent, NewAnswer, NewEvent, NewParticipant, ParticipantRow, Totals};
pub use live_reports::{AnswerRow, PastSessionRow, SESSIONS_PER_PAGE};
pub use live_sessions::{ActiveLiveSessionRow, LiveSessionRow, NewLiveSession};
pub use live_snapshots::Snapshot;
pub use open::{OpenError, SCHEMA_VERSION};
pub use presence::PresenceRow;
pub use self_paced::{AttemptRow, CloseTurn, NewAttempt, SelfPacedRow, TurnRow};
pub use sign_ins::{ListedSignIn, SignInRow};
pub use study_rooms::{MessageChange, NewMessage, NewStudyRoom, RoomAppend, RoomVisit, StudyRoomRow};
pub use taken_cards::{NewTakenCard, TakenCard};
pub use users::{NewUser, User};

/// A handle to the database; cloning it is cheap.
#[derive(Clone, Debug)]
pub enum Db {
    Sqlite(Sqlite),
    Postgres(PgPool),
}

/// SQLite in WAL mode: many readers, exactly one writer connection.
#[derive(Clone, Debug)]
pub struct Sqlite {
    pub(crate) read: readers::Readers,
    pub(crate) write: SqlitePool,
    commits: std::sync::Arc<live_commits::Commits>,
}

/// The keys of a list in a query, the last one repeated up to a power of two: so few lengths need few prepared
/// statements.
fn padded<T>(keys: &[T]) -> impl Iterator<Item = &T> {
    let repeated = keys.len().next_power_of_two() - keys.len();
    keys.iter().chain(keys.last().into_iter().flat_map(move |last| std::iter::repeat_n(last, repeated)))
}

/// What a storage function may answer instead of its result.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("not found")]
    NotFound,
    /// A unique or foreign key refused the write; carries the constraint's or column's name.
    #[error("conflict on {0}")]
    Conflict(String),
    /// The database is locked, full, read-only or gone; trying again may help.
    #[error("database unavailable: {0}")]
    Unavailable(String),
    #[error("storage: {0}")]
    Other(String),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
                Self::Unavailable(error.to_string())
            }
            sqlx::Error::Database(db) if db.is_unique_violation() || db.is_foreign_key_violation() => {
                Self::Conflict(db.constraint().unwrap_or(db.message()).to_owned())
            }
            sqlx::Error::Database(db)
                if matches!(db.code().as_deref(), Some("5" | "6" | "8" | "13" | "261" | "517")) =>
            {
                Self::Unavailable(error.to_string())
            }
            _ => Self::Other(error.to_string()),
        }
    }
}
