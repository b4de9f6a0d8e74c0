//! Words of presence: who is there, how reachable, doing what.

use crate::domain::presence::{Doing, Status};

pub struct Presence {
    pub status: fn(Status) -> &'static str,
    /// What choosing the status does.
    pub note: fn(Status) -> &'static str,
    pub choose: &'static str,
    pub doing: fn(&Doing) -> String,
    /// "Mina, online, reviewing Organic chemistry".
    pub person: fn(&str, Status, Option<&Doing>) -> String,
    pub here: fn(u32) -> String,
    pub more: fn(u32) -> String,
    pub more_label: fn(u32) -> String,
    pub last_seen: &'static str,
    pub just_left: &'static str,
    pub deck_now: &'static str,
}
