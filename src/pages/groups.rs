//! The own groups; making one, joining one by code, bringing a deleted one back.

use crate::view::view;
use crate::{
    api::{
        error::Problem,
        groups::{CreateGroup, DeletedGroup, GroupSummary, MyGroups, RestoreGroup},
        invites::AcceptInvite,
    },
    client::{
        action::ServerAction,
        load::{load, once},
    },
    components::{
        action_form::ActionForm,
        empty_state::EmptyState,
        error_view::ErrorView,
        field::{Field, FormError},
        frame::CurrentUser,
        icon::Glyph,
        page_title::PageTitle,
        skeleton::SkeletonCards,
        suspended::{suspended, suspended2},
        suspense::Suspense,
    },
    domain::{ids::GroupId, role::UserRole},
    words::use_words,
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map};

#[component]
pub fn Groups() -> impl IntoView {
    let words = use_words();
    let user = expect_context::<CurrentUser>();
    let groups = load(once, || Some(MyGroups {}));
    view! {
        <main id="main" class="page">
            <PageTitle title=words.group.list_title />
            <Deleted />
            <Suspense fallback=|| view! { <SkeletonCards /> }>
                {suspended2(user.0, groups, move |user, groups| {
                    let role = user.ok().flatten().map_or(UserRole::Learner, |me| me.role);
                    match groups {
                        Ok(groups) => {
                            view! {
                                <div class="stack stack-loose">
                                    <List groups=groups teaches=role != UserRole::Learner />
                                    <div class="grid-cards">
                                        <CodeForm />
                                        <CreateForm may=role != UserRole::Learner />
                                    </div>
                                </div>
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
fn List(groups: Vec<GroupSummary>, teaches: bool) -> impl IntoView {
    let words = use_words();
    if groups.is_empty() {
        let text = if teaches { words.group.empty_teacher } else { words.group.empty_learner };
        return view! { <EmptyState glyph=Glyph::Groups title=words.group.empty_title text=text /> }.into_any();
    }
    view! {
        <div class="grid-cards">
            {groups
                .into_iter()
                .map(|group| {
                    view! {
                        <A href=format!("/groups/{}", group.id) attr:class="panel panel-link">
                            <h2 class="panel-title">{group.name}</h2>
                            <p class="muted">
                                {(words.group.members)(group.members)} " · " {(words.group.role)(group.my_role)}
                            </p>
                        </A>
                    }
                })
                .collect_view()}
        </div>
    }
    .into_any()
}

#[component]
fn CreateForm(may: bool) -> impl IntoView {
    let words = use_words();
    let action = ServerAction::<CreateGroup>::new();
    let error = action.error();
    let typed = use_query_map().read_untracked().get("name").unwrap_or_default();
    view! {
        <section class="panel stack">
            <h2 class="panel-title">{words.group.create_title}</h2>
            {if may {
                view! {
                    <ActionForm action=action attr:class="form">
                        <FormError error=error />
                        <Field
                            label=words.group.name
                            name="name"
                            note=words.group.name_note
                            value=typed
                            error=error
                        />
                        <div>
                            <button class="button button-primary" disabled=move || action.pending().get()>
                                {words.group.create}
                            </button>
                        </div>
                    </ActionForm>
                }
                    .into_any()
            } else {
                view! { <p class="muted">{words.group.learners_cannot}</p> }.into_any()
            }}
        </section>
    }
}

#[component]
fn CodeForm() -> impl IntoView {
    let words = use_words();
    let action = ServerAction::<AcceptInvite>::new();
    let error = action.error();
    let sentence = move || {
        error.with(|error| match error.as_ref()?.problem("code")? {
            Problem::Closed => Some(words.group.ended_text),
            Problem::Wrong => Some(words.group.code_wrong),
            _ => None,
        })
    };
    let typed = use_query_map().read_untracked().get("code").unwrap_or_default();
    view! {
        <section class="panel stack">
            <h2 class="panel-title">{words.group.code_title}</h2>
            <ActionForm action=action attr:class="form">
                {move || match sentence() {
                    Some(text) => view! { <p class="form-error" role="alert">{text}</p> }.into_any(),
                    None => view! { <FormError error=error /> }.into_any(),
                }}
                <Field
                    label=words.group.code
                    name="code"
                    note=words.group.code_note
                    value=typed
                    error=error
                />
                <div>
                    <button class="button" disabled=move || action.pending().get()>
                        {words.group.join}
                    </button>
                </div>
            </ActionForm>
        </section>
    }
}

/// After a group was deleted: what was deleted, and the way back.
#[component]
fn Deleted() -> impl IntoView {
    let words = use_words();
    let query = use_query_map();
    let id = move || query.read().get("deleted").and_then(|id| id.parse::<GroupId>().ok());
    let name = load(once, move || Some(DeletedGroup { group: id()? }));
    let restore = ServerAction::<RestoreGroup>::new();
    view! {
        <Suspense>
            {suspended(name, move |name| {
                let (name, id) = (name.ok().flatten()?, id()?);
                Some(
                    view! {
                        <div class="notice row spread" role="status">
                            <span>{(words.group.deleted)(&name)}</span>
                            <ActionForm action=restore>
                                <input type="hidden" name="group" value=id.to_string() />
                                <button class="button">{words.common.undo}</button>
                            </ActionForm>
                        </div>
                    },
                )
            })}
        </Suspense>
    }
}
