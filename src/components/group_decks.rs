//! The decks of a group, with the way to a new one for those who teach it.

use super::suspended::suspended;
use crate::view::view;
use crate::{
    api::decks::GroupDecks as DecksOfGroup,
    client::load::{load, once},
    components::{
        deck_list::DeckList,
        empty_state::EmptyState,
        error_view::ErrorView,
        icon::{Glyph, Icon},
        skeleton::SkeletonCards,
        suspense::Suspense,
    },
    domain::ids::GroupId,
    words::use_words,
};
use leptos::prelude::*;
use leptos_router::components::A;

/// `teaches`: whether the reader may make decks here.
#[component]
pub fn GroupDecks(group: GroupId, teaches: bool) -> impl IntoView {
    let words = use_words();
    let decks = load(once, move || Some(DecksOfGroup { group }));
    let new = move || {
        teaches.then(|| {
            view! {
                <A href=format!("/decks?group={group}#new") attr:class="button">
                    <Icon glyph=Glyph::Plus />
                    {words.deck.create}
                </A>
            }
        })
    };
    view! {
        <section class="stack">
            <div class="row spread">
                <h2 class="panel-title">{words.deck.list_title}</h2>
                {new()}
            </div>
            <Suspense fallback=|| view! { <SkeletonCards /> }>
                {suspended(decks, move |decks| {
                    match decks {
                        Ok(decks) if decks.is_empty() => {
                            let text = if teaches { words.deck.empty_text } else { words.deck.no_cards_reader };
                            view! { <EmptyState glyph=Glyph::Decks title=words.deck.empty_title text=text /> }.into_any()
                        }
                        Ok(decks) => view! { <DeckList decks=decks /> }.into_any(),
                        Err(error) => view! { <ErrorView error=error /> }.into_any(),
                    }
                })}
            </Suspense>
        </section>
    }
}
