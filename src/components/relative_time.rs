//! When something happened, in words; the exact time on hover, in the reader's zone.

use crate::view::view;
use crate::{client::time, domain::time as civil, words::use_words};
use leptos::prelude::*;

/// `at` in Unix milliseconds.
#[component]
pub fn RelativeTime(at: i64) -> impl IntoView {
    let words = use_words();
    let iso = civil::iso(at);
    // The server's words stay until something changes, so that hydration does not flicker.
    let text = match time::now() {
        Some(now) => (words.common.ago)(now - at, civil::civil(at)),
        None => (words.common.date)(civil::civil(at)),
    };
    let (title, set_title) = signal(iso.clone());
    let exact = move |_| {
        if let Some(exact) = time::exact(at) {
            set_title.set(exact);
        }
    };
    view! {
        <time datetime=iso title=title on:pointerenter=exact>
            {text}
        </time>
    }
}
