//! A form that leads to a page: `action` with its fields as the query. With JavaScript the page changes in place.

use crate::{client::form_fields, view::view};
use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

#[component]
pub fn GetForm(#[prop(into)] action: String, children: Children) -> impl IntoView {
    let navigate = use_navigate();
    let to = action.clone();
    let submit = move |event: ev::SubmitEvent| {
        if let Some(fields) = form_fields::take(&event) {
            navigate(&[&to, "?", &fields].concat(), NavigateOptions::default());
        }
    };
    view! {
        <form method="get" action=action on:submit=submit>
            {children()}
        </form>
    }
}
