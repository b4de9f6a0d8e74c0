//! Cards that somebody took from a quiz into a deck of their own: each once, with where it came from.

use super::{
    Db, NewCard, StoreError,
    card_writes::{GAP, ROWS, aliases_json, insert_cards, recount},
    padded,
};
use crate::domain::{
    card::CardText,
    card_images::Replaced,
    deck::{CATEGORIES_MAX, TAKEN_MAX},
    ids::{CardId, CategoryId, DeckId, LiveSessionId, UserId},
};
use sqlx::QueryBuilder;
use uuid::Uuid;

/// A copy to be made. Ids of what may have to be made are new.
#[derive(Clone, Debug)]
pub struct NewTakenCard {
    pub user: UserId,
    pub session: LiveSessionId,
    pub source: CardId,
    /// The deck in which the pictures are.
    pub source_deck: DeckId,
    pub source_title: String,
    /// A new deck and its title, for the first card of all.
    pub deck: DeckId,
    pub deck_title: String,
    pub card: CardId,
    /// Clean, and with the new pictures.
    pub text: CardText,
    /// A new category and its name, where the deck has none of this name.
    pub category: Option<(CategoryId, String)>,
    /// Pictures of the source's deck that are copied along.
    pub images: Replaced,
    /// Bytes that all pictures of one deck may have.
    pub image_space: i64,
}

/// Where the copy is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenCard {
    pub deck: DeckId,
    pub title: String,
    /// `false`: it was there before.
    pub added: bool,
}

