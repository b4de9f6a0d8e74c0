//! A study room: people along the top, card and timer in the middle, the conversation at the side.

use crate::components::suspense::Suspense;
use crate::view::view;
use crate::{
    api::{
        error::AppError,
        rooms::{RoomScreen, StudyRoom as AskRoom},
    },
    client::{
        load::{load_first, once},
        presence::use_activity,
        study_room::{Room, use_room},
    },
    components::{
        error_view::ErrorView,
        live::{
            announcer::Announcer,
            connection_mark::ConnectionMark,
            notice::{ClosedNotice, Notice, Opening},
        },
        room::{
            card::Card,
            chat::Chat,
            people::{Gestures, People},
            settings::Settings,
            timer::Timer,
        },
        suspended::suspended,
    },
    domain::{
        live::study_room::{EndReason, QuizLink, Stage},
        presence::Activity,
    },
    pages::live_play::use_session,
    protocol::{Refused, RoomAct},
    words::{room::Room as Words, use_words},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

#[component]
pub fn StudyRoom() -> impl IntoView {
    let session = use_session();
    // First: people, timer and messages are in the page's first bytes, with or without JavaScript.
    let screen = load_first(once, move || Some(AskRoom { session: session()? }));
    view! {
        <Suspense fallback=Opening>
            {suspended(screen, move |screen| {
                match screen {
                    Ok(screen) => view! { <Inside screen=screen /> }.into_any(),
                    Err(AppError::NotFound | AppError::Forbidden) => view! { <Outside /> }.into_any(),
                    Err(error) => {
                        view! {
                            <main id="main" class="page page-narrow">
                                <ErrorView error=error />
                            </main>
                        }
                            .into_any()
                    }
                }
            })}
        </Suspense>
    }
}

#[component]
fn Outside() -> impl IntoView {
    let words = use_words();
    view! {
        <Notice title=words.room.gone_title text=words.room.gone_text>
            <a class="button button-primary" href="/groups">
                {words.room.to_group}
            </a>
        </Notice>
    }
}

#[component]
fn Inside(screen: RoomScreen) -> impl IntoView {
    let words = use_words();
    let query = use_query_map().read_untracked();
    let (typed, failed) = (query.get("text").unwrap_or_default(), query.get("__err").is_some());
    drop(query);
    let can_quiz = screen.can_quiz;
    let title = screen.view.title.clone();
    let group = format!("/groups/{}", screen.view.group);
    use_activity(Activity::InRoom(screen.view.session));
    let room = use_room(screen);
    let ended = Memo::new(move |_| room.view.with(|view| view.ended));
    let away = group.clone();
    let gone = Memo::new(move |_| room.gone.get());
    let unsent =
        Signal::derive(move || room.waiting.with(|waiting| !waiting.is_empty()).then_some(words.room.sends_later));
    let middle = move || match ended.get() {
        Some(reason) => {
            let text = if reason == EndReason::Host { words.room.ended_host } else { words.room.ended_empty };
            let group = away.clone();
            view! {
                <section class="empty">
                    <h2>{words.room.ended_title}</h2>
                    <p>{text}</p>
                    <a class="button button-primary" href=group>
                        {words.room.to_group}
                    </a>
                </section>
            }
            .into_any()
        }
        None => view! {
            <QuizNews room=room can_quiz=can_quiz />
            <Timer room=room />
            <Card room=room />
            <Gestures room=room />
            <Settings room=room can_quiz=can_quiz />
        }
        .into_any(),
    };
    view! {
        <Title text=title.clone() />
        <main id="main" class="room">
            <header class="room-head">
                <div class="room-name">
                    <h1 class="title truncate-line">{title}</h1>
                    <p class="muted small">{words.room.subtitle}</p>
                </div>
                <ConnectionMark line=room.line note=unsent />
                <noscript inner_html=format!("<a class=\"button\" href=\"\">{}</a>", words.room.refresh)></noscript>
                <a class="button" href=group on:click=move |_| room.act(RoomAct::Leave)>
                    {words.room.leave}
                </a>
            </header>
            <p class="field-error room-refusal" role="alert">
                {move || room.refusal.get().map(|reason| (words.room.refused)(&reason))}
            </p>
            {move || {
                if let Some(reason) = gone.get() {
                    let text = match reason {
                        Refused::NotFound => words.room.gone_text.to_owned(),
                        other => (words.room.refused)(&other),
                    };
                    view! {
                        <section class="empty">
                            <h2>{words.room.gone_title}</h2>
                            <p>{text}</p>
                        </section>
                    }
                        .into_any()
                } else {
                    let middle = middle.clone();
                    view! {
                        <People room=room />
                        <div class="room-middle">{middle}</div>
                        <Chat room=room typed=typed.clone() failed=failed />
                    }
                        .into_any()
                }
            }}
        </main>
        <Announcer text=Signal::derive(move || announce(room, &words.room)) />
        <ClosedNotice line=room.line />
    }
    .into_any()
}

/// A quiz that was started from here.
#[component]
fn QuizNews(room: Room, can_quiz: bool) -> impl IntoView {
    let words = use_words();
    let quiz = Memo::new(move |_| room.view.with(|view| view.quiz.clone()));
    move || {
        quiz.get().map(|QuizLink { session, pin }| {
            view! {
                <section class="panel panel-accent spread" aria-live="polite">
                    <strong>{words.room.quiz_title}</strong>
                    <span class="row">
                        {can_quiz
                            .then(|| {
                                view! {
                                    <a class="button" href=format!("/live/{session}/host")>
                                        {words.room.quiz_host}
                                    </a>
                                }
                            })}
                        <a class="button button-primary" href=format!("/join/{pin}")>
                            {words.room.quiz_join}
                        </a>
                    </span>
                </section>
            }
        })
    }
}

/// What happened, for those who do not see it: a hand, a new stage, the end.
fn announce(room: Room, words: &Words) -> String {
    room.view.with(|view| {
        if view.ended.is_some() {
            return words.ended_title.to_owned();
        }
        let hand = view.hands.last().and_then(|user| view.person(*user)).map(|one| (words.raised)(&one.name));
        let stage = match (view.timer.running, view.timer.stage) {
            (true, Stage::Focus) => words.focus_begins,
            (true, Stage::Break) => words.break_begins,
            (false, _) => "",
        };
        [hand.as_deref().unwrap_or_default(), stage].join(" ").trim().to_owned()
    })
}
