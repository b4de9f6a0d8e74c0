//! A group's study rooms: the open ones to go into, the closed ones to read, and a new one on a deck.

use crate::components::suspended::suspended2;
use crate::components::suspense::Suspense;
use crate::view::view;
use crate::{
    api::{decks::GroupDecks, rooms::StudyRooms},
    client::load::{load, once},
    components::{
        icon::{Glyph, Icon},
        relative_time::RelativeTime,
    },
    domain::ids::{DeckId, GroupId},
    words::use_words,
};
use leptos::prelude::*;

/// A plain form that opens a room: it works the same with and without JavaScript.
#[component]
pub fn OpenRoom(deck: DeckId) -> impl IntoView {
    let words = use_words();
    view! {
        <form method="post" action="/api/open_study_room">
            <input type="hidden" name="deck" value=deck.to_string() />
            <button class="button">
                <Icon glyph=Glyph::Groups />
                {words.room.open}
            </button>
        </form>
    }
}

#[component]
pub fn GroupRooms(group: GroupId) -> impl IntoView {
    let words = use_words();
    let rooms = load(once, move || Some(StudyRooms { group }));
    let decks = load(once, move || Some(GroupDecks { group }));
    view! {
        <Suspense>
            {suspended2(rooms, decks, move |rooms, decks| {
                // Switched off, or not reachable: the page has its other parts.
                let rooms = rooms.ok()?;
                let decks: Vec<_> = decks.unwrap_or_default().into_iter().filter(|deck| deck.cards > 0).collect();
                let list = (!rooms.is_empty())
                    .then(|| {
                        let rows = rooms
                            .into_iter()
                            .map(|room| {
                                let facts = (words.room.facts)(&room.host_name, room.people, room.messages);
                                let verb = if room.open { words.room.go_in } else { words.room.read };
                                let class = if room.open { "button button-primary" } else { "button button-quiet" };
                                view! {
                                    <li>
                                        <span class="grow">
                                            {room.title} " "
                                            {room.open.then(|| view! { <span class="badge badge-positive badge-live">{words.room.is_open}</span> })}
                                            <br />
                                            <span class="muted small">{facts} " · " <RelativeTime at=room.at /></span>
                                        </span>
                                        <a class=class href=format!("/rooms/{}", room.session)>
                                            {verb}
                                        </a>
                                    </li>
                                }
                            })
                            .collect_view();
                        view! { <ul class="list">{rows}</ul> }
                    });
                let form = (!decks.is_empty())
                    .then(|| {
                        view! {
                            <form class="row" method="post" action="/api/open_study_room">
                                <select class="select" name="deck" aria-label=words.room.open_on style="width: auto; max-width: 100%">
                                    {decks
                                        .into_iter()
                                        .map(|deck| view! { <option value=deck.id.to_string()>{deck.title}</option> })
                                        .collect_view()}
                                </select>
                                <button class="button">{words.room.open}</button>
                            </form>
                        }
                    });
                Some(
                    view! {
                        <section class="stack" id="rooms">
                            <h2 class="panel-title">{words.room.list_title}</h2>
                            {list.is_none().then(|| view! { <p class="muted">{words.room.list_empty}</p> })}
                            {list}
                            {form}
                        </section>
                    }
                        .into_any(),
                )
            })}
        </Suspense>
    }
    .into_any()
}
