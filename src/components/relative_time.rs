//! When something happened, in words; the exact time on hover, in the reader's zone.

use crate::{
    client::time,
    domain::{text::html_escape, time as civil},
    view::view,
    words::{Words, use_words},
};
use leptos::prelude::*;

/// `at` in Unix milliseconds.
#[component]
pub fn RelativeTime(at: i64) -> impl IntoView {
    let iso = civil::iso(at);
    let text = in_words(at, time::now(), use_words());
    view! {
        <time datetime=iso.clone() title=iso on:pointerover=|event| time::show_exact(&event)>
            {text}
        </time>
    }
}

/// The same as HTML, for lists that are one text.
pub fn time_html(html: &mut String, at: i64, now: Option<i64>, words: &Words) {
    let iso = civil::iso(at);
    for piece in ["<time datetime=\"", &iso, "\" title=\"", &iso, "\">"] {
        html.push_str(piece);
    }
    html_escape(html, &in_words(at, now, words));
    html.push_str("</time>");
}

/// The server's words stay until something changes, so that hydration does not flicker.
fn in_words(at: i64, now: Option<i64>, words: &Words) -> String {
    match now {
        Some(now) => (words.common.ago)(now - at, civil::civil(at)),
        None => (words.common.date)(civil::civil(at)),
    }
}
