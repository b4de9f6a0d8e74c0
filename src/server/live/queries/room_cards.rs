//! The next cards of a study room, rendered.

use crate::{
    api::{
        error::AppError,
        rooms::{CARDS, RoomCard},
    },
    domain::ids::{DeckId, LiveSessionId},
    server::{call::Call, markdown},
};

/// Whether the asking account is in the room's group is checked before.
#[derive(Clone, Copy, Debug)]
pub struct RoomCards {
    pub session: LiveSessionId,
    pub deck: DeckId,
    /// From 0.
    pub from: u32,
}

impl RoomCards {
    pub async fn run(self, call: &Call) -> Result<Vec<RoomCard>, AppError> {
        let ids = call.state.db.room_cards(self.session).await?;
        let mut cards = vec![];
        for (index, id) in (0..).zip(ids).skip(self.from as usize).take(CARDS as usize) {
            let card = call.state.db.card(self.deck, id).await?;
            let sides = card.map(|card| [markdown::render(&card.text.front), markdown::render(&card.text.back)]);
            cards.push(RoomCard { index, sides });
        }
        Ok(cards)
    }
}
