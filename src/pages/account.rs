//! Own account: name, password, signed-in browsers.

use super::sign_in::load_next;
use crate::view::view;
use crate::{
    api::{
        account::{ChangeDisplayName, ChangePassword, EndAllOtherSignIns, EndSignIn, Me, MySignIns, SignedInBrowser},
        error::AppError,
    },
    client::{action::ServerAction, load::load},
    components::{
        action_form::ActionForm,
        error_view::ErrorView,
        field::{Field, FormError},
        frame::CurrentUser,
        page_title::PageTitle,
        relative_time::RelativeTime,
        skeleton::SkeletonList,
        suspended::suspended,
        suspense::{Suspense, Transition},
    },
    words::use_words,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn Account() -> impl IntoView {
    let words = use_words();
    let user = expect_context::<CurrentUser>();
    view! {
        <main id="main" class="page page-narrow">
            <PageTitle title=words.account.title />
            <Suspense fallback=|| view! { <SkeletonList /> }>
                {suspended(user.0, move |user| {
                    match user {
                        Ok(Some(me)) => {
                            view! {
                                <div class="stack stack-loose">
                                    <NameForm me=me />
                                    <PasswordForm />
                                    <SignIns />
                                </div>
                            }
                                .into_any()
                        }
                        Ok(None) => view! { <ErrorView error=AppError::SignInRequired /> }.into_any(),
                        Err(error) => view! { <ErrorView error=error /> }.into_any(),
                    }
                })}
            </Suspense>
        </main>
    }
}

/// Whether the page was loaded after a form without JavaScript had done its work.
fn done(what: &'static str) -> bool {
    use_query_map().read_untracked().get("done").as_deref() == Some(what)
}

#[component]
fn NameForm(me: Me) -> impl IntoView {
    let words = use_words();
    let action = ServerAction::<ChangeDisplayName>::new();
    let error = action.error();
    // Loaded afresh, so that the frame shows the new name too.
    let value = action.value();
    load_next(move || value.get().map(|done| done.map(|()| "/account?done=name".to_owned())));
    let saved = done("name");
    let typed = use_query_map().read_untracked().get("display_name").unwrap_or(me.display_name);
    view! {
        <section class="panel stack">
            <h2 class="panel-title">{words.account.name_title}</h2>
            <p class="muted">{me.email}</p>
            <ActionForm action=action attr:class="form">
                <FormError error=error />
                {saved.then(|| view! { <p class="notice notice-positive" role="status">{words.account.name_saved}</p> })}
                <Field
                    label=words.account.display_name
                    name="display_name"
                    autocomplete="name"
                    note=words.account.display_name_note
                    value=typed
                    error=error
                />
                <div>
                    <button class="button" disabled=move || action.pending().get()>
                        {words.common.save}
                    </button>
                </div>
            </ActionForm>
        </section>
    }
}

#[component]
fn PasswordForm() -> impl IntoView {
    let words = use_words();
    let action = ServerAction::<ChangePassword>::new();
    let error = action.error();
    let before = done("password");
    let changed = move || action.value().get().map_or(before, |done| done.is_ok());
    view! {
        <section class="panel stack">
            <h2 class="panel-title">{words.account.password_title}</h2>
            <p class="muted">{words.account.password_text}</p>
            <ActionForm action=action attr:class="form">
                <FormError error=error />
                {move || {
                    changed()
                        .then(|| view! { <p class="notice notice-positive" role="status">{words.account.password_changed}</p> })
                }}
                <Field
                    label=words.account.current_password
                    name="current"
                    kind="password"
                    autocomplete="current-password"
                    error=error
                />
                <Field
                    label=words.account.new_password
                    name="password"
                    kind="password"
                    autocomplete="new-password"
                    note=words.account.password_note
                    error=error
                />
                <div>
                    <button class="button" disabled=move || action.pending().get()>
                        {words.account.change_password}
                    </button>
                </div>
            </ActionForm>
        </section>
    }
}

#[component]
fn SignIns() -> impl IntoView {
    let words = use_words();
    let end = ServerAction::<EndSignIn>::new();
    let end_others = ServerAction::<EndAllOtherSignIns>::new();
    let sign_ins = load(move || end.version().get() + end_others.version().get(), || Some(MySignIns {}));
    let error = Signal::derive(move || end.error().get().or_else(|| end_others.error().get()));
    view! {
        <section class="stack">
            <h2>{words.account.sign_ins_title}</h2>
            <p class="muted">{words.account.sign_ins_text}</p>
            <FormError error=error />
            <Transition fallback=|| view! { <SkeletonList /> }>
                {suspended(sign_ins, move |sign_ins| {
                    match sign_ins {
                        Ok(list) => {
                            let several = list.len() > 1;
                            view! {
                                <ul class="list">
                                    {list.into_iter().map(|row| view! { <Row row=row end=end /> }).collect_view()}
                                </ul>
                                {several
                                    .then(|| {
                                        view! {
                                            <ActionForm action=end_others>
                                                <button class="button">{words.account.end_others}</button>
                                            </ActionForm>
                                        }
                                    })}
                            }
                                .into_any()
                        }
                        Err(error) => view! { <ErrorView error=error /> }.into_any(),
                    }
                })}
            </Transition>
        </section>
    }
}

#[component]
fn Row(row: SignedInBrowser, end: ServerAction<EndSignIn>) -> impl IntoView {
    let words = use_words();
    let device = (words.account.device)(&row.browser, &row.system);
    let label = (words.account.end_label)(&device);
    let id = row.id.to_string();
    view! {
        <li>
            <span class="grow">
                {device} <br /> <span class="muted small">{words.account.last_seen} " " <RelativeTime at=row.last_seen_at /></span>
            </span>
            {if row.current {
                view! { <span class="badge badge-positive">{words.account.this_one}</span> }.into_any()
            } else {
                view! {
                    <ActionForm action=end>
                        <input type="hidden" name="sign_in" value=id />
                        <button class="button button-quiet" aria-label=label>
                            {words.account.end}
                        </button>
                    </ActionForm>
                }
                    .into_any()
            }}
        </li>
    }
}
