//! Making an account.

use leptos::prelude::*;

#[component]
pub fn SignUp() -> impl IntoView {
    view! { <main id="main" class="page"></main> }
}
