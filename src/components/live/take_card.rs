//! The question's card for an own deck, by one tap at the reveal. The game goes on meanwhile.

use crate::view::view;
use crate::{
    api::live_cards::TakeLiveCard,
    client::live_session::LivePlayer,
    components::icon::{Glyph, Icon},
    domain::ids::LiveSessionId,
    words::use_words,
};
use leptos::{prelude::*, server_fn::ServerFn};

#[component]
pub fn TakeCard(live: LivePlayer, session: LiveSessionId, index: u32) -> impl IntoView {
    let words = use_words();
    if live.is_alone() {
        return ().into_any();
    }
    if !live.account {
        return view! { <p class="muted">{words.live.take_as_guest}</p> };
    }
    let error = move || live.take_error(index).map(|error| (words.common.error)(&error));
    let button = move || {
        if live.has_taken(index) {
            return view! {
                <Icon glyph=Glyph::Check />
                <strong>{words.live.in_deck}</strong>
            }
            .into_any();
        }
        view! {
            <button class="button" disabled=move || live.is_taking()>
                {words.live.take_card}
            </button>
        }
        .into_any()
    };
    view! {
        <form
            class="take-card"
            method="post"
            action=TakeLiveCard::PATH
            on:submit=move |event| {
                event.prevent_default();
                live.take(index);
            }
        >
            <input type="hidden" name="session" value=session.to_string() />
            <input type="hidden" name="card_index" value=index.to_string() />
            <span role="status">{button}</span>
            <p class="field-error" role="alert">
                {error}
            </p>
        </form>
    }
}
