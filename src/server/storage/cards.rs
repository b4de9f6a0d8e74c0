//! Reading cards: pages of a deck, search, and the cards that a quiz draws from.

use super::{Db, StoreError, decks::contains};
use crate::domain::{
    card::{CARDS_PER_PAGE, Card, CardFilter, CardPage, CardText, QuizCard},
    ids::{CardId, CategoryId, DeckId},
};
use sqlx::QueryBuilder;
use uuid::Uuid;

/// A card that is to be written. `text` must be clean.
#[derive(Clone, Debug)]
pub struct NewCard {
    pub id: CardId,
    pub category_id: Option<CategoryId>,
    pub text: CardText,
}

/// Between the tags of one card in a result; no tag can contain it.
const TAG_END: &str = "\n";

#[derive(sqlx::FromRow)]
struct CardRow {
    id: Uuid,
    category_id: Option<Uuid>,
    front: String,
    back: String,
    hint: String,
    explanation: String,
    aliases: String,
    updated_at: i64,
    tags: Option<String>,
}

/// The columns of [`CardRow`]; `$1` is [`TAG_END`].
macro_rules! card_columns {
    () => {
        "c.id, c.category_id, c.front, c.back, c.hint, c.explanation, c.aliases, c.updated_at, \
         (SELECT string_agg(t.tag, $1 ORDER BY t.tag) FROM card_tags t WHERE t.card_id = c.id) AS tags"
    };
}

/// Adds the `WHERE` of a [`CardFilter`]; a macro because the builder's type differs by engine.
macro_rules! condition {
    ($query:ident, $deck:ident, $filter:ident) => {
        $query.push(" WHERE c.deck_id = ");
        $query.push_bind($deck.0);
        $query.push(" AND c.deleted_at IS NULL");
        if let Some(category) = $filter.category {
            $query.push(" AND c.category_id = ");
            $query.push_bind(category.0);
        }
        for word in &$filter.words {
            $query.push(" AND c.search_text LIKE ");
            $query.push_bind(contains(word));
            $query.push(" ESCAPE '\\'");
        }
        for tag in &$filter.tags {
            $query.push(" AND EXISTS (SELECT 1 FROM card_tags t WHERE t.card_id = c.id AND t.tag = ");
            $query.push_bind(tag.clone());
            $query.push(")");
        }
    };
}
impl Db {
    /// Page `page` (from 0) of a deck's living cards that match, in the deck's order.
    pub async fn card_page(&self, deck: DeckId, filter: &CardFilter, page: i64) -> Result<CardPage, StoreError> {
        let offset = page.max(0).saturating_mul(CARDS_PER_PAGE);
        let (rows, total): (Vec<CardRow>, i64) = read!(self, conn => {
            let mut query = QueryBuilder::new("SELECT COUNT(*) FROM cards c");
            condition!(query, deck, filter);
            let total: i64 = query.build_query_scalar().fetch_one(conn).await?;

            // The inner query picks the ids from the index; tags are gathered for this page alone.
            let mut query = QueryBuilder::new(
                "SELECT c.id, c.category_id, c.front, c.back, c.hint, c.explanation, c.aliases, c.updated_at, \
                 (SELECT string_agg(t.tag, ",
            );
            query.push_bind(TAG_END);
            query.push(" ORDER BY t.tag) FROM card_tags t WHERE t.card_id = c.id) AS tags FROM cards c \
                        WHERE c.id IN (SELECT c.id FROM cards c");
            condition!(query, deck, filter);
            query.push(" ORDER BY c.position, c.id LIMIT CAST(");
            query.push_bind(CARDS_PER_PAGE);
            query.push(" AS BIGINT) OFFSET ");
            query.push_bind(offset);
            query.push(") ORDER BY c.position, c.id");
            (query.build_query_as().fetch_all(conn).await?, total)
        });
        Ok(CardPage { cards: rows.into_iter().map(card).collect(), total })
    }

    /// One living card of a deck.
    pub async fn card(&self, deck: DeckId, id: CardId) -> Result<Option<Card>, StoreError> {
        self.card_or_deleted(deck, id, false).await
    }

    /// One card of a deck, deleted or not: what was asked in a quiz stays.
    pub async fn card_as_asked(&self, deck: DeckId, id: CardId) -> Result<Option<Card>, StoreError> {
        self.card_or_deleted(deck, id, true).await
    }

