//! A quiz that is over, played alone by its link: the door, the questions, the place among the room. Each step is a form
//! that works without JavaScript; with it the page stays and looks again when a time is over.

use crate::view::view;
use crate::{
    api::{
        error::{AppError, Problem},
        self_paced::{AnswerSelfPaced, JoinSelfPaced, Later, LaterState, LaterTurn, SelfPacedPlay, StepSelfPaced},
        wire::Ask,
    },
    client::{
        action::ServerAction,
        live_session::use_lone_player,
        load::{load_first, once},
    },
    components::{
        action_form::ActionForm,
        error_view::ErrorView,
        exact_time::ExactTime,
        field::FormError,
        live::{
            announcer::Announcer,
            later::{Onward, room},
            notice::{Notice, Opening},
            phone_scene::{draw, scene},
            question::place,
            refresh::Refresh,
        },
        suspended::suspended,
        suspense::Suspense,
    },
    domain::live::{
        blitz::{GRACE_MS, PlayerPhase},
        self_paced::Refusal,
    },
    pages::live_play::{announce, progress, refresh_after},
    words::{self_paced::words, use_words},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use std::time::Duration;

/// After a time is over, until the page looks: what was on its way has arrived by then.
const SLACK_MS: u32 = GRACE_MS as u32 + 150;

#[component]
pub fn Again() -> impl IntoView {
    let params = use_params_map();
    let first = load_first(once, move || Some(SelfPacedPlay { token: params.read().get("token")? }));
    view! {
        <Suspense fallback=Opening>
            {suspended(first, move |first| {
                match first {
                    Ok(first) => view! { <Play first=first /> }.into_any(),
                    Err(AppError::NotFound) => {
                        let words = words();
                        view! { <Notice title=words.unknown_title text=words.unknown_text>{home()}</Notice> }.into_any()
                    }
                    Err(error) => view! {
                        <main id="main" class="page page-narrow">
                            <ErrorView error=error />
                        </main>
                    }
                    .into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

fn home() -> AnyView {
    view! {
        <a class="button" href="/" rel="external">
            {use_words().common.to_home}
        </a>
    }
    .into_any()
}

/// What the page can send.
#[derive(Clone, Copy)]
struct Sends {
    join: ServerAction<JoinSelfPaced>,
    step: ServerAction<StepSelfPaced>,
    answer: ServerAction<AnswerSelfPaced>,
    look: ServerAction<SelfPacedPlay>,
}

#[component]
fn Play(first: Later) -> impl IntoView {
    let refused = use_query_map().read_untracked().get("refused").and_then(|name| Refusal::parse(&name));
    let sends = Sends {
        join: ServerAction::new(),
        step: ServerAction::new(),
        answer: ServerAction::new(),
        look: ServerAction::new(),
    };
    let token = StoredValue::new(first.token.clone());
    let title = first.title.clone();
    let later = RwSignal::new(Later { refusal: first.refusal.or(refused), ..first });
    hear(sends.join, later);
    hear(sends.step, later);
    hear(sends.answer, later);
    hear(sends.look, later);
    // Looks again when the lead-in or the time to answer is over; a look that failed is tried again.
    Effect::new(move || {
        sends.look.version().track();
        let failed = sends.look.error().get().is_some();
        let wait = later.with(wait_ms).map(|wait| if failed { wait.max(2_000) } else { wait });
        let Some(wait) = wait else { return };
        let look = move || sends.look.dispatch(SelfPacedPlay { token: token.get_value() });
        let handle = set_timeout_with_handle(look, Duration::from_millis(u64::from(wait)));
        on_cleanup(move || {
            if let Ok(handle) = handle {
                handle.clear();
            }
        });
    });
    let shown = Memo::new(move |_| later.with(key));
    let body = move || {
        // Within one scene only numbers change, and those follow their own clocks.
        shown.get();
        let later = later.get_untracked();
        match later.state.clone() {
            LaterState::Playing(turn) => view! { <Turn later=later turn=*turn sends=sends /> }.into_any(),
            _ => view! { <Door later=later sends=sends /> }.into_any(),
        }
    };
    let failure = move || {
        let words = use_words();
        let error = sends.step.error().get().or_else(|| sends.answer.error().get());
        let refused = later.with(|later| later.refusal).map(words_of);
        error.map(|error| (words.common.error)(&error)).or(refused)
    };
    view! {
        <Title text=title />
        <main id="main" class="phone again">
            {body}
            <p class="field-error" role="alert">
                {failure}
            </p>
        </main>
    }
    .into_any()
}

fn words_of(refusal: Refusal) -> String {
    (words().refused)(refusal).to_owned()
}

/// What the server answers is where the person is.
fn hear<S: Ask<Output = Later>>(action: ServerAction<S>, later: RwSignal<Later>) {
    Effect::new(move || {
        if let Some(Ok(newer)) = action.value().get() {
            later.set(newer);
        }
    });
}

/// What makes a scene of its own.
fn key(later: &Later) -> (u8, u8, u32, u32) {
    match &later.state {
        LaterState::Closed => (0, 0, 0, 0),
        LaterState::Door { .. } => (1, 0, 0, 0),
        LaterState::Ready { .. } => (2, 0, 0, 0),
        LaterState::Playing(turn) => {
            let (scene, index) = scene(&turn.view);
            (3, scene, index, turn.view.revision)
        }
    }
}

/// Until time changes what there is to see.
fn wait_ms(later: &Later) -> Option<u32> {
    let LaterState::Playing(turn) = &later.state else { return None };
    match turn.view.phase {
        PlayerPhase::LeadIn { remaining_ms, .. } => Some(remaining_ms + 30),
        PlayerPhase::Answering { time_limit_ms: 0, .. } => None,
        PlayerPhase::Answering { remaining_ms, .. } => Some(remaining_ms.saturating_add(SLACK_MS)),
        _ => None,
    }
}

/// Before the first question.
#[component]
fn Door(later: Later, sends: Sends) -> impl IntoView {
    let words = words();
    let (from, facts) = ((words.from)(&later), (words.facts)(later.questions, later.seconds));
    let Later { token, title, closes_at, seconds, .. } = later;
    let way = match later.state {
        LaterState::Door { account, played } => {
            view! { <Enter token=token account=account played=played join=sends.join /> }.into_any()
        }
        LaterState::Ready { name, practice } => view! {
            <p class="lobby-name">{(words.ready)(&name)}</p>
            {practice.then(|| view! { <p class="badge">{words.practising}</p> })}
            <p class="muted">{if seconds.is_some() { words.how[0] } else { words.how[1] }}</p>
            <Onward step=sends.step token=token seen=0 label=words.start />
        }
        .into_any(),
        _ => view! {
            <p class="lobby-name">{words.closed_title}</p>
            <p>{words.closed_text}</p>
            {home()}
        }
        .into_any(),
    };
    view! {
        <div class="phone-main stack">
            <header class="stack stack-tight">
                <h1 class="title">{title}</h1>
                <p class="muted">{from}</p>
                <p>{facts}</p>
                <p class="muted">{words.until} " " <ExactTime at=closes_at /></p>
            </header>
            {way}
        </div>
    }
    .into_any()
}

/// A guest's name, or the account's.
#[component]
fn Enter(token: String, account: Option<String>, played: bool, join: ServerAction<JoinSelfPaced>) -> impl IntoView {
    let words = use_words();
    let own = self::words();
    let typed = use_query_map().read_untracked().get("name").unwrap_or_default();
    let error = join.error();
    let name_error = move || {
        error.with(|e| e.as_ref()?.problem("name").cloned()).map(|problem| match problem {
            Problem::Taken { suggestion: None } => words.live.name_taken.to_owned(),
            problem => (words.common.problem)(&problem),
        })
    };
    // Beside the field stands what is about the field.
    let form_error = Signal::derive(move || error.get().filter(|e| e.problem("name").is_none()));
    let who = match account {
        Some(name) => view! {
            <p class="lobby-name">{(own.account)(&name)}</p>
            <p class="field-error" role="alert">{name_error}</p>
        }
        .into_any(),
        None => view! {
            <div class="field">
                <label for="name">{words.live.name}</label>
                <p class="field-note" id="name-note">{own.name_note}</p>
                <input
                    class="input input-large"
                    id="name"
                    name="name"
                    autocomplete="nickname"
                    maxlength="80"
                    required
                    value=typed
                    aria-describedby="name-note name-error"
                    aria-invalid=move || name_error().is_some().then_some("true")
                />
                <p class="field-error" id="name-error" role="alert">{name_error}</p>
            </div>
        }
        .into_any(),
    };
    view! {
        {played.then(|| view! { <p class="badge-note">{own.played}</p> })}
        <ActionForm action=join attr:class="stack">
            <input type="hidden" name="token" value=token />
            {who}
            <FormError error=form_error />
            <button class="button button-primary button-large" disabled=move || join.pending().get()>
                {own.join}
            </button>
        </ActionForm>
    }
    .into_any()
}

/// A question, its reveal, or the end: drawn as in the room.
#[component]
fn Turn(later: Later, turn: LaterTurn, sends: Sends) -> impl IntoView {
    let words = use_words();
    let own = self::words();
    let refresh = refresh(&turn);
    let live = use_lone_player(turn.view.clone(), &later.token, sends.answer);
    let milestone = RwSignal::new(0);
    let room = room(&turn);
    let ended = matches!(turn.view.phase, PlayerPhase::Ended { .. });
    let onward = match turn.view.phase {
        PlayerPhase::Reveal { .. } => Some(if turn.goes_on { own.next } else { own.to_end }),
        PlayerPhase::Ended { .. } if turn.goes_on => Some(own.go_on),
        _ => None,
    };
    let (token, seen) = (later.token, turn.view.revision);
    let at = progress(&turn.view).map(place);
    view! {
        <Refresh after=refresh />
        <header class="phone-head">
            <span class="phone-name">{turn.view.me.name.clone()}</span>
            <span class="muted">{at}</span>
            <strong>{(words.live.points)(turn.view.me.score)}</strong>
        </header>
        <div class="again-body">
            {untrack(|| draw(live, milestone))}
            {ended.then(|| view! { <p class="muted phone-centre">{own.compared}</p> })}
            {(ended && turn.left > 0 && !turn.goes_on).then(|| view! { <p class="phone-centre">{(own.cut_off)(turn.left)}</p> })}
            {room}
            {turn.practice.then(|| view! { <p class="muted small">{own.practising}</p> })}
            {onward.map(|label| view! { <Onward step=sends.step token=token seen=seen label=label /> })}
        </div>
        <Announcer text=Signal::derive(move || announce(live, milestone, &words.live)) />
    }
    .into_any()
}

/// Seconds until a page without JavaScript looks again.
fn refresh(turn: &LaterTurn) -> Option<u32> {
    match turn.view.phase {
        PlayerPhase::LeadIn { .. } => refresh_after(&turn.view),
        PlayerPhase::Answering { time_limit_ms, .. } if time_limit_ms > 0 => refresh_after(&turn.view).map(|s| s + 1),
        _ => None,
    }
}
