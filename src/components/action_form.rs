//! The form of a server function: sent in the background where there is JavaScript, by the browser where not.

use crate::client::action::Sending;
use crate::view::view;
use leptos::{ev, prelude::*};

#[component]
pub fn ActionForm(#[prop(into)] action: Sending, children: Children) -> impl IntoView {
    view! {
        <form method="post" action=action.path() on:submit=move |event: ev::SubmitEvent| action.submit(&event)>
            {children()}
        </form>
    }
}
