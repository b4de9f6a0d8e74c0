//! Without JavaScript, the page looks again by itself.

use crate::view::view;
use leptos::prelude::*;

#[component]
pub fn Refresh(
    /// In so many seconds; `None`: never.
    after: Option<u32>,
) -> impl IntoView {
    // As raw HTML: with JavaScript on, browsers read the inside of `noscript` as text, and hydration would not match.
    after.map(|s| {
        let html = format!(r#"<meta http-equiv="refresh" content="{s}">"#);
        view! { <noscript inner_html=html></noscript> }
    })
}
