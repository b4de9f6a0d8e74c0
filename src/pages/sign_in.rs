//! Signing in.

use crate::view::view;
use crate::{
    api::{
        account::{self, Me},
        error::{AppError, Problem},
    },
    client::action::ServerAction,
    components::{
        action_form::ActionForm,
        field::{Field, FormError},
        frame::CurrentUser,
        page_title::PageTitle,
        suspended::suspended,
        suspense::Suspense,
    },
    domain::account::local_path,
    words::use_words,
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map};

#[component]
pub fn SignIn() -> impl IntoView {
    let words = use_words();
    let query = use_query_map();
    let action = ServerAction::<account::SignIn>::new();
    let value = action.value();
    load_next(move || value.get());
    let last = action.error();
    let wrong = move || last.with(|e| e.as_ref().is_some_and(|e| e.problem("password") == Some(&Problem::Wrong)));
    // The wrong pair of e-mail and password is one error of the form, not of a field.
    let error = Signal::derive(move || last.get().filter(|_| !wrong()));
    let form = move || {
        view! {
            <ActionForm action=action attr:class="form">
                {move || wrong().then(|| view! { <p class="form-error" role="alert">{words.account.sign_in_wrong}</p> })}
                <FormError error=error />
                <Field
                    label=words.account.email
                    name="email"
                    kind="email"
                    autocomplete="username"
                    value=typed("email")
                    error=error
                />
                <Field
                    label=words.account.password
                    name="password"
                    kind="password"
                    autocomplete="current-password"
                    error=error
                />
                <input type="hidden" name="next" value=next_path() />
                <button class="button button-primary button-large button-block" disabled=move || action.pending().get()>
                    {words.account.sign_in}
                </button>
            </ActionForm>
        }
    };
    view! {
        <main id="main" class="page page-narrow">
            <PageTitle title=words.account.sign_in_title />
            <UnlessSignedIn>
                {form()} <p>
                    <A href=move || with_next("/sign-up", query.read().get("next"))>{words.account.no_account}</A>
                </p>
            </UnlessSignedIn>
        </main>
    }
}

/// The children, or for those who are signed in already the way on.
#[component]
pub(super) fn UnlessSignedIn(children: ChildrenFn) -> impl IntoView {
    let user = expect_context::<CurrentUser>();
    let children = StoredValue::new(children);
    view! {
        <Suspense>
            {suspended(user.0, move |user| {
                match user.ok().flatten() {
                    Some(me) => view! { <GoOn me=me /> }.into_any(),
                    None => children.with_value(|children| children()).into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn GoOn(me: Me) -> impl IntoView {
    let words = use_words();
    let next = next_path();
    let next = local_path(&next).unwrap_or("/").to_owned();
    view! {
        <p class="notice">{(words.account.signed_in_as)(&me.display_name)}</p>
        <p>
            <A href=next attr:class="button button-primary">
                {words.account.go_on}
            </A>
        </p>
    }
}

/// Loads the path that the server answered with, as a new page: nothing of an earlier account stays in memory.
pub(super) fn load_next(value: impl Fn() -> Option<Result<String, AppError>> + 'static) {
    Effect::new(move || {
        if let Some(Ok(next)) = value() {
            let _ = window().location().set_href(&next);
        }
    });
}

/// What was typed into a field before the form came back without JavaScript.
pub(super) fn typed(field: &str) -> String {
    use_query_map().read_untracked().get(field).unwrap_or_default()
}

/// Where to go afterwards, as the page's address says; the server judges it.
pub(super) fn next_path() -> String {
    typed("next")
}

/// `path`, with `next` passed on.
pub(super) fn with_next(path: &str, next: Option<String>) -> String {
    match next.as_deref().and_then(local_path) {
        Some(next) => format!("{path}?next={}", next.replace('&', "%26").replace('#', "%23").replace('+', "%2B")),
        None => path.to_owned(),
    }
}
