//! One message of the conversation, and one that is not sent yet.

use crate::view::view;
use crate::{
    client::study_room::{Room, Waiting},
    components::{
        avatar::Avatar,
        icon::{Glyph, Icon},
        menu::Menu,
        relative_time::RelativeTime,
    },
    domain::{
        ids::MessageId,
        live::study_room::{
            RoomMessage,
            links::{Piece, pieces},
        },
    },
    protocol::RoomAct,
    words::use_words,
};
use leptos::prelude::*;

/// Plain text with its addresses as links.
fn plain(text: &str) -> Vec<AnyView> {
    pieces(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.to_owned().into_any(),
            Piece::Link(link) => {
                let (href, link) = (link.to_owned(), link.to_owned());
                view! {
                    <a href=href target="_blank" rel="noopener noreferrer nofollow">
                        {link}
                    </a>
                }
                .into_any()
            }
        })
        .collect()
}

#[component]
pub fn Message(room: Room, message: RoomMessage, editing: RwSignal<Option<(MessageId, String)>>) -> impl IntoView {
    let words = use_words();
    let RoomMessage { id, user, name, at, text, edited, deleted_by, .. } = message;
    let mine = user == room.me.get_value();
    let body = match deleted_by {
        Some(by) => {
            let words = if by == user { words.room.deleted_self } else { words.room.deleted_other };
            view! { <p class="muted small">{words}</p> }.into_any()
        }
        None => view! { <p class="room-text">{plain(&text)}</p> }.into_any(),
    };
    // What can be done is for people who are here with a script: without one, the room is read.
    let person = name.clone();
    let menu = (deleted_by.is_none() && (mine || room.moderates)).then(|| {
        let muted = move || room.view.with(|view| view.person(user).is_some_and(|one| one.muted));
        let (mute, unmute) = ((words.room.mute)(&person), (words.room.unmute)(&person));
        let others = room.moderates && !mine;
        view! {
            <Menu label=words.room.actions face=|| view! { <Icon glyph=Glyph::More class="icon icon-small" /> }>
                {mine
                    .then(|| {
                        let text = text.clone();
                        view! {
                            <button type="button" class="menu-item" on:click=move |_| editing.set(Some((id, text.clone())))>
                                {words.room.edit}
                            </button>
                        }
                    })}
                <button type="button" class="menu-item" on:click=move |_| room.act(RoomAct::DeleteMessage { message: id })>
                    {words.room.delete}
                </button>
                {others
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="menu-item"
                                on:click=move |_| room.act(RoomAct::Mute { user, muted: !untrack(muted) })
                            >
                                {move || if muted() { unmute.clone() } else { mute.clone() }}
                            </button>
                        }
                    })}
            </Menu>
        }
    });
    view! {
        <li class="room-message" class:is-mine=mine>
            <Avatar seed=user.0 name=name.clone() />
            <div class="room-said">
                <p class="room-by">
                    <strong>{name}</strong> <span class="muted small"><RelativeTime at=at /></span>
                    {edited.then(|| view! { <span class="muted small">{words.room.edited}</span> })}
                </p>
                {body}
            </div>
            {menu}
        </li>
    }
    .into_any()
}

/// On its way, or refused; it says which, and nothing that was typed is lost.
#[component]
pub fn Unsent(room: Room, message: Waiting, #[prop(into)] open: Signal<bool>) -> impl IntoView {
    let words = use_words();
    let Waiting { id, text, refused, .. } = message;
    let state = match refused {
        None => view! {
            <p class="muted small" role="status">
                {move || if open.get() { words.room.sending } else { words.room.sends_later }}
            </p>
        }
        .into_any(),
        Some(reason) => view! {
            <p class="field-error" role="alert">
                {(words.room.refused)(&reason)}
            </p>
            <div class="row">
                <button type="button" class="button button-small" on:click=move |_| room.send(id)>
                    {words.room.try_again}
                </button>
                <button type="button" class="button button-small button-quiet" on:click=move |_| room.discard(id)>
                    {words.room.discard}
                </button>
            </div>
        }
        .into_any(),
    };
    view! {
        <li class="room-message is-mine is-unsent">
            <div class="room-said">
                <p class="room-text">{text}</p>
                {state}
            </div>
        </li>
    }
    .into_any()
}
