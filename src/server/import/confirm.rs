//! From an upload to cards: who may, the reading off the request's thread, and the one transaction.

use super::{Reading, read};
use crate::{
    api::error::{AppError, Problem},
    domain::{
        deck::{CATEGORIES_MAX, DeckAccess},
        ids::{DeckId, ImportId},
        import::{ImportOptions, ImportProblem},
    },
    server::{
        call::{Call, internal},
        random,
        storage::{Confirmed, NewCard, StoredImport},
    },
};

/// An upload and its deck; 404 unless the asking user made it, 403 when she may no longer edit the deck.
pub async fn open(call: &Call, import: ImportId) -> Result<(DeckAccess, StoredImport), AppError> {
    let user = call.user()?.user;
    let stored = call.state.db.import(import).await?.ok_or(AppError::NotFound)?;
    let access = call.deck_edit(stored.deck).await?;
    // A colleague may undo or look again, but what waits is its uploader's.
    if stored.user != user && !stored.confirmed { Err(AppError::NotFound) } else { Ok((access, stored)) }
}

/// Reads an upload for its deck, on a thread of its own: ten megabytes take a while.
pub async fn read_for(call: &Call, deck: DeckId, bytes: Vec<u8>, options: ImportOptions) -> Result<Reading, AppError> {
    let existing = call.state.db.card_sides(deck).await?;
    tokio::task::spawn_blocking(move || read(&bytes, &options, &existing))
        .await
        .map_err(|error| internal(&error.to_string()))
}

/// Adds what the plan of the upload says; gives how many cards. Doing it again adds nothing.
pub async fn confirm(
    call: &Call,
    import: ImportId,
    deck: DeckId,
    stored: StoredImport,
    options: ImportOptions,
) -> Result<u64, AppError> {
    if stored.confirmed {
        return Ok(0);
    }
    let reading = read_for(call, deck, stored.bytes, options).await?;
    match reading.problem {
        Some(ImportProblem::TooManyRows) => {
            let max = u32::try_from(crate::domain::import::ROWS_MAX).unwrap_or(u32::MAX);
            return Err(AppError::field("file", Problem::TooMany { max }));
        }
        Some(_) => return Err(AppError::field("file", Problem::Malformed)),
        None if reading.plan.cards.is_empty() => {
            return Err(AppError::field("file", Problem::TooFew { min: 1, found: 0 }));
        }
        None => {}
    }
    let now = call.now;
    let (cards, categories): (Vec<NewCard>, Vec<Option<String>>) = reading
        .plan
        .cards
        .into_iter()
        .map(|card| (NewCard { id: random::id(now), category_id: None, text: card.text }, card.category))
        .unzip();
    match call.state.db.confirm_import(import, deck, cards, &categories, || random::id(now), now).await? {
        Confirmed::Added(cards) => Ok(cards),
        Confirmed::Already => Ok(0),
        Confirmed::TooManyCategories => {
            let max = u32::try_from(CATEGORIES_MAX).unwrap_or(u32::MAX);
            Err(AppError::field("columns", Problem::TooMany { max }))
        }
    }
}
