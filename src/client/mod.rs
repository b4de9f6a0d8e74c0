//! Browser glue with twins for the server that do nothing, so that pages need no feature gates.

pub mod action;
pub mod clock;
pub mod connection;
pub mod dialog;
pub mod form_error;
pub mod form_fields;
pub mod live_session;
pub mod load;
pub mod presence;
pub mod socket;
pub mod study_room;
pub mod theme;

#[cfg_attr(not(feature = "hydrate"), path = "ask_twin.rs")]
mod ask;
#[cfg_attr(not(feature = "hydrate"), path = "browser_twin.rs")]
pub mod browser;
#[cfg_attr(not(feature = "hydrate"), path = "clipboard_twin.rs")]
pub mod clipboard;
#[cfg_attr(not(feature = "hydrate"), path = "time_twin.rs")]
pub mod time;

/// Whether this is the browser's build.
pub const IN_BROWSER: bool = cfg!(feature = "hydrate");

/// Whether this is the browser's part for the pages that fill a screen; see docs/DECISIONS.md, "Two parts".
const LIVE_PART: bool = cfg!(feature = "live");
/// Whether this build can show the pages that fill a screen: quiz and study room.
pub const HAS_LIVE_PAGES: bool = !IN_BROWSER || LIVE_PART;
/// Whether this build can show all other pages.
pub const HAS_FRAMED_PAGES: bool = !IN_BROWSER || !LIVE_PART;
