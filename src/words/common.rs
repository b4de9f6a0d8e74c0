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
    pub error: fn(&AppError) -> String,
    pub problem: fn(&Problem) -> String,
}
