//! The search input of a list. It belongs into a `<GetForm attr:role="search">` of the page.

use super::icon::{Glyph, Icon};
use crate::view::view;
use leptos::prelude::*;

#[component]
pub fn SearchField(
    /// What is searched, for screen readers and as the placeholder.
    label: &'static str,
    #[prop(default = "search")] name: &'static str,
    #[prop(into, default = String::new())] value: String,
    /// Called at each change, for search as you type.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
) -> impl IntoView {
    let input = move |event| {
        if let Some(on_input) = on_input {
            on_input.run(event_target_value(&event));
        }
    };
    view! {
        <div class="search-field">
            <label class="visually-hidden" for=name>
                {label}
            </label>
            <Icon glyph=Glyph::Search />
            <input class="input" type="search" id=name name=name placeholder=label value=value autocomplete="off" on:input=input />
        </div>
    }
}
