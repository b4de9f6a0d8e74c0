//! Who is in the room: card, raised hand, reaction, and what one shows of oneself.

use crate::view::view;
use crate::{
    client::study_room::Room,
    components::{
        avatar::Avatar,
        icon::{Glyph, Icon},
    },
    domain::live::study_room::{PersonView, Reaction},
    protocol::RoomAct,
    words::use_words,
};
use leptos::prelude::*;

#[component]
pub fn People(room: Room) -> impl IntoView {
    let words = use_words();
    let people = Memo::new(move |_| {
        room.view.with(|view| {
            let place = |user| view.hands.iter().position(|hand| *hand == user).map(|at| at + 1);
            view.people.iter().map(|person| (person.clone(), place(person.user))).collect::<Vec<_>>()
        })
    });
    view! {
        <section class="room-people" tabindex="0" aria-label=move || (words.room.people)(people.with(Vec::len))>
            <ul>
                <For
                    each=move || people.get()
                    // Who has not changed stays, with the focus.
                    key=|(person, place)| {
                        (person.user, person.card, person.typing, person.muted, person.reaction.map(|one| one as u8), *place)
                    }
                    children=move |(person, place)| one(room, person, place)
                />
            </ul>
        </section>
    }
    .into_any()
}

fn one(room: Room, person: PersonView, place: Option<usize>) -> AnyView {
    let words = use_words();
    let PersonView { user, name, card, typing, reaction, muted, .. } = person;
    let mine = user == room.me.get_value();
    let state = if muted {
        words.room.muted.to_owned()
    } else if typing {
        words.room.typing.to_owned()
    } else {
        (words.room.on_card)(card + 1)
    };
    let label = (words.room.lower_hand_of)(&name);
    let hand = place.map(|place| {
        let title = (words.room.hand_place)(place);
        if room.moderates && !mine {
            let lower = move |_| room.act(RoomAct::RaiseHand { user, raised: false });
            view! {
                <button type="button" class="room-hand" title=title aria-label=label on:click=lower>
                    {format!("✋{place}")}
                </button>
            }
            .into_any()
        } else {
            view! {
                <span class="room-hand" role="img" aria-label=title>
                    {format!("✋{place}")}
                </span>
            }
            .into_any()
        }
    });
    let said = reaction.map(|reaction| {
        view! {
            <span class="room-reaction" role="img" aria-label=(words.room.reaction)(reaction)>
                {reaction.emoji()}
            </span>
        }
    });
    view! {
        <li class="room-person">
            <span class="room-face">
                <Avatar seed=user.0 name=name.clone() />
                {said}
            </span>
            <span class="room-who">
                <strong class="truncate-line">
                    {name} {mine.then(|| view! { <span class="muted">" (" {words.room.you} ")"</span> })}
                </strong>
                <span class="muted small">{state}</span>
            </span>
            {hand}
        </li>
    }
    .into_any()
}

/// What one can show: a hand and a few reactions.
#[component]
pub fn Gestures(room: Room) -> impl IntoView {
    let words = use_words();
    let user = room.me.get_value();
    let up = Memo::new(move |_| room.view.with(|view| view.hands.contains(&user)));
    let muted = move || room.view.with(|view| view.person(user).is_some_and(|me| me.muted));
    view! {
        <div class="room-gestures">
            <button
                type="button"
                class="button"
                aria-pressed=move || if up.get() { "true" } else { "false" }
                on:click=move |_| room.act(RoomAct::RaiseHand { user, raised: !up.get_untracked() })
            >
                <Icon glyph=Glyph::Hand />
                {move || if up.get() { words.room.lower_hand } else { words.room.raise_hand }}
            </button>
            <div class="room-reactions" role="group" aria-label=words.room.react>
                {Reaction::ALL
                    .map(|reaction| {
                        view! {
                            <button
                                type="button"
                                class="button button-quiet button-icon"
                                aria-label=(words.room.reaction)(reaction)
                                disabled=muted
                                on:click=move |_| room.act(RoomAct::React { reaction })
                            >
                                {reaction.emoji()}
                            </button>
                        }
                    })
                    .collect_view()}
            </div>
        </div>
    }
    .into_any()
}
