//! The player on the phone.

use leptos::prelude::*;

#[component]
pub fn LivePlay() -> impl IntoView {
    view! { <main id="main" class="page"></main> }
}
