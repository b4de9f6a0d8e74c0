//! What the projector shows in each phase.

use super::{
    answers::AnswerList,
    bars::Bars,
    countdown::Ring,
    leaderboard::Leaderboard,
    lobby::Lobby,
    podium::Podium,
    question::{Hint, Question, RichText, place, worth},
    teams::{team_board, team_podium},
};
use crate::view::view;
use crate::{
    api::live::{ContinueLiveSession, HostScreen},
    client::live_session::LiveHost,
    domain::{
        ids::LiveSessionId,
        live::{
            blitz::{HostPhase, HostView, LEAD_IN_MS, Progress, TeamRow},
            question::{AnswerKind, OpenQuestion, Solution},
            standings::Standing,
        },
    },
    words::use_words,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// Scenes differ by this; within one, only numbers change.
pub fn scene(view: &HostView) -> (u8, u32) {
    match &view.phase {
        HostPhase::Lobby { .. } => (0, 0),
        HostPhase::LeadIn { progress, .. } => (1, progress.index),
        HostPhase::Answering { progress, .. } => (2, progress.index),
        HostPhase::Reveal { progress, .. } => (3, progress.index),
        HostPhase::Leaderboard { progress, .. } => (4, progress.index),
        HostPhase::Podium { .. } => (5, 0),
        HostPhase::Ended { .. } => (6, u32::from(view.next.is_some())),
        HostPhase::Paused { progress } => (7, progress.index),
    }
}

/// The scene of the view at this moment; its changing numbers follow `live`.
pub fn draw(live: LiveHost, screen: &HostScreen, milestone: RwSignal<u32>) -> AnyView {
    let view = live.view.get_untracked();
    match view.phase {
        HostPhase::Lobby { .. } => {
            let players = Signal::derive(move || {
                live.view.with(|v| if let HostPhase::Lobby { players } = &v.phase { players.clone() } else { vec![] })
            });
            let (join_address, qr) = (screen.join_address.clone(), screen.qr.clone());
            view! { <Lobby live=live title=view.title pin=view.pin join_address=join_address qr=qr players=players /> }
                .into_any()
        }
        HostPhase::LeadIn { progress, prompt, .. } => {
            view! { <LeadIn live=live progress=progress prompt=prompt /> }.into_any()
        }
        HostPhase::Answering { progress, question, time_limit_ms, .. } => view! {
            <Answering live=live progress=progress question=question time_limit_ms=time_limit_ms milestone=milestone />
        }
        .into_any(),
        HostPhase::Reveal { progress, question, solution, distribution, correct, answered, sure_and_wrong } => view! {
            <Reveal
                progress=progress
                question=question
                solution=solution
                distribution=distribution
                correct=correct
                answered=answered
                sure_and_wrong=sure_and_wrong
            />
        }
        .into_any(),
        HostPhase::Leaderboard { progress, rows } => view! {
            <Head progress=progress>
                <span></span>
            </Head>
            <div class="projector-main">
                <h1 class="question">
                    {if view.teams.is_empty() { use_words().live.leaderboard } else { use_words().live.team_leaderboard }}
                </h1>
                {if view.teams.is_empty() {
                    view! { <Leaderboard rows=rows /> }.into_any()
                } else {
                    team_board(&view.teams, None)
                }}
            </div>
        }
        .into_any(),
        HostPhase::Podium { rows } => view! {
            <header class="projector-head">
                <span>{view.title}</span>
            </header>
            <div class="projector-main">
                <h1 class="question">{use_words().live.podium}</h1>
                {podium(&view.teams, rows)}
            </div>
        }
        .into_any(),
        HostPhase::Ended { completed, rows } => {
            let words = use_words();
            let (title, text) = if completed {
                (words.live.ended_title, words.live.ended_text)
            } else {
                (words.live.cancelled_title, words.live.cancelled_text)
            };
            view! {
                <header class="projector-head">
                    <span>{view.title}</span>
                </header>
                <div class="projector-main">
                    <h1 class="question">{title}</h1>
                    {completed.then(|| podium(&view.teams, rows))}
                    <div class="stack ended">
                        <p class="muted">{text}</p>
                        <div class="row">
                            {again(live, view.next)}
                            {completed
                                .then(|| {
                                    view! {
                                        <a class="button" href=format!("/live/{}/report", view.session)>
                                            {words.report.to_report}
                                        </a>
                                    }
                                })}
                            <a class="button" href="/decks">
                                {words.live.to_decks}
                            </a>
                        </div>
                    </div>
                </div>
            }
            .into_any()
        }
        HostPhase::Paused { progress } => {
            let words = use_words();
            view! {
                <Head progress=progress>
                    <span></span>
                </Head>
                <div class="projector-main lead-in">
                    <h1 class="question">{words.live.paused}</h1>
                    <p class="question-hint muted">{words.live.paused_text}</p>
                </div>
            }
            .into_any()
        }
    }
}

/// Of the teams where there are some, with the best players below.
fn podium(teams: &[TeamRow], rows: Vec<Standing>) -> AnyView {
    if teams.is_empty() {
        return view! { <Podium rows=rows /> }.into_any();
    }
    let words = use_words();
    let best: Vec<String> = rows.into_iter().filter(|row| row.score > 0).take(3).map(|row| row.name).collect();
    view! {
        {team_podium(teams)}
        {(!best.is_empty())
            .then(|| view! { <p class="best-players">{words.live.best_players} ": " {best.join(", ")}</p> })}
    }
    .into_any()
}

/// The same people once more: makes the next lobby, or leads to the one that was made.
fn again(live: LiveHost, next: Option<LiveSessionId>) -> AnyView {
    let words = use_words();
    let (session, seen) = live.form_fields();
    match next {
        Some(next) => view! {
            <a class="button button-primary" href=format!("/live/{next}/host") rel="external">
                {words.live.to_next}
            </a>
        }
        .into_any(),
        None => view! {
            <form method="post" action=ContinueLiveSession::PATH>
                <input type="hidden" name="session" value=session />
                <input type="hidden" name="seen" value=seen />
                <button class="button button-primary">{words.live.play_again}</button>
            </form>
        }
        .into_any(),
    }
}

#[component]
fn Head(progress: Progress, children: Children) -> impl IntoView {
    view! {
        <header class="projector-head">
            <span>{place(progress)}</span>
            {children()}
        </header>
    }
}

#[component]
fn LeadIn(live: LiveHost, progress: Progress, prompt: OpenQuestion) -> impl IntoView {
    let words = use_words();
    view! {
        <Head progress=progress>
            <span class="muted">{words.live.get_ready}</span>
        </Head>
        <div class="projector-main lead-in">
            <Question prompt=prompt.prompt />
            {worth(prompt.worth)}
            <Ring countdown=live.countdown limit_ms=LEAD_IN_MS as u32 />
        </div>
    }
    .into_any()
}

#[component]
fn Answering(
    live: LiveHost,
    progress: Progress,
    question: OpenQuestion,
    time_limit_ms: u32,
    milestone: RwSignal<u32>,
) -> impl IntoView {
    let words = use_words();
    let count = move || {
        live.view.with(|v| match v.phase {
            HostPhase::Answering { answered, expected, .. } => (words.live.answered)(answered, expected),
            _ => String::new(),
        })
    };
    let body = match question.kind {
        AnswerKind::Choice => view! { <AnswerList options=question.options /> }.into_any(),
        AnswerKind::Typed | AnswerKind::Number => ().into_any(),
        AnswerKind::Several | AnswerKind::Order => view! { <AnswerList options=question.options /> }.into_any(),
    };
    let what_to_do =
        super::question::what_to_do(question.kind).map(|text| view! { <p class="question-hint muted">{text}</p> });
    view! {
        <Head progress=progress>
            <span class="count-big" aria-label=words.live.options>
                {count}
            </span>
            <Ring countdown=live.countdown limit_ms=time_limit_ms milestone=milestone />
        </Head>
        <div class="projector-main">
            <Question prompt=question.prompt />
            {worth(question.worth)}
            {what_to_do}
            <Hint hint=question.hint />
            {body}
        </div>
    }
    .into_any()
}

#[component]
fn Reveal(
    progress: Progress,
    question: OpenQuestion,
    solution: Solution,
    distribution: Vec<u32>,
    correct: u32,
    answered: u32,
    sure_and_wrong: Option<u32>,
) -> impl IntoView {
    let words = use_words();
    let right = solution.correct;
    let body = match question.kind {
        AnswerKind::Choice | AnswerKind::Several => view! {
            <div class="reveal">
                <AnswerList options=question.options right=right.clone() />
                <Bars distribution=distribution right=right />
            </div>
        }
        .into_any(),
        AnswerKind::Typed | AnswerKind::Number | AnswerKind::Order => view! {
            <p class="typed-solution">
                <span class="muted small">{words.live.right_answer}</span>
                <RichText rich=solution.answer />
            </p>
        }
        .into_any(),
    };
    view! {
        <Head progress=progress>
            <span class="count-big">{(words.live.right_count)(correct, answered)}</span>
        </Head>
        <div class="projector-main">
            <Question prompt=question.prompt />
            {worth(question.worth)}
            {body}
            {sure_and_wrong
                .filter(|n| *n > 0)
                .map(|n| view! { <p class="question-hint sure-and-wrong">{(words.live.sure_and_wrong)(n)}</p> })}
            {solution
                .explanation
                .map(|explanation| {
                    view! {
                        <div class="explanation">
                            <RichText rich=explanation />
                        </div>
                    }
                })}
        </div>
    }
    .into_any()
}
