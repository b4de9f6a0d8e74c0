//! The decks one may read: search, pages, a new one, bringing a deleted one back.

use crate::view::view;
use crate::{
    api::{
        decks::{CreateDeck, ListDecks, RestoreDeck},
        groups::TaughtGroups,
    },
    client::{
        action::ServerAction,
        load::{load, once},
    },
    components::{
        action_form::ActionForm,
        deck_list::DeckList,
        empty_state::EmptyState,
        error_view::ErrorView,
        field::{Field, FormError},
        frame::CurrentUser,
        get_form::GetForm,
        icon::Glyph,
        page_title::PageTitle,
        pager::Pager,
        search_field::SearchField,
        skeleton::SkeletonCards,
        suspended::suspended,
        suspense::{Suspense, Transition},
    },
    domain::{
        deck::{DECKS_PER_PAGE, DeckPage},
        ids::DeckId,
    },
    words::use_words,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn Decks() -> impl IntoView {
    let words = use_words();
    let (query, user) = (use_query_map(), expect_context::<CurrentUser>());
    let search = move || query.read().get("search").unwrap_or_default();
    let page = move || query.read().get("page").and_then(|page| page.parse::<u32>().ok()).unwrap_or(1).max(1);
    let decks = load(once, move || Some(ListDecks { search: search(), page: page() }));
    view! {
        <main id="main" class="page">
            <PageTitle title=words.deck.list_title />
            <Deleted />
            <div class="stack stack-loose">
                <GetForm action="/decks" attr:role="search">
                    <SearchField label=words.deck.search value=query.read_untracked().get("search").unwrap_or_default() />
                </GetForm>
                <Transition fallback=|| view! { <SkeletonCards /> }>
                    {suspended(decks, move |decks| {
                        match decks {
                            Ok(found) => view! { <Found found=found search=search() page=page() /> }.into_any(),
                            Err(error) => view! { <ErrorView error=error /> }.into_any(),
                        }
                    })}
                </Transition>
                // A stranger would write in vain.
                <Suspense>{suspended(user.0, |user| user.ok().flatten().map(|_| view! { <CreateForm /> }))}</Suspense>
            </div>
        </main>
    }
}

#[component]
fn Found(found: DeckPage, search: String, page: u32) -> impl IntoView {
    let words = use_words();
    if found.decks.is_empty() {
        let (title, text) = if search.trim().is_empty() && page == 1 {
            (words.deck.empty_title, words.deck.empty_text)
        } else {
            (words.deck.none_found_title, words.deck.none_found_text)
        };
        return view! { <EmptyState glyph=Glyph::Decks title=title text=text /> }.into_any();
    }
    let pages = u32::try_from((found.total + DECKS_PER_PAGE - 1) / DECKS_PER_PAGE).unwrap_or(1);
    let base = format!("/decks?search={}&page=", crate::domain::text::query_escape(&search));
    view! {
        <DeckList decks=found.decks />
        <Pager page=page pages=pages base=base />
    }
    .into_any()
}

#[component]
fn CreateForm() -> impl IntoView {
    let words = use_words();
    let action = ServerAction::<CreateDeck>::new();
    let error = action.error();
    let groups = load(once, || Some(TaughtGroups {}));
    let query = use_query_map();
    let chosen = query.read_untracked().get("group").unwrap_or_default();
    let typed = query.read_untracked().get("title").unwrap_or_default();
    view! {
        <section class="panel stack" id="new">
            <h2 class="panel-title">{words.deck.create_title}</h2>
            <ActionForm action=action attr:class="form">
                <FormError error=error />
                <Field label=words.deck.title name="title" note=words.deck.title_note value=typed error=error />
                <div class="field">
                    <label for="group">{words.deck.belongs_to}</label>
                    <select class="select" id="group" name="group">
                        <option value="">{words.deck.mine}</option>
                        <Suspense>
                            {suspended(groups, move |groups| {
                                    groups
                                        .unwrap_or_default()
                                        .into_iter()
                                        .map(|(id, name)| {
                                            let id = id.to_string();
                                            let selected = id == chosen;
                                            view! { <option value=id selected=selected>{name}</option> }
                                        })
                                        .collect_view()
                                })}
                        </Suspense>
                    </select>
                </div>
                <div>
                    <button class="button button-primary" disabled=move || action.pending().get()>
                        {words.deck.create}
                    </button>
                </div>
            </ActionForm>
        </section>
    }
}

/// After a deck was deleted: the way back.
#[component]
fn Deleted() -> impl IntoView {
    let words = use_words();
    let query = use_query_map();
    let restore = ServerAction::<RestoreDeck>::new();
    move || {
        let deck = query.read().get("deleted")?.parse::<DeckId>().ok()?;
        Some(view! {
            <div class="notice row spread" role="status">
                <span>{words.deck.deck_deleted}</span>
                <ActionForm action=restore>
                    <input type="hidden" name="deck" value=deck.to_string() />
                    <button class="button">{words.common.undo}</button>
                </ActionForm>
            </div>
        })
    }
}
