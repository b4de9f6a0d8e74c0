//! Own account: name, password, signed-in browsers.

use leptos::prelude::*;

#[component]
pub fn Account() -> impl IntoView {
    view! { <main id="main" class="page"></main> }
}
