//! The product's mark: the door of a hall with a card in it, drawn in the accent colour.

use crate::view::view;
use leptos::prelude::*;

#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg
            viewBox="0 0 32 32"
            aria-hidden="true"
            focusable="false"
            inner_html=r#"<rect width="32" height="32" rx="7" fill="var(--accent)"/><path d="M7 28V15a9 9 0 0 1 18 0v13z" fill="var(--on-accent)"/><path d="m16 12 5.5 6.5L16 25l-5.5-6.5z" fill="var(--accent)"/>"#
        ></svg>
    }
}
