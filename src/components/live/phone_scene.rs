//! What the phone shows in each phase.

use super::{
    countdown::Ring,
    leaderboard::Leaderboard,
    phone_answers::{Choices, TypedAnswer},
    phone_result::{Result, Standing},
    podium::Podium,
    question::{Hint, Question},
};
use crate::view::view;
use crate::{
    client::live_session::LivePlayer,
    components::icon::{Glyph, Icon},
    domain::live::{
        blitz::{LEAD_IN_MS, PlayerPhase, PlayerView, Progress},
        question::{AnswerKind, OpenQuestion},
    },
    words::use_words,
};
use leptos::prelude::*;

/// Scenes differ by this; within one, only numbers and marks change.
pub fn scene(view: &PlayerView) -> (u8, u32) {
    match &view.phase {
        PlayerPhase::Lobby => (0, 0),
        PlayerPhase::LeadIn { progress, .. } => (1, progress.index),
        PlayerPhase::Answering { progress, .. } => (2, progress.index),
        PlayerPhase::Reveal { progress, .. } => (3, progress.index),
        PlayerPhase::Leaderboard { progress, .. } => (4, progress.index),
        PlayerPhase::Podium { .. } => (5, 0),
        PlayerPhase::Ended { .. } => (6, 0),
    }
}

/// The scene of the view at this moment; marks and numbers follow `live`.
pub fn draw(live: LivePlayer, milestone: RwSignal<u32>) -> AnyView {
    let words = use_words();
    let view = live.view.get_untracked();
    let PlayerView { session, me, players, .. } = view;
    match view.phase {
        PlayerPhase::Lobby => view! { <Lobby live=live name=me.name title=view.title /> }.into_any(),
        PlayerPhase::LeadIn { prompt, .. } => view! {
            <div class="phone-main lead-in">
                <p class="muted">{words.live.get_ready}</p>
                <Question prompt=prompt.prompt />
                <Ring countdown=live.countdown limit_ms=LEAD_IN_MS as u32 />
            </div>
        }
        .into_any(),
        PlayerPhase::Answering { progress, question, time_limit_ms, .. } => view! {
            <Answering
                live=live
                session=session
                progress=progress
                question=question
                time_limit_ms=time_limit_ms
                milestone=milestone
            />
        }
        .into_any(),
        PlayerPhase::Reveal { question, solution, mine, .. } => {
            view! { <Result question=question solution=solution mine=mine me=me players=players /> }.into_any()
        }
        PlayerPhase::Leaderboard { rows, .. } => view! {
            <div class="phone-main">
                <h1 class="verdict-word">{words.live.leaderboard}</h1>
                <Leaderboard rows=rows me=Some(me.participant) />
                <Standing me=me players=players />
            </div>
        }
        .into_any(),
        PlayerPhase::Podium { rows } => view! {
            <div class="phone-main">
                <h1 class="visually-hidden">{words.live.podium}</h1>
                <OwnPlace rank=me.rank score=me.score players=players />
                <Podium rows=rows />
            </div>
        }
        .into_any(),
        PlayerPhase::Ended { completed, rows } => {
            let title = if completed { words.live.ended_title } else { words.live.cancelled_title };
            view! {
                <div class="phone-main">
                    <h1 class="verdict-word">{title}</h1>
                    {completed
                        .then(|| {
                            view! {
                                <OwnPlace rank=me.rank score=me.score players=players />
                                <Podium rows=rows />
                            }
                        })}
                    {(!completed).then(|| view! { <p class="muted">{words.live.cancelled_text}</p> })}
                    <a class="button button-primary button-large" href="/join">
                        {words.live.join_another}
                    </a>
                </div>
            }
            .into_any()
        }
    }
}

#[component]
fn Lobby(live: LivePlayer, name: String, title: String) -> impl IntoView {
    let words = use_words();
    view! {
        <div class="phone-main">
            <section class="verdict is-taken">
                <Icon glyph=Glyph::Check />
                <h1 class="verdict-word">{words.live.you_are_in}</h1>
                <p class="lobby-name">{name}</p>
            </section>
            <p class="rank">{title}</p>
            <p class="muted phone-centre">{words.live.watch_projector}</p>
            <p class="muted phone-centre">{move || (words.live.players)(live.view.with(|v| v.players))}</p>
            <Waiting />
        </div>
    }
    .into_any()
}

#[component]
fn Waiting() -> impl IntoView {
    view! {
        <p class="phone-centre muted" aria-hidden="true">
            <span class="waiting">
                <span></span>
                <span></span>
                <span></span>
            </span>
        </p>
    }
}

#[component]
fn Answering(
    live: LivePlayer,
    session: crate::domain::ids::LiveSessionId,
    progress: Progress,
    question: OpenQuestion,
    time_limit_ms: u32,
    milestone: RwSignal<u32>,
) -> impl IntoView {
    let words = use_words();
    let index = progress.index;
    let taken = Memo::new(move |_| live.answer(index).is_some());
    let form = match question.kind {
        AnswerKind::Choice => {
            view! { <Choices live=live session=session index=index options=question.options /> }.into_any()
        }
        AnswerKind::Typed => view! { <TypedAnswer live=live session=session index=index /> }.into_any(),
    };
    view! {
        <div class="phone-main phone-question">
            <div class="phone-prompt">
                <Question prompt=question.prompt />
                <Ring countdown=live.countdown limit_ms=time_limit_ms milestone=milestone class="ring ring-small" />
            </div>
            <Hint hint=question.hint />
            // Kept free, so that the options do not move under the thumb.
            <p class="taken-mark" role="status">
                {move || {
                    taken
                        .get()
                        .then(|| {
                            view! {
                                <Icon glyph=Glyph::Check />
                                <strong>{words.live.taken}</strong>
                                <span>{words.live.taken_text}</span>
                            }
                        })
                }}
            </p>
            {form}
        </div>
    }
    .into_any()
}

#[component]
fn OwnPlace(rank: Option<u32>, score: u32, players: u32) -> impl IntoView {
    let words = use_words();
    rank.map(|rank| {
        view! {
            <section class="verdict is-taken">
                {(rank <= 3 && score > 0).then(|| view! { <Icon glyph=Glyph::Trophy /> })}
                <p class="verdict-word">{(words.live.rank)(rank, players)}</p>
                <p>{(words.live.points)(score)}</p>
            </section>
        }
    })
}
