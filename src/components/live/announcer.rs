//! What changed, for screen readers: said politely, one sentence at a time.

use crate::view::view;
use leptos::prelude::*;

#[component]
pub fn Announcer(
    /// Said whenever it changes. Empty on the first rendering: the page itself is read then.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let said = RwSignal::new(String::new());
    Effect::new(move |before: Option<String>| {
        let text = text.get();
        if before.is_some_and(|before| before != text) {
            said.set(text.clone());
        }
        text
    });
    view! {
        <p class="visually-hidden" role="status" aria-live="polite">
            {said}
        </p>
    }
    .into_any()
}
