//! What a study room shows: people, timer, card, conversation, and what its host can set.

pub mod back;
pub mod card;
pub mod chat;
pub mod list;
pub mod message;
pub mod people;
pub mod settings;
pub mod timer;
