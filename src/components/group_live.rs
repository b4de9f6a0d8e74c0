//! The quizzes that run in a group now. Nothing while there is none; study rooms have a list of their own.

use super::{live_now::LiveNow, suspended::suspended, suspense::Suspense};
use crate::view::view;
use crate::{
    api::live::LiveSessionsOfGroup,
    client::load::{load, once},
    domain::ids::GroupId,
};
use leptos::prelude::*;

#[component]
pub fn GroupLive(group: GroupId) -> impl IntoView {
    let live = load(once, move || Some(LiveSessionsOfGroup { group }));
    view! {
        <Suspense>
            {suspended(live, move |live| {
                // Switched off, or not reachable: the page has its other parts.
                let quizzes: Vec<_> = live.ok()?.into_iter().filter(|session| !session.room).collect();
                (!quizzes.is_empty()).then(|| view! { <LiveNow sessions=quizzes /> })
            })}
        </Suspense>
    }
}
