//! The host's slim bar: next, end, and the keys for both. It fades while nobody touches anything.

use super::{
    connection_mark::ConnectionMark,
    countdown::Ring,
    door::Door,
    host_tools::{HostTools, clock},
    people::People,
    sound::HostSound,
};
use crate::view::view;
use crate::{
    api::live::{AdvanceLiveSession, EndLiveSession, StartLiveSession},
    client::{browser, clock::Countdown, dialog, live_session::LiveHost},
    components::dialog::Dialog,
    domain::live::blitz::{Control, HostPhase, HostView, NextStep},
    words::{live::Live, use_words},
};
use leptos::{ev, html, prelude::*, server_fn::ServerFn, wasm_bindgen::JsCast, web_sys};
use std::time::Duration;

/// The bar fades after this time without a hand on mouse or keys.
const IDLE_MS: f64 = 4_000.0;

#[component]
pub fn HostBar(live: LiveHost) -> impl IntoView {
    let words = use_words();
    let asked = NodeRef::<html::Dialog>::new();
    let is_idle = use_idle();
    let may_hide = Memo::new(move |_| live.view.with(|v| !matches!(v.phase, HostPhase::Lobby { .. })));
    let label = Memo::new(move |_| live.view.with(|v| next_label(v, &words.live)));
    let stuck = move || live.view.with(|v| v.players == 0 && matches!(v.phase, HostPhase::Lobby { .. }));
    let seen = move || live.view.with(|v| v.revision).to_string();
    let session = live.view.with_untracked(|v| v.session.to_string());
    let next_path = move || {
        let lobby = live.view.with(|v| matches!(v.phase, HostPhase::Lobby { .. }));
        if lobby { StartLiveSession::PATH } else { AdvanceLiveSession::PATH }
    };
    let end = move || {
        if live.view.with_untracked(|v| !matches!(v.phase, HostPhase::Ended { .. })) {
            dialog::open(asked);
        }
    };
    use_keys(live, asked, end);
    let auto_ms = Memo::new(move |_| live.view.with(|v| (v.revision, v.auto_ms)));
    let auto = move || {
        let remaining_ms = auto_ms.get().1?;
        let countdown = Signal::stored(Countdown { heard_at: browser::now(), remaining_ms });
        Some(view! { <Ring countdown=countdown limit_ms=remaining_ms class="ring ring-small" /> })
    };
    let bar = move || {
        let end_form = view! {
            <form
                method="post"
                action=EndLiveSession::PATH
                on:submit=move |event| {
                    event.prevent_default();
                    end();
                }
            >
                <input type="hidden" name="session" value=session.clone() />
                <input type="hidden" name="seen" value=seen />
                <button class="button button-quiet">{words.live.end} <kbd aria-hidden="true">{words.live.end_key}</kbd></button>
            </form>
        }
        .into_any();
        let next_form = view! {
            <form
                method="post"
                action=next_path
                on:submit=move |event| {
                    event.prevent_default();
                    live.advance();
                }
            >
                <input type="hidden" name="session" value=session.clone() />
                <input type="hidden" name="seen" value=seen />
                <button
                    class="button button-primary"
                    class:button-large=move || !may_hide.get()
                    disabled=move || live.is_busy() || stuck()
                >
                    {label}
                    <kbd aria-hidden="true">{words.live.next_key}</kbd>
                </button>
            </form>
        }
        .into_any();
        view! {
            <nav class="host-bar" class:is-idle=move || may_hide.get() && is_idle.get() aria-label=words.live.controls>
                <ConnectionMark line=live.line note=Signal::stored(None) />
                <p class="host-bar-note" role="alert">
                    {move || live.refusal.get().map(|reason| (words.live.refused)(&reason))}
                </p>
                <span class="spacer"></span>
                {auto}
                <HostTools live=live />
                <HostSound live=live />
                <People live=live />
                {end_form}
                {next_form}
            </nav>
        }
        .into_any()
    };
    let over = Memo::new(move |_| live.view.with(|v| matches!(v.phase, HostPhase::Ended { .. })));
    view! {
        {move || (!over.get()).then(&bar)}
        <Door live=live />
        <EndDialog live=live node=asked />
    }
    .into_any()
}

/// Names what will happen before the quiz ends.
#[component]
fn EndDialog(live: LiveHost, node: NodeRef<html::Dialog>) -> impl IntoView {
    let words = use_words();
    view! {
        <Dialog node=node id="end-title" title=words.live.end_title>
            <p>{move || live.view.with(|v| end_text(v, &words.live))}</p>
            <div class="dialog-actions">
                <button type="button" class="button" on:click=move |_| dialog::close(node)>
                    {words.live.go_on}
                </button>
                <button
                    type="button"
                    class="button button-danger"
                    on:click=move |_| {
                        dialog::close(node);
                        live.end();
                    }
                >
                    {words.live.end}
                </button>
            </div>
        </Dialog>
    }
    .into_any()
}

