//! Past quizzes: one's own, or with `?group=` those of a group.

use crate::components::suspense::Transition;
use crate::view::view;
use crate::{
    api::live_reports::{PastLiveSessions, PastSession, PastSessions},
    client::load::{load, once},
    components::{
        empty_state::EmptyState, error_view::ErrorView, icon::Glyph, page_title::PageTitle,
        relative_time::RelativeTime, skeleton::SkeletonCards, suspended::suspended,
    },
    words::use_words,
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map};

#[component]
pub fn LiveSessions() -> impl IntoView {
    let words = use_words();
    let query = use_query_map();
    let group = move || query.read().get("group").and_then(|id| id.parse().ok());
    let page = move || query.read().get("page").and_then(|page| page.parse::<u32>().ok()).unwrap_or(1).max(1);
    let past = load(once, move || Some(PastLiveSessions { group: group(), page: page() }));
    let title = if group().is_some() { words.report.group_list_title } else { words.report.list_title };
    view! {
        <main id="main" class="page">
            <PageTitle title=title />
            <Transition fallback=|| view! { <SkeletonCards /> }>
                {suspended(past, move |past| {
                    let base = group().map_or("/quizzes?page=".to_owned(), |id| format!("/quizzes?group={id}&page="));
                    match past {
                        Ok(past) => found(past, page(), &base),
                        Err(error) => view! { <ErrorView error=error /> }.into_any(),
                    }
                })}
            </Transition>
        </main>
    }
}

fn found(past: PastSessions, page: u32, base: &str) -> AnyView {
    let words = use_words();
    if past.sessions.is_empty() {
        let (title, text) = (words.report.none_title, words.report.none_text);
        return view! { <EmptyState glyph=Glyph::Live title=title text=text /> }.into_any();
    }
    let step = |to: u32, label: &'static str| {
        view! {
            <A href=format!("{base}{to}") attr:class="button">
                {label}
            </A>
        }
    };
    let newer = (page > 1).then(|| step(page - 1, words.report.newer));
    let older = past.more.then(|| step(page + 1, words.report.older));
    view! {
        <ul class="stack stack-tight">{past.sessions.into_iter().map(line).collect_view()}</ul>
        <div class="row">{newer} {older}</div>
    }
    .into_any()
}

fn line(past: PastSession) -> AnyView {
    let words = use_words();
    let session = past.session;
    let link = |show: bool, path: &str, label: &'static str| {
        show.then(|| {
            view! {
                <A href=format!("/live/{session}/{path}") attr:class="button">
                    {label}
                </A>
            }
        })
    };
    let more = (past.self_paced > 0).then(|| (words.report.self_paced_count)(past.self_paced));
    let alone = past.mine_self_paced.then_some(words.report.self_paced);
    let facts = (words.report.facts)(&past.host_name, past.group_name.as_deref(), past.players);
    // Whoever played alone was one more than the room.
    let of = past.players + u32::from(past.mine_self_paced);
    let mine = past.mine.map(|(rank, score)| [(words.live.rank)(rank, of), (words.live.points)(score)].join(" · "));
    let right = past.right.map(|right| [words.report.right, ": ", &(words.report.percent)(right)].concat());
    view! {
        <li class="panel spread">
            <div>
                <p class="panel-title">{past.title}</p>
                <p class="small muted">
                    {facts} " · " <RelativeTime at=past.ended_at />
                </p>
                <p class="small">{[mine, alone.map(str::to_owned), right, more].into_iter().flatten().collect::<Vec<_>>().join(" · ")}</p>
            </div>
            <div class="row">
                {link(past.mine.is_some(), "result", words.report.to_result)}
                {link(past.may_report, "report", words.report.to_report)}
            </div>
        </li>
    }
    .into_any()
}
