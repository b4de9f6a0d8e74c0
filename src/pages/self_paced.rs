//! The teacher's page of a quiz that is over: the link to play it alone, its deadline, and who plays.

use crate::view::view;
use crate::{
    api::self_paced::{CloseSelfPaced, ListedAttempt, OpenLink, OpenSelfPaced, SelfPacedSetup, Setup},
    client::{
        action::ServerAction,
        load::{load_first, once},
        time,
    },
    components::{
        copy_button::CopyButton, error_view::ErrorView, exact_time::ExactTime, field::FormError, live::notice::Opening,
        relative_time::RelativeTime, suspended::suspended, suspense::Suspense,
    },
    domain::{
        ids::LiveSessionId,
        live::self_paced::USUAL_MS,
        time::{minute, parse_minute},
    },
    pages::live_play::use_session,
    words::{self_paced::words, use_words},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

#[component]
pub fn SelfPaced() -> impl IntoView {
    let session = use_session();
    let setup = load_first(once, move || Some(SelfPacedSetup { session: session()? }));
    view! {
        <Title text=words().title />
        <main id="main" class="page page-narrow">
            <Suspense fallback=Opening>
                {suspended(setup, move |setup| {
                    match setup {
                        Ok(setup) => found(setup),
                        Err(error) => view! { <ErrorView error=error /> }.into_any(),
                    }
                })}
            </Suspense>
        </main>
    }
    .into_any()
}

fn found(setup: Setup) -> AnyView {
    let words = words();
    let Setup { session, title, now, link, attempts } = setup;
    let open = link.as_ref().is_some_and(|link| link.open);
    let timed = link.as_ref().is_none_or(|link| link.timed);
    let closes_at = link.as_ref().filter(|link| link.open).map_or(now + USUAL_MS, |link| link.closes_at);
    let label = match &link {
        None => words.open,
        Some(link) if link.open => words.save,
        Some(_) => words.open_again,
    };
    view! {
        <div class="stack stack-loose">
            <header class="stack">
                <div class="row">
                    <h1>{words.title}</h1>
                    <span class="spacer"></span>
                    <a class="button" href=format!("/live/{session}/report") rel="external">
                        {words.to_report}
                    </a>
                </div>
                <p class="panel-title">{title}</p>
                <p class="muted">{words.intro}</p>
            </header>
            {link.map(way_in)}
            <Opened session=session closes_at=closes_at timed=timed label=label />
            {open.then(|| view! {
                <form method="post" action=CloseSelfPaced::PATH>
                    <input type="hidden" name="session" value=session.to_string() />
                    <button class="button">{words.close}</button>
                </form>
            })}
            <section class="stack">
                <h2>{(words.players)(attempts.len())}</h2>
                {list(attempts)}
            </section>
        </div>
    }
    .into_any()
}

fn way_in(link: OpenLink) -> AnyView {
    let words = words();
    let state = if link.open { words.open_until } else { words.closed_since };
    let address = link.address;
    view! {
        <section class="panel stack">
            <p>
                <strong>{state} " " <ExactTime at=link.closes_at /></strong>
            </p>
            {link.open.then(|| view! {
                <div class="self-paced-link">
                    <img class="qr" src=link.qr alt=(words.qr)(&address) />
                    <div class="stack stack-tight">
                        <span class="muted small">{words.link}</span>
                        <a class="self-paced-address" href=address.clone() rel="external">{address.clone()}</a>
                        <div><CopyButton text=address /></div>
                    </div>
                </div>
            })}
        </section>
    }
    .into_any()
}

/// The deadline in the teacher's own zone; without a script in UTC.
#[component]
fn Opened(session: LiveSessionId, closes_at: i64, timed: bool, label: &'static str) -> impl IntoView {
    let words = words();
    // Only for the error that the address brings back: the form is sent by the browser itself.
    let error = ServerAction::<OpenSelfPaced>::new().error();
    let wrong = move || error.with(|e| e.as_ref()?.problem("closes").map(|_| words.deadline_wrong));
    let form_error = Signal::derive(move || error.get().filter(|e| e.problem("closes").is_none()));
    let typed = use_query_map().read_untracked().get("closes");
    let closes = RwSignal::new(typed.clone().unwrap_or_else(|| minute(closes_at)));
    let zone = RwSignal::new(None::<i32>);
    // The zone of that day: clocks may be changed until then.
    let local = move |text: &str| parse_minute(text).and_then(time::zone);
    Effect::new(move || {
        if let Some(minutes) = time::zone(closes_at) {
            zone.set(Some(minutes));
            if typed.is_none() {
                closes.set(minute(closes_at - i64::from(minutes) * 60_000));
            }
        }
    });
    view! {
        <form class="panel stack" method="post" action=OpenSelfPaced::PATH>
            <input type="hidden" name="session" value=session.to_string() />
            <input type="hidden" name="zone" prop:value=move || zone.get().map(|z| z.to_string()).unwrap_or_default() />
            <div class="field">
                <label for="closes">{words.deadline}</label>
                <p class="field-note" id="closes-note" hidden=move || zone.get().is_some()>{words.deadline_utc}</p>
                <input
                    class="input"
                    id="closes"
                    name="closes"
                    type="datetime-local"
                    required
                    value=closes.get_untracked()
                    prop:value=closes
                    aria-describedby="closes-note closes-error"
                    aria-invalid=move || wrong().is_some().then_some("true")
                    on:input:target=move |event| {
                        let text = event.target().value();
                        if let Some(minutes) = local(&text) {
                            zone.set(Some(minutes));
                        }
                        closes.set(text);
                    }
                />
                <p class="field-error" id="closes-error" role="alert">{wrong}</p>
            </div>
            <label class="check">
                <input type="checkbox" name="timed" value="on" checked=timed aria-describedby="timed-note" />
                <span>{words.timed[0]}</span>
            </label>
            <p class="field-note" id="timed-note">{words.timed[1]}</p>
            <FormError error=form_error />
            <div class="row">
                <button class="button button-primary">{label}</button>
            </div>
        </form>
    }
    .into_any()
}

fn list(attempts: Vec<ListedAttempt>) -> AnyView {
    let words = words();
    if attempts.is_empty() {
        return view! { <p class="muted">{words.nobody}</p> }.into_any();
    }
    let practises = attempts.iter().any(|row| row.practice);
    let body = attempts.into_iter().map(row).collect_view();
    view! {
        <div class="table-wrap" tabindex="0">
            <table class="table">
                <thead>
                    <tr>{words.columns.map(|column| view! { <th scope="col">{column}</th> }).collect_view()}</tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
        </div>
        {practises.then(|| view! { <p class="muted small">{words.practice_note}</p> })}
    }
    .into_any()
}

fn row(row: ListedAttempt) -> AnyView {
    let (words, all) = (words(), use_words());
    let marks = [row.guest.then_some(all.live.guest), row.practice.then_some(words.practice)];
    let marks = marks.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let done = if row.done >= row.total { words.finished.to_owned() } else { (words.done)(row.done, row.total) };
    view! {
        <tr>
            <th scope="row">{row.name} " " <span class="muted small">{marks}</span></th>
            <td>{done}</td>
            <td>{row.score}</td>
            <td>{row.rank.map_or("–".to_owned(), |rank| rank.to_string())}</td>
            <td><RelativeTime at=row.last_at /></td>
        </tr>
    }
    .into_any()
}
