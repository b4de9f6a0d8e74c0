//! A quiz that is over, played alone by its link. Each step is a form that leads to the next page, so that it works
//! without JavaScript; with it a clock runs, keys choose, and the page comes anew when a time is over.

use crate::view::view;
use crate::{
    api::{
        error::AppError,
        self_paced::{Later, SelfPacedPlay},
    },
    client::{
        browser,
        live_session::use_lone_player,
        load::{load_first, once},
        time,
    },
    components::{
        error_view::ErrorView,
        live::{
            announcer::Announcer,
            notice::{JoinLink, Notice, Opening},
            phone_scene::draw,
            refresh::Refresh,
        },
        suspended::suspended,
        suspense::Suspense,
    },
    domain::live::blitz::{GRACE_MS, PlayerPhase, PlayerView},
    words::use_words,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use std::time::Duration;

#[component]
pub fn Again() -> impl IntoView {
    let params = use_params_map();
    let first = load_first(once, move || Some(SelfPacedPlay { token: params.read().get("token")? }));
    view! {
        <Suspense fallback=Opening>
            {suspended(first, move |first| {
                match first {
                    Ok(later) => found(later),
                    Err(AppError::NotFound) => unknown(),
                    Err(error) => view! {
                        <main id="main" class="page page-narrow">
                            <ErrorView error=error />
                        </main>
                    }
                    .into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

fn unknown() -> AnyView {
    let words = use_words();
    let [title, text] = words.live.unknown_link;
    view! {
        <Notice title=title text=text>
            <JoinLink label=words.live.join_title />
        </Notice>
    }
    .into_any()
}

fn found(later: Later) -> AnyView {
    let Later { token, title, head, html, view, .. } = later;
    Effect::new(time::localise);
    let body = match view {
        Some(view) => turn(*view, token, head, html),
        None => view! { <div class="phone-main" inner_html=html></div> }.into_any(),
    };
    view! {
        <Title text=title />
        <main id="main" class="phone again">
            {body}
        </main>
    }
    .into_any()
}

/// A question, its reveal, or the end: drawn as in the room.
fn turn(view: PlayerView, token: String, head: String, html: String) -> AnyView {
    let words = use_words();
    let wait = wait_ms(&view);
    let here = format!("/again/{token}");
    let live = use_lone_player(view, token);
    let milestone = RwSignal::new(0);
    Effect::new(move || {
        let Some(wait) = wait else { return };
        let here = here.clone();
        let handle = set_timeout_with_handle(move || browser::open(&here), Duration::from_millis(u64::from(wait)));
        on_cleanup(move || {
            if let Ok(handle) = handle {
                handle.clear();
            }
        });
    });
    let left = move || match milestone.get() {
        0 => String::new(),
        seconds => (words.live.seconds_left)(seconds),
    };
    view! {
        <Refresh after=wait.map(|ms| ms / 1_000 + 1) />
        <header class="phone-head" inner_html=head></header>
        <div class="again-body">
            {draw(live, milestone)}
            <div class="again-below" inner_html=html></div>
        </div>
        <Announcer text=Signal::derive(left) />
    }
    .into_any()
}

/// Until time changes what there is to see; what was on its way then has arrived.
fn wait_ms(view: &PlayerView) -> Option<u32> {
    match view.phase {
        PlayerPhase::LeadIn { remaining_ms, .. } => Some(remaining_ms + 30),
        PlayerPhase::Answering { time_limit_ms: 0, .. } => None,
        PlayerPhase::Answering { remaining_ms, .. } => Some(remaining_ms.saturating_add(GRACE_MS as u32 + 150)),
        _ => None,
    }
}
