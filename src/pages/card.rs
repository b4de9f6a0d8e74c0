//! Editing one card.

use leptos::prelude::*;

#[component]
pub fn Card() -> impl IntoView {
    view! { <main id="main" class="page"></main> }
}
