//! Signing in.

use leptos::prelude::*;

#[component]
pub fn SignIn() -> impl IntoView {
    view! { <main id="main" class="page"></main> }
}
