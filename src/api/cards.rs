//! Cards of a deck: pages and search, writing, moving, and what is done to many at once.

use super::{
    error::AppError,
    wire::{Get, Post},
};
use crate::domain::{
    card::Card,
    ids::{CardId, CategoryId, DeckId, DeletionId},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A card as a list shows it; `front` and `back` are safe HTML.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownCard {
    pub id: CardId,
    pub category: Option<CategoryId>,
    pub front: String,
    pub back: String,
    /// The front without markup, to name the card in a label.
    pub name: String,
    pub tags: Vec<String>,
}

/// One page of cards.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownCards {
    pub cards: Vec<ShownCard>,
    /// All cards that match, on all pages.
    pub total: i64,
}

/// A card as its own page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardView {
    pub card: Card,
    /// Safe HTML of the sides and the explanation.
    pub front: String,
    pub back: String,
    pub explanation: String,
    /// From 1.
    pub place: i64,
    /// Title of the deck whose quiz it was taken from.
    pub source: Option<String>,
}

/// What a bulk action did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkDone {
    pub cards: u64,
    /// What [`restore_cards`] takes, after a deletion.
    pub deletion: Option<DeletionId>,
}

/// A page (from 1) of the cards that match `search` (words, `tag:name`) and are in `category` (an id, or empty).
#[server(protocol = Get)]
pub async fn list_cards(deck: DeckId, search: String, category: String, page: u32) -> Result<ShownCards, AppError> {
    use crate::{
        domain::card::CardFilter,
        server::{call::handle, markdown},
    };
    handle(async |call| {
        call.deck_read(deck).await?;
        let filter = CardFilter::parse(&search, category.parse().ok());
        let found = call.state.db.card_page(deck, &filter, i64::from(page.max(1)) - 1).await?;
        let cards = found.cards.into_iter().map(|card| ShownCard {
            id: card.id,
            category: card.category_id,
            front: markdown::render(&card.text.front),
            back: markdown::render(&card.text.back),
            name: markdown::plain_text(&card.text.front).chars().take(80).collect(),
            tags: card.text.tags,
        });
        Ok(ShownCards { cards: cards.collect(), total: found.total })
    })
    .await
}

/// One card. For everybody who may read the deck. `kept` is the number of what the asking user typed and did not save
/// yet; it then stands in place of what is stored.
#[server(protocol = Get)]
pub async fn get_card(
    deck: DeckId,
    card: CardId,
    #[server(default)] kept: Option<uuid::Uuid>,
) -> Result<CardView, AppError> {
    use super::forms::Typed;
    use crate::{
        domain::card::CardText,
        server::{call::handle, markdown},
    };
    handle(async |call| {
        call.deck_read(deck).await?;
        let place = call.state.db.card_place(deck, card).await?;
        let mut card = call.state.db.card(deck, card).await?.ok_or(AppError::NotFound)?;
        let typed = match kept {
            Some(kept) => call.state.kept_forms.find(kept, call.user()?.user).await.map(Typed),
            None => None,
        };
        if let Some(typed) = typed {
            card.category_id = typed.get("category").parse().ok();
            card.text = CardText {
                front: typed.get("front"),
                back: typed.get("back"),
                hint: typed.get("hint"),
                explanation: typed.get("explanation"),
                aliases: typed.get("aliases").lines().map(str::to_owned).collect(),
                tags: typed.get("tags").split(' ').map(str::to_owned).collect(),
            };
        }
        Ok(CardView {
            front: markdown::render(&card.text.front),
            back: markdown::render(&card.text.back),
            explanation: markdown::render(&card.text.explanation),
            place: place + 1,
            source: call.state.db.card_source(card.id).await?,
            card,
        })
    })
    .await
}

/// Markdown as safe HTML, for the preview while writing. For everybody signed in.
#[server(protocol = Post)]
pub async fn render_markdown(text: String) -> Result<String, AppError> {
    use super::error::Problem;
    use crate::{
        domain::card::SIDE_MAX,
        server::{call::handle, markdown},
    };
    handle(async |call| {
        call.user()?;
        if text.chars().count() > SIDE_MAX {
            return Err(AppError::field("text", Problem::TooLong { max: SIDE_MAX as u32 }));
        }
        Ok(markdown::render(&text))
    })
    .await
}

/// Adds a card at the end of a deck. `tags` are separated by blanks or commas; `category` is an id, or empty.
#[server(protocol = Post)]
pub async fn add_card(
    deck: DeckId,
    front: String,
    back: String,
    #[server(default)] tags: String,
    #[server(default)] category: String,
) -> Result<CardId, AppError> {
    use crate::{
        domain::card::{CardText, split_tags},
        server::{call::handle, form, random, storage::NewCard},
    };
    use leptos::server_fn::ServerFn;
    let result = handle(async |call| {
        call.deck_edit(deck).await?;
        let (front, back) = (front.clone(), back.clone());
        let text = CardText { front, back, tags: split_tags(&tags), ..CardText::default() };
        let text = text.clean().map_err(AppError::mistakes)?;
        let category: Option<CategoryId> = category.parse().ok();
        let known = call.state.db.categories(deck).await?;
        let category_id = category.filter(|id| known.iter().any(|other| other.id == *id));
        let id = random::id(call.now);
        call.state.db.add_cards(deck, &[NewCard { id, category_id, text }], call.now).await?;
        Ok(id)
    })
    .await;
    let typed = [("front", &*front), ("back", &*back), ("tags", &*tags), ("category", &*category)];
    form::keep_texts(<AddCard as ServerFn>::PATH, &result, "add", &typed).await;
    result
}

