//! The first page: what is due and live when signed in; the PIN field when not.

use leptos::prelude::*;

#[component]
pub fn Home() -> impl IntoView {
    view! { <main id="main" class="page"></main> }
}
