//! The server's side of `time`: the request's time, by context.

use crate::domain::time::RequestTime;
use leptos::{ev::PointerEvent, prelude::use_context};

/// Unix milliseconds at which the request came in, where the router provided it.
pub fn now() -> Option<i64> {
    use_context::<RequestTime>().map(|time| time.0)
}

/// The server does not know the reader's zone.
pub fn localise() {}

/// Nor here.
pub fn fit_zone() {}

/// Nor here.
pub fn show_exact(_event: &PointerEvent) {}
