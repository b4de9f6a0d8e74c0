//! One group: its people, decks and quizzes, invitations, and what its owner can change.

use crate::view::view;
use crate::{
    api::{
        error::AppError,
        groups::{
            ChangeMemberRole, DeleteGroup, Group as AskGroup, GroupPage, LeaveGroup, Member, PAGE, RemoveMember,
            RenameGroup,
        },
        invites::{CreateInvite, Invites as AskInvites, OpenInvite, RevokeInvite},
    },
    client::{
        action::ServerAction,
        load::{load, load_first},
        presence::use_presence,
    },
    components::{
        action_form::ActionForm,
        copy_button::CopyButton,
        error_view::ErrorView,
        field::{Field, FormError},
        group_decks::GroupDecks,
        group_live::GroupLive,
        page_title::PageTitle,
        pager::Pager,
        presence::{MemberFace, StandingText, status_in},
        room::list::GroupRooms,
        skeleton::SkeletonList,
        suspended::suspended,
        suspense::Transition,
    },
    domain::{
        ids::GroupId,
        invite,
        presence::{State, Status},
        role::GroupRole,
    },
    words::use_words,
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use uuid::Uuid;

/// What can be done to a group here. Owned by the page, so that its results outlive what they change.
#[derive(Clone, Copy)]
struct Actions {
    rename: ServerAction<RenameGroup>,
    role: ServerAction<ChangeMemberRole>,
    remove: ServerAction<RemoveMember>,
    leave: ServerAction<LeaveGroup>,
    delete: ServerAction<DeleteGroup>,
}

#[component]
pub fn Group() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let id = move || params.read().get("group").and_then(|id| id.parse().ok()).unwrap_or(GroupId(Uuid::nil()));
    let page = move || query.read().get("page").and_then(|page| page.parse::<u32>().ok()).unwrap_or(1);
    let actions = Actions {
        rename: ServerAction::new(),
        role: ServerAction::new(),
        remove: ServerAction::new(),
        leave: ServerAction::new(),
        delete: ServerAction::new(),
    };
    let versions =
        move || actions.rename.version().get() + actions.role.version().get() + actions.remove.version().get();
    // What is no id is asked for as the id of nothing, so that the answer has its status.
    let found = load_first(versions, move || Some(AskGroup { group: id(), page: page() }));
    view! {
        <main id="main" class="page">
            <Transition fallback=|| view! { <SkeletonList /> }>
                {suspended(found, move |found| {
                    match found {
                        Ok(page) => view! { <Found page=page actions=actions /> }.into_any(),
                        Err(error) => view! { <ErrorView error=error /> }.into_any(),
                    }
                })}
            </Transition>
        </main>
    }
}

#[component]
fn Found(page: GroupPage, actions: Actions) -> impl IntoView {
    let words = use_words();
    let (id, role, name) = (page.id, page.my_role, page.name.clone());
    let subtitle = format!("{} · {}", (words.group.members)(page.total), (words.group.role)(role));
    view! {
        <PageTitle title=page.name.clone() subtitle=subtitle />
        <div class="stack stack-loose">
            <GroupLive group=id />
            <GroupRooms group=id />
            <GroupDecks group=id teaches=role.teaches() />
            <p>
                <a class="button" href=format!("/quizzes?group={id}")>
                    {words.report.group_list_title}
                </a>
            </p>
            {role.teaches().then(|| view! { <Invites group=id /> })}
            <People page=page actions=actions />
            <Settings id=id name=name role=role actions=actions />
        </div>
    }
}

