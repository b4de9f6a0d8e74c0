//! Decks as panels that lead to them.

use crate::view::view;
use crate::{components::relative_time::RelativeTime, domain::deck::DeckLine, words::use_words};
use leptos::prelude::*;

#[component]
pub fn DeckList(decks: Vec<DeckLine>) -> impl IntoView {
    let words = use_words();
    view! {
        <div class="grid-cards">
            {decks
                .into_iter()
                .map(|deck| {
                    view! {
                        // Not `<A>`: each of those resolves its address anew and watches where one is.
                        <a href=format!("/decks/{}", deck.id) class="panel panel-link">
                            <h2 class="panel-title">{deck.title}</h2>
                            <p class="muted">
                                {(words.deck.cards)(deck.cards)} " · "
                                {deck.group_name.unwrap_or_else(|| words.deck.mine.to_owned())} " · "
                                <RelativeTime at=deck.updated_at />
                            </p>
                        </a>
                    }
                })
                .collect_view()}
        </div>
    }
}
