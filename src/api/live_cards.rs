//! What a player takes along from a quiz, and says of an answer.

use super::{error::AppError, wire::Post};
use crate::domain::ids::{DeckId, LiveSessionId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Where the copy of a card is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenLiveCard {
    pub deck: DeckId,
    /// The deck's.
    pub title: String,
    /// `false`: it was there before.
    pub added: bool,
}

/// Copies the card of a question whose answer has been shown into a deck of the asking account's own. For who has a seat.
/// `next`: `result` for a form of the page of results.
#[server(protocol = Post)]
pub async fn take_live_card(
    session: LiveSessionId,
    card_index: u32,
    next: Option<String>,
) -> Result<TakenLiveCard, AppError> {
    use crate::server::{call::redirect_form, live::commands::TakeLiveCard};
    crate::server::live::call::handle(async |call, caller, _| {
        let taken = TakeLiveCard { session, card_index, now: call.now }.run(&call.state, &caller).await?;
        let page = if next.as_deref() == Some("result") { "result" } else { "play" };
        redirect_form(&format!("/live/{session}/{page}"));
        Ok(TakenLiveCard { deck: taken.deck, title: taken.title, added: taken.added })
    })
    .await
}

/// Says how sure one is of the own answer to the open question.
#[server(protocol = Post)]
pub async fn tell_sureness(session: LiveSessionId, card_index: u32, sure: bool) -> Result<(), AppError> {
    use crate::server::{live::commands::TellSureness, random};
    crate::server::live::call::handle(async |call, caller, _| {
        let (key, at) = (random::id(call.now), call.state.clock.steady());
        TellSureness { session, card_index, sure, key, at }.run(&call.state, &caller).await?;
        leptos_axum::redirect(&format!("/live/{session}/play"));
        Ok(())
    })
    .await
}
