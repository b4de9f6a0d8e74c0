//! A button that unfolds a list of links and buttons. A `<details>`, so it works without JavaScript.

use crate::client::dialog;
use crate::view::view;
use leptos::{ev, html, prelude::*};

#[component]
pub fn Menu(
    /// What the button says to a screen reader.
    label: &'static str,
    /// What the button shows.
    #[prop(into)]
    face: ViewFn,
    children: Children,
) -> impl IntoView {
    let menu = NodeRef::<html::Details>::new();
    let keydown = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            dialog::close_menu(menu, true);
        }
    };
    let focusout = move |event: ev::FocusEvent| {
        if dialog::left_menu(menu, &event) {
            dialog::close_menu(menu, false);
        }
    };
    view! {
        <details class="menu" node_ref=menu on:keydown=keydown on:focusout=focusout>
            <summary class="button button-quiet button-icon">
                {face.run()} <span class="visually-hidden">{label}</span>
            </summary>
            // The list takes the focus of a click beside its items, so that it does not close under the pointer.
            <div class="menu-list" tabindex="-1" on:click=move |_| dialog::close_menu(menu, false)>
                {children()}
            </div>
        </details>
    }
    .into_any()
}
