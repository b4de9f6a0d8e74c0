//! What the host can do beside going on: the door, the clock, a question taken back. One form, so that each
//! button works without JavaScript.

use crate::view::view;
use crate::{
    api::live::ControlLiveSession,
    client::live_session::LiveHost,
    components::icon::{Glyph, Icon},
    domain::live::blitz::{Control, HostPhase, HostView},
    words::use_words,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// A button: its name in the form, what it does, how it looks, its key.
type Tool = (&'static str, Control, Glyph, &'static str, &'static str);

#[component]
pub fn HostTools(live: LiveHost) -> impl IntoView {
    let words = use_words();
    let shown = Memo::new(move |_| {
        live.view.with(|view| (view.locked, clock(view), may_skip(view), matches!(view.phase, HostPhase::Lobby { .. })))
    });
    let tools = move || {
        let (locked, clock, skip, lobby) = shown.get();
        let mut tools: Vec<Tool> = vec![];
        // Where the clock stands, "Next" lets it go on.
        if clock == Some(Control::Pause) {
            tools.push(("pause", Control::Pause, Glyph::Pause, words.live.pause, "P"));
        }
        if skip {
            tools.push(("skip", Control::Skip, Glyph::Skip, words.live.skip, ""));
        }
        // In the middle of a game there are other things to press.
        if locked {
            tools.push(("unlock", Control::Unlock, Glyph::Lock, words.live.unlock, "L"));
        } else if lobby || clock.is_none() {
            tools.push(("lock", Control::Lock, Glyph::Unlock, words.live.lock, "L"));
        }
        tools.into_iter().map(|tool| button(live, tool)).collect_view()
    };
    let (session, seen) = live.form_fields();
    let address = format!("/live/{session}/preview");
    // In a page of its own, which says first that it is not for the projector.
    let preview = move || {
        shown.get().3.then(|| {
            view! {
                <a class="button button-quiet" href=address.clone() target="_blank" rel="external">
                    <span class="tool-label">{words.preview.open}</span>
                </a>
            }
            .into_any()
        })
    };
    view! {
        <form class="row host-tools" method="post" action=ControlLiveSession::PATH>
            <input type="hidden" name="session" value=session />
            <input type="hidden" name="seen" value=seen />
            {tools}
            {preview}
        </form>
    }
    .into_any()
}

fn button(live: LiveHost, (name, control, glyph, label, key): Tool) -> AnyView {
    view! {
        <button
            class="button button-quiet"
            name="action"
            value=name
            on:click=move |event| {
                event.prevent_default();
                live.control(control);
            }
        >
            <Icon glyph=glyph />
            <span class="tool-label">{label}</span>
            {(!key.is_empty()).then(|| view! { <kbd aria-hidden="true">{key}</kbd> })}
        </button>
    }
    .into_any()
}

/// Pause or resume, where a clock runs or stands.
pub fn clock(view: &HostView) -> Option<Control> {
    let runs = view.auto_ms.is_some() || matches!(view.phase, HostPhase::LeadIn { .. } | HostPhase::Answering { .. });
    if view.paused { Some(Control::Resume) } else { runs.then_some(Control::Pause) }
}

fn may_skip(view: &HostView) -> bool {
    matches!(
        view.phase,
        HostPhase::LeadIn { .. } | HostPhase::Answering { .. } | HostPhase::Reveal { .. } | HostPhase::Paused { .. }
    )
}
