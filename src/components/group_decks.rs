//! The decks of a group. Empty until decks are listed by group.

use crate::domain::ids::GroupId;
use leptos::prelude::*;

/// `teaches`: whether the reader may make decks here.
#[component]
pub fn GroupDecks(group: GroupId, teaches: bool) -> impl IntoView {
    let _ = (group, teaches);
}