fn next_label(view: &HostView, words: &Live) -> &'static str {
    match view.step {
        NextStep::Start => words.start,
        NextStep::Open => words.skip_lead_in,
        NextStep::Reveal => words.reveal_now,
        NextStep::Leaderboard => words.show_leaderboard,
        NextStep::Question => words.next_question,
        NextStep::Podium => words.show_podium,
        NextStep::End => words.finish,
        NextStep::Resume => words.resume,
    }
}

fn end_text(view: &HostView, words: &Live) -> String {
    match &view.phase {
        HostPhase::Lobby { .. } => (words.end_in_lobby)(view.players),
        HostPhase::LeadIn { progress, .. } if progress.index == 0 => (words.end_in_lobby)(view.players),
        HostPhase::LeadIn { progress, .. } => (words.end_in_quiz)(progress.total - progress.index),
        HostPhase::Answering { progress, .. }
        | HostPhase::Reveal { progress, .. }
        | HostPhase::Paused { progress }
        | HostPhase::Leaderboard { progress, .. } => {
            (words.end_in_quiz)(progress.total.saturating_sub(progress.index + 1))
        }
        HostPhase::Podium { .. } | HostPhase::Ended { .. } => words.end_at_podium.to_owned(),
    }
}

/// Space, Enter, → and PageDown (the clicker's button) go on; P and PageUp stop the clock and let it run;
/// L locks the lobby; E asks whether to end.
fn use_keys(live: LiveHost, asked: NodeRef<html::Dialog>, end: impl Fn() + Copy + 'static) {
    Effect::new(move || {
        let handle = window_event_listener(ev::keydown, move |event| {
            let open = asked.get_untracked().is_some_and(|dialog| dialog.has_attribute("open")) || in_dialog(&event);
            if open || event.repeat() || event.ctrl_key() || event.alt_key() || event.meta_key() {
                return;
            }
            let key = event.key();
            // A focused button or link takes its own keys.
            let pressing = matches!(key.as_str(), " " | "Enter");
            if is_control(event.target(), pressing) {
                return;
            }
            match key.as_str() {
                " " | "Enter" | "ArrowRight" | "PageDown" => {
                    event.prevent_default();
                    let lobby_is_empty =
                        live.view.with_untracked(|v| v.players == 0 && matches!(v.phase, HostPhase::Lobby { .. }));
                    let over = live.view.with_untracked(|v| matches!(v.phase, HostPhase::Ended { .. }));
                    if !lobby_is_empty && !over {
                        live.advance();
                    }
                }
                // The clicker's other button.
                "p" | "P" | "PageUp" => {
                    if let Some(control) = live.view.with_untracked(clock) {
                        event.prevent_default();
                        live.control(control);
                    }
                }
                "l" | "L" => {
                    event.prevent_default();
                    let locked = live.view.with_untracked(|v| v.locked);
                    live.control(if locked { Control::Unlock } else { Control::Lock });
                }
                "e" | "E" => {
                    event.prevent_default();
                    end();
                }
                _ => {}
            }
        });
        on_cleanup(move || handle.remove());
    });
}

/// A key that belongs to an open dialog.
fn in_dialog(event: &ev::KeyboardEvent) -> bool {
    let element = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| element.closest("dialog").ok().flatten().is_some())
}

fn is_control(target: Option<web_sys::EventTarget>, pressing: bool) -> bool {
    target.and_then(|t| t.dyn_into::<web_sys::Element>().ok()).is_some_and(|element| {
        match element.tag_name().as_str() {
            "INPUT" | "TEXTAREA" | "SELECT" => true,
            "BUTTON" | "A" | "SUMMARY" => pressing,
            _ => false,
        }
    })
}

fn use_idle() -> Signal<bool> {
    let idle = RwSignal::new(false);
    Effect::new(move || {
        let touched = StoredValue::new(browser::now());
        let wake = move || {
            touched.set_value(browser::now());
            if idle.get_untracked() {
                idle.set(false);
            }
        };
        let moved = window_event_listener(ev::pointermove, move |_| wake());
        let pressed = window_event_listener(ev::keydown, move |_| wake());
        let check = move || {
            if !idle.get_untracked() && browser::now() - touched.get_value() > IDLE_MS {
                idle.set(true);
            }
        };
        let timer = set_interval_with_handle(check, Duration::from_secs(1));
        on_cleanup(move || {
            moved.remove();
            pressed.remove();
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
    idle.into()
}
