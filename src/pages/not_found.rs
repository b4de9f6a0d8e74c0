//! The answer to an unknown address.

use leptos::prelude::*;

#[component]
pub fn NotFound() -> impl IntoView {
    view! { <main id="main" class="page"></main> }
}
