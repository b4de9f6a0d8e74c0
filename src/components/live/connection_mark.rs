//! Whether the line stands: a dot and words, and when the next try is.

use crate::view::view;
use crate::{
    client::{
        clock::{Countdown, use_now},
        connection::State,
        socket::use_socket,
    },
    words::use_words,
};
use leptos::prelude::*;

#[component]
pub fn ConnectionMark(
    #[prop(into)] line: Signal<State>,
    /// Said beside a lost line, so that nobody worries.
    #[prop(into)]
    note: Signal<Option<&'static str>>,
) -> impl IntoView {
    let words = use_words();
    let socket = use_socket();
    let class = move || match line.get() {
        State::Open | State::Stale { .. } => "connection is-online",
        State::Offline { .. } | State::Closed { .. } => "connection is-offline",
        State::Waiting { .. } => "connection is-reconnecting",
        State::Idle | State::Connecting { .. } => "connection",
    };
    let text = move || match line.get() {
        State::Idle | State::Connecting { .. } => view! { <span>{words.live.connecting}</span> }.into_any(),
        State::Open | State::Stale { .. } => {
            view! { <span class="visually-hidden">{words.live.connected}</span> }.into_any()
        }
        State::Waiting { until } => view! { <Until until=until /> }.into_any(),
        State::Offline { .. } => view! { <span>{words.live.offline}</span> }.into_any(),
        State::Closed { .. } => ().into_any(),
    };
    let lost = Memo::new(move |_| matches!(line.get(), State::Waiting { .. } | State::Offline { .. }));
    view! {
        <div class=class role="status">
            <span class="connection-dot"></span>
            {text}
            {move || lost.get().then(|| note.get().map(|note| view! { <span>{note}</span> }))}
            {move || {
                lost.get()
                    .then(|| {
                        view! {
                            <button type="button" class="button button-quiet button-small" on:click=move |_| socket.retry()>
                                {words.live.retry}
                            </button>
                        }
                    })
            }}
        </div>
    }
    .into_any()
}

/// The seconds are not read out: they would interrupt everything else.
#[component]
fn Until(until: u64) -> impl IntoView {
    let words = use_words();
    let heard_at = crate::client::browser::now();
    let remaining_ms = (until as f64 - heard_at).max(0.0) as u32;
    let countdown = Countdown { heard_at, remaining_ms };
    let now = use_now(heard_at);
    view! {
        <span class="visually-hidden">{words.live.reconnecting}</span>
        <span aria-hidden="true">{move || (words.live.reconnecting_in)(countdown.seconds(now.get()))}</span>
    }
}
