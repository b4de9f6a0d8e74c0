//! Sounds of the projector: the last seconds, the reveal, the podium. Off until the host wants them; the choice stays
//! on the device.

use crate::view::view;
use crate::{
    client::{browser, clock::use_now, live_session::LiveHost},
    domain::live::blitz::HostPhase,
    words::use_words,
};
use leptos::prelude::*;

const KEY: &str = "quiz-sound";
/// Each of the last seconds ticks.
const TICKS: u32 = 5;
/// Hertz, and when each begins in ms.
const TICK: &[(f32, u32)] = &[(880.0, 0)];
const REVEAL: &[(f32, u32)] = &[(523.25, 0), (783.99, 120)];
const PODIUM: &[(f32, u32)] = &[(523.25, 0), (659.26, 140), (783.99, 280), (1046.5, 420)];

/// The button; it makes the sounds too.
#[component]
pub fn HostSound(live: LiveHost) -> impl IntoView {
    let words = use_words();
    let on = RwSignal::new(false);
    // The server does not know the device's choice, so the page begins without it.
    Effect::new(move || on.set(browser::remembered(KEY).is_some_and(|kept| kept == "on")));
    let play = move |tones: &[(f32, u32)], ms: u32| {
        if on.get_untracked() {
            tones.iter().for_each(|(hz, after)| browser::tone(*hz, *after, ms));
        }
    };
    let phase = Memo::new(move |_| {
        live.view.with(|v| match &v.phase {
            HostPhase::Answering { closed: false, .. } => 1,
            HostPhase::Reveal { .. } => 2,
            HostPhase::Podium { .. } => 3,
            _ => 0,
        })
    });
    let now = use_now(live.countdown.get_untracked().heard_at);
    let seconds = Memo::new(move |_| live.countdown.get().seconds(now.get()));
    Effect::new(move |before: Option<i32>| {
        let phase = phase.get();
        match phase {
            2 if before.is_some() => play(REVEAL, 260),
            3 if before.is_some() => play(PODIUM, 420),
            _ => {}
        }
        phase
    });
    Effect::new(move || {
        let seconds = seconds.get();
        if phase.get() == 1 && (1..=TICKS).contains(&seconds) {
            play(TICK, 80);
        }
    });
    view! {
        <button
            type="button"
            class="button button-quiet needs-script"
            on:click=move |_| {
                on.update(|on| *on = !*on);
                browser::remember(KEY, if on.get_untracked() { "on" } else { "off" });
                play(TICK, 80);
            }
        >
            {move || if on.get() { words.live.sound_on } else { words.live.sound_off }}
        </button>
    }
    .into_any()
}
