//! Setting up a Blitz Quiz on a deck.

use crate::view::view;
use crate::{
    api::{
        error::AppError,
        live::{BlitzOptions, BlitzSetup, CreateLiveSession},
    },
    client::{
        action::ServerAction,
        load::{load, once},
    },
    components::{
        action_form::ActionForm, error_view::ErrorView, field::FormError, page_title::PageTitle,
        skeleton::SkeletonCards, suspended::suspended, suspense::Suspense,
    },
    domain::ids::DeckId,
    words::use_words,
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// Seconds that the host can choose for each question.
const TIME_LIMITS: [u32; 7] = [5, 10, 20, 30, 60, 90, 120];
const DEFAULT_TIME_LIMIT: u32 = 20;
const DEFAULT_COUNT: u32 = 10;
const AUTO: &str = "rules[auto_advance_s]";
const TEAM_NAMES: &str = "rules[team_names]";
const EXPECTED: &str = "rules[expected]";
/// The most questions of one quiz.
const MOST: u32 = 100;

#[component]
pub fn BlitzNew() -> impl IntoView {
    let words = use_words();
    let params = use_params_map();
    let deck = move || params.with(|p| p.get("deck")).and_then(|id| id.parse::<DeckId>().ok());
    let setup = load(once, move || Some(BlitzSetup { deck: deck()? }));
    view! {
        <main id="main" class="page page-narrow">
            <Suspense fallback=|| view! { <SkeletonCards cards=1 /> }>
                {suspended(setup, move |setup| {
                    match setup {
                        Ok(setup) if setup.cards == 0 => {
                            view! {
                                <PageTitle title=words.live.new_title subtitle=setup.title />
                                <section class="empty">
                                    <h2>{words.live.no_cards_title}</h2>
                                    <p>{words.live.no_cards_text}</p>
                                    <a class="button button-primary" href=format!("/decks/{}", setup.deck)>
                                        {words.live.to_deck}
                                    </a>
                                </section>
                            }
                                .into_any()
                        }
                        Ok(setup) => view! { <SetupForm setup=setup /> }.into_any(),
                        Err(error) => view! { <ErrorView error=error /> }.into_any(),
                    }
                })}
            </Suspense>
        </main>
    }
}

#[component]
fn SetupForm(setup: BlitzOptions) -> impl IntoView {
    let words = use_words();
    let create = ServerAction::<CreateLiveSession>::new();
    let error = create.error();
    // The study room that it is started from.
    let room = use_query_map().read_untracked().get("room");
    let all = setup.cards;
    let available = RwSignal::new(all);
    let count = RwSignal::new(DEFAULT_COUNT.min(all));
    let most = move || available.get().min(MOST);
    let by_id: Vec<(String, u32)> = setup.categories.iter().map(|c| (c.id.to_string(), c.cards)).collect();
    let options = setup
        .categories
        .into_iter()
        .map(|c| view! { <option value=c.id.to_string()>{(words.live.category_cards)(&c.name, c.cards)}</option> })
        .collect_view();
    let answers = [
        ("choice", words.live.choice),
        ("typed", words.live.typed),
        ("mixed", words.live.mixed),
        ("varied", words.live.varied),
    ];
    let count_error =
        move || error.with(|e| e.as_ref().and_then(|e| e.problem("card_count")).map(words.common.problem));
    view! {
        <PageTitle title=words.live.new_title subtitle=setup.title />
        <ActionForm action=create attr:class="stack">
            <input type="hidden" name="deck" value=setup.deck.to_string() />
            <input type="hidden" name="key" value=setup.key.to_string() />
            {room.map(|room| view! { <input type="hidden" name="room" value=room /> })}
            <div class="field">
                <label for="category">{words.live.category}</label>
                <select
                    class="select"
                    id="category"
                    name="category"
                    on:change:target=move |event| {
                        let chosen = event.target().value();
                        available.set(by_id.iter().find(|c| c.0 == chosen).map_or(all, |c| c.1));
                    }
                >
                    <option value="">{(words.live.all_cards)(all)}</option>
                    {options}
                </select>
            </div>
            <div class="field">
                <label for="card_count">{words.live.card_count}</label>
                <p class="field-note" id="card_count-note">
                    {move || (words.live.card_count_note)(most())}
                </p>
                <input
                    class="input"
                    id="card_count"
                    name="card_count"
                    type="number"
                    inputmode="numeric"
                    min="1"
                    // The server asks what there is; the limit of the quiz itself is hard.
                    max=MOST.to_string()
                    required
                    value=count.get_untracked().to_string()
                    on:input:target=move |event| count.set(event.target().value().parse().unwrap_or(0))
                    aria-describedby="card_count-note card_count-fewer card_count-error"
                />
                <p class="field-note" id="card_count-fewer" role="status">
                    {move || (count.get() > available.get()).then(|| (words.live.fewer)(available.get()))}
                </p>
                <p class="field-error" id="card_count-error" role="alert">
                    {count_error}
                </p>
            </div>
            <div class="field">
                <label for="time_limit_s">{words.live.time_limit}</label>
                <select class="select" id="time_limit_s" name="time_limit_s">
                    {TIME_LIMITS
                        .map(|s| {
                            view! {
                                <option value=s.to_string() selected=s == DEFAULT_TIME_LIMIT>
                                    {(words.live.seconds)(s)}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </div>
            {choices("answers", words.live.answers, &answers)}
            {tick("hints", [words.live.hints, words.live.hints_note], true)}
            <MoreChoices />
            <TeamChoices error=error />
            <FormError error=error />
            <button class="button button-primary button-large" disabled=move || create.pending().get()>
                {words.live.create}
            </button>
        </ActionForm>
    }
    .into_any()
}

/// What most quizzes leave as it is.
#[component]
fn MoreChoices() -> impl IntoView {
    let words = use_words();
    let number =
        |name: &'static str, label: &'static str, numbers: &'static [u32], chosen: u32, say: fn(u32) -> String| {
            let options = numbers
                .iter()
                .map(|n| {
                    // By hand is no number to the server.
                    let value = if name == AUTO && *n == 0 { String::new() } else { n.to_string() };
                    view! { <option value=value selected=*n == chosen>{say(*n)}</option> }
                })
                .collect_view();
            view! {
                <div class="field">
                    <label for=name>{label}</label>
                    <select class="select" id=name name=name>
                        {options}
                    </select>
                </div>
            }
            .into_any()
        };
    let rule = |name: &'static str, says: [&'static str; 2]| tick(name, says, false);
    let scoring = [("speed", words.live.speed), ("accuracy", words.live.accuracy)];
    view! {
        <details class="panel stack">
            <summary>{words.live.more}</summary>
            {choices("rules[scoring]", words.live.scoring, &scoring)}
            {number("rules[leaderboard_every]", words.live.leaderboard_every, &[1, 2, 3, 5, 0], 1, words.live.every)}
            {number(AUTO, words.live.auto_advance, &[0, 5, 10, 20, 30], 0, words.live.auto_after)}
            {rule("rules[approve]", words.live.approve)} {rule("rules[streaks]", words.live.streaks)}
            {rule("rules[change_answer]", words.live.change_answer)} {rule("rules[second_chance]", words.live.second_chance)}
            {rule("rules[confidence]", words.live.confidence)}
            <div class="field">
                <label for=EXPECTED>{words.live.expected}</label>
                <p class="field-note" id="expected-note">
                    {words.live.expected_note}
                </p>
                <input class="input" id=EXPECTED name=EXPECTED type="number" min="0" max="3000" aria-describedby="expected-note" />
            </div>
        </details>
    }
    .into_any()
}

/// Alone or in teams.
#[component]
fn TeamChoices(error: Signal<Option<AppError>>) -> impl IntoView {
    let words = use_words();
    let ways = [("", words.live.no_teams), ("auto", words.live.auto_teams), ("chosen", words.live.chosen_teams)];
    let wrong =
        move || error.with(|e| e.as_ref().and_then(|e| e.problem(TEAM_NAMES)).map(|_| words.live.team_names_wrong));
    view! {
        <details class="panel stack">
            <summary>{words.live.teams}</summary>
            {choices("rules[teams]", words.live.teams, &ways)}
            <div class="field">
                <label for=TEAM_NAMES>{words.live.team_names}</label>
                <p class="field-note" id="team_names-note">
                    {words.live.team_names_note}
                </p>
                <input
                    class="input"
                    id=TEAM_NAMES
                    name=TEAM_NAMES
                    value=words.live.usual_team_names
                    aria-describedby="team_names-note team_names-error"
                />
                <p class="field-error" id="team_names-error" role="alert">
                    {wrong}
                </p>
            </div>
        </details>
    }
    .into_any()
}

/// One of several, each with its name and what it means. Begins with the first.
fn choices(name: &'static str, legend: &'static str, ways: &[(&'static str, [&'static str; 2])]) -> AnyView {
    let boxes = ways
        .iter()
        .enumerate()
        .map(|(place, &(value, [label, note]))| {
            view! {
                <label class="choice">
                    <input type="radio" name=name value=value checked=place == 0 />
                    <span>
                        <strong>{label}</strong>
                        <br />
                        <span class="muted small">{note}</span>
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field">
            <legend>{legend}</legend>
            <div class="choices">{boxes}</div>
        </fieldset>
    }
}

/// A box to tick, with its name and what it means.
fn tick(name: &'static str, [label, note]: [&'static str; 2], checked: bool) -> AnyView {
    view! {
        <label class="check">
            <input type="checkbox" name=name checked=checked />
            <span>{label} <br /> <span class="muted small">{note}</span></span>
        </label>
    }
}
