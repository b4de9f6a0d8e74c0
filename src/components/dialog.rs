//! A native modal dialog: the browser keeps the focus inside, gives it back, and closes it on Escape.

use super::icon::{Glyph, Icon};
use crate::view::view;
use crate::{client::dialog, words::use_words};
use leptos::{html, prelude::*};

/// `node` is what [`dialog::open`] and [`dialog::close`] take. Put the buttons into `<div class="dialog-actions">`.
#[component]
pub fn Dialog(
    node: NodeRef<html::Dialog>,
    /// Also the id of the title, so it must be unique in the page.
    id: &'static str,
    #[prop(into)] title: Signal<String>,
    children: Children,
) -> impl IntoView {
    let words = use_words();
    view! {
        <dialog class="dialog" node_ref=node aria-labelledby=id on:click=move |event| dialog::close_on_backdrop(node, &event)>
            <div class="dialog-head">
                <h2 id=id>{title}</h2>
                <form method="dialog">
                    <button class="button button-quiet button-icon">
                        <Icon glyph=Glyph::Cross /> <span class="visually-hidden">{words.common.close}</span>
                    </button>
                </form>
            </div>
            {children()}
        </dialog>
    }
    .into_any()
}
