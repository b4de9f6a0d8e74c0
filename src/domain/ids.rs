//! Identifiers: one newtype over a UUIDv7 for each kind of thing, so that they cannot be mixed up.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self { Self(id) }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> { Uuid::parse_str(s).map(Self) }
        }
    )*};
}

ids! {
    /// An account.
    UserId,
    /// A signed-in browser of an account.
    SignInId,
    /// A group of learners with their teachers.
    GroupId,
    DeckId,
    /// A named part of a deck.
    CategoryId,
    /// A flashcard.
    CardId,
    /// Cards that were deleted together and can be brought back together.
    DeletionId,
    /// An uploaded picture.
    ImageId,
    /// An upload that waits for its confirmation.
    ImportId,
    LiveSessionId,
    /// One person's seat in a live session: public, unlike the seat's secret.
    ParticipantId,
    /// A message in a study room.
    MessageId,
}
