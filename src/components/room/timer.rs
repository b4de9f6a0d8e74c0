//! The shared focus timer.

use crate::view::view;
use crate::{
    client::{clock::use_seconds, study_room::Room},
    components::icon::{Glyph, Icon},
    domain::live::study_room::{BREAK_MINUTES, FOCUS_MINUTES, Stage, TimerStep, TimerView},
    protocol::RoomAct,
    words::use_words,
};
use leptos::{ev, html, prelude::*};

#[component]
pub fn Timer(room: Room) -> impl IntoView {
    let words = use_words();
    let facts = Memo::new(move |_| room.view.with(|view| (view.timer.stage, view.timer.running, view.timer.rounds)));
    let runs = Signal::derive(move || facts.get().1);
    let seconds = use_seconds(room.countdown.into(), runs);
    let steers = Memo::new(move |_| room.may_steer());
    let step = move |step| room.act(RoomAct::Timer { step });
    let stage = move || if facts.get().0 == Stage::Focus { words.room.focus } else { words.room.pause_time };
    view! {
        <section class="panel room-timer" class:is-break=move || facts.get().0 == Stage::Break aria-label=words.room.timer>
            <p class="room-stage">
                {stage} <span class="muted small">{move || (words.room.rounds)(facts.get().2)}</span>
            </p>
            <p class="room-clock" role="timer" aria-live="off" data-running=move || runs.get().then_some("")>
                {move || clock(seconds.get())}
            </p>
            <Show when=move || steers.get()>
                <div class="row room-steps">
                    <button
                        type="button"
                        class="button button-primary"
                        on:click=move |_| {
                            step(if runs.get_untracked() { TimerStep::Pause } else { TimerStep::Start });
                        }
                    >
                        {move || {
                            if runs.get() {
                                view! { <Icon glyph=Glyph::Pause /> }
                            } else {
                                view! { <Icon glyph=Glyph::Play /> }
                            }
                        }}
                        {move || if runs.get() { words.room.pause } else { words.room.start }}
                    </button>
                    <button type="button" class="button" on:click=move |_| step(TimerStep::Skip)>
                        <Icon glyph=Glyph::Skip />
                        {words.room.skip}
                    </button>
                    <Lengths room=room />
                </div>
            </Show>
        </section>
    }
    .into_any()
}

#[component]
fn Lengths(room: Room) -> impl IntoView {
    let words = use_words();
    let (focus, pause) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    // Only what is set changes the fields, not what others do meanwhile.
    let minutes = move |pick: fn(&TimerView) -> u32| {
        Memo::new(move |_| (room.view.with(|view| pick(&view.timer)) / 60_000).to_string())
    };
    let set = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed = |input: NodeRef<html::Input>| input.get_untracked().and_then(|input| input.value().parse().ok());
        if let (Some(focus_min), Some(break_min)) = (typed(focus), typed(pause)) {
            room.act(RoomAct::Timer { step: TimerStep::Set { focus_min, break_min } });
        }
    };
    view! {
        <details class="room-lengths">
            <summary class="button button-quiet">{words.room.lengths}</summary>
            <form class="row" on:submit=set>
                <label class="field">
                    {words.room.focus_minutes}
                    <input
                        class="input"
                        type="number"
                        required
                        node_ref=focus
                        min=FOCUS_MINUTES.start().to_string()
                        max=FOCUS_MINUTES.end().to_string()
                        prop:value=minutes(|timer| timer.focus_ms)
                    />
                </label>
                <label class="field">
                    {words.room.break_minutes}
                    <input
                        class="input"
                        type="number"
                        required
                        node_ref=pause
                        min=BREAK_MINUTES.start().to_string()
                        max=BREAK_MINUTES.end().to_string()
                        prop:value=minutes(|timer| timer.break_ms)
                    />
                </label>
                <button class="button">{words.room.set}</button>
            </form>
        </details>
    }
    .into_any()
}

/// `24:59`, `1:05:00`.
pub fn clock(seconds: u32) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes:02}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::clock;

    #[test]
    fn reads_like_a_clock() {
        for (seconds, text) in [(0, "00:00"), (59, "00:59"), (1_500, "25:00"), (3_600, "1:00:00"), (10_799, "2:59:59")]
        {
            assert_eq!(clock(seconds), text);
        }
    }
}
