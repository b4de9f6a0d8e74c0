//! A date with its time, in the reader's zone once their browser is asked; in UTC before and without a script.

use crate::{
    client::time,
    domain::time::{iso, minute},
    view::view,
};
use leptos::prelude::*;

/// `at` in Unix milliseconds.
#[component]
pub fn ExactTime(at: i64) -> impl IntoView {
    let text = RwSignal::new([&minute(at).replace('T', " "), " UTC"].concat());
    Effect::new(move || {
        if let Some(local) = time::local(at) {
            text.set(local);
        }
    });
    view! { <time datetime=iso(at)>{text}</time> }
}
