//! Decks and their categories: the list, making, renaming, deleting and bringing back.

use super::{
    error::AppError,
    wire::{Get, Post},
};
use crate::domain::{
    deck::{Category, DeckAccess, DeckLine, DeckPage},
    ids::{CategoryId, DeckId, GroupId},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A deck as its page shows it, without the cards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeckView {
    pub access: DeckAccess,
    pub categories: Vec<Category>,
    /// The most used tags with their cards counted.
    pub tags: Vec<(String, i64)>,
    /// Whether a study room can be opened on it.
    pub rooms: bool,
}

/// The decks that the asking user may read: own ones and those of the groups. `page` counts from 1.
#[server(protocol = Get)]
pub async fn list_decks(search: String, page: u32) -> Result<DeckPage, AppError> {
    use crate::server::call::handle;
    handle(async |call| {
        let user = call.user()?.user;
        let page = i64::from(page.max(1)) - 1;
        let words = search.trim();
        Ok(if words.is_empty() {
            call.state.db.deck_page(user, page).await?
        } else {
            call.state.db.search_decks(user, words, page).await?
        })
    })
    .await
}

/// One deck with its categories and tags. For everybody who may read it.
#[server(protocol = Get)]
pub async fn get_deck(deck: DeckId) -> Result<DeckView, AppError> {
    use crate::{domain::flags::Flag, server::call::handle};
    handle(async |call| {
        let access = call.deck_read(deck).await?;
        let categories = call.state.db.categories(deck).await?;
        let tags = call.state.db.deck_tags(deck, 100).await?;
        let rooms = access.group_id.is_some() && call.flag(Flag::LiveSessions, access.group_id).is_ok();
        Ok(DeckView { access, categories, tags, rooms })
    })
    .await
}

/// What the asking user may do with a deck that she may read.
#[server(protocol = Get)]
pub async fn get_deck_access(deck: DeckId) -> Result<DeckAccess, AppError> {
    use crate::server::call::handle;
    handle(async |call| call.deck_read(deck).await).await
}

/// The decks of a group, the last changed first. Members only.
#[server(protocol = Get)]
pub async fn group_decks(group: GroupId) -> Result<Vec<DeckLine>, AppError> {
    use crate::server::call::handle;
    handle(async |call| {
        call.member(group).await?;
        Ok(call.state.db.group_decks(group).await?)
    })
    .await
}

/// Makes a deck: personal when `group` is empty, else in a group that the asking user teaches. Goes to its page.
#[server(protocol = Post)]
pub async fn create_deck(title: String, group: String) -> Result<DeckId, AppError> {
    use super::error::Problem;
    use crate::{
        domain::deck,
        server::{call::handle, random},
    };
    handle(async |call| {
        let user = call.user()?.user;
        let group: Option<GroupId> = match group.trim() {
            "" => None,
            id => Some(id.parse().map_err(|_| AppError::field("group", Problem::Malformed))?),
        };
        if let Some(group) = group {
            call.teacher(group).await?;
        }
        let title = deck::title("title", &title).map_err(|mistake| AppError::mistakes([mistake]))?;
        let id: DeckId = random::id(call.now);
        call.state.db.create_deck(id, group, user, &title, call.now).await?;
        leptos_axum::redirect(&format!("/decks/{id}"));
        Ok(id)
    })
    .await
}

/// Gives a deck another title. For people who may edit it.
#[server(protocol = Post)]
pub async fn rename_deck(deck: DeckId, title: String) -> Result<(), AppError> {
    use crate::{domain::deck as rules, server::call::handle};
    handle(async |call| {
        call.deck_edit(deck).await?;
        let title = rules::title("title", &title).map_err(|mistake| AppError::mistakes([mistake]))?;
        Ok(call.state.db.rename_deck(deck, &title, call.now).await?)
    })
    .await
}

/// Deletes a deck; [`restore_deck`] brings it back. Goes to the list.
#[server(protocol = Post)]
pub async fn delete_deck(deck: DeckId) -> Result<(), AppError> {
    use crate::server::call::handle;
    handle(async |call| {
        call.deck_edit(deck).await?;
        call.state.db.delete_deck(deck, call.now).await?;
        leptos_axum::redirect(&format!("/decks?deleted={deck}"));
        Ok(())
    })
    .await
}

/// Brings a deleted deck back. Goes to its page.
#[server(protocol = Post)]
pub async fn restore_deck(deck: DeckId) -> Result<(), AppError> {
    use crate::server::call::handle;
    handle(async |call| {
        let user = call.user()?.user;
        let access = match call.state.db.deleted_deck_access(deck, user).await? {
            Some(access) => access,
            // Twice is no mistake.
            None => call.deck_read(deck).await?,
        };
        if !access.can_edit {
            return Err(AppError::Forbidden);
        }
        call.state.db.restore_deck(deck).await?;
        leptos_axum::redirect(&format!("/decks/{deck}"));
        Ok(())
    })
    .await
}

/// Adds a category at the end.
#[server(protocol = Post)]
pub async fn create_category(deck: DeckId, name: String) -> Result<CategoryId, AppError> {
    use super::error::Problem;
    use crate::{
        domain::deck::{CATEGORIES_MAX, category_name},
        server::{call::handle, random, storage::StoreError},
    };
    handle(async |call| {
        call.deck_edit(deck).await?;
        let name = category_name("name", &name).map_err(|mistake| AppError::mistakes([mistake]))?;
        if call.state.db.categories(deck).await?.len() >= CATEGORIES_MAX {
            return Err(AppError::field("name", Problem::TooMany { max: CATEGORIES_MAX as u32 }));
        }
        let id = random::id(call.now);
        match call.state.db.create_category(deck, id, &name).await {
            Err(StoreError::Conflict(_)) => Err(AppError::field("name", Problem::Taken { suggestion: None })),
            done => Ok(done.map(|()| id)?),
        }
    })
    .await
}

/// Gives a category another name.
#[server(protocol = Post)]
pub async fn rename_category(deck: DeckId, category: CategoryId, name: String) -> Result<(), AppError> {
    use super::error::Problem;
    use crate::{
        domain::deck::category_name,
        server::{call::handle, storage::StoreError},
    };
    handle(async |call| {
        call.deck_edit(deck).await?;
        let name = category_name("name", &name).map_err(|mistake| AppError::mistakes([mistake]))?;
        match call.state.db.rename_category(deck, category, &name).await {
            Err(StoreError::Conflict(_)) => Err(AppError::field("name", Problem::Taken { suggestion: None })),
            done => Ok(done?),
        }
    })
    .await
}

/// Moves a category to `place`, from 1.
#[server(protocol = Post)]
pub async fn move_category(deck: DeckId, category: CategoryId, place: i64) -> Result<(), AppError> {
    use crate::server::call::handle;
    handle(async |call| {
        call.deck_edit(deck).await?;
        Ok(call.state.db.move_category(deck, category, place.saturating_sub(1)).await?)
    })
    .await
}

/// Removes a category; its cards stay, without one.
#[server(protocol = Post)]
pub async fn delete_category(deck: DeckId, category: CategoryId) -> Result<(), AppError> {
    use crate::server::call::handle;
    handle(async |call| {
        call.deck_edit(deck).await?;
        Ok(call.state.db.delete_category(deck, category).await?)
    })
    .await
}
