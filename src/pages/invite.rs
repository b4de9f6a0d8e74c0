//! Accepting an invitation to a group.

use leptos::prelude::*;

#[component]
pub fn Invite() -> impl IntoView {
    view! { <main id="main" class="page"></main> }
}
