//! English.

mod common;
mod frame;
mod home;

use super::Words;

pub static WORDS: Words = Words { common: common::COMMON, frame: frame::FRAME, home: home::HOME };
