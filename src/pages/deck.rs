//! One deck with its cards.

use leptos::prelude::*;

#[component]
pub fn Deck() -> impl IntoView {
    view! { <main id="main" class="page"></main> }
}
