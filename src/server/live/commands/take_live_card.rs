//! Somebody takes the card of a question along into a deck of their own, once its answer has been shown.

use crate::{
    api::error::AppError,
    domain::{
        card::{CardText, NOTE_MAX},
        card_images::Replaced,
        ids::{DeckId, LiveSessionId, UserId},
    },
    protocol::Refused,
    server::{
        images::DECK_MAX,
        live::{caller::Caller, engine::Revealed},
        random,
        state::AppState,
        storage::{NewTakenCard, StoreError, TakenCard},
    },
    words::en::WORDS,
};

#[derive(Clone, Copy, Debug)]
pub struct TakeLiveCard {
    pub session: LiveSessionId,
    /// The question's number, from 0.
    pub card_index: u32,
    /// Unix ms.
    pub now: i64,
}

impl TakeLiveCard {
    /// For an account with a seat, at the reveal or afterwards. Twice is once.
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<TakenCard, AppError> {
        let user = caller.user().ok_or(AppError::SignInRequired)?;
        let session = state.live.session(self.session).await?;
        let participant = caller.seat(&session).await?;
        let Revealed { title, question } = session.revealed(participant, self.card_index).await?;
        let db = &state.db;
        if let Some(title) = own(state, user, session.deck).await? {
            return Ok(TakenCard { deck: session.deck, title, added: false });
        }
        state.limits.take_card(user)?;
        // Deleted or not: it was asked here.
        let card = db.card_as_asked(session.deck, question.card).await?.ok_or(AppError::NotFound)?;
        let categories = db.categories(session.deck).await?;
        let category = categories.into_iter().find(|category| card.category_id == Some(category.id));
        let mut text = card.text;
        if let Some(written) = question.adjusted.explanation_source {
            text.explanation = shortened(&written);
        }
        let mut images = Replaced::new();
        for image in text.images() {
            // Only what the questions of this session may show.
            if db.image_deck(image).await? == Some(session.deck) {
                images.insert(image, random::id(self.now));
            }
        }
        let new = NewTakenCard {
            user,
            session: self.session,
            source: question.card,
            source_deck: session.deck,
            source_title: title,
            deck: random::id(self.now),
            deck_title: WORDS.live.taken_deck.to_owned(),
            card: random::id(self.now),
            text: CardText::with_images(&text, &images),
            category: category.map(|category| (random::id(self.now), category.name)),
            images,
            image_space: DECK_MAX,
        };
        match db.take_card(&new, self.now).await {
            Err(StoreError::Conflict(what)) if what == "image_space" => {
                Err(AppError::TooLarge { limit: DECK_MAX.unsigned_abs() })
            }
            done => Ok(done?),
        }
    }

    /// Numbers of the questions shown so far whose cards the caller has taken.
    pub async fn taken(state: &AppState, caller: &Caller, session: LiveSessionId) -> Result<Vec<u32>, Refused> {
        let Some(user) = caller.user() else { return Ok(vec![]) };
        let session = state.live.session(session).await?;
        let cards = session.revealed_cards().await?;
        if own(state, user, session.deck).await?.is_some() {
            return Ok(cards.into_iter().map(|(index, _)| index).collect());
        }
        let ids: Vec<_> = cards.iter().map(|(_, card)| *card).collect();
        let taken = state.db.taken_cards(user, &ids).await?;
        Ok(cards.into_iter().filter(|(_, card)| taken.contains(card)).map(|(index, _)| index).collect())
    }
}

/// The deck's title, when it is the account's alone: its cards need no copies.
async fn own(state: &AppState, user: UserId, deck: DeckId) -> Result<Option<String>, StoreError> {
    let access = state.db.deck_access(deck, user).await?;
    Ok(access.filter(|access| access.group_id.is_none()).map(|access| access.title))
}

/// A host may write more than fits on a card.
fn shortened(text: &str) -> String {
    if text.chars().count() <= NOTE_MAX {
        return text.to_owned();
    }
    text.chars().take(NOTE_MAX - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_for_a_card_is_cut_between_characters() {
        assert_eq!(shortened("short"), "short");
        let cut = shortened(&"é".repeat(NOTE_MAX + 1));
        assert_eq!((cut.chars().count(), cut.chars().last()), (NOTE_MAX, Some('…')));
        assert_eq!(shortened(&"é".repeat(NOTE_MAX)).chars().last(), Some('é'));
    }
}
