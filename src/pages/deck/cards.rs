//! The cards of a deck: search as one types, pages, and the table with its rows.

use super::{Actions, Shown, add_card::Add, bulk::Bulk};
use crate::view::view;
use crate::{
    api::{
        cards::{ShownCard, ShownCards},
        decks::DeckView,
    },
    client::load::Loaded,
    components::{
        action_form::ActionForm,
        empty_state::EmptyState,
        error_view::ErrorView,
        get_form::GetForm,
        icon::{Glyph, Icon},
        pager::Pager,
        search_field::SearchField,
        skeleton::SkeletonList,
        suspended::{suspended, suspended2},
        suspense::Transition,
    },
    domain::{card::CARDS_PER_PAGE, deck::Category, ids::DeckId, text::query_escape},
    words::use_words,
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, components::A, hooks::use_navigate};

pub(super) type View = Loaded<DeckView>;

#[component]
pub(super) fn Cards(
    deck: DeckId,
    can_edit: bool,
    view: View,
    cards: Loaded<ShownCards>,
    shown: Memo<Shown>,
    actions: Actions,
) -> impl IntoView {
    view! {
        <section class="stack deck-cards">
            <Filter deck=deck view=view shown=shown />
            {can_edit.then(|| view! { <Bulk deck=deck view=view actions=actions /> })}
            <Transition fallback=|| view! { <SkeletonList /> }>
                {suspended2(view, cards, move |view, cards| {
                    let categories = view.map(|view| view.categories).unwrap_or_default();
                    match cards {
                        Ok(found) => {
                            view! {
                                <Table
                                    deck=deck
                                    can_edit=can_edit
                                    found=found
                                    categories=categories
                                    shown=shown.get()
                                    actions=actions
                                />
                            }
                                .into_any()
                        }
                        Err(error) => view! { <ErrorView error=error /> }.into_any(),
                    }
                })}
            </Transition>
            {can_edit.then(|| view! { <Add deck=deck view=view actions=actions /> })}
        </section>
    }
}

/// The options for the categories; the empty one is called `none`.
#[component]
pub(super) fn CategoryOptions(
    view: View,
    none: &'static str,
    #[prop(into, default = String::new())] chosen: String,
) -> impl IntoView {
    view! {
        <option value="">{none}</option>
        <Transition>
            {suspended(view, move |view| {
                    let categories = view.map(|view| view.categories).unwrap_or_default();
                    categories
                        .into_iter()
                        .map(|category| {
                            let id = category.id.to_string();
                            let selected = id == chosen;
                            view! { <option value=id selected=selected>{category.name}</option> }
                        })
                        .collect_view()
                })}
        </Transition>
    }
}

