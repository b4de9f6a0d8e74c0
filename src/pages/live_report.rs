//! The report of a quiz, for its hosts.

use crate::components::suspense::Suspense;
use crate::view::view;
use crate::{
    api::live_reports::{LiveReport as Ask, SessionReport as Loaded},
    client::load::{load_first, once},
    components::{
        error_view::ErrorView,
        live::{
            question::RichText,
            share_chart::{Bar, ShareChart},
        },
        page_title::PageTitle,
        relative_time::RelativeTime,
        skeleton::SkeletonCards,
        suspended::suspended,
    },
    domain::{
        ids::LiveSessionId,
        live::{
            blitz::TeamRow,
            report::{LearnerReport, QuestionReport},
        },
    },
    pages::live_play::use_session,
    words::use_words,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn LiveReport() -> impl IntoView {
    let session = use_session();
    let query = use_query_map();
    let report = load_first(once, move || Some(Ask { session: session()?, who: query.read().get("who") }));
    view! {
        <main id="main" class="page">
            <Suspense fallback=|| view! { <SkeletonCards cards=3 /> }>
                {suspended(report, move |report| {
                    match report {
                        Ok(report) => view! { <Found report=report /> }.into_any(),
                        Err(error) => view! { <ErrorView error=error /> }.into_any(),
                    }
                })}
            </Suspense>
        </main>
    }
}

#[component]
fn Found(report: Loaded) -> impl IntoView {
    let words = use_words();
    let Loaded { session, title, report, self_paced, live_only, .. } = report;
    let who = if live_only { "?who=live" } else { "" };
    let percent = |right: Option<u16>| right.map_or("–".to_owned(), words.report.percent);
    let tile = |label: &'static str, value: String| {
        view! {
            <div class="tile">
                <dt>{label}</dt>
                <dd>{value}</dd>
            </div>
        }
        .into_any()
    };
    let overview: Vec<Bar> = report
        .questions
        .iter()
        .map(|q| {
            let name = [&(q.index + 1).to_string(), ". ", &q.prompt.text].concat();
            (name, q.right.unwrap_or(0), percent(q.right), !q.is_suspect())
        })
        .collect();
    let (players, questions) = (report.learners.len().to_string(), report.questions.len().to_string());
    view! {
        <PageTitle title=words.report.title subtitle=title />
        <div class="stack stack-loose">
            <dl class="tiles">
                {tile(words.report.players, players)} {tile(words.report.questions, questions)}
                {tile(words.report.right, percent(report.right))}
            </dl>
            <div class="row">
                <a class="button" href=format!("/live/{session}/report.xlsx{who}") rel="external" download="">
                    {words.report.xlsx}
                </a>
                <a class="button" href=format!("/live/{session}/report.csv{who}") rel="external" download="">
                    {words.report.csv}
                </a>
                <a class="button" href=format!("/live/{session}/self-paced") rel="external">
                    {words.report.to_self_paced}
                </a>
                {(self_paced > 0).then(|| other(session, live_only, self_paced))}
            </div>
            <section class="stack">
                <h2>{words.report.overview}</h2>
                <ShareChart label=words.report.overview bars=overview />
            </section>
            <section class="stack">
                <h2>{words.report.questions}</h2>
                {report.questions.into_iter().map(question).collect_view()}
            </section>
            {(!report.teams.is_empty()).then(|| teams(report.teams))}
            <section class="stack">
                <h2>{words.report.learners}</h2>
                {learners(report.learners)}
            </section>
        </div>
    }
    .into_any()
}

/// The way to the same figures with or without those who played later.
fn other(session: LiveSessionId, live_only: bool, self_paced: u32) -> AnyView {
    let words = use_words();
    let (to, label) = if live_only { ("", words.report.everybody) } else { ("?who=live", words.report.live_only) };
    view! {
        <span class="muted small">{(words.report.self_paced_count)(self_paced)}</span>
        <a class="button" href=format!("/live/{session}/report{to}") rel="external">
            {label}
        </a>
    }
    .into_any()
}

