//! Writing cards: add, edit, move, delete and bring back, tag and sort into categories.
//! Every write recounts the deck's living cards in its own transaction.

use super::{Db, NewCard, StoreError};
use crate::domain::{
    card::CardText,
    ids::{CardId, CategoryId, DeckId, DeletionId},
};
use sqlx::QueryBuilder;
use uuid::Uuid;

/// Between neighbours, so that a card can be moved without renumbering the deck.
pub(super) const GAP: i64 = 1024;
/// Rows of one `INSERT`: well below SQLite's 32,766 parameters at ten a row.
pub(super) const ROWS: usize = 1_000;

/// Brings the deck's count and time of change up to date.
macro_rules! recount {
    ($tx:ident, $deck:expr, $now:expr) => {
        sqlx::query(
            "UPDATE decks SET updated_at = $2, card_count = \
             (SELECT COUNT(*) FROM cards WHERE deck_id = $1 AND deleted_at IS NULL) WHERE id = $1",
        )
        .bind($deck.0)
        .bind($now)
        .execute(&mut *$tx)
        .await?
    };
}

/// Writes new cards with their tags behind the last card of the deck, in multi-row inserts.
macro_rules! insert_cards {
    ($tx:ident, $deck:expr, $cards:expr, $now:expr) => {{
        let last: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(position), 0) FROM cards WHERE deck_id = $1")
            .bind($deck.0)
            .fetch_one(&mut *$tx)
            .await?;
        let mut position = last;
        for chunk in $cards.chunks(ROWS) {
            let mut query = QueryBuilder::new(
                "INSERT INTO cards (id, deck_id, category_id, front, back, hint, explanation, aliases, search_text, \
                 position, created_at, updated_at) ",
            );
            query.push_values(chunk, |mut row, card: &NewCard| {
                position += GAP;
                row.push_bind(card.id.0)
                    .push_bind($deck.0)
                    .push_bind(card.category_id.map(|c| c.0))
                    .push_bind(&card.text.front)
                    .push_bind(&card.text.back)
                    .push_bind(&card.text.hint)
                    .push_bind(&card.text.explanation)
                    .push_bind(aliases_json(&card.text))
                    .push_bind(card.text.search_text())
                    .push_bind(position)
                    .push_bind($now)
                    .push_bind($now);
            });
            query.build().persistent(false).execute(&mut *$tx).await?;
        }
        let tags: Vec<(Uuid, &str)> =
            $cards.iter().flat_map(|card| card.text.tags.iter().map(|tag| (card.id.0, tag.as_str()))).collect();
        for chunk in tags.chunks(ROWS) {
            let mut query = QueryBuilder::new("INSERT INTO card_tags (card_id, tag) ");
            query.push_values(chunk, |mut row, (card, tag)| {
                row.push_bind(*card).push_bind(*tag);
            });
            query.build().persistent(false).execute(&mut *$tx).await?;
        }
    }};
}

pub(super) use insert_cards;
pub(super) use recount;

impl Db {
    /// Adds cards at the end of a deck, all or none.
    pub async fn add_cards(&self, deck: DeckId, cards: &[NewCard], now: i64) -> Result<(), StoreError> {
        transaction!(self, tx => {
            insert_cards!(tx, deck, cards, now);
            recount!(tx, deck, now);
            Ok(())
        })
    }

    /// Replaces a living card's text and category. `text` must be clean.
    pub async fn edit_card(
        &self,
        deck: DeckId,
        id: CardId,
        category: Option<CategoryId>,
        text: &CardText,
        now: i64,
    ) -> Result<(), StoreError> {
        transaction!(self, tx => {
            // Never equal to created_at: that is how an import knows its untouched cards.
            let done = sqlx::query(
                "UPDATE cards SET category_id = (SELECT id FROM categories WHERE id = $3 AND deck_id = $2), front = $4, back = $5, hint = $6, explanation = $7, aliases = $8, \
                 search_text = $9, updated_at = CASE WHEN $10 > created_at THEN $10 ELSE created_at + 1 END \
                 WHERE id = $1 AND deck_id = $2 AND deleted_at IS NULL",
            )
            .bind(id.0)
            .bind(deck.0)
            .bind(category.map(|c| c.0))
            .bind(&text.front)
            .bind(&text.back)
            .bind(&text.hint)
            .bind(&text.explanation)
            .bind(aliases_json(text))
            .bind(text.search_text())
            .bind(now)
            .execute(&mut *tx)
            .await?
            .rows_affected();
            if done == 0 {
                return Err(StoreError::NotFound);
            }
            sqlx::query("DELETE FROM card_tags WHERE card_id = $1").bind(id.0).execute(&mut *tx).await?;
            for tag in &text.tags {
                sqlx::query("INSERT INTO card_tags (card_id, tag) VALUES ($1, $2)")
                    .bind(id.0)
                    .bind(tag)
                    .execute(&mut *tx)
                    .await?;
            }
            recount!(tx, deck, now);
            Ok(())
        })
    }

