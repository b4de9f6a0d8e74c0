//! What the phone shows in each phase.

use super::{
    countdown::Ring,
    leaderboard::Leaderboard,
    notice::JoinLink,
    phone_answers::{Choices, TypedAnswer},
    phone_picks::Picks,
    phone_result::{Result, Standing},
    podium::Podium,
    question::{Hint, Question, what_to_do, worth},
    sure_pick::SurePick,
    teams::{TeamPick, team_board, team_podium},
};
use crate::view::view;
use crate::{
    api::live::FollowLiveSession,
    client::live_session::LivePlayer,
    components::icon::{Glyph, Icon},
    domain::{
        ids::LiveSessionId,
        live::{
            blitz::{LEAD_IN_MS, PlayerPhase, PlayerView, Progress, TeamView},
            question::{AnswerKind, OpenQuestion},
            standings,
        },
    },
    words::use_words,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// Scenes differ by this; within one, only numbers and marks change.
pub fn scene(view: &PlayerView) -> (u8, u32) {
    match &view.phase {
        PlayerPhase::Lobby => (0, 0),
        PlayerPhase::LeadIn { progress, .. } => (1, progress.index),
        PlayerPhase::Answering { progress, .. } => (2, progress.index),
        PlayerPhase::Reveal { progress, .. } => (3, progress.index),
        PlayerPhase::Leaderboard { progress, .. } => (4, progress.index),
        PlayerPhase::Podium { .. } => (5, 0),
        PlayerPhase::Ended { .. } => (6, u32::from(view.next.is_some())),
        PlayerPhase::Paused { progress } => (7, progress.index),
        PlayerPhase::AtTheDoor => (8, 0),
        PlayerPhase::Removed => (9, 0),
    }
}

/// The scene of the view at this moment; marks and numbers follow `live`.
pub fn draw(live: LivePlayer, milestone: RwSignal<u32>) -> AnyView {
    let words = use_words();
    let view = live.view.get_untracked();
    let PlayerView { session, me, players, team, .. } = view;
    match view.phase {
        PlayerPhase::Lobby => view! { <Lobby live=live session=session name=me.name title=view.title /> }.into_any(),
        PlayerPhase::LeadIn { prompt, .. } => view! {
            <div class="phone-main lead-in">
                <p class="muted">{words.live.get_ready}</p>
                <Question prompt=prompt.prompt />
                {worth(prompt.worth)}
                <Ring countdown=live.countdown limit_ms=LEAD_IN_MS as u32 />
            </div>
        }
        .into_any(),
        PlayerPhase::Answering { progress, question, time_limit_ms, asks_sure, .. } => view! {
            <Answering
                live=live
                progress=progress
                question=question
                time_limit_ms=time_limit_ms
                asks_sure=asks_sure
                milestone=milestone
            />
        }
        .into_any(),
        PlayerPhase::Reveal { progress, question, solution, mine, .. } => view! {
            <Result live=live session=session index=progress.index question=question solution=solution mine=mine me=me players=players />
        }
        .into_any(),
        PlayerPhase::Leaderboard { rows, .. } => view! {
            <div class="phone-main">
                <h1 class="verdict-word">{words.live.leaderboard}</h1>
                {match team {
                    Some(team) => team_board(&team.rows, team.mine),
                    None => view! { <Leaderboard rows=rows me=Some(me.participant) /> }.into_any(),
                }}
                <Standing me=me players=players />
            </div>
        }
        .into_any(),
        PlayerPhase::Podium { rows } => view! {
            <div class="phone-main">
                <h1 class="visually-hidden">{words.live.podium}</h1>
                <OwnPlace rank=me.rank score=me.score players=players />
                {podium(team.as_ref(), rows)}
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
                                {podium(team.as_ref(), rows)}
                            }
                        })}
                    {(!completed).then(|| view! { <p class="muted">{words.live.cancelled_text}</p> })}
                    {view.next.map(|_| follow(session))}
                    {completed
                        .then(|| {
                            view! {
                                <a class="button button-large" href=format!("/live/{session}/result")>
                                    {words.report.to_result}
                                </a>
                            }
                        })}
                    <a class="button button-large" href="/join">
                        {words.live.join_another}
                    </a>
                </div>
            }
            .into_any()
        }
        PlayerPhase::Paused { .. } => still(words.live.paused, words.live.paused_text, ().into_any()),
        PlayerPhase::AtTheDoor => {
            still(words.live.you_wait, words.live.you_wait_text, view! { <Waiting /> }.into_any())
        }
        PlayerPhase::Removed => {
            let join = view! { <JoinLink label=words.live.join_title /> }.into_any();
            still(words.live.removed, words.live.removed_text, join)
        }
    }
}

