//! Who is there: the dot of a status, a few faces with a number, a person's state in words, and the choice of the own.

use super::{action_form::ActionForm, avatar::Avatar, relative_time::RelativeTime};
use crate::view::view;
use crate::{
    api::presence::SetPresenceStatus,
    client::{action::ServerAction, presence::use_my_presence},
    domain::{
        ids::UserId,
        presence::{Present, State, Status},
    },
    words::use_words,
};
use leptos::prelude::*;

/// Faces side by side; the others are a number.
pub const FACES: usize = 5;

/// Decorative: the words stand beside it or in the label of what contains it.
#[component]
pub fn StatusDot(#[prop(into)] status: Signal<Status>) -> impl IntoView {
    view! { <span class="status-dot" data-status=move || status.get().as_str() aria-hidden="true"></span> }
}

/// At most five people and "+12". `there` counts those who are not in `people` too.
#[component]
pub fn Faces(#[prop(into)] people: Signal<Vec<Present>>, #[prop(into)] there: Signal<u32>) -> impl IntoView {
    let words = use_words();
    let first =
        move || people.with(|people| people.iter().take(FACES).map(|p| (p.user, p.name.clone())).collect::<Vec<_>>());
    let more = move || {
        let shown = people.with(|people| people.len().min(FACES));
        there.get().saturating_sub(u32::try_from(shown).unwrap_or(0))
    };
    view! {
        <ul class="faces">
            <For each=first key=|one| one.clone() let:one>
                <Face user=one.0 name=one.1 people=people />
            </For>
            {move || {
                let count = more();
                (count > 0)
                    .then(|| {
                        view! {
                            <li class="faces-more">
                                <span aria-hidden="true">{(words.presence.more)(count)}</span>
                                <span class="visually-hidden">{(words.presence.more_label)(count)}</span>
                            </li>
                        }
                    })
            }}
        </ul>
    }
    .into_any()
}

#[component]
fn Face(user: UserId, name: String, people: Signal<Vec<Present>>) -> impl IntoView {
    let words = use_words();
    let status = Signal::derive(move || {
        people.with(|people| people.iter().find(|one| one.user == user).map_or(Status::Offline, |one| one.status))
    });
    let shown = name.clone();
    let label = Signal::derive(move || {
        let of = |one: &Present| (words.presence.person)(&one.name, one.status, one.doing.as_ref());
        people.with(|people| people.iter().find(|one| one.user == user).map(of)).unwrap_or_else(|| name.clone())
    });
    view! {
        <li class="face" title=label>
            <Avatar seed=user.0 name=shown />
            <StatusDot status=status />
            <span class="visually-hidden">{label}</span>
        </li>
    }
}

/// A member's face with the dot, for a list in which the words follow.
#[component]
pub fn MemberFace(user: UserId, name: String, status: Option<Signal<Status>>) -> impl IntoView {
    view! {
        <span class="face">
            <Avatar seed=user.0 name=name />
            {status.map(|status| view! { <StatusDot status=status /> })}
        </span>
    }
}

/// How somebody stands in `state`. For the reader `own` is the choice, which goes over what others see.
pub fn status_in(state: RwSignal<State>, user: UserId, own: Option<Status>) -> Signal<Status> {
    let mine = use_my_presence();
    Signal::derive(move || {
        let own = own.map(|own| mine.and_then(|mine| mine.status.get()).unwrap_or(own));
        let seen = state.with(|state| state.find(user).map(|one| one.status));
        match own {
            Some(Status::Online) => seen.unwrap_or(Status::Online),
            Some(own) => own,
            None => seen.unwrap_or(Status::Offline),
        }
    })
}

/// "online, studying Capitals", or when they were there last.
#[component]
pub fn StandingText(
    state: RwSignal<State>,
    user: UserId,
    status: Signal<Status>,
    /// Unix milliseconds.
    last_seen: Option<i64>,
) -> impl IntoView {
    let words = use_words();
    let was_here = StoredValue::new(false);
    move || match status.get() {
        Status::Offline if was_here.get_value() && !state.with(|state| state.crowd) => {
            words.presence.just_left.into_any()
        }
        Status::Offline => {
            last_seen.map(|at| view! { {words.presence.last_seen} " " <RelativeTime at=at /> }).into_any()
        }
        status => {
            was_here.set_value(true);
            let doing =
                state.with(|state| state.find(user).and_then(|one| one.doing.as_ref().map(words.presence.doing)));
            let text = (words.presence.status)(status);
            doing.map_or_else(|| text.to_owned(), |doing| [text, ", ", &doing].concat()).into_any()
        }
    }
}

/// The choice of the own status, as items of a menu. Works without JavaScript.
#[component]
pub fn StatusChoice(initial: Status) -> impl IntoView {
    let words = use_words();
    let action = ServerAction::<SetPresenceStatus>::new();
    let mine = use_my_presence();
    let chosen = move || mine.and_then(|mine| mine.status.get()).unwrap_or(initial);
    view! {
        <ActionForm action=action>
            <fieldset class="status-choice">
                <legend class="muted small">{words.presence.choose}</legend>
                {Status::CHOICES
                    .map(|status| {
                        view! {
                            <button
                                class="menu-item"
                                name="status"
                                value=status.as_str()
                                aria-pressed=move || if chosen() == status { "true" } else { "false" }
                                on:click=move |_| {
                                    if let Some(mine) = mine {
                                        mine.status.set(Some(status));
                                    }
                                }
                            >
                                <StatusDot status=status />
                                <span>{(words.presence.status)(status)}</span>
                                <span class="muted small">{(words.presence.note)(status)}</span>
                            </button>
                        }
                    })
                    .collect_view()}
            </fieldset>
        </ActionForm>
    }
    .into_any()
}
