//! The player on the phone.

use crate::view::view;
use crate::{
    api::{
        error::AppError,
        live::{LivePlayerView, PlayerScreen},
    },
    client::{
        live_session::{LivePlayer, use_live_player},
        load::{load_first, once},
        presence::use_activity,
    },
    components::{
        error_view::ErrorView,
        live::{
            announcer::Announcer,
            connection_mark::ConnectionMark,
            notice::{ClosedNotice, JoinLink, Notice, Opening},
            phone_scene::{draw, scene},
            question::place,
            refresh::Refresh,
        },
        room::back::BackToRoom,
        suspended::suspended,
        suspense::Suspense,
    },
    domain::{
        ids::LiveSessionId,
        live::blitz::{PlayerPhase, PlayerView, Progress},
        presence::Activity,
    },
    words::{live::Live, use_words},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// The session that the address names; `None` when it is no id.
pub fn use_session() -> impl Fn() -> Option<LiveSessionId> + Copy + Send + Sync + 'static {
    let params = use_params_map();
    move || params.with(|p| p.get("session")).and_then(|id| id.parse().ok())
}

#[component]
pub fn LivePlay() -> impl IntoView {
    let session = use_session();
    // Blocking: the phone's page is complete in its first bytes, with or without JavaScript.
    let first = load_first(once, move || Some(LivePlayerView { session: session()? }));
    view! {
        <Suspense fallback=Opening>
            {suspended(first, move |first| {
                match first {
                    Ok(first) => view! { <Phone first=first /> }.into_any(),
                    Err(AppError::NotFound | AppError::SignInRequired | AppError::Forbidden) => {
                        view! { <NoSeat /> }.into_any()
                    }
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
fn NoSeat() -> impl IntoView {
    let words = use_words();
    view! {
        <Notice title=words.live.no_seat_title text=words.live.no_seat_text>
            <JoinLink label=words.live.join_title />
        </Notice>
    }
}

#[component]
fn Phone(first: PlayerScreen) -> impl IntoView {
    let words = use_words();
    let refresh = refresh_after(&first.view);
    let title = first.view.title.clone();
    let name = first.view.me.name.clone();
    let session = first.view.session;
    let live = use_live_player(first);
    use_activity(Activity::InQuiz(session));
    let milestone = RwSignal::new(0);
    let shown = Memo::new(move |_| live.view.with(scene));
    let scenes = move || {
        // Read, not only tracked: a memo follows nothing before its first value.
        shown.get();
        milestone.set(0);
        untrack(|| draw(live, milestone))
    };
    // Only for an answer that was given: what was not sent is not safe.
    let note = Signal::derive(move || {
        let index = live.view.with(|v| match v.phase {
            PlayerPhase::Answering { progress, .. } => Some(progress.index),
            _ => None,
        })?;
        live.answer(index).map(|_| words.live.answer_safe)
    });
    view! {
        <Title text=title />
        <Refresh after=refresh />
        <main id="main" class="phone">
            <header class="phone-head">
                <span class="phone-name">{name}</span>
                <span class="muted">{move || live.view.with(|v| progress(v).map(place))}</span>
                <strong>{move || (words.live.points)(live.view.with(|v| v.me.score))}</strong>
            </header>
            {move || {
                if live.gone.get().is_some() {
                    view! { <Gone /> }.into_any()
                } else {
                    scenes()
                }
            }}
            <footer class="phone-foot">
                <BackToRoom session=session />
                <ConnectionMark line=live.line note=note />
                <p class="field-error" role="alert">
                    {move || live.refusal.get().map(|reason| (words.live.refused)(&reason))}
                </p>
            </footer>
        </main>
        <Announcer text=Signal::derive(move || announce(live, milestone, &words.live)) />
        <ClosedNotice line=live.line />
    }
    .into_any()
}

/// The seat went away while the page was open.
#[component]
fn Gone() -> impl IntoView {
    let words = use_words();
    view! {
        <div class="phone-main">
            <section class="empty">
                <h1>{words.live.no_seat_title}</h1>
                <p>{words.live.no_seat_text}</p>
                <JoinLink label=words.live.join_title />
            </section>
        </div>
    }
}

/// Where in the questions the view is.
pub fn progress(view: &PlayerView) -> Option<Progress> {
    match view.phase {
        PlayerPhase::LeadIn { progress, .. }
        | PlayerPhase::Answering { progress, .. }
        | PlayerPhase::Reveal { progress, .. }
        | PlayerPhase::Leaderboard { progress, .. } => Some(progress),
        _ => None,
    }
}

/// What a screen reader hears of the scene.
pub fn announce(live: LivePlayer, milestone: RwSignal<u32>, words: &Live) -> String {
    let seconds = milestone.get();
    live.view.with(|v| match &v.phase {
        PlayerPhase::Lobby => words.you_are_in.to_owned(),
        PlayerPhase::LeadIn { prompt, progress, .. } if progress.is_second() => {
            [words.second_chance[0], ". ", &prompt.prompt.text].concat()
        }
        PlayerPhase::LeadIn { prompt, .. } => prompt.prompt.text.clone(),
        PlayerPhase::Answering { my_answer: None, .. } if seconds > 0 => (words.seconds_left)(seconds),
        PlayerPhase::Answering { closed: true, .. } => words.time_is_up.to_owned(),
        PlayerPhase::Answering { question, .. } => question.prompt.text.clone(),
        PlayerPhase::Reveal { solution, mine, .. } => {
            let word = match mine {
                Some(m) if m.correct => words.right,
                Some(_) => words.wrong,
                None => words.no_answer,
            };
            [word, ". ", words.right_answer, ": ", &solution.answer.text].concat()
        }
        PlayerPhase::Leaderboard { .. } => {
            let own = v.me.rank.map_or_else(|| words.leaderboard.to_owned(), |rank| (words.rank)(rank, v.players));
            let team = v.team.as_ref().and_then(|team| {
                let mine = team.rows.iter().find(|row| Some(row.team) == team.mine)?;
                Some((words.team_place)(&mine.name, mine.rank, u32::try_from(team.rows.len()).unwrap_or(0)))
            });
            team.map_or_else(|| own.clone(), |team| [&own, ". ", &team].concat())
        }
        PlayerPhase::Podium { .. } | PlayerPhase::Ended { .. } => words.ended_title.to_owned(),
        PlayerPhase::Paused { .. } => words.paused.to_owned(),
        PlayerPhase::AtTheDoor => words.you_wait.to_owned(),
        PlayerPhase::Removed => words.removed.to_owned(),
    })
}

/// Seconds until a page without JavaScript should look again; never while somebody may be typing.
pub fn refresh_after(view: &PlayerView) -> Option<u32> {
    match &view.phase {
        PlayerPhase::LeadIn { remaining_ms, .. } => Some(remaining_ms / 1000 + 1),
        // Without a limit there is time to type.
        PlayerPhase::Answering { time_limit_ms: 0, my_answer: None, .. } => None,
        PlayerPhase::Answering { remaining_ms, my_answer: None, .. } => Some(remaining_ms / 1000 + 1),
        PlayerPhase::Ended { .. } if view.next.is_some() => None,
        _ => Some(3),
    }
}
