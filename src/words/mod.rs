//! Every sentence a person reads. One file per area with its struct of `&'static str` fields and small
//! functions for counts and names; one folder per language with the same files. The compiler checks the keys.

pub mod account;
pub mod admin;
pub mod common;
pub mod deck;
pub mod en;
pub mod frame;
pub mod group;
pub mod home;
pub mod import;
pub mod live;
pub mod presence;
pub mod preview;
pub mod report;
pub mod room;
pub mod self_paced;

use leptos::prelude::*;

/// All sentences of one language.
pub struct Words {
    pub account: account::Account,
    pub group: group::Group,
    pub admin: admin::Admin,
    pub common: common::Common,
    pub deck: deck::Deck,
    pub import: import::Import,
    pub frame: frame::Frame,
    pub home: home::Home,
    pub live: live::Live,
    pub presence: presence::Presence,
    pub room: room::Room,
    pub report: report::Report,
    pub preview: preview::Preview,
}

/// The sentences in the reader's language, from context.
pub fn use_words() -> &'static Words {
    use_context::<&'static Words>().unwrap_or(&en::WORDS)
}
