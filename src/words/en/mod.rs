//! English.

mod common;

use super::Words;

pub static WORDS: Words = Words { common: common::COMMON };
