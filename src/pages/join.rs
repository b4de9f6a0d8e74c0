//! Joining a live session by PIN and name.

use leptos::prelude::*;

#[component]
pub fn Join() -> impl IntoView {
    view! { <main id="main" class="page"></main> }
}
