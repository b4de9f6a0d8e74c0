//! One group: people, decks, live sessions, invitations.

use leptos::prelude::*;

#[component]
pub fn Group() -> impl IntoView {
    view! { <main id="main" class="page"></main> }
}
