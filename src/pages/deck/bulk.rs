//! What can be done with selected cards of a deck.

use super::{
    Actions,
    cards::{CategoryOptions, View},
};
use crate::{
    components::{
        action_form::ActionForm,
        field::FormError,
        icon::{Glyph, Icon},
    },
    domain::ids::DeckId,
    view::view,
    words::use_words,
};
use leptos::prelude::*;

/// The boxes are in the table and belong to this form by its id.
#[component]
pub(super) fn Bulk(deck: DeckId, view: View, actions: Actions) -> impl IntoView {
    let words = use_words();
    let error = actions.change.error();
    let none_selected =
        move || error.with(|error| error.as_ref().is_some_and(|error| error.problem("cards").is_some()));
    view! {
        <details class="panel">
            <summary>{words.deck.bulk}</summary>
            <ActionForm action=actions.change attr:id="bulk" attr:class="stack">
                {move || match none_selected() {
                    true => view! { <p class="form-error" role="alert">{words.deck.none_selected}</p> }.into_any(),
                    false => view! { <FormError error=error /> }.into_any(),
                }}
                <input type="hidden" name="deck" value=deck.to_string() />
                <div class="row">
                    <label class="visually-hidden" for="bulk-tag">
                        {words.deck.bulk_tag}
                    </label>
                    <input class="input" id="bulk-tag" name="tag" placeholder=words.deck.bulk_tag autocomplete="off" />
                    <button class="button" name="action" value="tag">
                        {words.deck.add_tag}
                    </button>
                    <button class="button" name="action" value="untag">
                        {words.deck.remove_tag}
                    </button>
                </div>
                <div class="row">
                    <label class="visually-hidden" for="bulk-category">
                        {words.deck.category}
                    </label>
                    <select class="select" id="bulk-category" name="category">
                        <CategoryOptions view=view none=words.deck.no_category />
                    </select>
                    <button class="button" name="action" value="category">
                        {words.deck.set_category}
                    </button>
                    <button class="button button-danger" name="action" value="delete">
                        <Icon glyph=Glyph::Trash />
                        {words.deck.bulk_delete}
                    </button>
                </div>
            </ActionForm>
        </details>
    }
}
