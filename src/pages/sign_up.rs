//! Signing up. The first account of an installation becomes its admin.

use super::sign_in::{UnlessSignedIn, load_next, next_path, typed, with_next};
use crate::view::view;
use crate::{
    api::{
        account::{self, FirstSignUp},
        error::Problem,
    },
    client::{
        action::ServerAction,
        load::{load_first, once},
    },
    components::{
        action_form::ActionForm,
        field::{Field, FormError},
        page_title::PageTitle,
        suspended::suspended,
        suspense::Suspense,
    },
    words::use_words,
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map};

#[component]
pub fn SignUp() -> impl IntoView {
    let words = use_words();
    let query = use_query_map();
    let first = load_first(once, || Some(FirstSignUp {}));
    let action = ServerAction::<account::SignUp>::new();
    let value = action.value();
    load_next(move || value.get());
    let error = action.error();
    let taken =
        move || error.with(|e| matches!(e.as_ref().and_then(|e| e.problem("email")), Some(Problem::Taken { .. })));
    view! {
        <main id="main" class="page page-narrow">
            <PageTitle title=words.account.sign_up_title />
            <UnlessSignedIn>
                <ActionForm action=action attr:class="form">
                    <FormError error=error />
                    <Suspense>
                        {suspended(first, move |first| {
                            if first.unwrap_or(false) {
                                view! { <p class="notice">{words.account.first_note}</p> }.into_any()
                            } else {
                                view! { <RoleChoice /> }.into_any()
                            }
                        })}
                    </Suspense>
                    <Field
                        label=words.account.display_name
                        name="display_name"
                        autocomplete="name"
                        note=words.account.display_name_note
                        value=typed("display_name")
                        error=error
                    />
                    <Field
                        label=words.account.email
                        name="email"
                        kind="email"
                        autocomplete="username"
                        value=typed("email")
                        error=error
                    />
                    {move || taken().then(|| view! { <p class="notice">{words.account.email_taken}</p> })}
                    <Field
                        label=words.account.password
                        name="password"
                        kind="password"
                        autocomplete="new-password"
                        note=words.account.password_note
                        error=error
                    />
                    <input type="hidden" name="next" value=next_path() />
                    <button
                        class="button button-primary button-large button-block"
                        disabled=move || action.pending().get()
                    >
                        {words.account.sign_up}
                    </button>
                </ActionForm>
                <p>
                    <A href=move || with_next("/sign-in", query.read().get("next"))>{words.account.have_account}</A>
                </p>
            </UnlessSignedIn>
        </main>
    }
}

#[component]
fn RoleChoice() -> impl IntoView {
    let words = use_words();
    let teacher = typed("role") == "teacher";
    view! {
        <fieldset class="field">
            <legend class="label">{words.account.role}</legend>
            <div class="choices">
                <label class="choice">
                    <input type="radio" name="role" value="learner" checked=!teacher />
                    <span>
                        <strong>{words.account.learner}</strong>
                        <br />
                        <span class="muted small">{words.account.learner_note}</span>
                    </span>
                </label>
                <label class="choice">
                    <input type="radio" name="role" value="teacher" checked=teacher />
                    <span>
                        <strong>{words.account.teacher}</strong>
                        <br />
                        <span class="muted small">{words.account.teacher_note}</span>
                    </span>
                </label>
            </div>
        </fieldset>
    }
}
