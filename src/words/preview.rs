//! Words of the preview: the drawn questions on the host's own screen, and what they are worth.

use crate::domain::live::question::Worth;

pub struct Preview {
    /// The way there, in the lobby.
    pub open: &'static str,
    pub title: &'static str,
    pub veil_title: &'static str,
    pub veil_text: &'static str,
    pub show: &'static str,
    pub warning: &'static str,
    pub to_lobby: &'static str,
    pub started: &'static str,
    pub right: &'static str,
    pub exchange: fn(&str) -> String,
    pub no_others: &'static str,
    pub points: &'static str,
    pub worth: fn(Worth) -> &'static str,
    pub time: &'static str,
    /// The time for all questions, in seconds.
    pub usual_time: fn(u32) -> String,
    pub explanation: &'static str,
    pub save: &'static str,
    pub drop: &'static str,
    /// The same for a question's number.
    pub drop_of: fn(u32) -> String,
    pub save_of: fn(u32) -> String,
    pub only_one: &'static str,
    /// Before and while a question is open; `None` for the usual points.
    pub badge: fn(Worth) -> Option<&'static str>,
}
