//! Decks: who may use which, the list of them, and their making, renaming and deleting.

use super::{Db, StoreError};
use crate::domain::{
    deck::{DECKS_PER_PAGE, DeckAccess, DeckLine, DeckPage},
    ids::{DeckId, GroupId, UserId},
    role::GroupRole,
};
use uuid::Uuid;

type AccessRow = (String, Option<Uuid>, Uuid, i64, Option<String>, Option<String>);
type LineRow = (Uuid, String, Option<Uuid>, Option<String>, i64, i64);

impl Db {
    /// Makes a deck: personal when `group` is `None`.
    pub async fn create_deck(
        &self,
        id: DeckId,
        group: Option<GroupId>,
        owner: UserId,
        title: &str,
        now: i64,
    ) -> Result<(), StoreError> {
        change!(self, conn => sqlx::query(
            "INSERT INTO decks (id, group_id, owner_id, title, search_text, description, card_count, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, '', 0, $6, $6)",
        )
        .bind(id.0)
        .bind(group.map(|g| g.0))
        .bind(owner.0)
        .bind(title)
        .bind(title.to_lowercase())
        .bind(now)
        .execute(conn)
        .await?
        .rows_affected());
        Ok(())
    }

    /// What `user` may do with a living deck; `None` when nothing, or when it does not exist.
    pub async fn deck_access(&self, deck: DeckId, user: UserId) -> Result<Option<DeckAccess>, StoreError> {
        let row: Option<AccessRow> = read!(self, conn => sqlx::query_as(
            "SELECT d.title, d.group_id, d.owner_id, d.card_count, g.name, m.role FROM decks d \
             LEFT JOIN study_groups g ON g.id = d.group_id AND g.deleted_at IS NULL \
             LEFT JOIN memberships m ON m.group_id = g.id AND m.user_id = $2 \
             WHERE d.id = $1 AND d.deleted_at IS NULL",
        )
        .bind(deck.0)
        .bind(user.0)
        .fetch_optional(conn)
        .await?);
        Ok(row.and_then(|row| access(deck, user, row)))
    }

    /// Like [`Self::deck_access`] for a deck that has been deleted: who may bring it back.
    pub async fn deleted_deck_access(&self, deck: DeckId, user: UserId) -> Result<Option<DeckAccess>, StoreError> {
        let row: Option<AccessRow> = read!(self, conn => sqlx::query_as(
            "SELECT d.title, d.group_id, d.owner_id, d.card_count, g.name, m.role FROM decks d \
             LEFT JOIN study_groups g ON g.id = d.group_id AND g.deleted_at IS NULL \
             LEFT JOIN memberships m ON m.group_id = g.id AND m.user_id = $2 \
             WHERE d.id = $1 AND d.deleted_at IS NOT NULL",
        )
        .bind(deck.0)
        .bind(user.0)
        .fetch_optional(conn)
        .await?);
        Ok(row.and_then(|row| access(deck, user, row)))
    }

    /// Page `page` (from 0) of the decks that `user` may read, the last changed first.
    /// One indexed query: this is the page that a whole school opens at eight.
    pub async fn deck_page(&self, user: UserId, page: i64) -> Result<DeckPage, StoreError> {
        let mut rows: Vec<LineRow> = read!(self, conn => sqlx::query_as(
            "SELECT id, title, group_id, name, card_count, updated_at FROM ( \
               SELECT d.id, d.title, d.group_id, CAST(NULL AS TEXT) AS name, d.card_count, d.updated_at FROM decks d \
               WHERE d.owner_id = $1 AND d.group_id IS NULL AND d.deleted_at IS NULL \
               UNION ALL \
               SELECT d.id, d.title, d.group_id, g.name, d.card_count, d.updated_at FROM memberships m \
               JOIN study_groups g ON g.id = m.group_id AND g.deleted_at IS NULL \
               JOIN decks d ON d.group_id = m.group_id AND d.deleted_at IS NULL \
               WHERE m.user_id = $1 \
             ) AS mine ORDER BY updated_at DESC, id DESC LIMIT CAST($2 AS BIGINT) OFFSET $3",
        )
        .bind(user.0)
        .bind(DECKS_PER_PAGE + 1)
        .bind(page.max(0).saturating_mul(DECKS_PER_PAGE))
        .fetch_all(conn)
        .await?);
        if let Some(only) = only_page(page, &rows) {
            return Ok(lines(rows, only));
        }
        rows.truncate(usize::try_from(DECKS_PER_PAGE).unwrap_or(usize::MAX));
        let total: i64 = read!(self, conn => sqlx::query_scalar(
            "SELECT (SELECT COUNT(*) FROM decks d \
               WHERE d.owner_id = $1 AND d.group_id IS NULL AND d.deleted_at IS NULL) \
             + (SELECT COUNT(*) FROM memberships m \
               JOIN study_groups g ON g.id = m.group_id AND g.deleted_at IS NULL \
               JOIN decks d ON d.group_id = m.group_id AND d.deleted_at IS NULL \
               WHERE m.user_id = $1)",
        )
        .bind(user.0)
        .fetch_one(conn)
        .await?);
        Ok(lines(rows, total))
    }