    /// Moves a living card to `place` (from 0) among the deck's living cards.
    pub async fn move_card(&self, deck: DeckId, id: CardId, place: i64, now: i64) -> Result<(), StoreError> {
        transaction!(self, tx => {
            let mut position = None;
            for renumbered in [false, true] {
                if renumbered {
                    sqlx::query(
                        "UPDATE cards SET position = numbered.n * 1024 FROM (SELECT id, \
                         ROW_NUMBER() OVER (ORDER BY position, id) AS n FROM cards \
                         WHERE deck_id = $1 AND deleted_at IS NULL) AS numbered WHERE cards.id = numbered.id",
                    )
                    .bind(deck.0)
                    .execute(&mut *tx)
                    .await?;
                }
                let around: Vec<i64> = sqlx::query_scalar(
                    "SELECT position FROM cards WHERE deck_id = $1 AND deleted_at IS NULL AND id <> $2 \
                     ORDER BY position, id LIMIT CAST($3 AS BIGINT) OFFSET $4",
                )
                .bind(deck.0)
                .bind(id.0)
                .bind(if place <= 0 { 1_i64 } else { 2 })
                .bind((place - 1).max(0))
                .fetch_all(&mut *tx)
                .await?;
                position = match (place <= 0, around.as_slice()) {
                    (true, [first, ..]) => Some(first - GAP),
                    (false, [before, after]) if after - before > 1 => Some(before + (after - before) / 2),
                    (false, [_, _]) => None,
                    (false, [last]) => Some(last + GAP),
                    // Past the end: last.
                    _ => Some(
                        sqlx::query_scalar::<_, i64>(
                            "SELECT COALESCE(MAX(position), 0) FROM cards WHERE deck_id = $1 AND id <> $2",
                        )
                        .bind(deck.0)
                        .bind(id.0)
                        .fetch_one(&mut *tx)
                        .await? + GAP,
                    ),
                };
                if position.is_some() {
                    break;
                }
            }
            let done = sqlx::query("UPDATE cards SET position = $3 WHERE id = $1 AND deck_id = $2 AND deleted_at IS NULL")
                .bind(id.0)
                .bind(deck.0)
                .bind(position.unwrap_or(0))
                .execute(&mut *tx)
                .await?
                .rows_affected();
            if done == 0 {
                return Err(StoreError::NotFound);
            }
            recount!(tx, deck, now);
            Ok(())
        })
    }

    /// The place (from 0) of a living card among its deck's.
    pub async fn card_place(&self, deck: DeckId, id: CardId) -> Result<i64, StoreError> {
        Ok(read!(self, conn => sqlx::query_scalar(
            "SELECT COUNT(*) FROM cards c JOIN cards me ON me.id = $2 AND me.deck_id = $1 \
             WHERE c.deck_id = $1 AND c.deleted_at IS NULL \
             AND (c.position < me.position OR (c.position = me.position AND c.id < me.id))",
        )
        .bind(deck.0)
        .bind(id.0)
        .fetch_one(conn)
        .await?))
    }

    /// Deletes living cards together under `deletion`; gives how many there were.
    pub async fn delete_cards(
        &self,
        deck: DeckId,
        cards: &[CardId],
        deletion: DeletionId,
        now: i64,
    ) -> Result<u64, StoreError> {
        if cards.is_empty() {
            return Ok(0);
        }
        transaction!(self, tx => {
            let mut gone = 0;
            for chunk in cards.chunks(ROWS) {
                let mut query = QueryBuilder::new("UPDATE cards SET deleted_at = ");
                query.push_bind(now).push(", deletion_id = ").push_bind(deletion.0);
                query.push(" WHERE deleted_at IS NULL AND deck_id = ").push_bind(deck.0).push(" AND id IN (");
                let mut ids = query.separated(", ");
                for id in chunk {
                    ids.push_bind(id.0);
                }
                query.push(")");
                gone += query.build().persistent(false).execute(&mut *tx).await?.rows_affected();
            }
            recount!(tx, deck, now);
            Ok(gone)
        })
    }

    /// Brings back exactly the cards that were deleted under `deletion`; gives how many.
    pub async fn restore_cards(&self, deck: DeckId, deletion: DeletionId, now: i64) -> Result<u64, StoreError> {
        transaction!(self, tx => {
            let back = sqlx::query(
                "UPDATE cards SET deleted_at = NULL, deletion_id = NULL \
                 WHERE deletion_id = $2 AND deck_id = $1 AND deleted_at IS NOT NULL",
            )
            .bind(deck.0)
            .bind(deletion.0)
            .execute(&mut *tx)
            .await?
            .rows_affected();
            recount!(tx, deck, now);
            Ok(back)
        })
    }

    /// Puts living cards into a category, or into none; gives how many.
    pub async fn categorise_cards(
        &self,
        deck: DeckId,
        cards: &[CardId],
        category: Option<CategoryId>,
        now: i64,
    ) -> Result<u64, StoreError> {
        transaction!(self, tx => {
            let mut done = 0;
            for id in cards {
                done += sqlx::query(
                    "UPDATE cards SET category_id = (SELECT id FROM categories WHERE id = $3 AND deck_id = $1), \
                     updated_at = CASE WHEN $4 > created_at THEN $4 ELSE created_at + 1 END \
                     WHERE id = $2 AND deck_id = $1 AND deleted_at IS NULL",
                )
                .bind(deck.0)
                .bind(id.0)
                .bind(category.map(|c| c.0))
                .bind(now)
                .execute(&mut *tx)
                .await?
                .rows_affected();
            }
            recount!(tx, deck, now);
            Ok(done)
        })
    }
}

/// The further right answers as the column stores them.
pub(super) fn aliases_json(text: &CardText) -> String {
    serde_json::to_string(&text.aliases).unwrap_or_else(|_| "[]".to_owned())
}
