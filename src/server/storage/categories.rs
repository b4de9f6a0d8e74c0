//! The categories of a deck.

use super::{Db, StoreError};
use crate::domain::{
    deck::Category,
    ids::{CategoryId, DeckId},
};
use uuid::Uuid;

impl Db {
    /// The categories of a deck in their order, with their living cards counted.
    pub async fn categories(&self, deck: DeckId) -> Result<Vec<Category>, StoreError> {
        let rows: Vec<(Uuid, String, i64)> = read!(self, conn => sqlx::query_as(
            "SELECT k.id, k.name, COUNT(c.id) FROM categories k \
             LEFT JOIN cards c ON c.category_id = k.id AND c.deleted_at IS NULL \
             WHERE k.deck_id = $1 GROUP BY k.id, k.name, k.position ORDER BY k.position, k.name",
        )
        .bind(deck.0)
        .fetch_all(conn)
        .await?);
        Ok(rows.into_iter().map(|(id, name, cards)| Category { id: CategoryId(id), name, cards }).collect())
    }

    /// Adds a category at the end. `Conflict` when the deck has one of this name.
    pub async fn create_category(&self, deck: DeckId, id: CategoryId, name: &str) -> Result<(), StoreError> {
        change!(self, conn => sqlx::query(
            "INSERT INTO categories (id, deck_id, name, position) \
             VALUES ($1, $2, $3, (SELECT COALESCE(MAX(position), 0) + 1 FROM categories WHERE deck_id = $2))",
        )
        .bind(id.0)
        .bind(deck.0)
        .bind(name)
        .execute(conn)
        .await?
        .rows_affected());
        Ok(())
    }

    /// Gives a category another name. `Conflict` when the deck has one of this name.
    pub async fn rename_category(&self, deck: DeckId, id: CategoryId, name: &str) -> Result<(), StoreError> {
        let done = change!(self, conn => sqlx::query("UPDATE categories SET name = $3 WHERE id = $1 AND deck_id = $2")
            .bind(id.0)
            .bind(deck.0)
            .bind(name)
            .execute(conn)
            .await?
            .rows_affected());
        if done == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// Removes a category; its cards stay, without one.
    pub async fn delete_category(&self, deck: DeckId, id: CategoryId) -> Result<(), StoreError> {
        let done = change!(self, conn => sqlx::query("DELETE FROM categories WHERE id = $1 AND deck_id = $2")
            .bind(id.0)
            .bind(deck.0)
            .execute(conn)
            .await?
            .rows_affected());
        if done == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// Moves a category to `place` (from 0) among its deck's.
    pub async fn move_category(&self, deck: DeckId, id: CategoryId, place: i64) -> Result<(), StoreError> {
        transaction!(self, tx => {
            let mut order: Vec<Uuid> =
                sqlx::query_scalar("SELECT id FROM categories WHERE deck_id = $1 ORDER BY position, name")
                    .bind(deck.0)
                    .fetch_all(&mut *tx)
                    .await?;
            let Some(from) = order.iter().position(|other| *other == id.0) else { return Err(StoreError::NotFound) };
            order.remove(from);
            let place = usize::try_from(place).unwrap_or(0).min(order.len());
            order.insert(place, id.0);
            for (position, category) in (1_i64..).zip(order) {
                sqlx::query("UPDATE categories SET position = $2 WHERE id = $1")
                    .bind(category)
                    .bind(position)
                    .execute(&mut *tx)
                    .await?;
            }
            Ok(())
        })
    }
}
