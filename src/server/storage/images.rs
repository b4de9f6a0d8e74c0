//! Pictures on cards.

use super::{Db, StoreError};
use crate::domain::ids::{DeckId, ImageId, UserId};
use uuid::Uuid;

/// A picture that is to be written; its content has been checked.
#[derive(Clone, Debug)]
pub struct NewImage {
    pub id: ImageId,
    pub deck: DeckId,
    pub uploaded_by: UserId,
    /// `image/png`, …
    pub media_type: &'static str,
    /// Pixels.
    pub width: i64,
    pub height: i64,
    pub bytes: Vec<u8>,
}

/// A stored picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    pub deck: DeckId,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

impl Db {
    pub async fn create_image(&self, image: &NewImage, now: i64) -> Result<(), StoreError> {
        change!(self, conn => sqlx::query(
            "INSERT INTO images (id, deck_id, uploaded_by, media_type, width, height, bytes, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(image.id.0)
        .bind(image.deck.0)
        .bind(image.uploaded_by.0)
        .bind(image.media_type)
        .bind(image.width)
        .bind(image.height)
        .bind(&image.bytes)
        .bind(now)
        .execute(conn)
        .await?
        .rows_affected());
        Ok(())
    }

    /// The deck of a picture: who may read that may see it.
    pub async fn image_deck(&self, id: ImageId) -> Result<Option<DeckId>, StoreError> {
        let deck: Option<Uuid> = read!(self, conn => sqlx::query_scalar("SELECT deck_id FROM images WHERE id = $1")
            .bind(id.0)
            .fetch_optional(conn)
            .await?);
        Ok(deck.map(DeckId))
    }

    pub async fn image(&self, id: ImageId) -> Result<Option<Image>, StoreError> {
        let row: Option<(Uuid, String, Vec<u8>)> = read!(self, conn => sqlx::query_as("SELECT deck_id, media_type, bytes FROM images WHERE id = $1")
                .bind(id.0)
                .fetch_optional(conn)
                .await?);
        Ok(row.map(|(deck, media_type, bytes)| Image { deck: DeckId(deck), media_type, bytes }))
    }

    /// How many bytes of pictures a deck has.
    pub async fn image_bytes(&self, deck: DeckId) -> Result<i64, StoreError> {
        Ok(read!(self, conn => sqlx::query_scalar(
            "SELECT CAST(COALESCE(SUM(LENGTH(bytes)), 0) AS BIGINT) FROM images WHERE deck_id = $1",
        )
        .bind(deck.0)
        .fetch_one(conn)
        .await?))
    }
}
