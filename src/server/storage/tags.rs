//! Tagging many cards at once.

use super::{Db, StoreError};
use crate::domain::{
    card::{CardText, TAGS_MAX},
    ids::{CardId, DeckId},
};

impl Db {
    /// Adds `tag` to living cards, or takes it away; gives how many changed.
    /// A card that has [`TAGS_MAX`] tags already gets no further one.
    pub async fn tag_cards(
        &self,
        deck: DeckId,
        cards: &[CardId],
        tag: &str,
        add: bool,
        now: i64,
    ) -> Result<u64, StoreError> {
        transaction!(self, tx => {
            let mut changed = 0;
            for id in cards {
                let sides: Option<(String, String)> = sqlx::query_as(
                    "SELECT front, back FROM cards WHERE id = $1 AND deck_id = $2 AND deleted_at IS NULL",
                )
                .bind(id.0)
                .bind(deck.0)
                .fetch_optional(&mut *tx)
                .await?;
                let Some((front, back)) = sides else { continue };
                let mut tags: Vec<String> = sqlx::query_scalar("SELECT tag FROM card_tags WHERE card_id = $1 ORDER BY tag")
                    .bind(id.0)
                    .fetch_all(&mut *tx)
                    .await?;
                let has = tags.iter().any(|other| other == tag);
                if has == add || (add && tags.len() >= TAGS_MAX) {
                    continue;
                }
                if add {
                    tags.push(tag.to_owned());
                    sqlx::query("INSERT INTO card_tags (card_id, tag) VALUES ($1, $2)")
                        .bind(id.0)
                        .bind(tag)
                        .execute(&mut *tx)
                        .await?;
                } else {
                    tags.retain(|other| other != tag);
                    sqlx::query("DELETE FROM card_tags WHERE card_id = $1 AND tag = $2")
                        .bind(id.0)
                        .bind(tag)
                        .execute(&mut *tx)
                        .await?;
                }
                let search = CardText { front, back, tags, ..CardText::default() }.search_text();
                sqlx::query(
                    "UPDATE cards SET search_text = $2, \
                     updated_at = CASE WHEN $3 > created_at THEN $3 ELSE created_at + 1 END WHERE id = $1",
                )
                .bind(id.0)
                .bind(search)
                .bind(now)
                .execute(&mut *tx)
                .await?;
                changed += 1;
            }
            sqlx::query("UPDATE decks SET updated_at = $2 WHERE id = $1").bind(deck.0).bind(now).execute(&mut *tx).await?;
            Ok(changed)
        })
    }
}
