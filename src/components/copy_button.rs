//! Copies a text, says so for two seconds, and is not there without JavaScript.

use super::icon::{Glyph, Icon};
use crate::view::view;
use crate::{client::clipboard, words::use_words};
use leptos::prelude::*;
use std::time::Duration;

#[component]
pub fn CopyButton(#[prop(into)] text: Signal<String>) -> impl IntoView {
    let words = use_words();
    let (works, set_works) = signal(false);
    let (copied, set_copied) = signal(false);
    // Only in the browser, after hydration: without JavaScript the button could do nothing.
    Effect::new(move || set_works.set(true));
    let copy = move |_| {
        if clipboard::copy(&text.get_untracked()) {
            set_copied.set(true);
            let back = move || {
                set_copied.try_set(false);
            };
            set_timeout(back, Duration::from_secs(2));
        }
    };
    view! {
        <button class="button" type="button" hidden=move || !works.get() on:click=copy>
            {move || {
                let glyph = if copied.get() { Glyph::Check } else { Glyph::Copy };
                view! { <Icon glyph=glyph /> }
            }}
            <span aria-live="polite">{move || if copied.get() { words.common.copied } else { words.common.copy }}</span>
        </button>
    }
}
