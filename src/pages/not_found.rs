//! The answer to an unknown address.

use crate::view::view;
use crate::{components::brand::Mark, words::use_words};
use leptos::prelude::*;
use leptos_meta::Title;

/// The server answers with 404 where this is rendered.
#[component]
pub fn NotFound() -> impl IntoView {
    let words = use_words();
    view! {
        <Title text=words.common.not_found_title />
        <header class="frame-header">
            <div class="frame-bar">
                <a href="/" class="brand">
                    <Mark />
                    {words.common.product}
                </a>
            </div>
        </header>
        <main id="main" class="page page-narrow">
            <h1 class="title">{words.common.not_found_title}</h1>
            <p class="subtitle">{words.common.not_found_text}</p>
            <p>
                <a class="button button-primary" href="/">
                    {words.common.to_home}
                </a>
            </p>
        </main>
    }
}
