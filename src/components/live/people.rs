//! Everybody in the session, for the host: who is in, and taking somebody out or letting somebody back in.

use crate::view::view;
use crate::{
    api::live::{ListedParticipant, LiveSessionParticipants},
    client::{action::ServerAction, dialog, live_session::LiveHost},
    components::dialog::Dialog,
    domain::{
        ids::ParticipantId,
        live::blitz::{Control, ExtraTime},
    },
    words::use_words,
};
use leptos::{html, prelude::*};

/// The button, and the dialog that it opens.
#[component]
pub fn People(live: LiveHost) -> impl IntoView {
    let words = use_words();
    let node = NodeRef::<html::Dialog>::new();
    let session = live.view.with_untracked(|v| v.session);
    let people = ServerAction::<LiveSessionParticipants>::new();
    // Each of these may change who is in.
    let changes = Memo::new(move |_| live.view.with(|v| (v.players, v.at_the_door)));
    Effect::new(move || {
        changes.get();
        if node.get_untracked().is_some_and(|dialog| dialog.has_attribute("open")) {
            people.dispatch(LiveSessionParticipants { session });
        }
    });
    let list = move || {
        let rows = people.value().get()?.ok()?;
        Some(rows.into_iter().map(|row| person(live, row)).collect_view())
    };
    view! {
        <button
            type="button"
            class="button button-quiet needs-script"
            on:click=move |_| {
                people.dispatch(LiveSessionParticipants { session });
                dialog::open(node);
            }
        >
            {words.live.people}
        </button>
        <Dialog node=node id="people-title" title=words.live.players_title>
            <ul class="people">{list}</ul>
        </Dialog>
    }
    .into_any()
}

fn person(live: LiveHost, row: ListedParticipant) -> AnyView {
    let words = use_words();
    let participant = row.participant;
    let (control, label) = if row.away {
        (Control::Admit { participant }, words.live.let_in)
    } else {
        (Control::Remove { participant }, words.live.take_out)
    };
    view! {
        <li class="spread">
            <span>{row.name} {row.guest.then(|| view! { <span class="muted small">" " {words.live.guest}</span> })}</span>
            <span class="row">
                {(!row.away).then(|| more_time(live, row.participant, row.extra))}
                <button type="button" class="button" on:click=move |_| live.control(control)>
                    {label}
                </button>
            </span>
        </li>
    }
    .into_any()
}

/// Folded, because the list may be on the projector: who has extra time is nobody else's business.
fn more_time(live: LiveHost, participant: ParticipantId, extra: ExtraTime) -> AnyView {
    let words = use_words();
    let options = ExtraTime::ALL
        .into_iter()
        .zip(words.live.extra_times)
        .map(|(each, label)| view! { <option value=each.as_str() selected=each == extra>{label}</option> })
        .collect_view();
    view! {
        <details class="extra-time">
            <summary>{words.live.extra_time}</summary>
            <select
                class="select"
                aria-label=words.live.extra_time
                on:change:target=move |event| {
                    let extra = ExtraTime::parse(&event.target().value()).unwrap_or_default();
                    live.control(Control::ExtraTime { participant, extra });
                }
            >
                {options}
            </select>
        </details>
    }
    .into_any()
}