fn question(question: QuestionReport) -> AnyView {
    let words = use_words();
    let suspect = question.is_suspect();
    let unused: Vec<String> = question.unused().map(|given| (words.report.unused)(&given.text.text)).collect();
    let answered = question.answered.max(1);
    let bars: Vec<Bar> = question
        .given
        .iter()
        .map(|given| {
            let mark = if given.right { "✓ " } else { "" };
            let share = u16::try_from(given.count * 1000 / answered).unwrap_or(1000);
            ([mark, &given.text.text].concat(), share, given.count.to_string(), given.right)
        })
        .collect();
    let notes = [
        question.times.map(words.report.times),
        question.discrimination.map(words.report.discrimination),
        question.sureness.map(|all| (words.report.sureness)(all.counts())),
    ];
    let misled = question.sureness.map_or(0, |all| all.sure_wrong);
    view! {
        <details class="panel stack">
            <summary>
                <span class="report-question">{question.index + 1} ". " {question.prompt.text.clone()}</span>
                <span class="muted">{(words.report.answered)(question.correct, question.answered)}</span>
                {(words.preview.badge)(question.worth).map(|text| view! { <span class="badge">{text}</span> })}
                {question.second_of.map(|of| view! { <span class="badge">{(words.report.second_chance)(of + 1)}</span> })}
                {(misled > 0).then(|| view! { <span class="badge badge-warning">{(words.report.sure_and_wrong)(misled)}</span> })}
                {suspect.then(|| view! { <span class="badge badge-warning">{words.report.suspect}</span> })}
            </summary>
            <p>
                <span class="muted">{words.report.right_answer} ": "</span>
                <strong>
                    <RichText rich=question.solution />
                </strong>
            </p>
            {if question.answered == 0 {
                view! { <p class="muted">{words.report.nobody}</p> }.into_any()
            } else {
                view! { <ShareChart label=words.report.answers bars=bars /> }.into_any()
            }}
            {notes.into_iter().flatten().chain(unused).map(|note| view! { <p class="small">{note}</p> }).collect_view()}
        </details>
    }
    .into_any()
}

fn teams(rows: Vec<TeamRow>) -> AnyView {
    let words = use_words();
    let body = rows
        .into_iter()
        .map(|row| {
            view! {
                <tr>
                    <td>{row.rank}</td>
                    <th scope="row">{row.name}</th>
                    <td>{row.score}</td>
                    <td>{row.members}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="stack">
            <h2>{words.report.teams}</h2>
            <div class="table-wrap" tabindex="0">
                <table class="table">
                    <thead>
                        <tr>{words.report.team_columns.map(|column| view! { <th scope="col">{column}</th> }).collect_view()}</tr>
                    </thead>
                    <tbody>{body}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn learners(rows: Vec<LearnerReport>) -> AnyView {
    let words = use_words();
    let columns = [words.report.rank, words.report.name, words.report.points, words.report.right, words.report.time];
    let body = rows
        .into_iter()
        .map(|row| {
            view! {
                <tr>
                    <td>{row.rank}</td>
                    <th scope="row">
                        {row.name} {row.guest.then(|| view! { <span class="muted small">" " {words.live.guest}</span> })}
                        {row
                            .self_paced
                            .map(|at| {
                                view! {
                                    <span class="muted small">" " {words.report.self_paced} ", " <RelativeTime at=at /></span>
                                }
                            })}
                        {row.team.map(|team| view! { <span class="muted small">" " {team}</span> })}
                    </th>
                    <td>{row.score}</td>
                    <td>
                        {(words.report.answered)(row.correct, row.answered)}
                        {row.sureness.map(|all| view! { <span class="muted small">" " {(words.report.sureness)(all.counts())}</span> })}
                    </td>
                    <td>{(words.report.seconds)(row.average_ms)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-wrap" tabindex="0">
            <table class="table">
                <thead>
                    <tr>{columns.map(|column| view! { <th scope="col">{column}</th> }).collect_view()}</tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
    .into_any()
}
