//! What a client says its person does, checked: whether they may be there, what it is called, whose business it is.

use crate::{
    domain::{
        ids::{DeckId, UserId},
        live::LiveSessionType,
        presence::{Activity, Doing, Place},
    },
    protocol::Refused,
    server::{state::AppState, storage::StoreError},
};

/// The place of `user` in `activity`; `NotFound` for what they cannot see.
pub async fn place(state: &AppState, user: UserId, activity: Activity) -> Result<Place, Refused> {
    let deck = match activity {
        Activity::Studying(deck) | Activity::Reviewing(deck) => deck,
        Activity::InRoom(session) | Activity::InQuiz(session) | Activity::Hosting(session) => {
            let row = match state.db.live_session(session).await {
                Err(StoreError::NotFound) => return Err(Refused::NotFound),
                found => found?,
            };
            let room = row.session_type == LiveSessionType::StudyRoom.as_str();
            if room != matches!(activity, Activity::InRoom(_)) {
                return Err(Refused::NotFound);
            }
            DeckId(row.deck_id)
        }
    };
    let access = state.db.deck_access(deck, user).await?.ok_or(Refused::NotFound)?;
    if matches!(activity, Activity::Hosting(_)) && !access.can_host {
        return Err(Refused::Forbidden);
    }
    Ok(Place { doing: Doing { activity, title: access.title }, group: access.group_id })
}
