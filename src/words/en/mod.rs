//! English.

mod account;
mod admin;
mod common;
mod deck;
mod frame;
mod group;
mod home;
mod import;
mod live;
mod presence;
mod preview;
mod report;
mod room;
pub(super) mod self_paced;

use super::Words;

pub static WORDS: Words = Words {
    account: account::ACCOUNT,
    admin: admin::ADMIN,
    group: group::GROUP,
    common: common::COMMON,
    deck: deck::DECK,
    import: import::IMPORT,
    frame: frame::FRAME,
    home: home::HOME,
    live: live::LIVE,
    presence: presence::PRESENCE,
    room: room::ROOM,
    report: report::REPORT,
    preview: preview::PREVIEW,
};
