//! From a file or a paste to cards: upload, preview, confirm.

use leptos::prelude::*;

#[component]
pub fn Import() -> impl IntoView {
    view! { <main id="main" class="page"></main> }
}
