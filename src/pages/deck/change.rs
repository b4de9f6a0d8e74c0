//! Changing the deck itself: its title, its categories, its end.

use super::Actions;
use crate::view::view;
use crate::{
    api::decks::DeckView,
    client::load::Loaded,
    components::{
        action_form::ActionForm,
        field::{Field, FormError},
        icon::{Glyph, Icon},
        suspended::suspended,
        suspense::Transition,
    },
    domain::{deck::Category, ids::DeckId},
    words::use_words,
};
use leptos::prelude::*;

#[component]
pub(super) fn Change(deck: DeckId, view: Loaded<DeckView>, actions: Actions) -> impl IntoView {
    let words = use_words();
    let rename_error = actions.rename.error();
    let delete_error = actions.delete.error();
    let category_error = actions.category.error();
    let rename_category_error = actions.rename_category.error();
    view! {
        <details class="panel">
            <summary>{words.deck.settings}</summary>
            <div class="stack stack-loose">
                <Transition>
                    {suspended(view, move |view| {
                        let title = view.map(|view| view.access.title).unwrap_or_default();
                        view! {
                            <ActionForm action=actions.rename attr:class="form">
                                <FormError error=rename_error />
                                <input type="hidden" name="deck" value=deck.to_string() />
                                <Field label=words.deck.title name="title" value=title error=rename_error />
                                <div>
                                    <button class="button">{words.deck.rename}</button>
                                </div>
                            </ActionForm>
                        }
                    })}
                </Transition>
                <section class="stack">
                    <h2 class="panel-title">{words.deck.categories}</h2>
                    <FormError error=rename_category_error />
                    <Transition>
                        {suspended(view, move |view| {
                            let categories = view.map(|view| view.categories).unwrap_or_default();
                            let last = categories.len();
                            (1..)
                                .zip(categories)
                                .map(|(place, category)| {
                                    view! { <CategoryRow deck=deck place=place last=last category=category actions=actions /> }
                                })
                                .collect_view()
                        })}
                    </Transition>
                    <ActionForm action=actions.category attr:class="form">
                        <input type="hidden" name="deck" value=deck.to_string() />
                        <Field label=words.deck.category_name name="name" error=category_error />
                        <div>
                            <button class="button">{words.deck.add_category}</button>
                        </div>
                    </ActionForm>
                </section>
                <ActionForm action=actions.delete attr:class="form">
                    <FormError error=delete_error />
                    <input type="hidden" name="deck" value=deck.to_string() />
                    <p class="field-note">{words.deck.delete_note}</p>
                    <div>
                        <button class="button button-danger">
                            <Icon glyph=Glyph::Trash />
                            {words.deck.delete}
                        </button>
                    </div>
                </ActionForm>
            </div>
        </details>
    }
}

#[component]
fn CategoryRow(deck: DeckId, place: usize, last: usize, category: Category, actions: Actions) -> impl IntoView {
    let words = use_words();
    let id = category.id;
    let step = |to: Option<usize>, label: String, glyph: Glyph| {
        to.map(|to| {
            view! {
                <button class="button button-quiet button-icon" name="place" value=to.to_string() aria-label=label>
                    <Icon glyph=glyph />
                </button>
            }
        })
    };
    let name = category.name;
    let (up, down) = ((words.deck.move_up)(&name), (words.deck.move_down)(&name));
    let (label, remove) = ((words.deck.name_of)(&name), (words.deck.delete_category)(&name));
    view! {
        <div class="row">
            <ActionForm action=actions.rename_category attr:class="row">
                <input type="hidden" name="deck" value=deck.to_string() />
                <input type="hidden" name="category" value=id.to_string() />
                <input class="input" name="name" value=name aria-label=label required />
                <button class="button">{words.deck.rename}</button>
            </ActionForm>
            <span class="muted">{(words.deck.cards)(category.cards)}</span>
            <ActionForm action=actions.move_category attr:class="row">
                <input type="hidden" name="deck" value=deck.to_string() />
                <input type="hidden" name="category" value=id.to_string() />
                {step((place > 1).then(|| place - 1), up, Glyph::ArrowUp)}
                {step((place < last).then_some(place + 1), down, Glyph::ArrowDown)}
            </ActionForm>
            <ActionForm action=actions.delete_category>
                <input type="hidden" name="deck" value=deck.to_string() />
                <input type="hidden" name="category" value=id.to_string() />
                <button class="button button-quiet button-icon" aria-label=remove>
                    <Icon glyph=Glyph::Trash />
                </button>
            </ActionForm>
        </div>
    }
}
