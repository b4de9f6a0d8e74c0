//! One file per route.

pub mod account;
pub mod admin;
pub mod again;
pub mod blitz_new;
pub mod card;
pub mod deck;
pub mod decks;
pub mod group;
pub mod groups;
pub mod home;
pub mod import;
pub mod invite;
pub mod join;
pub mod live_host;
pub mod live_play;
pub mod live_preview;
pub mod live_report;
pub mod live_result;
pub mod live_sessions;
pub mod not_found;
pub mod self_paced;
pub mod sign_in;
pub mod sign_up;
pub mod study_room;
