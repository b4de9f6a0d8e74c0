//! What runs live in a group now. Nothing while there is nothing.

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
                live.ok().filter(|sessions| !sessions.is_empty()).map(|sessions| view! { <LiveNow sessions=sessions /> })
            })}
        </Suspense>
    }
}