    /// Like [`Self::deck_page`], only decks whose title contains `words` (any case).
    pub async fn search_decks(&self, user: UserId, words: &str, page: i64) -> Result<DeckPage, StoreError> {
        let pattern = contains(&words.to_lowercase());
        let mut rows: Vec<LineRow> = read!(self, conn => sqlx::query_as(
            "SELECT id, title, group_id, name, card_count, updated_at FROM ( \
               SELECT d.id, d.title, d.group_id, CAST(NULL AS TEXT) AS name, d.card_count, d.updated_at FROM decks d \
               WHERE d.owner_id = $1 AND d.group_id IS NULL AND d.deleted_at IS NULL AND d.search_text LIKE $4 ESCAPE '\\' \
               UNION ALL \
               SELECT d.id, d.title, d.group_id, g.name, d.card_count, d.updated_at FROM memberships m \
               JOIN study_groups g ON g.id = m.group_id AND g.deleted_at IS NULL \
               JOIN decks d ON d.group_id = m.group_id AND d.deleted_at IS NULL \
               WHERE m.user_id = $1 AND d.search_text LIKE $4 ESCAPE '\\' \
             ) AS mine ORDER BY updated_at DESC, id DESC LIMIT CAST($2 AS BIGINT) OFFSET $3",
        )
        .bind(user.0)
        .bind(DECKS_PER_PAGE + 1)
        .bind(page.max(0).saturating_mul(DECKS_PER_PAGE))
        .bind(&pattern)
        .fetch_all(conn)
        .await?);
        if let Some(only) = only_page(page, &rows) {
            return Ok(lines(rows, only));
        }
        rows.truncate(usize::try_from(DECKS_PER_PAGE).unwrap_or(usize::MAX));
        let total: i64 = read!(self, conn => sqlx::query_scalar(
            "SELECT (SELECT COUNT(*) FROM decks d WHERE d.owner_id = $1 AND d.group_id IS NULL \
               AND d.deleted_at IS NULL AND d.search_text LIKE $2 ESCAPE '\\') \
             + (SELECT COUNT(*) FROM memberships m \
               JOIN study_groups g ON g.id = m.group_id AND g.deleted_at IS NULL \
               JOIN decks d ON d.group_id = m.group_id AND d.deleted_at IS NULL \
               WHERE m.user_id = $1 AND d.search_text LIKE $2 ESCAPE '\\')",
        )
        .bind(user.0)
        .bind(&pattern)
        .fetch_one(conn)
        .await?);
        Ok(lines(rows, total))
    }

    /// The living decks of one group, the last changed first; at most 200.
    pub async fn group_decks(&self, group: GroupId) -> Result<Vec<DeckLine>, StoreError> {
        let rows: Vec<LineRow> = read!(self, conn => sqlx::query_as(
            "SELECT d.id, d.title, d.group_id, g.name, d.card_count, d.updated_at FROM decks d \
             JOIN study_groups g ON g.id = d.group_id \
             WHERE d.group_id = $1 AND d.deleted_at IS NULL ORDER BY d.updated_at DESC, d.id DESC LIMIT 200",
        )
        .bind(group.0)
        .fetch_all(conn)
        .await?);
        Ok(lines(rows, 0).decks)
    }

    /// Gives a living deck another title.
    pub async fn rename_deck(&self, deck: DeckId, title: &str, now: i64) -> Result<(), StoreError> {
        let done = change!(self, conn => sqlx::query(
            "UPDATE decks SET title = $2, search_text = $3, updated_at = $4 WHERE id = $1 AND deleted_at IS NULL",
        )
        .bind(deck.0)
        .bind(title)
        .bind(title.to_lowercase())
        .bind(now)
        .execute(conn)
        .await?
        .rows_affected());
        if done == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// Takes a deck away, with everything in it; [`Self::restore_deck`] brings it back.
    pub async fn delete_deck(&self, deck: DeckId, now: i64) -> Result<(), StoreError> {
        let done = change!(self, conn => sqlx::query(
            "UPDATE decks SET deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL",
        )
        .bind(deck.0)
        .bind(now)
        .execute(conn)
        .await?
        .rows_affected());
        if done == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// Brings a deleted deck back. Doing it twice changes nothing.
    pub async fn restore_deck(&self, deck: DeckId) -> Result<(), StoreError> {
        change!(self, conn => sqlx::query("UPDATE decks SET deleted_at = NULL WHERE id = $1")
            .bind(deck.0)
            .execute(conn)
            .await?
            .rows_affected());
        Ok(())
    }
}

/// The pattern for `LIKE … ESCAPE '\'` that finds `text` anywhere, wildcards taken literally.
pub(super) fn contains(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

fn access(deck: DeckId, user: UserId, row: AccessRow) -> Option<DeckAccess> {
    let (title, group_id, owner, cards, group_name, role) = row;
    let role = role.as_deref().and_then(GroupRole::parse);
    let edit = match group_id {
        None if owner == user.0 => true,
        None => return None,
        Some(_) => role?.teaches(),
    };
    let group_id = group_id.map(GroupId);
    Some(DeckAccess { deck, title, group_id, group_name, role, can_edit: edit, can_host: edit, cards })
}

/// How many decks there are when the first page, asked for with one row more, has all of them. Most people have no
/// second page, and counting costs as much as reading.
fn only_page(page: i64, rows: &[LineRow]) -> Option<i64> {
    let found = i64::try_from(rows.len()).ok()?;
    (page <= 0 && found <= DECKS_PER_PAGE).then_some(found)
}

fn lines(rows: Vec<LineRow>, total: i64) -> DeckPage {
    let decks = rows
        .into_iter()
        .map(|(id, title, group, group_name, cards, updated_at)| DeckLine {
            id: DeckId(id),
            title,
            group: group.map(GroupId),
            group_name,
            cards,
            updated_at,
        })
        .collect();
    DeckPage { decks, total }
}
