//! The quizzes that run now in one's groups: one tap to join, or back to the host's screen.

use super::icon::{Glyph, Icon};
use crate::view::view;
use crate::{api::live::LiveSessionSummary, words::use_words};
use leptos::prelude::*;
use leptos_router::components::A;

/// Nothing while nothing runs.
#[component]
pub fn LiveNow(sessions: Vec<LiveSessionSummary>) -> impl IntoView {
    let words = use_words();
    (!sessions.is_empty()).then(|| {
        view! {
            <section class="stack" aria-labelledby="live-now">
                <h2 id="live-now">{words.home.live}</h2>
                <ul class="stack stack-tight">{sessions.into_iter().map(row).collect_view()}</ul>
            </section>
        }
    })
}

fn row(session: LiveSessionSummary) -> impl IntoView {
    let words = use_words();
    let LiveSessionSummary {
        session,
        room,
        group_name,
        title,
        host_name,
        hosted_by_me,
        may_host,
        waiting,
        pin,
        participants,
        ..
    } = session;
    let (href, verb) = match pin {
        _ if room => (Some(format!("/rooms/{session}")), words.room.go_in),
        _ if hosted_by_me => (Some(format!("/live/{session}/host")), words.home.back_to_host),
        Some(pin) => (Some(format!("/join/{pin}")), words.home.join),
        None => (None, words.home.join),
    };
    // A colleague's laptop has died, or a second screen is wanted.
    let take_over = (may_host && !hosted_by_me).then(|| {
        view! {
            <A href=format!("/live/{session}/host") attr:class="button">
                {words.home.take_over}
            </A>
        }
    });
    let facts = (words.home.live_facts)(&host_name, group_name.as_deref(), participants);
    view! {
        <li class="panel panel-accent spread">
            <div class="row">
                <Icon glyph=Glyph::Live />
                <div>
                    <p class="panel-title">{title}</p>
                    <p class="small">{facts}</p>
                </div>
            </div>
            <div class="row">
                <span class="badge badge-positive badge-live">
                    {if room { words.room.subtitle } else if waiting { words.home.live_waiting } else { words.home.live_running }}
                </span>
                {take_over}
                {href
                    .map(|href| {
                        view! {
                            <A href=href attr:class="button button-primary">
                                {verb}
                            </A>
                        }
                    })}
            </div>
        </li>
    }
}
