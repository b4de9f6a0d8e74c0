//! Who studies a deck right now, beside the reader. Nothing while nobody does.

use super::{frame::CurrentUser, presence::Faces};
use crate::components::suspended::suspended2;
use crate::components::suspense::Suspense;
use crate::view::view;
use crate::{
    api::presence::GroupPresence,
    client::{
        load::{load, once},
        presence::use_presence,
    },
    domain::{
        ids::{DeckId, GroupId, UserId},
        presence::State,
    },
    words::use_words,
};
use leptos::prelude::*;

#[component]
pub fn DeckPeople(deck: DeckId, group: GroupId) -> impl IntoView {
    let state = load(once, move || Some(GroupPresence { group }));
    let user = expect_context::<CurrentUser>();
    view! {
        <Suspense>
            {suspended2(user.0, state, move |user, state| {
                let me = user.ok().flatten()?.id;
                // Switched off, or not reachable: the page has its other parts.
                let state = state.ok()?;
                Some(view! { <Studying deck=deck group=group me=me initial=state /> })
            })}
        </Suspense>
    }
}

#[component]
fn Studying(deck: DeckId, group: GroupId, me: UserId, initial: State) -> impl IntoView {
    let words = use_words();
    let state = use_presence(group, initial);
    let people = Memo::new(move |_| {
        let here = |one: &&_| {
            let one: &crate::domain::presence::Present = one;
            one.user != me && one.doing.as_ref().and_then(|doing| doing.activity.deck()) == Some(deck)
        };
        state.with(|state| state.people.iter().filter(here).cloned().collect::<Vec<_>>())
    });
    let count = Signal::derive(move || people.with(|people| u32::try_from(people.len()).unwrap_or(0)));
    view! {
        <div class="here" class:is-empty=move || count.get() == 0 aria-live="off">
            <span class="muted small">{words.presence.deck_now}</span>
            <Faces people=people there=count />
        </div>
    }
    .into_any()
}
