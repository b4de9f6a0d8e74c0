//! Server functions, one file or folder per resource. Each one checks who asks and whether the feature is on,
//! lets the domain decide and the storage write. Their paths are `/api/<name>`.

pub mod account;
pub mod admin;
pub mod cards;
pub mod decks;
pub mod error;
pub mod forms;
pub mod groups;
pub mod imports;
pub mod invites;
pub mod live;
pub mod live_cards;
pub mod live_preview;
pub mod live_reports;
pub mod presence;
pub mod rooms;
pub mod self_paced;
pub mod theme;
pub mod wire;
