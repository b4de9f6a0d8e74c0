//! Words of the admin's page.

use crate::domain::{flag_table::Source, flags::Flag, role::UserRole};

pub struct Admin {
    pub title: &'static str,
    pub flags: &'static str,
    pub flags_note: &'static str,
    pub feature: &'static str,
    pub now: &'static str,
    pub share: &'static str,
    pub change: &'static str,
    pub on: &'static str,
    pub off: &'static str,
    pub not_built: &'static str,
    /// On, but what it needs is off.
    pub held_back: &'static str,
    /// The features that one needs, by name.
    pub needs: fn(&str) -> String,
    pub set: &'static str,
    pub take_back: &'static str,
    pub everybody: &'static str,
    pub group: &'static str,
    pub exceptions: &'static str,
    pub exceptions_note: &'static str,
    pub no_exceptions: &'static str,
    pub add_exception: &'static str,
    pub no_groups: &'static str,
    pub users: &'static str,
    pub count: fn(u32) -> String,
    pub search_users: &'static str,
    pub search: &'static str,
    pub nobody_found: &'static str,
    pub name: &'static str,
    pub email: &'static str,
    pub since: &'static str,
    pub role: &'static str,
    /// The label of somebody's choice of role, for screen readers.
    pub role_of: fn(&str) -> String,
    pub describe: fn(Flag) -> &'static str,
    pub source: fn(Source) -> &'static str,
    pub role_name: fn(UserRole) -> &'static str,
    pub jobs: &'static str,
    pub job: &'static str,
    pub last_run: &'static str,
    pub next_run: &'static str,
    pub not_run: &'static str,
    pub running: &'static str,
    pub failed: &'static str,
    /// Milliseconds.
    pub took: fn(u32) -> String,
    /// Its period, and the time until the next run, in minutes.
    pub next_in: fn(u32, u32) -> String,
}
