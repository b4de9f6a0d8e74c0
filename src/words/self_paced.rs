//! Words of playing a quiz later, alone. Apart from the others: only the server writes them, no browser downloads them.

use crate::domain::live::self_paced::Refusal;

pub struct SelfPaced {
    // ---- The teacher ----
    pub title: &'static str,
    pub intro: &'static str,
    pub to_report: &'static str,
    pub link: &'static str,
    pub look: &'static str,
    pub qr: fn(&str) -> String,
    pub open_until: &'static str,
    pub closed_since: &'static str,
    pub deadline: &'static str,
    /// How the deadline is read without a script.
    pub deadline_utc: &'static str,
    pub deadline_wrong: &'static str,
    pub timed: [&'static str; 2],
    pub open: &'static str,
    pub open_again: &'static str,
    pub save: &'static str,
    pub close: &'static str,
    pub players: fn(usize) -> String,
    pub nobody: &'static str,
    pub columns: [&'static str; 5],
    /// Closed questions of how many.
    pub done: fn(usize, usize) -> String,
    pub finished: &'static str,
    pub practice: &'static str,
    pub practice_note: &'static str,

    // ---- At the door ----
    /// Host, and group where there is one.
    pub from: fn(&str, Option<&str>) -> String,
    /// Questions, and seconds for each.
    pub facts: fn(u32, Option<u32>) -> String,
    pub until: &'static str,
    pub name_note: &'static str,
    pub account: fn(&str) -> String,
    pub played: &'static str,
    pub join: &'static str,
    pub ready: fn(&str) -> String,
    /// With and without time limits.
    pub how: [&'static str; 2],
    pub start: &'static str,
    pub closed_title: &'static str,
    pub closed_text: &'static str,

    // ---- In the questions ----
    pub next: &'static str,
    pub to_end: &'static str,
    pub go_on: &'static str,
    pub practising: &'static str,
    /// Right of those who answered in the room.
    pub room: fn(u32, u32) -> String,
    pub room_chart: &'static str,
    /// Questions that are left when the deadline is over.
    pub cut_off: fn(u32) -> String,
    pub compared: &'static str,
    pub refused: fn(Refusal) -> &'static str,
}

/// In the reader's language; there is one so far.
pub fn words() -> &'static SelfPaced {
    &super::en::self_paced::SELF_PACED
}
