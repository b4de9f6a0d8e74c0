//! The ring that runs out, with the seconds in it.

use crate::{
    client::clock::{Countdown, use_now},
    domain::text::thousandths,
    view::view,
};
use leptos::prelude::*;

/// From here on the ring warns.
const LAST_SECONDS: u32 = 5;

#[component]
pub fn Ring(
    #[prop(into)] countdown: Signal<Countdown>,
    /// What the full ring means.
    limit_ms: u32,
    #[prop(default = "ring")] class: &'static str,
    /// Told at 10 and at 5 seconds left, for those who cannot see the ring.
    #[prop(optional)]
    milestone: Option<RwSignal<u32>>,
) -> impl IntoView {
    let now = use_now(countdown.get_untracked().heard_at);
    let seconds = Memo::new(move |_| countdown.get().seconds(now.get()));
    let share = move || thousandths(countdown.get().left_ms(now.get()), limit_ms);
    if let Some(milestone) = milestone {
        Effect::new(move || {
            let seconds = seconds.get();
            if [10, 5].contains(&seconds) && limit_ms > seconds * 1000 {
                milestone.set(seconds);
            }
        });
    }
    // A ring that is short anyway would only be red.
    let warns = limit_ms > LAST_SECONDS * 1000;
    view! {
        <div class=class class:is-last=move || warns && seconds.get() <= LAST_SECONDS style=("--left", share) role="timer" aria-live="off">
            <svg viewBox="0 0 100 100" aria-hidden="true">
                <circle class="ring-track" cx="50" cy="50" r="44" pathLength="1"></circle>
                <circle class="ring-value" cx="50" cy="50" r="44" pathLength="1"></circle>
            </svg>
            <span class="ring-text">{move || seconds.get()}</span>
        </div>
    }
}
