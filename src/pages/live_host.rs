//! The host on the projector: lobby, question, reveal, leaderboard, podium.

use crate::view::view;
use crate::{
    api::{
        error::AppError,
        live::{HostScreen, LiveHostView},
    },
    client::{
        live_session::{LiveHost as Session, use_live_host},
        load::{load_first, once},
        presence::use_activity,
    },
    components::{
        error_view::ErrorView,
        live::{
            announcer::Announcer,
            host_bar::HostBar,
            host_scene::{draw, scene},
            notice::{ClosedNotice, JoinLink, Notice, Opening},
            refresh::Refresh,
        },
        room::back::BackToRoom,
        suspended::suspended,
        suspense::Suspense,
    },
    domain::{
        live::blitz::{HostPhase, HostView, TeamRow},
        presence::Activity,
    },
    pages::live_play::use_session,
    words::{live::Live, use_words},
};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn LiveHost() -> impl IntoView {
    let session = use_session();
    // Blocking: the projector's page is complete in its first bytes, with or without JavaScript.
    let screen = load_first(once, move || Some(LiveHostView { session: session()? }));
    view! {
        <Suspense fallback=Opening>
            {suspended(screen, move |screen| {
                match screen {
                    Ok(screen) => view! { <Projector screen=screen /> }.into_any(),
                    Err(AppError::NotFound | AppError::Forbidden) => view! { <NotHost /> }.into_any(),
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
}

#[component]
fn NotHost() -> impl IntoView {
    let words = use_words();
    view! {
        <Notice title=words.live.not_host_title text=words.live.not_host_text>
            <JoinLink label=words.live.join_title />
        </Notice>
    }
}

#[component]
fn Projector(screen: HostScreen) -> impl IntoView {
    let words = use_words();
    let live = use_live_host(screen.view.clone());
    use_activity(Activity::Hosting(screen.view.session));
    let milestone = RwSignal::new(0);
    let shown = Memo::new(move |_| live.view.with(scene));
    let refresh = refresh_after(&screen.view);
    let title = screen.view.title.clone();
    let session = screen.view.session;
    let scenes = move || {
        // Read, not only tracked: a memo follows nothing before its first value.
        shown.get();
        milestone.set(0);
        untrack(|| draw(live, &screen, milestone))
    };
    view! {
        <Title text=title />
        <Refresh after=refresh />
        {move || if live.gone.get().is_none() { view! { <HostBar live=live /> }.into_any() } else { view! { <NotHost /> }.into_any() }}
        <main id="main" class="projector" class:is-lobby=move || shown.get().0 == 0>
            {scenes}
        </main>
        <div class="back-to-room">
            <BackToRoom session=session />
        </div>
        <Announcer text=Signal::derive(move || announce(live, milestone, &words.live)) />
        <ClosedNotice line=live.line />
    }
    .into_any()
}

fn announce(live: Session, milestone: RwSignal<u32>, words: &Live) -> String {
    let seconds = milestone.get();
    live.view.with(|v| match &v.phase {
        HostPhase::Lobby { .. } => (words.players)(v.players),
        HostPhase::LeadIn { prompt, progress, .. } if progress.is_second() => {
            [words.second_chance[0], ". ", &prompt.prompt.text].concat()
        }
        HostPhase::LeadIn { prompt, .. } => prompt.prompt.text.clone(),
        HostPhase::Answering { .. } if seconds > 0 => (words.seconds_left)(seconds),
        HostPhase::Answering { closed: true, .. } => words.time_is_up.to_owned(),
        HostPhase::Answering { question, .. } => question.prompt.text.clone(),
        HostPhase::Reveal { solution, correct, answered, .. } => {
            [words.right_answer, ": ", &solution.answer.text, ". ", &(words.right_count)(*correct, *answered)].concat()
        }
        HostPhase::Leaderboard { .. } if !v.teams.is_empty() => {
            let place = |team: &TeamRow| [&team.rank.to_string(), ". ", &team.name].concat();
            v.teams.iter().map(place).collect::<Vec<_>>().join(", ")
        }
        HostPhase::Leaderboard { .. } => words.leaderboard.to_owned(),
        HostPhase::Podium { .. } => words.podium.to_owned(),
        HostPhase::Ended { .. } => words.ended_title.to_owned(),
        HostPhase::Paused { .. } => words.paused.to_owned(),
    })
}

/// Seconds until a page without JavaScript should look again.
fn refresh_after(view: &HostView) -> Option<u32> {
    match view.phase {
        HostPhase::LeadIn { remaining_ms, .. } => Some(remaining_ms / 1000 + 1),
        HostPhase::Ended { .. } => None,
        _ => Some(3),
    }
}
