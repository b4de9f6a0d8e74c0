//! Feature flags and users, for admins.

use leptos::prelude::*;

#[component]
pub fn Admin() -> impl IntoView {
    view! { <main id="main" class="page"></main> }
}
