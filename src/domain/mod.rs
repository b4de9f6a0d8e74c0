//! The rules of Studyhall, shared by both sides: pure, no async, no I/O, no clock.
//! Times, ids and randomness are passed in.

pub mod account;
pub mod card;
pub mod card_images;
pub mod deck;
pub mod flag_table;
pub mod flags;
pub mod ids;
pub mod import;
pub mod invite;
pub mod live;
pub mod presence;
pub mod problem;
pub mod role;
pub mod text;
pub mod theme;
pub mod time;
