//! All decks one may see, page by page.

use leptos::prelude::*;

#[component]
pub fn Decks() -> impl IntoView {
    view! { <main id="main" class="page"></main> }
}
