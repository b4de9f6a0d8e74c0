//! English.

mod account;
mod admin;
mod common;
mod frame;
mod group;
mod home;
mod live;

use super::Words;

pub static WORDS: Words = Words {
    account: account::ACCOUNT,
    admin: admin::ADMIN,
    group: group::GROUP,
    common: common::COMMON,
    frame: frame::FRAME,
    home: home::HOME,
    live: live::LIVE,
};