impl Db {
    /// Copies a card into the deck of the account's last copy, else into its own deck of the given title, which is made
    /// when there is none. A card whose copy is still there is not copied again.
    /// `Conflict("image_space")` when the pictures do not fit: nothing is written then.
    pub async fn take_card(&self, new: &NewTakenCard, now: i64) -> Result<TakenCard, StoreError> {
        let user = new.user.0;
        transaction!(self, tx => {
            // One at a time for each account: two taps at once make one card in one deck.
            sqlx::query("UPDATE users SET display_name = display_name WHERE id = $1").bind(user).execute(&mut *tx).await?;
            let there: Option<(Uuid, String)> = sqlx::query_as(
                "SELECT d.id, d.title FROM taken_cards t JOIN cards c ON c.id = t.card_id AND c.deleted_at IS NULL \
                 JOIN decks d ON d.id = c.deck_id AND d.deleted_at IS NULL WHERE t.user_id = $1 AND t.source_card = $2",
            )
            .bind(user)
            .bind(new.source.0)
            .fetch_optional(&mut *tx)
            .await?;
            if let Some((deck, title)) = there {
                return Ok(TakenCard { deck: DeckId(deck), title, added: false });
            }
            let last: Option<(Uuid, String)> = sqlx::query_as(
                "SELECT d.id, d.title FROM taken_cards t JOIN cards c ON c.id = t.card_id \
                 JOIN decks d ON d.id = c.deck_id AND d.deleted_at IS NULL AND d.owner_id = $1 AND d.group_id IS NULL \
                 AND d.card_count < $2 WHERE t.user_id = $1 ORDER BY t.taken_at DESC, d.id LIMIT 1",
            )
            .bind(user)
            .bind(TAKEN_MAX)
            .fetch_optional(&mut *tx)
            .await?;
            let found = match last {
                Some(last) => Some(last),
                None => sqlx::query_as(
                    "SELECT id, title FROM decks WHERE owner_id = $1 AND group_id IS NULL AND deleted_at IS NULL \
                     AND card_count < $2 AND title = $3 ORDER BY created_at, id LIMIT 1",
                )
                .bind(user)
                .bind(TAKEN_MAX)
                .bind(&new.deck_title)
                .fetch_optional(&mut *tx)
                .await?,
            };
            let (deck, title) = match found {
                Some((deck, title)) => (DeckId(deck), title),
                None => {
                    sqlx::query(
                        "INSERT INTO decks (id, group_id, owner_id, title, search_text, description, card_count, created_at, \
                         updated_at) VALUES ($1, NULL, $2, $3, $4, '', 0, $5, $5)",
                    )
                    .bind(new.deck.0)
                    .bind(user)
                    .bind(&new.deck_title)
                    .bind(new.deck_title.to_lowercase())
                    .bind(now)
                    .execute(&mut *tx)
                    .await?;
                    (new.deck, new.deck_title.clone())
                }
            };
            let mut category_id = None;
            if let Some((id, name)) = &new.category {
                sqlx::query(
                    "INSERT INTO categories (id, deck_id, name, position) \
                     SELECT $1, $2, $3, (SELECT COALESCE(MAX(position), 0) + 1 FROM categories WHERE deck_id = $2) \
                     WHERE (SELECT COUNT(*) FROM categories WHERE deck_id = $2) < $4 \
                     ON CONFLICT (deck_id, name) DO NOTHING",
                )
                .bind(id.0)
                .bind(deck.0)
                .bind(name)
                .bind(i64::try_from(CATEGORIES_MAX).unwrap_or(i64::MAX))
                .execute(&mut *tx)
                .await?;
                let there: Option<Uuid> = sqlx::query_scalar("SELECT id FROM categories WHERE deck_id = $1 AND name = $2")
                    .bind(deck.0)
                    .bind(name)
                    .fetch_optional(&mut *tx)
                    .await?;
                category_id = there.map(CategoryId);
            }
            for (old, copy) in &new.images {
                sqlx::query(
                    "INSERT INTO images (id, deck_id, uploaded_by, media_type, width, height, bytes, created_at) \
                     SELECT $1, $2, $3, media_type, width, height, bytes, $4 FROM images WHERE id = $5 AND deck_id = $6",
                )
                .bind(copy.0)
                .bind(deck.0)
                .bind(user)
                .bind(now)
                .bind(old.0)
                .bind(new.source_deck.0)
                .execute(&mut *tx)
                .await?;
            }
            if !new.images.is_empty() {
                let bytes: i64 = sqlx::query_scalar(
                    "SELECT CAST(COALESCE(SUM(LENGTH(bytes)), 0) AS BIGINT) FROM images WHERE deck_id = $1",
                )
                .bind(deck.0)
                .fetch_one(&mut *tx)
                .await?;
                if bytes > new.image_space {
                    return Err(StoreError::Conflict("image_space".into()));
                }
            }
            let cards = [NewCard { id: new.card, category_id, text: new.text.clone() }];
            insert_cards!(tx, deck, cards, now);
            recount!(tx, deck, now);
            sqlx::query("DELETE FROM taken_cards WHERE user_id = $1 AND source_card = $2")
                .bind(user)
                .bind(new.source.0)
                .execute(&mut *tx)
                .await?;
            sqlx::query(
                "INSERT INTO taken_cards (user_id, source_card, card_id, session_id, source_title, taken_at) \
                 VALUES ($1, $2, $3, $4, $5, $6)",
            )
            .bind(user)
            .bind(new.source.0)
            .bind(new.card.0)
            .bind(new.session.0)
            .bind(&new.source_title)
            .bind(now)
            .execute(&mut *tx)
            .await?;
            Ok(TakenCard { deck, title, added: true })
        })
    }

    /// Which of these cards the account has taken, as far as the copies are still there.
    pub async fn taken_cards(&self, user: UserId, of: &[CardId]) -> Result<Vec<CardId>, StoreError> {
        if of.is_empty() {
            return Ok(vec![]);
        }
        let found: Vec<Uuid> = read!(self, conn => {
            let mut query = QueryBuilder::new(
                "SELECT t.source_card FROM taken_cards t JOIN cards c ON c.id = t.card_id AND c.deleted_at IS NULL \
                 JOIN decks d ON d.id = c.deck_id AND d.deleted_at IS NULL WHERE t.user_id = ",
            );
            query.push_bind(user.0).push(" AND t.source_card IN (");
            let mut ids = query.separated(", ");
            for id in padded(of) {
                ids.push_bind(id.0);
            }
            query.push(")");
            query.build_query_scalar().fetch_all(conn).await?
        });
        Ok(found.into_iter().map(CardId).collect())
    }

    /// The title of the deck from which a card was taken; `None` for a card of one's own.
    pub async fn card_source(&self, card: CardId) -> Result<Option<String>, StoreError> {
        Ok(read!(self, conn => sqlx::query_scalar("SELECT source_title FROM taken_cards WHERE card_id = $1")
            .bind(card.0)
            .fetch_optional(conn)
            .await?))
    }
}
