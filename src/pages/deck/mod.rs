//! One deck: its cards to search, add, choose from and change; its categories, title and end.

mod add_card;
mod bulk;
mod cards;
mod change;
mod notices;

use crate::view::view;
use crate::{
    api::{
        cards::{AddCard, ChangeCards, ListCards, MoveCard, RestoreCards},
        decks::{
            CreateCategory, DeckView, DeleteCategory, DeleteDeck, GetDeck, GetDeckAccess, MoveCategory, RenameCategory,
            RenameDeck,
        },
        imports::UndoImport,
    },
    client::{
        action::ServerAction,
        load::{load, load_first, once},
        presence::use_activity,
    },
    components::{
        deck_people::DeckPeople,
        error_view::ErrorView,
        icon::{Glyph, Icon},
        page_title::PageTitle,
        room::list::OpenRoom,
        skeleton::SkeletonList,
        suspended::suspended,
        suspense::{Suspense, Transition},
    },
    domain::{ids::DeckId, presence::Activity},
    words::use_words,
};
use leptos::prelude::*;
use leptos_router::{
    components::A,
    hooks::{use_params_map, use_query_map},
};

/// What can be done here. Owned by the page, so that its results outlive what they change.
#[derive(Clone, Copy)]
struct Actions {
    add: ServerAction<AddCard>,
    change: ServerAction<ChangeCards>,
    restore: ServerAction<RestoreCards>,
    undo_import: ServerAction<UndoImport>,
    move_card: ServerAction<MoveCard>,
    rename: ServerAction<RenameDeck>,
    delete: ServerAction<DeleteDeck>,
    category: ServerAction<CreateCategory>,
    rename_category: ServerAction<RenameCategory>,
    move_category: ServerAction<MoveCategory>,
    delete_category: ServerAction<DeleteCategory>,
}

/// Which cards are shown.
#[derive(Clone, PartialEq, Eq)]
struct Shown {
    search: String,
    /// An id, or empty.
    category: String,
    /// From 1.
    page: u32,
}

impl Shown {
    /// All cards in order: only then a place in the list is a place in the deck.
    fn all(&self) -> bool {
        self.search.trim().is_empty() && self.category.is_empty()
    }
}

#[component]
pub fn Deck() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let id = move || params.read().get("deck").and_then(|id| id.parse::<DeckId>().ok());
    let shown = Memo::new(move |_| {
        let query = query.read();
        Shown {
            search: query.get("search").unwrap_or_default(),
            category: query.get("category").unwrap_or_default(),
            page: query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1).max(1),
        }
    });
    let actions = Actions {
        add: ServerAction::new(),
        change: ServerAction::new(),
        restore: ServerAction::new(),
        undo_import: ServerAction::new(),
        move_card: ServerAction::new(),
        rename: ServerAction::new(),
        delete: ServerAction::new(),
        category: ServerAction::new(),
        rename_category: ServerAction::new(),
        move_category: ServerAction::new(),
        delete_category: ServerAction::new(),
    };
    // Each write counts one of these up, and what it may have changed is read again.
    let cards_version = move || {
        actions.add.version().get()
            + actions.change.version().get()
            + actions.restore.version().get()
            + actions.undo_import.version().get()
            + actions.move_card.version().get()
    };
    let deck_version = move || {
        actions.rename.version().get()
            + actions.category.version().get()
            + actions.rename_category.version().get()
            + actions.move_category.version().get()
            + actions.delete_category.version().get()
    };
    let deck = load_first(move || cards_version() + deck_version(), move || Some(GetDeck { deck: id()? }));
    let cards = load(cards_version, move || {
        let Shown { search, category, page } = shown.get();
        Some(ListCards { deck: id()?, search, category, page })
    });
    // Read once: the search field keeps its focus and the open forms their text while the cards change.
    let access = load_first(once, move || Some(GetDeckAccess { deck: id()? }));
    view! {
        <main id="main" class="page">
            <Transition fallback=|| view! { <SkeletonList /> }>
                {suspended(deck, move |deck| {
                    match deck {
                        Ok(view) => view! { <Head view=view /> }.into_any(),
                        Err(error) => view! { <ErrorView error=error /> }.into_any(),
                    }
                })}
            </Transition>
            <Suspense>
                {suspended(access, move |access| {
                    let access = access.ok()?;
                    let (id, can_edit) = (access.deck, access.can_edit);
                    use_activity(Activity::Studying(id));
                    Some(
                        view! {
                            <notices::Notices deck=id actions=actions />
                            <div class="stack stack-loose">
                                <cards::Cards deck=id can_edit=can_edit view=deck cards=cards shown=shown actions=actions />
                                {can_edit.then(|| view! { <change::Change deck=id view=deck actions=actions /> })}
                            </div>
                        },
                    )
                })}
            </Suspense>
        </main>
    }
}

/// Title, count, and what one can do with the whole deck.
#[component]
fn Head(view: DeckView) -> impl IntoView {
    let words = use_words();
    let (access, rooms) = (view.access, view.rooms);
    let (id, group) = (access.deck, access.group_id);
    let mut subtitle = (words.deck.cards)(access.cards);
    if let Some(group) = &access.group_name {
        subtitle = format!("{subtitle} · {group}");
    }
    view! {
        <PageTitle title=access.title subtitle=subtitle>
            {(access.can_host && access.cards > 0)
                .then(|| {
                    view! {
                        <A href=format!("/decks/{id}/blitz") attr:class="button button-primary">
                            <Icon glyph=Glyph::Play />
                            {words.deck.blitz}
                        </A>
                    }
                })}
            {(rooms && access.cards > 0).then(|| view! { <OpenRoom deck=id /> })}
            {access
                .can_edit
                .then(|| {
                    view! {
                        <A href=format!("/decks/{id}/import") attr:class="button">
                            <Icon glyph=Glyph::Upload />
                            {words.deck.import}
                        </A>
                    }
                })}
            <a href=format!("/decks/{id}/export.csv") class="button" rel="external" download>
                <Icon glyph=Glyph::Download />
                {words.deck.export}
            </a>
        </PageTitle>
        {group.map(|group| view! { <DeckPeople deck=id group=group /> })}
    }
}