#[component]
fn People(page: GroupPage, actions: Actions) -> impl IntoView {
    let words = use_words();
    let failed = move || {
        let error = actions.role.error().get();
        error.or_else(|| actions.remove.error().get())
    };
    let GroupPage { id, my_role, members, total, page, presence, .. } = page;
    let presence = presence.map(|(first, own)| (use_presence(id, first), own));
    let state = presence.map(|(state, _)| state);
    let pages = u32::try_from((total.max(1) - 1) / i64::from(PAGE)).unwrap_or(0) + 1;
    view! {
        <section class="stack" id="people">
            <div class="spread">
                <h2>{words.group.people}</h2>
                {state.map(|state| view! { <p class="muted small">{move || (words.presence.here)(state.with(|s| s.there))}</p> })}
            </div>
            {move || failed().map(|error| view! { <MembershipError error=error /> })}
            <ul class="list">
                {members
                    .into_iter()
                    .map(|member| view! { <Person group=id member=member my_role=my_role actions=actions presence=presence /> })
                    .collect_view()}
            </ul>
            <Pager page=page pages=pages base=format!("/groups/{id}?page=") />
        </section>
    }
}

#[component]
fn Person(
    group: GroupId,
    member: Member,
    my_role: GroupRole,
    actions: Actions,
    presence: Option<(RwSignal<State>, Status)>,
) -> impl IntoView {
    let words = use_words();
    let Member { user, display_name, email, role, me, last_seen } = member;
    let status = presence.map(|(state, own)| status_in(state, user, me.then_some(own)));
    let owner = my_role == GroupRole::Owner;
    let may_remove = !me && (owner || (my_role.teaches() && role < my_role));
    let remove_label = (words.group.remove_label)(&display_name);
    let role_label = (words.group.role_of)(&display_name);
    let role_view = if owner {
        view! {
            <ActionForm action=actions.role attr:class="row">
                <input type="hidden" name="group" value=group.to_string() />
                <input type="hidden" name="user" value=user.to_string() />
                <select class="select" name="role" aria-label=role_label style="width: auto">
                    {GroupRole::ALL
                        .map(|one| {
                            view! {
                                <option value=one.as_str() selected=one == role>
                                    {(words.group.role)(one)}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
                <button class="button button-quiet">{words.group.change_role}</button>
            </ActionForm>
        }
        .into_any()
    } else {
        view! { <span class="badge">{(words.group.role)(role)}</span> }.into_any()
    };
    view! {
        <li style="flex-wrap: wrap">
            <MemberFace user=user name=display_name.clone() status=status />
            <span class="grow">
                {display_name} {me.then(|| view! { <span class="muted">" (" {words.group.you} ")"</span> })}
                {presence
                    .zip(status)
                    .map(|((state, _), status)| {
                        view! {
                            <br />
                            <span class="muted small">
                                <StandingText state=state user=user status=status last_seen=last_seen />
                            </span>
                        }
                    })}
                {email.map(|email| view! { <br /><span class="muted small">{email}</span> })}
            </span>
            {role_view}
            {may_remove
                .then(|| {
                    view! {
                        <ActionForm action=actions.remove>
                            <input type="hidden" name="group" value=group.to_string() />
                            <input type="hidden" name="user" value=user.to_string() />
                            <button class="button button-quiet" aria-label=remove_label>
                                {words.group.remove}
                            </button>
                        </ActionForm>
                    }
                })}
        </li>
    }
}

/// The last owner's case has a sentence of its own.
#[component]
fn MembershipError(error: AppError) -> impl IntoView {
    let words = use_words();
    let text =
        if error.problem("owner").is_some() { words.group.last_owner.to_owned() } else { (words.common.error)(&error) };
    view! { <p class="form-error" role="alert">{text}</p> }
}

#[component]
fn Invites(group: GroupId) -> impl IntoView {
    let words = use_words();
    let create = ServerAction::<CreateInvite>::new();
    let revoke = ServerAction::<RevokeInvite>::new();
    let list = load(move || create.version().get() + revoke.version().get(), move || Some(AskInvites { group }));
    let error = Signal::derive(move || create.error().get().or_else(|| revoke.error().get()));
    view! {
        <section class="stack" id="invite">
            <h2>{words.group.invite_title}</h2>
            <p class="muted">{words.group.invite_text}</p>
            <FormError error=error />
            <Transition fallback=|| view! { <SkeletonList /> }>
                {suspended(list, move |list| {
                    match list {
                        Ok(list) if list.is_empty() => {
                            view! { <p class="muted">{words.group.invite_none}</p> }.into_any()
                        }
                        Ok(list) => {
                            list.into_iter()
                                .map(|invite| view! { <Invitation group=group invite=invite revoke=revoke /> })
                                .collect_view()
                                .into_any()
                        }
                        Err(error) => view! { <ErrorView error=error /> }.into_any(),
                    }
                })}
            </Transition>
            <ActionForm action=create>
                <input type="hidden" name="group" value=group.to_string() />
                <button class="button" disabled=move || create.pending().get()>
                    {words.group.invite_create}
                </button>
            </ActionForm>
        </section>
    }
}

#[component]
fn Invitation(group: GroupId, invite: OpenInvite, revoke: ServerAction<RevokeInvite>) -> impl IntoView {
    let words = use_words();
    let OpenInvite { code, link, days_left } = invite;
    let shown = invite::shown(&code);
    view! {
        <div class="panel row" style="align-items: flex-start">
            <img
                class="qr"
                style="width: 160px"
                src=format!("/qr/invite/{code}.svg")
                alt=(words.group.invite_qr)(&shown)
                width="160"
                height="160"
                loading="lazy"
            />
            <div class="stack stack-tight" style="flex: 1 1 16rem; min-width: 0">
                <p class="muted small">{words.group.invite_code}</p>
                <p class="title">{shown}</p>
                <p class="muted small">{words.group.invite_link}</p>
                <p style="overflow-wrap: anywhere">
                    <a href=format!("/invite/{code}")>{link.clone()}</a>
                </p>
                <p class="muted small">{(words.group.invite_days)(days_left)}</p>
                <div class="row">
                    <CopyButton text=link />
                    <ActionForm action=revoke>
                        <input type="hidden" name="group" value=group.to_string() />
                        <input type="hidden" name="code" value=code />
                        <button class="button button-quiet">{words.group.invite_revoke}</button>
                    </ActionForm>
                </div>
            </div>
        </div>
    }
}

#[component]
fn Settings(id: GroupId, name: String, role: GroupRole, actions: Actions) -> impl IntoView {
    let words = use_words();
    let error = actions.rename.error();
    let left = move || {
        let error = actions.leave.error().get();
        error.or_else(|| actions.delete.error().get())
    };
    let owner = role == GroupRole::Owner;
    let typed = use_query_map().read_untracked().get("name").unwrap_or(name);
    view! {
        <section class="stack">
            <h2>{words.group.settings}</h2>
            {owner
                .then(|| {
                    view! {
                        <ActionForm action=actions.rename attr:class="panel form">
                            <input type="hidden" name="group" value=id.to_string() />
                            <Field label=words.group.name name="name" value=typed error=error />
                            <div>
                                <button class="button">{words.group.rename}</button>
                            </div>
                        </ActionForm>
                    }
                })}
            {move || left().map(|error| view! { <MembershipError error=error /> })}
            <ActionForm action=actions.leave attr:class="panel stack stack-tight">
                <input type="hidden" name="group" value=id.to_string() />
                <p class="muted">{words.group.leave_text}</p>
                <div>
                    <button class="button">{words.group.leave}</button>
                </div>
            </ActionForm>
            {owner
                .then(|| {
                    view! {
                        <ActionForm action=actions.delete attr:class="panel panel-danger stack stack-tight">
                            <input type="hidden" name="group" value=id.to_string() />
                            <p class="muted">{words.group.delete_text}</p>
                            <div>
                                <button class="button button-danger">{words.group.delete}</button>
                            </div>
                        </ActionForm>
                    }
                })}
        </section>
    }
}
