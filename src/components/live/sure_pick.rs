//! How sure are you? Asked once an answer was taken, until the question closes.

use crate::view::view;
use crate::{api::live_cards::TellSureness, client::live_session::LivePlayer, words::use_words};
use leptos::{prelude::*, server_fn::ServerFn};

#[component]
pub fn SurePick(live: LivePlayer, index: u32) -> impl IntoView {
    let words = use_words();
    let (_, about, session) = live.form();
    let buttons = [(true, words.live.sure), (false, words.live.not_sure)]
        .map(|(sure, label)| {
            let is_said = move || live.sure(index) == Some(sure);
            view! {
                <button
                    class="button"
                    class:button-primary=is_said
                    name="sure"
                    value=if sure { "true" } else { "false" }
                    aria-pressed=move || if is_said() { "true" } else { "false" }
                    on:click=move |event| {
                        event.prevent_default();
                        live.tell_sure(index, sure);
                    }
                >
                    {label}
                </button>
            }
        })
        .collect_view();
    view! {
        <form class="sure-pick" method="post" action=TellSureness::PATH>
            <input type="hidden" name=about value=session />
            <input type="hidden" name="card_index" value=index.to_string() />
            <fieldset>
                <legend>{words.live.how_sure}</legend>
                {buttons}
            </fieldset>
        </form>
    }
    .into_any()
}
