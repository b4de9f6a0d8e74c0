//! What runs live in a group now. Nothing while there is nothing.

use super::{live_now::LiveNow, suspense::Suspense};
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
            {move || Suspend::new(async move {
                // Switched off, or not reachable: the page has its other parts.
                live.await.ok().filter(|sessions| !sessions.is_empty()).map(|sessions| view! { <LiveNow sessions=sessions /> })
            })}
        </Suspense>
    }
}
