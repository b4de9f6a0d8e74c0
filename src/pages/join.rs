//! Joining a live session by PIN and name.

use crate::view::view;
use crate::{
    api::{
        account::CurrentUser,
        error::{AppError, Problem},
        live::JoinLiveSession,
    },
    client::{
        action::ServerAction,
        browser,
        load::{load_first, once},
    },
    components::{action_form::ActionForm, field::FormError, suspended::suspended, suspense::Suspense},
    words::use_words,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn Join() -> impl IntoView {
    let words = use_words();
    let (params, query) = (use_params_map(), use_query_map());
    // From the first page's field or a form that came back, from the QR code or a link.
    let pin = move || query.with(|q| q.get("pin")).or_else(|| params.with(|p| p.get("pin"))).unwrap_or_default();
    let typed = move || query.with(|q| q.get("name"));
    let user = load_first(once, || Some(CurrentUser {}));
    view! {
        <Title text=words.live.join_title />
        <main id="main" class="page page-narrow">
            <h1 class="title">{words.live.join_title}</h1>
            <Suspense fallback=|| ()>
                {suspended(user, move |user| {
                    let name = user.ok().flatten().map(|me| me.display_name).unwrap_or_default();
                    view! { <JoinForm pin=untrack(pin) name=untrack(typed).unwrap_or(name) /> }
                })}
            </Suspense>
        </main>
    }
}

#[component]
fn JoinForm(pin: String, name: String) -> impl IntoView {
    let words = use_words();
    let join = ServerAction::<JoinLiveSession>::new();
    let error = join.error();
    let (pin, name) = (RwSignal::new(grouped(&pin)), RwSignal::new(name));
    let problem = move |field: &str| error.with(|e| e.as_ref().and_then(|e| e.problem(field).cloned()));
    let pin_error = move || problem("pin").map(|_| words.live.pin_wrong);
    let name_error = move || {
        problem("name").map(|p| match p {
            Problem::Taken { .. } => words.live.name_taken.to_owned(),
            p => (words.common.problem)(&p),
        })
    };
    let suggestion = move || match problem("name") {
        Some(Problem::Taken { suggestion }) => suggestion,
        _ => None,
    };
    let key = RwSignal::new(browser::uuid());
    let has_pin = !pin.get_untracked().is_empty();
    // Errors of a field stand beside it; only others need the form's own line.
    let form_error = Signal::derive(move || {
        error.get().filter(|e| !matches!(e, AppError::Invalid { fields } if !fields.is_empty()))
    });
    view! {
        <ActionForm action=join attr:class="stack">
            // A try that is sent again because its answer got lost comes to the same seat.
            <input type="hidden" name="key" value=key.get_untracked().to_string() prop:value=move || key.get().to_string() />
            <div class="field">
                <label for="pin">{words.live.pin}</label>
                <p class="field-note" id="pin-note">
                    {words.live.pin_note}
                </p>
                <input
                    class="input input-pin"
                    id="pin"
                    name="pin"
                    inputmode="numeric"
                    autocomplete="off"
                    // Room for what people paste: spaces, hyphens, a line break.
                    maxlength="20"
                    required
                    autofocus=!has_pin
                    prop:value=pin
                    value=pin.get_untracked()
                    on:input:target=move |event| {
                        let typed = event.target().value();
                        let shown = grouped(&typed);
                        // Only at the end of six digits, so that the caret never jumps while somebody corrects.
                        pin.set(if shown.len() == 7 { shown } else { typed });
                    }
                    aria-describedby="pin-note pin-error"
                    aria-invalid=move || pin_error().is_some().then_some("true")
                />
                <p class="field-error" id="pin-error" role="alert">
                    {pin_error}
                </p>
            </div>
            <div class="field">
                <label for="name">{words.live.name}</label>
                <p class="field-note" id="name-note">
                    {words.live.name_note}
                </p>
                <input
                    class="input input-large"
                    id="name"
                    name="name"
                    autocomplete="nickname"
                    maxlength="80"
                    required
                    autofocus=has_pin
                    prop:value=name
                    value=name.get_untracked()
                    on:input:target=move |event| name.set(event.target().value())
                    aria-describedby="name-note name-error"
                    aria-invalid=move || name_error().is_some().then_some("true")
                />
                <p class="field-error" id="name-error" role="alert">
                    {name_error}
                </p>
                {move || {
                    suggestion()
                        .map(|free| {
                            let label = (words.live.join_as)(&free);
                            view! {
                                <button
                                    type="button"
                                    class="button"
                                    on:click=move |_| {
                                        name.set(free.clone());
                                        let key = Some(key.get_untracked());
                                        join.dispatch(JoinLiveSession { pin: pin.get_untracked(), name: free.clone(), key });
                                    }
                                >
                                    {label}
                                </button>
                            }
                        })
                }}
            </div>
            <FormError error=form_error />
            <button class="button button-primary button-large" disabled=move || join.pending().get()>
                {words.live.join}
            </button>
        </ActionForm>
    }
    .into_any()
}

/// "123 456" for six digits however they are written; anything else as it is.
fn grouped(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    match (digits.len(), digits.get(..3), digits.get(3..)) {
        (6, Some(first), Some(second)) => format!("{first} {second}"),
        _ => text.trim().chars().take(20).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn a_pasted_pin_splits_itself() {
        for text in ["123456", "123 456", " 123-456\n", "PIN: 123456"] {
            assert_eq!(grouped(text), "123 456");
        }
        for (text, shown) in [("", ""), ("12", "12"), ("1234567", "1234567"), (" 12345 ", "12345")] {
            assert_eq!(grouped(text), shown);
        }
    }
}
