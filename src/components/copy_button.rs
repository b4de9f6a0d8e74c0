//! Copies a text, says so for two seconds, and is not there without JavaScript.

use super::icon::{Glyph, Icon};
use crate::view::view;
use crate::{client::clipboard, words::use_words};
use leptos::prelude::*;
use std::time::Duration;

#[component]
pub fn CopyButton(text: String) -> impl IntoView {
    let words = use_words();
    let copied = RwSignal::new(false);
    let copy = move |_| {
        if clipboard::copy(&text) {
            copied.set(true);
            let back = move || {
                copied.try_set(false);
            };
            set_timeout(back, Duration::from_secs(2));
        }
    };
    view! {
        <button class="button needs-script" type="button" on:click=copy>
            {move || {
                let glyph = if copied.get() { Glyph::Check } else { Glyph::Copy };
                view! { <Icon glyph=glyph /> }
            }}
            <span aria-live="polite">{move || if copied.get() { words.common.copied } else { words.common.copy }}</span>
        </button>
    }
}
