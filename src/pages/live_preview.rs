//! The drawn questions on the host's own screen before the start: look, exchange, drop. Plain forms, so that it works
//! by keyboard and without JavaScript. What tells the answers is asked for only after the host has said where it is shown.

use crate::view::view;
use crate::{
    api::{
        error::AppError,
        live_preview::{AdjustLiveQuestion, DropLiveQuestion, LivePreview as Ask, Preview as Loaded, PreviewQuestion},
    },
    client::{
        action::ServerAction,
        load::{load_first, once},
    },
    components::{
        error_view::ErrorView,
        field::FormError,
        live::{notice::Opening, question::RichText},
        suspended::suspended,
        suspense::Suspense,
        text_area::content,
    },
    domain::{ids::LiveSessionId, live::question::Worth},
    pages::live_play::use_session,
    words::use_words,
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// Seconds that the host can choose for one question.
const TIMES: [u32; 8] = [5, 10, 20, 30, 60, 90, 120, 240];

#[component]
pub fn LivePreview() -> impl IntoView {
    let session = use_session();
    let words = use_words();
    let shown = use_query_map().read_untracked().get("show").is_some();
    let body = if shown { view! { <Questions /> }.into_any() } else { session().map(veil).into_any() };
    view! {
        <Title text=words.preview.title />
        <main id="main" class="page page-narrow">
            {body}
        </main>
    }
    .into_any()
}

/// Nothing that a class must not see.
fn veil(session: LiveSessionId) -> AnyView {
    let words = use_words();
    view! {
        <section class="empty">
            <h1>{words.preview.veil_title}</h1>
            <p>{words.preview.veil_text}</p>
            <p class="row">
                <a class="button button-primary" href=format!("/live/{session}/preview?show=1") rel="external">
                    {words.preview.show}
                </a>
                {lobby(session)}
            </p>
        </section>
    }
    .into_any()
}

fn lobby(session: LiveSessionId) -> AnyView {
    view! {
        <a class="button" href=format!("/live/{session}/host") rel="external">
            {use_words().preview.to_lobby}
        </a>
    }
    .into_any()
}

#[component]
fn Questions() -> impl IntoView {
    let session = use_session();
    let preview = load_first(once, move || Some(Ask { session: session()? }));
    view! {
        <Suspense fallback=Opening>
            {suspended(preview, move |preview| {
                match preview {
                    Ok(preview) => found(preview),
                    Err(error) => view! { <ErrorView error=error /> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

fn found(preview: Loaded) -> AnyView {
    let words = use_words();
    // Only for the error that the address brings back: the forms are sent by the browser itself.
    let adjust = ServerAction::<AdjustLiveQuestion>::new().error();
    let dropped = ServerAction::<DropLiveQuestion>::new().error();
    let error = Signal::derive(move || adjust.get().or_else(|| dropped.get()));
    let Loaded { session, title, revision, in_lobby, time_limit_ms, questions } = preview;
    let common = Common { session, revision, time_limit_ms, several: questions.len() > 1, error };
    let rows = questions
        .into_iter()
        .map(|question| if in_lobby { form(common, question) } else { fixed(question) })
        .collect_view();
    view! {
        <div class="stack stack-loose">
            <header class="stack">
                <div class="row">
                    <h1>{title}</h1>
                    <span class="spacer"></span>
                    {lobby(session)}
                </div>
                <p class="badge badge-warning preview-warning">{words.preview.warning}</p>
                {(!in_lobby).then(|| view! { <p role="status">{words.preview.started}</p> })}
                <FormError error=error />
            </header>
            {rows}
        </div>
    }
    .into_any()
}

/// What the forms of all questions share.
#[derive(Clone, Copy)]
struct Common {
    session: LiveSessionId,
    revision: u32,
    time_limit_ms: u32,
    several: bool,
    error: Signal<Option<AppError>>,
}

fn heading(question: &PreviewQuestion) -> AnyView {
    let n = question.index + 1;
    view! {
        <h2 class="panel-title" id=format!("q{n}-title")>
            {n} ". " <RichText rich=question.prompt.clone() />
        </h2>
    }
    .into_any()
}

fn fixed(question: PreviewQuestion) -> AnyView {
    let words = use_words();
    view! {
        <section class="panel stack" aria-labelledby=format!("q{}-title", question.index + 1)>
            {heading(&question)}
            <p>
                <span class="muted">{words.live.right_answer} ": "</span>
                <RichText rich=question.solution />
            </p>
        </section>
    }
    .into_any()
}

fn form(common: Common, question: PreviewQuestion) -> AnyView {
    let words = use_words();
    let heading = heading(&question);
    let (n, index) = (question.index + 1, question.index.to_string());
    let (session, seen) = (common.session.to_string(), common.revision.to_string());
    let options = options(&question);
    let worth = Worth::ALL.map(|worth| {
        view! { <option value=worth.as_str() selected=question.worth == worth>{(words.preview.worth)(worth)}</option> }
    });
    let own = question.time_limit_ms.map(|ms| ms / 1_000);
    let times =
        TIMES.map(|s| view! { <option value=s.to_string() selected=own == Some(s)>{(words.live.seconds)(s)}</option> });
    let drop = if common.several {
        view! {
            <form method="post" action=DropLiveQuestion::PATH>
                <input type="hidden" name="session" value=session.clone() />
                <input type="hidden" name="seen" value=seen.clone() />
                <input type="hidden" name="index" value=index.clone() />
                <button class="button button-quiet" aria-label=(words.preview.drop_of)(n)>{words.preview.drop}</button>
            </form>
        }
        .into_any()
    } else {
        view! { <p class="muted small">{words.preview.only_one}</p> }.into_any()
    };
    let time_error =
        move || common.error.with(|e| e.as_ref().and_then(|e| e.problem("time_limit_s")).map(words.common.problem));
    view! {
        <section class="panel stack" id=format!("q{n}") aria-labelledby=format!("q{n}-title")>
            {heading}
            <form class="stack" method="post" action=AdjustLiveQuestion::PATH>
                <input type="hidden" name="session" value=session />
                <input type="hidden" name="seen" value=seen />
                <input type="hidden" name="index" value=index />
                {options}
                <div class="preview-fields">
                    <div class="field">
                        <label for=format!("worth-{n}")>{words.preview.points}</label>
                        <select class="select" id=format!("worth-{n}") name="worth">
                            {worth}
                        </select>
                    </div>
                    <div class="field">
                        <label for=format!("time-{n}")>{words.preview.time}</label>
                        <select class="select" id=format!("time-{n}") name="time_limit_s">
                            <option value="">{(words.preview.usual_time)(common.time_limit_ms / 1_000)}</option>
                            {times}
                        </select>
                        <p class="field-error">{time_error}</p>
                    </div>
                </div>
                <div class="field">
                    <label for=format!("explanation-{n}")>{words.preview.explanation}</label>
                    <textarea class="textarea" id=format!("explanation-{n}") name="explanation" rows="2" maxlength="2000">
                        {content(question.explanation)}
                    </textarea>
                </div>
                <div class="row">
                    <button class="button button-primary" aria-label=(words.preview.save_of)(n)>{words.preview.save}</button>
                </div>
            </form>
            {drop}
        </section>
    }
    .into_any()
}

/// The right answer, and for each wrong option what could stand there instead.
fn options(question: &PreviewQuestion) -> AnyView {
    let words = use_words();
    let (n, others) = (question.index + 1, &question.alternatives);
    if question.options.is_empty() || question.options.iter().all(|option| !option.right) {
        return view! {
            <p>
                <span class="muted">{words.live.right_answer} ": "</span>
                <RichText rich=question.solution.clone() />
            </p>
        }
        .into_any();
    }
    let rows = (0u8..)
        .zip(&question.options)
        .map(|(i, option)| {
            let name = format!("options[{i}]");
            if option.right || others.is_empty() {
                let mark = option.right.then(|| view! { <strong class="preview-right">"✓ " {words.preview.right}</strong> });
                return view! {
                    <li class="row">
                        <input type="hidden" name=name value="" />
                        <RichText rich=option.text.clone() />
                        {mark}
                    </li>
                }
                .into_any();
            }
            let choices = others.iter().map(|other| view! { <option value=other.clone()>{other.clone()}</option> }).collect_view();
            view! {
                <li>
                    <select class="select" name=name id=format!("option-{n}-{i}") aria-label=(words.preview.exchange)(&option.text.text)>
                        <option value="">{option.text.text.clone()}</option>
                        {choices}
                    </select>
                </li>
            }
            .into_any()
        })
        .collect_view();
    let note = others.is_empty().then(|| view! { <p class="muted small">{words.preview.no_others}</p> });
    view! {
        <ul class="preview-options">{rows}</ul>
        {note}
    }
    .into_any()
}
