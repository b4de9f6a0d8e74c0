//! A player's own answers of a quiz that is over; a guest can save them to an account.

use crate::components::suspense::Suspense;
use crate::view::view;
use crate::{
    api::{
        live_cards::TakeLiveCard,
        live_reports::{ClaimLiveResult, LiveResult as Ask, OwnResult as Loaded, ResultRow},
    },
    client::{
        action::ServerAction,
        load::{load_first, once},
    },
    components::{
        error_view::ErrorView,
        field::FormError,
        icon::{Glyph, Icon},
        live::question::RichText,
        page_title::PageTitle,
        skeleton::SkeletonCards,
        suspended::suspended,
    },
    pages::live_play::use_session,
    words::use_words,
};
use leptos::{prelude::*, server_fn::ServerFn};

#[component]
pub fn LiveResult() -> impl IntoView {
    let session = use_session();
    let result = load_first(once, move || Some(Ask { session: session()? }));
    view! {
        <main id="main" class="page page-narrow">
            <Suspense fallback=|| view! { <SkeletonCards cards=3 /> }>
                {suspended(result, move |result| {
                    match result {
                        Ok(result) => view! { <Found result=result /> }.into_any(),
                        Err(error) => view! { <ErrorView error=error /> }.into_any(),
                    }
                })}
            </Suspense>
        </main>
    }
}

#[component]
fn Found(result: Loaded) -> impl IntoView {
    let words = use_words();
    let place = result.rank.map(|rank| (words.live.rank)(rank, result.players));
    let subtitle = [place.as_deref().unwrap_or_default(), " · ", &(words.live.points)(result.score)].concat();
    let keep = result.guest.then(|| keep(&result));
    let session = (result.signed_in && !result.alone).then(|| result.session.to_string());
    let error = ServerAction::<TakeLiveCard>::new().error();
    let rows = result.rows.into_iter().map(|one| row(one, session.as_deref())).collect_view();
    view! {
        <PageTitle title=(words.report.result_title)(&result.title) subtitle=subtitle />
        <div class="stack">{keep} <FormError error=error /> <ol class="stack results">{rows}</ol></div>
    }
    .into_any()
}

/// For a guest: the way to keep it.
fn keep(result: &Loaded) -> AnyView {
    let words = use_words();
    let session = result.session;
    let way = if result.signed_in {
        view! {
            <form method="post" action=ClaimLiveResult::PATH>
                <input type="hidden" name="session" value=session.to_string() />
                <button class="button button-primary">{words.report.keep}</button>
            </form>
        }
        .into_any()
    } else {
        view! {
            <a class="button button-primary" href=format!("/sign-up?next=/live/{session}/result")>
                {words.report.sign_up_to_keep}
            </a>
        }
        .into_any()
    };
    view! {
        <section class="panel panel-accent stack">
            <h2 class="panel-title">{words.report.keep_title}</h2>
            <p>{words.report.keep_text}</p>
            <div>{way}</div>
        </section>
    }
    .into_any()
}

/// `session`: of somebody who can take the card along.
fn row(row: ResultRow, session: Option<&str>) -> AnyView {
    let words = use_words();
    let take = session.map(|session| take(session, row.index, row.taken));
    let right = row.mine.as_ref().is_some_and(|mine| mine.correct);
    let glyph = if right { Glyph::Check } else { Glyph::Cross };
    let mine = row.mine.map_or(words.report.not_answered.to_owned(), |mine| mine.text);
    view! {
        <li class="panel stack stack-tight">
            <p class="panel-title">
                <RichText rich=row.prompt />
            </p>
            <p>
                <Icon glyph=glyph />
                <span class="muted">" " {words.report.your_answer} ": "</span>
                {mine}
            </p>
            {(!right)
                .then(|| {
                    view! {
                        <p>
                            <span class="muted">{words.report.right_answer} ": "</span>
                            <strong>
                                <RichText rich=row.solution />
                            </strong>
                        </p>
                    }
                })}
            {row.explanation.map(|text| view! { <p class="muted"><RichText rich=text /></p> })} {take}
        </li>
    }
    .into_any()
}

fn take(session: &str, index: u32, taken: bool) -> AnyView {
    let words = use_words();
    if taken {
        return view! { <p><strong>{words.live.in_deck}</strong></p> };
    }
    view! {
        <form method="post" action=TakeLiveCard::PATH>
            <input type="hidden" name="session" value=session.to_owned() />
            <input type="hidden" name="card_index" value=index.to_string() />
            <button class="button" name="next" value="result">
                {words.live.take_card}
            </button>
        </form>
    }
}
