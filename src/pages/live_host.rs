//! The host on the projector: lobby, question, reveal, leaderboard, podium.

use leptos::prelude::*;

#[component]
pub fn LiveHost() -> impl IntoView {
    view! { <main id="main" class="page"></main> }
}
