//! A deck's cards as a quiz draws from them: Markdown read once, as text and as sanitised HTML.

use crate::{
    domain::{
        card::QuizCard as StoredCard,
        ids::DeckId,
        live::{draw::QuizCard, kinds::card_list, question::Rich},
    },
    server::{
        markdown,
        storage::{Db, StoreError},
    },
};

/// Cards that a quiz is drawn from at most.
const POOL: i64 = 2_000;

/// The cards as stored.
pub async fn pool(db: &Db, deck: DeckId) -> Result<Vec<StoredCard>, StoreError> {
    db.cards_for_quiz(deck, None, POOL).await
}

pub fn quiz_cards(stored: Vec<StoredCard>) -> Vec<QuizCard> {
    stored
        .into_iter()
        .map(|card| QuizCard {
            id: card.id,
            category: card.category_id,
            tags: card.tags,
            front: rich(&card.front),
            back: rich(&card.back),
            list: card_list(&card.back),
            aliases: card.aliases,
            hint: some_rich(&card.hint),
            explanation: some_rich(&card.explanation),
        })
        .collect()
}

/// Markdown as plain text, and as sanitised HTML where it is more than a line of text.
fn rich(source: &str) -> Rich {
    let text = markdown::plain_text(source);
    let html = markdown::render(source);
    let is_plain = html.trim() == format!("<p>{}</p>", escape(source.trim()));
    Rich { text, html: (!is_plain).then_some(html) }
}

/// `None` for an empty text.
pub fn some_rich(source: &str) -> Option<Rich> {
    (!source.trim().is_empty()).then(|| rich(source))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
