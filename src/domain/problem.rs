//! What can be wrong with something that a person typed. The sentences for it are in `words`.

use super::flags::Flag;
use serde::{Deserialize, Serialize};

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    Required,
    /// Fewer than `min` characters.
    TooShort {
        min: u32,
    },
    /// More than `max` characters.
    TooLong {
        max: u32,
    },
    /// More than `max` of them.
    TooMany {
        max: u32,
    },
    /// A number outside `min..=max`.
    OutOfRange {
        min: i64,
        max: i64,
    },
    /// Not of the expected form (an e-mail without @, an unknown choice, …).
    Malformed,
    /// Somebody has it already; `suggestion` is free.
    Taken {
        suggestion: Option<String>,
    },
    /// Wrong password, PIN, code.
    Wrong,
    /// Not acceptable here (a name that insults, a word that pretends to be staff, …).
    NotAllowed,
    /// The two inputs differ.
    Mismatch,
    /// Too easy to guess.
    TooWeak,
    /// The lobby is locked, the invitation has ended.
    Closed,
    /// There are fewer than `min` of them.
    TooFew {
        min: u32,
        found: u32,
    },
    /// Nobody would be left to look after the installation.
    LastAdmin,
    /// The feature is not in this version.
    NotBuilt,
    /// `flag` cannot be on while `needs` is off.
    FlagNeeds {
        flag: Flag,
        needs: Flag,
    },
    /// Too many people are here or wait already.
    Crowded,
}
