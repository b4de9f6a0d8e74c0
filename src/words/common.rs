//! Words that many pages share: the product's name, buttons, errors.

use crate::api::error::{AppError, Problem};

pub struct Common {
    pub product: &'static str,
    pub cancel: &'static str,
    pub save: &'static str,
    pub undo: &'static str,
    pub back: &'static str,
    pub close: &'static str,
    pub loading: &'static str,
    pub not_found_title: &'static str,
    pub not_found_text: &'static str,
    pub try_again: &'static str,
    pub to_home: &'static str,
    pub copy: &'static str,
    pub copied: &'static str,
    pub search: &'static str,
    pub pages: &'static str,
    pub previous: &'static str,
    pub next: &'static str,
    /// Which page of how many.
    pub page_of: fn(u32, u32) -> String,
    /// How long ago, given milliseconds and, for what is long past, year, month and day.
    pub ago: fn(i64, (i64, u8, u8)) -> String,
    /// A date from year, month and day.
    pub date: fn((i64, u8, u8)) -> String,
    pub error_title: fn(&AppError) -> &'static str,
    pub error: fn(&AppError) -> String,
    pub problem: fn(&Problem) -> String,
}
