//! What a list says while it is empty: what it is for, and the first step.

use super::icon::{Glyph, Icon};
use crate::view::view;
use leptos::prelude::*;

/// The children are the button or link of the first step.
#[component]
pub fn EmptyState(
    glyph: Glyph,
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon glyph=glyph />
            <h2>{title}</h2>
            <p>{text}</p>
            {children.map(|children| children())}
        </div>
    }
}
