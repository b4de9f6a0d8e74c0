//! From a quiz back to the study room it was started from.

use crate::components::suspended::suspended;
use crate::components::suspense::Suspense;
use crate::view::view;
use crate::{
    api::rooms::RoomOfQuiz,
    client::load::{load, once},
    domain::ids::LiveSessionId,
    words::use_words,
};
use leptos::prelude::*;

/// Nothing where the quiz has no room, or the reader is not in its group.
#[component]
pub fn BackToRoom(session: LiveSessionId) -> impl IntoView {
    let words = use_words();
    let room = load(once, move || Some(RoomOfQuiz { session }));
    view! {
        <Suspense>
            {suspended(room, move |room| {
                room
                    .ok()
                    .flatten()
                    .map(|room| {
                        view! {
                            <a class="button button-quiet" href=format!("/rooms/{room}")>
                                {words.room.back}
                            </a>
                        }
                    })
            })}
        </Suspense>
    }
    .into_any()
}
