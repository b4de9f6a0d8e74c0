//! Setting up a Blitz Quiz on a deck.

use leptos::prelude::*;

#[component]
pub fn BlitzNew() -> impl IntoView {
    view! { <main id="main" class="page"></main> }
}
