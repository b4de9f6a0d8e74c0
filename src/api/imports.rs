//! Imports: looking at what an upload would add, adding it once, taking it back.
//! The upload itself is a plain route (`server/import/routes.rs`), because it carries a file.

use super::{
    error::AppError,
    wire::{Get, Post},
};
use crate::domain::{ids::ImportId, import::ImportPreview};
use leptos::prelude::*;

/// What an upload would add under these settings; empty settings are detected. `page` (from 1) is that of the
/// refused lines. For the uploader, while she may edit the deck.
#[server(protocol = Get)]
pub async fn preview_import(
    import: ImportId,
    encoding: String,
    separator: String,
    row_end: String,
    header: String,
    columns: String,
    page: u32,
) -> Result<ImportPreview, AppError> {
    use crate::{
        domain::import::{ImportOptions, REFUSED_PER_PAGE},
        server::{call::handle, import},
    };
    handle(async |call| {
        let (access, stored) = import::open(&call, import).await?;
        let options = ImportOptions::from_form(&encoding, &separator, &row_end, &header, &columns);
        let confirmed = stored.confirmed;
        let file_name = stored.file_name.clone();
        let reading = import::read_for(&call, access.deck, stored.bytes, options).await?;
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let skip = REFUSED_PER_PAGE.saturating_mul(page.max(1) as usize - 1);
        Ok(ImportPreview {
            deck: access.deck,
            deck_title: access.title,
            file_name,
            settings: reading.settings,
            header_cells: reading.header_cells,
            rows: reading.rows,
            will_be_added: count(reading.plan.cards.len()),
            refused_total: count(reading.plan.refused.len()),
            refused: reading.plan.refused.into_iter().skip(skip).take(REFUSED_PER_PAGE).collect(),
            problem: reading.problem.filter(|_| !confirmed),
            confirmed,
        })
    })
    .await
}

/// Adds all cards of the upload in one transaction, once. Goes to the deck. Gives how many were added.
#[server(protocol = Post)]
pub async fn confirm_import(
    import: ImportId,
    encoding: String,
    separator: String,
    row_end: String,
    header: String,
    columns: String,
) -> Result<u64, AppError> {
    use crate::{
        domain::import::ImportOptions,
        server::{call::handle, import},
    };
    handle(async |call| {
        let (access, stored) = import::open(&call, import).await?;
        let options = ImportOptions::from_form(&encoding, &separator, &row_end, &header, &columns);
        let added = import::confirm(&call, import, access.deck, stored, options).await?;
        leptos_axum::redirect(&format!("/decks/{}?imported={import}&count={added}", access.deck));
        Ok(added)
    })
    .await
}

/// Takes away the cards of an import that nobody has edited since; gives how many. Goes to the deck.
#[server(protocol = Post)]
pub async fn undo_import(import: ImportId) -> Result<u64, AppError> {
    use crate::server::{call, import as server};
    call::handle(async |call| {
        let (access, _) = server::open(&call, import).await?;
        let deck = access.deck;
        let gone = call.state.db.undo_import(import, deck, call.now).await?;
        leptos_axum::redirect(&format!("/decks/{deck}"));
        Ok(gone)
    })
    .await
}
