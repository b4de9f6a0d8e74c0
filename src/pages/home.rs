//! The first page: what is live and yours when signed in; the PIN field when not.

use crate::view::view;
use crate::{
    api::{
        account::Me,
        decks::ListDecks,
        groups::{GroupSummary, MyGroups},
        live::LiveSessionsOfMyGroups,
    },
    client::load::{load, once},
    components::{
        empty_state::EmptyState,
        error_view::ErrorView,
        frame::CurrentUser,
        get_form::GetForm,
        group_people::GroupPeople,
        icon::{Glyph, Icon},
        live_now::LiveNow,
        page_title::PageTitle,
        picture::Picture,
        relative_time::RelativeTime,
        skeleton::SkeletonCards,
        suspended::{suspended, suspended2},
        suspense::Suspense,
    },
    domain::{deck::DeckLine, ids::UserId, role::UserRole},
    words::use_words,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;

#[component]
pub fn Home() -> impl IntoView {
    let user = expect_context::<CurrentUser>();
    view! {
        <Suspense>
            {suspended(user.0, move |user| {
                match user.ok().flatten() {
                    Some(me) => view! { <SignedIn me=me /> }.into_any(),
                    None => view! { <Welcome /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// For those who are not signed in: most of them hold a phone and look at a PIN.
#[component]
fn Welcome() -> impl IntoView {
    let words = use_words();
    view! {
        <Title text="" />
        <main id="main" class="page page-wide">
            <div class="hero">
                <div class="stack stack-loose">
                    <section class="stack">
                        <h1 class="hero-title">{words.home.pin_title}</h1>
                        <PinForm />
                    </section>
                    <section class="row">
                        <p class="muted">{words.home.or}</p>
                        <div class="row">
                            <A href="/sign-in" attr:class="button">
                                {words.frame.sign_in}
                            </A>
                            <A href="/sign-up" attr:class="button button-quiet">
                                {words.frame.sign_up}
                            </A>
                        </div>
                    </section>
                </div>
                <section class="stack">
                    <Picture />
                    <h2 class="visually-hidden">{words.home.what_title}</h2>
                    <ul class="what">{[Glyph::Decks, Glyph::Projector, Glyph::Check].into_iter().zip(words.home.what).map(|(glyph, line)| view! { <li><Icon glyph=glyph /><span>{line}</span></li> }).collect_view()}</ul>
                </section>
            </div>
        </main>
    }
}

/// Leads to the join page with the PIN; that page judges it.
#[component]
pub fn PinForm() -> impl IntoView {
    let words = use_words();
    view! {
        <GetForm action="/join" attr:class="pin-form">
            <div class="field">
                <label for="pin">{words.home.pin_label}</label>
                <input
                    class="input input-pin"
                    id="pin"
                    name="pin"
                    inputmode="numeric"
                    autocomplete="off"
                    maxlength="12"
                    placeholder=words.home.pin_placeholder
                    aria-describedby="pin-note"
                    required
                />
                <p class="field-note" id="pin-note">
                    {words.home.pin_note}
                </p>
            </div>
            <button class="button button-primary button-large">{words.home.join}</button>
        </GetForm>
    }
}

#[component]
fn SignedIn(me: Me) -> impl IntoView {
    let words = use_words();
    let (id, teaches) = (me.id, me.role != UserRole::Learner);
    let live = load(once, || Some(LiveSessionsOfMyGroups {}));
    let groups = load(once, || Some(MyGroups {}));
    // The list is sorted by the last change, so its first page begins with the recent ones.
    let decks = load(once, || Some(ListDecks { search: String::new(), page: 1 }));
    view! {
        <main id="main" class="page">
            <PageTitle title=(words.home.hello)(&me.display_name) />
            <Suspense>
                {suspended(live, move |live| {
                    // What runs is an extra: where it cannot be read, the page is still a page.
                    live.ok().map(|sessions| view! { <LiveNow sessions=sessions /> })
                })}
            </Suspense>
            <Suspense fallback=|| view! { <SkeletonCards /> }>
                {suspended2(groups, decks, move |groups, decks| {
                    match (groups, decks) {
                        (Err(error), _) | (_, Err(error)) => view! { <ErrorView error=error /> }.into_any(),
                        (Ok(groups), Ok(decks)) => view! { <Yours groups=groups decks=decks.decks teaches=teaches me=id /> }.into_any(),
                    }
                })}
            </Suspense>
        </main>
    }
}

/// Groups and decks, or the way to the first ones.
#[component]
fn Yours(groups: Vec<GroupSummary>, decks: Vec<DeckLine>, teaches: bool, me: UserId) -> impl IntoView {
    let words = use_words();
    let (has_group, has_deck) = (!groups.is_empty(), !decks.is_empty());
    view! {
        {(teaches && !(has_group && has_deck)).then(|| view! { <FirstSteps has_group=has_group has_deck=has_deck /> })}
        {(!teaches && !has_group)
            .then(|| {
                view! {
                    <EmptyState glyph=Glyph::Groups title=words.home.learner_title text=words.home.learner_text>
                        <A href="/groups" attr:class="button button-primary">
                            {words.home.learner_join}
                        </A>
                    </EmptyState>
                }
            })}
        {has_group.then(|| view! { <Groups groups=groups me=me /> })}
        {has_deck.then(|| view! { <Decks decks=decks /> })}
    }
}

/// As many as fit without scrolling far; the rest is one link away.
const SHOWN: usize = 6;

#[component]
fn Groups(groups: Vec<GroupSummary>, me: UserId) -> impl IntoView {
    let words = use_words();
    view! {
        <section class="stack" aria-labelledby="groups">
            <div class="spread">
                <h2 id="groups">{words.home.groups}</h2>
                <A href="/groups">{words.home.all_groups}</A>
            </div>
            <div class="grid-cards">
                {groups
                    .into_iter()
                    .take(SHOWN)
                    .map(|group| {
                        view! {
                            <article class="panel panel-link">
                                <h3 class="panel-title">
                                    <A href=format!("/groups/{}", group.id)>{group.name}</A>
                                </h3>
                                <p class="muted small">{(words.home.members)(group.members)}</p>
                                {group.presence.map(|first| view! { <GroupPeople group=group.id me=me initial=first /> })}
                            </article>
                        }
                    })
                    .collect_view()}
            </div>
        </section>
    }
}

#[component]
fn Decks(decks: Vec<DeckLine>) -> impl IntoView {
    let words = use_words();
    view! {
        <section class="stack" aria-labelledby="decks">
            <div class="spread">
                <h2 id="decks">{words.home.decks}</h2>
                <A href="/decks">{words.home.all_decks}</A>
            </div>
            <div class="grid-cards">
                {decks
                    .into_iter()
                    .take(SHOWN)
                    .map(|deck| {
                        view! {
                            <article class="panel panel-link">
                                <h3 class="panel-title">
                                    <A href=format!("/decks/{}", deck.id)>{deck.title}</A>
                                </h3>
                                <p class="muted small">
                                    {(words.home.cards)(deck.cards)} " · " <RelativeTime at=deck.updated_at />
                                </p>
                            </article>
                        }
                    })
                    .collect_view()}
            </div>
        </section>
    }
}

/// What a teacher does first, until there is a group and a deck.
#[component]
fn FirstSteps(has_group: bool, has_deck: bool) -> impl IntoView {
    let step = |done: bool| if done { "step panel is-done" } else { "step panel" };
    let words = use_words();
    view! {
        <section class="stack">
            <h2>{words.home.first_title}</h2>
            <ol class="steps">
                <li class=step(has_group)>
                    <h3 class="panel-title">{words.home.first_group_title}</h3>
                    <p class="muted">{words.home.first_group_text}</p>
                    {(!has_group)
                        .then(|| {
                            view! {
                                <A href="/groups" attr:class="button button-primary">
                                    {words.home.first_group}
                                </A>
                            }
                        })}
                </li>
                <li class=step(has_deck)>
                    <h3 class="panel-title">{words.home.first_deck_title}</h3>
                    <p class="muted">{words.home.first_deck_text}</p>
                    {(!has_deck)
                        .then(|| {
                            view! {
                                <A href="/decks" attr:class="button">
                                    {words.home.first_deck}
                                </A>
                            }
                        })}
                </li>
                <li class="step panel">
                    <h3 class="panel-title">{words.home.first_quiz_title}</h3>
                    <p class="muted">{words.home.first_quiz_text}</p>
                </li>
            </ol>
        </section>
    }
}