#[component]
fn Filter(deck: DeckId, view: View, shown: Memo<Shown>) -> impl IntoView {
    let words = use_words();
    let first = shown.get_untracked();
    let navigate = use_navigate();
    let typed = Callback::new(move |search: String| {
        let category = shown.get_untracked().category;
        let to = format!("/decks/{deck}?search={}&category={category}", query_escape(&search));
        navigate(&to, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    });
    view! {
        <GetForm action=format!("/decks/{deck}") attr:role="search" attr:class="row">
            <SearchField label=words.deck.search_cards value=first.search on_input=typed />
            <label class="visually-hidden" for="filter-category">
                {words.deck.category}
            </label>
            <select class="select" id="filter-category" name="category">
                <CategoryOptions view=view none=words.deck.all_categories chosen=first.category />
            </select>
            <button class="button">{words.deck.apply}</button>
        </GetForm>
        <p class="field-note">{words.deck.search_note}</p>
    }
}

#[component]
fn Table(
    deck: DeckId,
    can_edit: bool,
    found: ShownCards,
    categories: Vec<Category>,
    shown: Shown,
    actions: Actions,
) -> impl IntoView {
    let words = use_words();
    if found.total == 0 {
        return if shown.all() {
            let text = if can_edit { words.deck.no_cards_text } else { words.deck.no_cards_reader };
            view! { <EmptyState glyph=Glyph::Decks title=words.deck.no_cards_title text=text /> }.into_any()
        } else {
            view! { <p role="status">{(words.deck.found)(0)}</p> }.into_any()
        };
    }
    let pages = u32::try_from((found.total + CARDS_PER_PAGE - 1) / CARDS_PER_PAGE).unwrap_or(1);
    let base = format!("/decks/{deck}?search={}&category={}&page=", query_escape(&shown.search), shown.category);
    let first_place = i64::from(shown.page - 1) * CARDS_PER_PAGE + 1;
    let movable = can_edit && shown.all();
    let rows = (first_place..)
        .zip(found.cards)
        .map(|(place, card)| {
            let category = categories.iter().find(|category| Some(category.id) == card.category);
            let category = category.map(|category| category.name.clone());
            view! { <Row deck=deck can_edit=can_edit place=movable.then_some(place) total=found.total category=category card=card actions=actions /> }
        })
        .collect_view();
    view! {
        {(!shown.all()).then(|| view! { <p role="status">{(words.deck.found)(found.total)}</p> })}
        <div class="table-wrap">
            <table class="table table-stack table-cards">
                <thead>
                    <tr>
                        {can_edit.then(|| view! { <th></th> })}
                        <th scope="col">{words.deck.front}</th>
                        <th scope="col">{words.deck.back}</th>
                        <th scope="col">{words.deck.tags}</th>
                        {can_edit
                            .then(|| {
                                view! {
                                    <th scope="col">
                                        <span class="visually-hidden">{words.deck.actions}</span>
                                    </th>
                                }
                            })}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Pager page=shown.page pages=pages base=base />
    }
    .into_any()
}

#[component]
fn Row(
    deck: DeckId,
    can_edit: bool,
    /// Its place in the deck, when it can be moved from here.
    place: Option<i64>,
    total: i64,
    category: Option<String>,
    card: ShownCard,
    actions: Actions,
) -> impl IntoView {
    let words = use_words();
    let name = card.name;
    let id = card.id.to_string();
    let tags = card.tags.into_iter().map(|tag| {
        let href = format!("/decks/{deck}?search={}", query_escape(&format!("tag:{tag}")));
        view! {
            <A href=href attr:class="badge">
                {tag}
            </A>
            " "
        }
    });
    let step = move |to: Option<i64>, label: String, glyph: Glyph| {
        to.map(|to| {
            view! {
                <button class="button button-quiet button-icon" name="place" value=to.to_string() aria-label=label>
                    <Icon glyph=glyph />
                </button>
            }
        })
    };
    view! {
        <tr>
            {can_edit
                .then(|| {
                    let label = (words.deck.select)(&name);
                    view! {
                        <td>
                            <input type="checkbox" name="cards[]" value=id.clone() form="bulk" aria-label=label />
                        </td>
                    }
                })}
            <td>
                <div class="prose" inner_html=card.front></div>
            </td>
            <td>
                <div class="prose" inner_html=card.back></div>
            </td>
            <td>
                {category.map(|category| view! { <span class="muted">{category}</span> " " })} {tags.collect_view()}
            </td>
            {can_edit
                .then(|| {
                    let label = (words.deck.edit_label)(&name);
                    view! {
                        <td>
                            <div class="row">
                                <A href=format!("/decks/{deck}/cards/{id}") attr:class="button button-quiet button-icon" attr:aria-label=label>
                                    <Icon glyph=Glyph::Pencil />
                                </A>
                                {place
                                    .map(|place| {
                                        view! {
                                            <ActionForm action=actions.move_card attr:class="row">
                                                <input type="hidden" name="deck" value=deck.to_string() />
                                                <input type="hidden" name="card" value=id.clone() />
                                                {step(
                                                    (place > 1).then_some(place - 1),
                                                    (words.deck.move_up)(&name),
                                                    Glyph::ArrowUp,
                                                )}
                                                {step(
                                                    (place < total).then_some(place + 1),
                                                    (words.deck.move_down)(&name),
                                                    Glyph::ArrowDown,
                                                )}
                                            </ActionForm>
                                        }
                                    })}
                            </div>
                        </td>
                    }
                })}
        </tr>
    }
}