    async fn card_or_deleted(&self, deck: DeckId, id: CardId, deleted: bool) -> Result<Option<Card>, StoreError> {
        let row: Option<CardRow> = read!(self, conn => sqlx::query_as(concat!(
            "SELECT ", card_columns!(),
            " FROM cards c WHERE c.id = $2 AND c.deck_id = $3 AND (c.deleted_at IS NULL OR $4)",
        ))
        .bind(TAG_END)
        .bind(id.0)
        .bind(deck.0)
        .bind(deleted)
        .fetch_optional(conn)
        .await?);
        Ok(row.map(card))
    }

    /// All living cards of a deck in order, for the export and for finding duplicates.
    pub async fn all_cards(&self, deck: DeckId) -> Result<Vec<Card>, StoreError> {
        let rows: Vec<CardRow> = read!(self, conn => sqlx::query_as(concat!(
            "SELECT ", card_columns!(),
            " FROM cards c WHERE c.deck_id = $2 AND c.deleted_at IS NULL ORDER BY c.position, c.id",
        ))
        .bind(TAG_END)
        .bind(deck.0)
        .fetch_all(conn)
        .await?);
        Ok(rows.into_iter().map(card).collect())
    }

    /// Front and back of every living card of a deck.
    pub async fn card_sides(&self, deck: DeckId) -> Result<Vec<(String, String)>, StoreError> {
        Ok(read!(self, conn => sqlx::query_as(
            "SELECT front, back FROM cards WHERE deck_id = $1 AND deleted_at IS NULL",
        )
        .bind(deck.0)
        .fetch_all(conn)
        .await?))
    }

    /// The living cards that a quiz may draw from, in the deck's order: of one category, or of the whole deck.
    /// `limit` at most 2,000.
    pub async fn cards_for_quiz(
        &self,
        deck: DeckId,
        category: Option<CategoryId>,
        limit: i64,
    ) -> Result<Vec<QuizCard>, StoreError> {
        let limit = limit.clamp(0, 2_000);
        let rows: Vec<CardRow> = match category {
            None => read!(self, conn => sqlx::query_as(concat!(
                "SELECT ", card_columns!(),
                " FROM cards c WHERE c.deck_id = $2 AND c.deleted_at IS NULL ORDER BY c.position, c.id LIMIT CAST($3 AS BIGINT)",
            ))
            .bind(TAG_END)
            .bind(deck.0)
            .bind(limit)
            .fetch_all(conn)
            .await?),
            Some(category) => read!(self, conn => sqlx::query_as(concat!(
                "SELECT ", card_columns!(),
                " FROM cards c WHERE c.deck_id = $2 AND c.deleted_at IS NULL AND c.category_id = $4 \
                 ORDER BY c.position, c.id LIMIT CAST($3 AS BIGINT)",
            ))
            .bind(TAG_END)
            .bind(deck.0)
            .bind(limit)
            .bind(category.0)
            .fetch_all(conn)
            .await?),
        };
        Ok(rows.into_iter().map(|row| quiz_card(card(row))).collect())
    }

    /// The tags of a deck's living cards with how many carry each, the most used first; at most `limit`.
    pub async fn deck_tags(&self, deck: DeckId, limit: i64) -> Result<Vec<(String, i64)>, StoreError> {
        Ok(read!(self, conn => sqlx::query_as(
            "SELECT t.tag, COUNT(*) AS n FROM cards c JOIN card_tags t ON t.card_id = c.id \
             WHERE c.deck_id = $1 AND c.deleted_at IS NULL GROUP BY t.tag ORDER BY n DESC, t.tag LIMIT CAST($2 AS BIGINT)",
        )
        .bind(deck.0)
        .bind(limit)
        .fetch_all(conn)
        .await?))
    }
}

fn card(row: CardRow) -> Card {
    Card {
        id: CardId(row.id),
        category_id: row.category_id.map(CategoryId),
        text: CardText {
            front: row.front,
            back: row.back,
            hint: row.hint,
            explanation: row.explanation,
            aliases: serde_json::from_str(&row.aliases).unwrap_or_default(),
            tags: row.tags.map(|tags| tags.split(TAG_END).map(str::to_owned).collect()).unwrap_or_default(),
        },
        updated_at: row.updated_at,
    }
}

fn quiz_card(card: Card) -> QuizCard {
    let CardText { front, back, hint, explanation, aliases, tags } = card.text;
    QuizCard { id: card.id, category_id: card.category_id, front, back, hint, explanation, aliases, tags }
}
