//! What the host and teachers can set: one card for all or not, who steers, a quiz, the end.

use crate::view::view;
use crate::{
    client::{dialog, study_room::Room},
    components::{
        dialog::Dialog,
        icon::{Glyph, Icon},
    },
    domain::live::study_room::Rules,
    protocol::RoomAct,
    words::use_words,
};
use leptos::{html, prelude::*};

#[component]
pub fn Settings(room: Room, can_quiz: bool) -> impl IntoView {
    let words = use_words();
    let node = NodeRef::<html::Dialog>::new();
    let rules = Memo::new(move |_| room.view.with(|view| view.rules));
    let set = move |rules: Rules| room.act(RoomAct::SetRules { rules });
    let (deck, session) = room.view.with_untracked(|view| (view.deck, view.session));
    let check = move |label: &'static str, on: fn(Rules) -> bool, with: fn(Rules, bool) -> Rules| {
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || on(rules.get())
                    on:change:target=move |event| set(with(rules.get_untracked(), event.target().checked()))
                />
                <span>{label}</span>
            </label>
        }
    };
    view! {
        {can_quiz
            .then(|| {
                view! {
                    <a class="button" href=format!("/decks/{deck}/blitz?room={session}")>
                        <Icon glyph=Glyph::Live />
                        {words.room.start_quiz}
                    </a>
                }
            })}
        {room
            .moderates
            .then(|| {
                view! {
                    <details class="panel room-settings">
                        <summary>{words.room.settings}</summary>
                        {check(
                            words.room.rule_together,
                            |rules| rules.together,
                            |rules, together| Rules { together, ..rules },
                        )}
                        {check(words.room.rule_anyone, |rules| rules.anyone, |rules, anyone| Rules { anyone, ..rules })}
                        <button type="button" class="button button-danger" on:click=move |_| dialog::open(node)>
                            {words.room.end}
                        </button>
                    </details>
                    <Dialog node=node id="end-room" title=words.room.end_title>
                        <p>{words.room.end_text}</p>
                        <div class="dialog-actions">
                            <button type="button" class="button" on:click=move |_| dialog::close(node)>
                                {words.room.go_on}
                            </button>
                            <button
                                type="button"
                                class="button button-danger"
                                on:click=move |_| {
                                    dialog::close(node);
                                    room.act(RoomAct::End);
                                }
                            >
                                {words.room.end}
                            </button>
                        </div>
                    </Dialog>
                }
            })}
    }
    .into_any()
}
