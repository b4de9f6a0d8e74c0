//! Uploads that wait for their confirmation, and the cards that came of them.

use super::{
    Db, NewCard, StoreError,
    card_writes::{GAP, ROWS, aliases_json, insert_cards, recount},
};
use crate::domain::{
    deck::CATEGORIES_MAX,
    ids::{CategoryId, DeckId, ImportId, UserId},
};
use sqlx::QueryBuilder;
use uuid::Uuid;

/// Milliseconds that an upload waits.
const KEPT: i64 = 24 * 60 * 60 * 1000;

/// An upload as it lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredImport {
    pub deck: DeckId,
    pub user: UserId,
    pub file_name: String,
    /// Empty once confirmed.
    pub bytes: Vec<u8>,
    pub confirmed: bool,
}

/// What a confirmation did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// So many cards were added.
    Added(u64),
    /// It was confirmed before; nothing was done.
    Already,
    /// The deck would have too many categories; nothing was done.
    TooManyCategories,
}

/// Deck, user, file name, bytes, when confirmed.
type ImportRow = (Uuid, Uuid, String, Vec<u8>, Option<i64>);

impl Db {
    /// Keeps an upload until it is confirmed, and drops those that waited too long.
    pub async fn create_import(
        &self,
        id: ImportId,
        deck: DeckId,
        user: UserId,
        file_name: &str,
        bytes: &[u8],
        now: i64,
    ) -> Result<(), StoreError> {
        transaction!(self, tx => {
            sqlx::query("DELETE FROM imports WHERE confirmed_at IS NULL AND created_at < $1")
                .bind(now - KEPT)
                .execute(&mut *tx)
                .await?;
            sqlx::query(
                "INSERT INTO imports (id, deck_id, user_id, file_name, bytes, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
            )
            .bind(id.0)
            .bind(deck.0)
            .bind(user.0)
            .bind(file_name)
            .bind(bytes)
            .bind(now)
            .execute(&mut *tx)
            .await?;
            Ok(())
        })
    }

    pub async fn import(&self, id: ImportId) -> Result<Option<StoredImport>, StoreError> {
        let row: Option<ImportRow> = read!(self, conn => sqlx::query_as(
            "SELECT deck_id, user_id, file_name, bytes, confirmed_at FROM imports WHERE id = $1",
        )
        .bind(id.0)
        .fetch_optional(conn)
        .await?);
        Ok(row.map(|(deck, user, file_name, bytes, confirmed)| StoredImport {
            deck: DeckId(deck),
            user: UserId(user),
            file_name,
            bytes,
            confirmed: confirmed.is_some(),
        }))
    }

    /// Adds the planned cards in one transaction, once. `cards[n]` goes into the category named `categories[n]`,
    /// which is made when the deck has none of that name; `new_id` draws the ids of these.
    pub async fn confirm_import(
        &self,
        id: ImportId,
        deck: DeckId,
        mut cards: Vec<NewCard>,
        categories: &[Option<String>],
        new_id: impl Fn() -> CategoryId,
        now: i64,
    ) -> Result<Confirmed, StoreError> {
        let nothing: &[u8] = &[];
        let done: Result<Confirmed, StoreError> = transaction!(self, tx => {
            let claimed = sqlx::query(
                "UPDATE imports SET confirmed_at = $3, bytes = $4 WHERE id = $1 AND deck_id = $2 AND confirmed_at IS NULL",
            )
            .bind(id.0)
            .bind(deck.0)
            .bind(now)
            .bind(nothing)
            .execute(&mut *tx)
            .await?
            .rows_affected();
            if claimed == 0 {
                return Ok(Confirmed::Already);
            }
            let mut known: Vec<(Uuid, String)> = sqlx::query_as("SELECT id, name FROM categories WHERE deck_id = $1")
                .bind(deck.0)
                .fetch_all(&mut *tx)
                .await?;
            let mut last: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(position), 0) FROM categories WHERE deck_id = $1")
                .bind(deck.0)
                .fetch_one(&mut *tx)
                .await?;
            for (card, name) in cards.iter_mut().zip(categories) {
                let Some(name) = name else { continue };
                let category = match known.iter().find(|(_, other)| other == name) {
                    Some((category, _)) => *category,
                    None => {
                        if known.len() >= CATEGORIES_MAX {
                            // Rolls the claim back.
                            return Err(StoreError::Conflict(TOO_MANY.to_owned()));
                        }
                        let category = new_id().0;
                        last += 1;
                        sqlx::query("INSERT INTO categories (id, deck_id, name, position) VALUES ($1, $2, $3, $4)")
                            .bind(category)
                            .bind(deck.0)
                            .bind(name)
                            .bind(last)
                            .execute(&mut *tx)
                            .await?;
                        known.push((category, name.clone()));
                        category
                    }
                };
                card.category_id = Some(CategoryId(category));
            }
            insert_cards!(tx, deck, cards, now);
            for chunk in cards.chunks(ROWS) {
                let mut query = QueryBuilder::new("INSERT INTO import_cards (import_id, card_id) ");
                query.push_values(chunk, |mut row, card: &NewCard| {
                    row.push_bind(id.0).push_bind(card.id.0);
                });
                query.build().persistent(false).execute(&mut *tx).await?;
            }
            recount!(tx, deck, now);
            Ok(Confirmed::Added(cards.len() as u64))
        });
        match done {
            Err(StoreError::Conflict(name)) if name == TOO_MANY => Ok(Confirmed::TooManyCategories),
            done => done,
        }
    }

    /// Takes away the cards of an import that nobody has edited since; gives how many.
    pub async fn undo_import(&self, id: ImportId, deck: DeckId, now: i64) -> Result<u64, StoreError> {
        transaction!(self, tx => {
            let gone = sqlx::query(
                "UPDATE cards SET deleted_at = $3, deletion_id = $1 WHERE deck_id = $2 AND deleted_at IS NULL \
                 AND updated_at = created_at AND id IN (SELECT card_id FROM import_cards WHERE import_id = $1)",
            )
            .bind(id.0)
            .bind(deck.0)
            .bind(now)
            .execute(&mut *tx)
            .await?
            .rows_affected();
            recount!(tx, deck, now);
            Ok(gone)
        })
    }
}

const TOO_MANY: &str = "too many categories";
