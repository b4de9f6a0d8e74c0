//! The conversation: earlier messages on demand, who is writing, and the field to write in. A sheet on phones.

use super::message::{Message, Unsent};
use crate::components::text_area::content;
use crate::view::view;
use crate::{
    client::{connection::State, study_room::Room},
    components::icon::{Glyph, Icon},
    domain::{ids::MessageId, live::study_room::TEXT_MAX},
    protocol::RoomAct,
    words::use_words,
};
use leptos::{ev, html, prelude::*};

/// `typed`: what a form without JavaScript could not send.
#[component]
pub fn Chat(room: Room, typed: String, #[prop(into)] failed: bool) -> impl IntoView {
    let words = use_words();
    let editing = RwSignal::new(None::<(MessageId, String)>);
    let open = RwSignal::new(false);
    let line_open = Signal::derive(move || matches!(room.line.get(), State::Open | State::Stale { .. } | State::Idle));
    let toggle = move |_| {
        open.update(|open| *open = !*open);
        room.unread.set(0);
    };
    let news = move || {
        let unread = room.unread.get();
        (unread > 0 && !open.get())
            .then(|| view! { <span class="badge badge-accent">{(words.room.new_messages)(unread)}</span> })
    };
    let empty = Memo::new(move |_| room.messages.with(Vec::is_empty) && room.waiting.with(Vec::is_empty));
    view! {
        <section class="room-chat" class:is-open=open aria-label=words.room.chat on:focusin=move |_| room.unread.set(0)>
            <button
                type="button"
                class="room-chat-bar"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                on:click=toggle
            >
                <strong>{words.room.chat}</strong>
                {news}
                {move || {
                    view! { <Icon glyph=if open.get() { Glyph::Down } else { Glyph::ArrowUp } class="icon icon-small" /> }
                }}
            </button>
            <h2 class="panel-title room-chat-title">{words.room.chat}</h2>
            <div class="room-log" tabindex="0" role="log" aria-label=words.room.chat>
                <div>
                    <Show when=move || room.earlier.get()>
                        <p class="room-earlier">
                            <button type="button" class="button button-small" on:click=move |_| room.load_earlier()>
                                {words.room.earlier}
                            </button>
                        </p>
                    </Show>
                    <Show when=move || empty.get()>
                        <p class="muted small room-earlier">{words.room.no_messages}</p>
                    </Show>
                    <ol>
                        <For
                            each=move || room.messages.get()
                            key=|message| (message.number, message.changed)
                            children=move |message| view! { <Message room=room message=message editing=editing /> }
                        />
                        {move || {
                            room.waiting
                                .get()
                                .into_iter()
                                .map(|message| view! { <Unsent room=room message=message open=line_open /> })
                                .collect_view()
                        }}
                    </ol>
                </div>
            </div>
            <p class="muted small room-typing">{move || typing(room)}</p>
            <Composer room=room editing=editing typed=typed failed=failed />
        </section>
    }
    .into_any()
}

fn typing(room: Room) -> String {
    let me = room.me.get_value();
    room.view.with(|view| {
        let names: Vec<&str> =
            view.people.iter().filter(|one| one.typing && one.user != me).map(|one| one.name.as_str()).collect();
        (use_words().room.is_typing)(&names)
    })
}

/// A plain form without JavaScript.
#[component]
fn Composer(room: Room, editing: RwSignal<Option<(MessageId, String)>>, typed: String, failed: bool) -> impl IntoView {
    let words = use_words();
    let field = NodeRef::<html::Textarea>::new();
    let session = room.view.with_untracked(|view| view.session);
    let muted = move || room.view.with(|view| view.person(room.me.get_value()).is_some_and(|me| me.muted));
    let closed = Memo::new(move |_| room.view.with(|view| view.ended.is_some()));
    Effect::new(move || {
        if let (Some(draft), Some(field)) = (room.draft(), field.get()) {
            field.set_value(&draft);
        }
    });
    // What one wants to change goes into the field, with the cursor.
    Effect::new(move || {
        if let (Some((_, text)), Some(field)) = (editing.get(), field.get_untracked()) {
            field.set_value(&text);
            let _ = field.focus();
        }
    });
    let send = move || {
        let Some(field) = field.get_untracked() else { return };
        let text = field.value();
        if text.trim().is_empty() {
            return;
        }
        field.set_value("");
        room.keep_draft("");
        match editing.get_untracked() {
            Some((message, _)) => {
                editing.set(None);
                room.act(RoomAct::EditMessage { message, text });
            }
            None => room.say(text),
        }
    };
    let cancel = move || {
        editing.set(None);
        if let Some(field) = field.get_untracked() {
            field.set_value("");
        }
    };
    let keydown = move |event: ev::KeyboardEvent| {
        // Enter ends a word in some scripts before it ends the message.
        if event.key() == "Enter" && !event.shift_key() && !event.is_composing() {
            event.prevent_default();
            send();
        } else if event.key() == "Escape" && editing.with_untracked(Option::is_some) {
            cancel();
        }
    };
    view! {
        <Show when=move || !closed.get()>
            <form
                class="room-composer"
                method="post"
                action="/api/send_room_message"
                on:submit=move |event| {
                    event.prevent_default();
                    send();
                }
            >
                <input type="hidden" name="session" value=session.to_string() />
                {failed.then(|| view! { <p class="field-error" role="alert">{words.room.not_sent}</p> })}
                {move || muted().then(|| view! { <p class="field-note">{words.room.you_are_muted}</p> })}
                {move || {
                    editing
                        .get()
                        .is_some()
                        .then(|| {
                            view! {
                                <p class="spread small">
                                    {words.room.editing}
                                    <button type="button" class="button button-quiet button-small" on:click=move |_| cancel()>
                                        {words.common.cancel}
                                    </button>
                                </p>
                            }
                        })
                }}
                <div class="room-write">
                    <textarea
                        class="textarea"
                        name="text"
                        rows="2"
                        required
                        maxlength=TEXT_MAX.to_string()
                        aria-label=words.room.write
                        placeholder=words.room.write
                        node_ref=field
                        disabled=muted
                        on:keydown=keydown
                        on:input=move |event| {
                            room.typing();
                            if editing.with_untracked(Option::is_none) {
                                room.keep_draft(&event_target_value(&event));
                            }
                        }
                    >
                        {content(typed.clone())}
                    </textarea>
                    <button class="button button-primary" disabled=muted>
                        {move || if editing.get().is_some() { words.room.save } else { words.room.send }}
                    </button>
                </div>
            </form>
        </Show>
    }
    .into_any()
}
