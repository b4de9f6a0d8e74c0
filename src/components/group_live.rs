//! What runs live in a group now. Empty until live sessions are listed.

use crate::domain::ids::GroupId;
use leptos::prelude::*;

#[component]
pub fn GroupLive(group: GroupId) -> impl IntoView {
    let _ = group;
}