/// Of the teams where there are some.
fn podium(team: Option<&TeamView>, rows: Vec<standings::Standing>) -> AnyView {
    match team {
        Some(team) => {
            let words = use_words();
            let mine = team.rows.iter().find(|row| Some(row.team) == team.mine);
            let teams = u32::try_from(team.rows.len()).unwrap_or(0);
            let place = mine.map(|row| (words.live.team_place)(&row.name, row.rank, teams));
            view! {
                {place.map(|place| view! { <p class="rank">{place}</p> })}
                {team_podium(&team.rows)}
            }
            .into_any()
        }
        None => view! { <Podium rows=rows /> }.into_any(),
    }
}

/// Nothing to do but to read.
fn still(title: &'static str, text: &'static str, below: AnyView) -> AnyView {
    view! {
        <div class="phone-main">
            <h1 class="verdict-word">{title}</h1>
            <p class="muted phone-centre">{text}</p>
            <div class="phone-centre">{below}</div>
        </div>
    }
    .into_any()
}

/// The host plays again: one tap, no PIN.
fn follow(session: LiveSessionId) -> AnyView {
    view! {
        <form class="stack" method="post" action=FollowLiveSession::PATH>
            <input type="hidden" name="session" value=session.to_string() />
            <button class="button button-primary button-large">{use_words().live.play_along}</button>
        </form>
    }
    .into_any()
}

#[component]
fn Lobby(live: LivePlayer, session: LiveSessionId, name: String, title: String) -> impl IntoView {
    let words = use_words();
    view! {
        <div class="phone-main">
            <section class="verdict is-taken">
                <Icon glyph=Glyph::Check />
                <h1 class="verdict-word">{words.live.you_are_in}</h1>
                <p class="lobby-name">{name}</p>
            </section>
            <p class="rank">{title}</p>
            <TeamPick live=live session=session />
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
    progress: Progress,
    question: OpenQuestion,
    time_limit_ms: u32,
    /// Whoever has answered is asked how sure they are.
    asks_sure: bool,
    milestone: RwSignal<u32>,
) -> impl IntoView {
    let words = use_words();
    let index = progress.index;
    let taken = Memo::new(move |_| live.answer(index).is_some());
    let form = match question.kind {
        AnswerKind::Choice => view! { <Choices live=live index=index options=question.options /> }.into_any(),
        AnswerKind::Typed | AnswerKind::Number => {
            let number = question.kind == AnswerKind::Number;
            view! { <TypedAnswer live=live index=index number=number /> }.into_any()
        }
        AnswerKind::Several | AnswerKind::Order => {
            let ordered = question.kind == AnswerKind::Order;
            view! { <Picks live=live index=index options=question.options ordered=ordered /> }.into_any()
        }
    };
    // The phone's field says itself that one types here.
    let what_to_do = what_to_do(question.kind)
        .filter(|_| question.kind != AnswerKind::Typed)
        .map(|text| view! { <p class="question-hint muted">{text}</p> });
    view! {
        <div class="phone-main phone-question">
            <div class="phone-prompt">
                <Question prompt=question.prompt />
                {(time_limit_ms > 0)
                    .then(|| {
                        view! {
                            <Ring
                                countdown=live.countdown
                                limit_ms=time_limit_ms
                                milestone=milestone
                                class="ring ring-small"
                            />
                        }
                    })}
            </div>
            {worth(question.worth)}
            {what_to_do}
            <Hint hint=question.hint />
            // Kept free, so that the options do not move under the thumb.
            <p class="taken-mark" role="status">
                {move || {
                    if taken.get() {
                        view! {
                            <Icon glyph=Glyph::Check />
                            <strong>{words.live.taken}</strong>
                            <span>{if live.may_change() { words.live.may_change } else { words.live.taken_text }}</span>
                        }
                            .into_any()
                    } else if live.is_closed() {
                        view! { <span>{words.live.time_is_up}</span> }.into_any()
                    } else {
                        ().into_any()
                    }
                }}
            </p>
            // Its place is kept as well.
            {asks_sure
                .then(|| {
                    view! {
                        <div class="sure-place">
                            {move || live.asks_sure().then(|| view! { <SurePick live=live index=index /> })}
                        </div>
                    }
                })}
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
