//! The row for a deck's next card.

use super::{
    Actions,
    cards::{CategoryOptions, View},
};
use crate::{
    api::forms::{KeptForm, Typed},
    client::load::{load, once},
    components::{
        action_form::ActionForm,
        field::FormError,
        icon::{Glyph, Icon},
        suspended::suspended,
        suspense::Suspense,
        toast::use_toasts,
    },
    domain::ids::DeckId,
    view::view,
    words::use_words,
};
use leptos::{html, prelude::*};
use leptos_router::hooks::use_query_map;

/// Enter adds it, and the focus is in its front again.
#[component]
pub(super) fn Add(deck: DeckId, view: View, actions: Actions) -> impl IntoView {
    // Read once: what comes into the address later must not empty the fields.
    let kept = use_query_map().read_untracked().get("kept").and_then(|kept| kept.parse().ok());
    let Some(kept) = kept else {
        return view! { <AddForm deck=deck view=view actions=actions typed=Typed::default() /> }.into_any();
    };
    let typed = load(once, move || Some(KeptForm { kept }));
    view! {
        <Suspense>
            {suspended(typed, move |typed| {
                let typed = typed.unwrap_or_default();
                view! { <AddForm deck=deck view=view actions=actions typed=typed /> }
            })}
        </Suspense>
    }
    .into_any()
}

/// `typed` is what a refused form had in it.
#[component]
fn AddForm(deck: DeckId, view: View, actions: Actions, typed: Typed) -> impl IntoView {
    let words = use_words();
    let toasts = use_toasts();
    let (front, back): (NodeRef<html::Input>, NodeRef<html::Input>) = (NodeRef::new(), NodeRef::new());
    let error = actions.add.error();
    Effect::new(move |_| {
        if let Some(Ok(_)) = actions.add.value().get() {
            for input in [front, back].into_iter().filter_map(|node| node.get_untracked()) {
                input.set_value("");
            }
            if let Some(front) = front.get_untracked() {
                let _ = front.focus();
            }
            toasts.say(words.deck.added);
        }
    });
    let problem = move |field: &'static str| {
        move || error.with(|e| e.as_ref().and_then(|e| e.problem(field)).map(|p| (words.common.problem)(p)))
    };
    view! {
        <section class="panel stack" id="add">
            <h2 class="panel-title">{words.deck.add_title}</h2>
            <ActionForm action=actions.add attr:class="stack">
                <FormError error=error />
                <input type="hidden" name="deck" value=deck.to_string() />
                <div class="row">
                    <div class="field">
                        <label for="add-front">{words.deck.front}</label>
                        <input class="input" id="add-front" name="front" value=typed.get("front") node_ref=front required autocomplete="off" />
                        <p class="field-error" role="alert">{problem("front")}</p>
                    </div>
                    <div class="field">
                        <label for="add-back">{words.deck.back}</label>
                        <input class="input" id="add-back" name="back" value=typed.get("back") node_ref=back required autocomplete="off" />
                        <p class="field-error" role="alert">{problem("back")}</p>
                    </div>
                    <div class="field">
                        <label for="add-tags">{words.deck.tags}</label>
                        <input class="input" id="add-tags" name="tags" value=typed.get("tags") autocomplete="off" />
                        <p class="field-error" role="alert">{problem("tags")}</p>
                    </div>
                    <div class="field">
                        <label for="add-category">{words.deck.category}</label>
                        <select class="select" id="add-category" name="category">
                            <CategoryOptions view=view none=words.deck.no_category chosen=typed.get("category") />
                        </select>
                    </div>
                </div>
                <p class="field-note">{words.deck.markdown_note}</p>
                <div>
                    <button class="button button-primary">
                        <Icon glyph=Glyph::Plus />
                        {words.deck.add}
                    </button>
                </div>
            </ActionForm>
        </section>
    }
}
