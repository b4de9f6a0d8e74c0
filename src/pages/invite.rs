//! An invitation: which group it leads to, and joining it.

use super::sign_in::with_next;
use crate::view::view;
use crate::{
    api::{
        error::AppError,
        invites::{AcceptInvite, Invite as AskInvite, InviteFacts},
    },
    client::{
        action::ServerAction,
        load::{load_first, once},
    },
    components::{
        action_form::ActionForm, error_view::ErrorView, field::FormError, frame::CurrentUser, page_title::PageTitle,
        skeleton::SkeletonList, suspended::suspended2, suspense::Suspense,
    },
    words::use_words,
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_params_map};

#[component]
pub fn Invite() -> impl IntoView {
    let words = use_words();
    let params = use_params_map();
    let user = expect_context::<CurrentUser>();
    let facts = load_first(once, move || Some(AskInvite { code: params.read().get("code").unwrap_or_default() }));
    let accept = ServerAction::<AcceptInvite>::new();
    view! {
        <main id="main" class="page page-narrow">
            <Suspense fallback=|| view! { <SkeletonList /> }>
                {suspended2(user.0, facts, move |user, facts| {
                    let signed_in = user.ok().flatten().is_some();
                    match facts {
                        Ok(facts) => view! { <Known facts=facts signed_in=signed_in accept=accept /> }.into_any(),
                        Err(AppError::NotFound) => {
                            view! {
                                <PageTitle title=words.group.unknown_title />
                                <p>{words.group.unknown_text}</p>
                            }
                                .into_any()
                        }
                        Err(error) => view! { <ErrorView error=error /> }.into_any(),
                    }
                })}
            </Suspense>
        </main>
    }
}

#[component]
fn Known(facts: InviteFacts, signed_in: bool, accept: ServerAction<AcceptInvite>) -> impl IntoView {
    let words = use_words();
    let InviteFacts { code, group_name, open, member_of } = facts;
    if let Some(group) = member_of {
        return view! {
            <PageTitle title=group_name.clone() />
            <p>{(words.group.accept_member)(&group_name)}</p>
            <p>
                <A href=format!("/groups/{group}") attr:class="button button-primary">
                    {words.group.open}
                </A>
            </p>
        }
        .into_any();
    }
    if !open {
        return view! {
            <PageTitle title=words.group.ended_title />
            <p>{words.group.ended_text}</p>
        }
        .into_any();
    }
    let title = (words.group.accept_title)(&group_name);
    if !signed_in {
        let here = format!("/invite/{code}");
        return view! {
            <PageTitle title=title />
            <p>{words.group.accept_text}</p>
            <p>{words.group.accept_sign_in}</p>
            <div class="row">
                <A href=with_next("/sign-up", Some(here.clone())) attr:class="button button-primary">
                    {words.frame.sign_up}
                </A>
                <A href=with_next("/sign-in", Some(here)) attr:class="button">
                    {words.frame.sign_in}
                </A>
            </div>
        }
        .into_any();
    }
    let error = accept.error();
    view! {
        <PageTitle title=title />
        <p>{words.group.accept_text}</p>
        <ActionForm action=accept attr:class="form">
            <FormError error=error />
            <input type="hidden" name="code" value=code />
            <div>
                <button class="button button-primary button-large" disabled=move || accept.pending().get()>
                    {(words.group.accept)(&group_name)}
                </button>
            </div>
        </ActionForm>
    }
    .into_any()
}