/// Replaces a card's text. `aliases` one a line. Goes back to the deck.
#[server(protocol = Post)]
pub async fn edit_card(
    deck: DeckId,
    card: CardId,
    front: String,
    back: String,
    hint: String,
    explanation: String,
    aliases: String,
    tags: String,
    category: String,
) -> Result<(), AppError> {
    use crate::{
        domain::card::{CardText, split_aliases, split_tags},
        server::{call::handle, form},
    };
    use leptos::server_fn::ServerFn;
    let result = handle(async |call| {
        call.deck_edit(deck).await?;
        let text = CardText {
            front: front.clone(),
            back: back.clone(),
            hint: hint.clone(),
            explanation: explanation.clone(),
            aliases: split_aliases(&aliases),
            tags: split_tags(&tags),
        };
        let text = text.clean().map_err(AppError::mistakes)?;
        call.state.db.edit_card(deck, card, category.parse().ok(), &text, call.now).await?;
        leptos_axum::redirect(&format!("/decks/{deck}"));
        Ok(())
    })
    .await;
    let typed = [
        ("front", &*front),
        ("back", &*back),
        ("hint", &*hint),
        ("explanation", &*explanation),
        ("aliases", &*aliases),
        ("tags", &*tags),
        ("category", &*category),
    ];
    form::keep_texts(<EditCard as ServerFn>::PATH, &result, "", &typed).await;
    result
}

/// Moves a card to `place`, from 1.
#[server(protocol = Post)]
pub async fn move_card(deck: DeckId, card: CardId, place: i64) -> Result<(), AppError> {
    use crate::server::call::handle;
    handle(async |call| {
        call.deck_edit(deck).await?;
        Ok(call.state.db.move_card(deck, card, place.saturating_sub(1), call.now).await?)
    })
    .await
}

/// Does `action` (`delete`, `tag`, `untag`, `category`) to at most 500 cards of a deck.
/// `category` is an id, or empty for none. Cards that are not there are passed over.
#[server(protocol = Post)]
pub async fn change_cards(
    deck: DeckId,
    action: String,
    #[server(default)] cards: Vec<CardId>,
    #[server(default)] tag: String,
    #[server(default)] category: String,
) -> Result<BulkDone, AppError> {
    use super::error::Problem;
    use crate::{
        domain::card::{BULK_MAX, TAG_MAX, split_tags},
        server::{call, random},
    };
    call::handle(async |call| {
        call.deck_edit(deck).await?;
        if cards.is_empty() {
            return Err(AppError::field("cards", Problem::TooFew { min: 1, found: 0 }));
        }
        if cards.len() > BULK_MAX {
            return Err(AppError::field("cards", Problem::TooMany { max: BULK_MAX as u32 }));
        }
        let db = &call.state.db;
        match action.as_str() {
            "delete" => {
                let deletion: DeletionId = random::id(call.now);
                let gone = db.delete_cards(deck, &cards, deletion, call.now).await?;
                call::redirect_form(&format!("/decks/{deck}?deleted={deletion}&count={gone}"));
                Ok(BulkDone { cards: gone, deletion: Some(deletion) })
            }
            "tag" | "untag" => {
                let tags = split_tags(&tag);
                let tag = tags.first().ok_or_else(|| AppError::field("tag", Problem::Required))?;
                if tag.chars().count() > TAG_MAX {
                    return Err(AppError::field("tag", Problem::TooLong { max: TAG_MAX as u32 }));
                }
                let changed = db.tag_cards(deck, &cards, tag, action == "tag", call.now).await?;
                Ok(BulkDone { cards: changed, deletion: None })
            }
            "category" => {
                let changed = db.categorise_cards(deck, &cards, category.parse().ok(), call.now).await?;
                Ok(BulkDone { cards: changed, deletion: None })
            }
            _ => Err(AppError::field("action", Problem::Malformed)),
        }
    })
    .await
}

/// Brings back exactly what one deletion took; gives how many.
#[server(protocol = Post)]
pub async fn restore_cards(deck: DeckId, deletion: DeletionId) -> Result<u64, AppError> {
    use crate::server::call;
    call::handle(async |call| {
        call.deck_edit(deck).await?;
        let back = call.state.db.restore_cards(deck, deletion, call.now).await?;
        call::redirect_form(&format!("/decks/{deck}"));
        Ok(back)
    })
    .await
}
