//! The groups one is in, and a new one.

use leptos::prelude::*;

#[component]
pub fn Groups() -> impl IntoView {
    view! { <main id="main" class="page"></main> }
}
