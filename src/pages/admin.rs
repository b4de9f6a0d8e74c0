//! Feature flags, users and background jobs, for admins.

use crate::view::view;
use crate::{
    api::{
        admin::{
            ClearFlag, FlagList, FlagState, GroupName, ListFlags, ListJobs, ListUsers, SetFlag, SetUserRole, UserLine,
            UserList,
        },
        error::AppError,
    },
    client::{
        action::ServerAction,
        load::{load, once},
    },
    components::{
        action_form::ActionForm, error_view::ErrorView, get_form::GetForm, job_list::job_list, page_title::PageTitle,
        pager::Pager, relative_time::RelativeTime, search_field::SearchField, skeleton::SkeletonList,
        suspended::suspended, suspense::Transition,
    },
    domain::{
        flag_table::{Setting, Source},
        flags::Flag,
        ids::GroupId,
        role::UserRole,
    },
    words::use_words,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The page's three forms.
#[derive(Clone, Copy)]
struct Changes {
    set: ServerAction<SetFlag>,
    clear: ServerAction<ClearFlag>,
    role: ServerAction<SetUserRole>,
}

#[component]
pub fn Admin() -> impl IntoView {
    let words = use_words();
    let query = use_query_map();
    let changes = Changes { set: ServerAction::new(), clear: ServerAction::new(), role: ServerAction::new() };
    let flags = load(move || changes.set.version().get() + changes.clear.version().get(), || Some(ListFlags {}));
    let asked = Memo::new(move |_| {
        query.with(|query| {
            let page = query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1_u32);
            (query.get("search").unwrap_or_default(), page)
        })
    });
    let users = load(
        move || changes.role.version().get(),
        move || {
            let (search, page) = asked.get();
            Some(ListUsers { search, page })
        },
    );
    let jobs = load(once, || Some(ListJobs {}));
    view! {
        <main id="main" class="page page-wide stack stack-loose">
            <Transition fallback=|| view! { <SkeletonList /> }>
                {suspended(flags, move |flags| {
                    match flags {
                        // The page is not there for others: one error, no empty headings.
                        Err(error) => view! { <ErrorView error=error /> }.into_any(),
                        Ok(list) => {
                            view! {
                                <PageTitle title=words.admin.title />
                                {flags_view(list, changes)}
                            }
                                .into_any()
                        }
                    }
                })}
            </Transition>
            <Transition fallback=|| ()>
                {suspended(users, move |users| {
                    users.ok().map(|list| users_view(list, asked.get_untracked().0, changes))
                })}
            </Transition>
            <Transition fallback=|| ()>
                {suspended(jobs, move |jobs| jobs.ok().map(job_list))}
            </Transition>
        </main>
    }
}

fn flags_view(list: FlagList, changes: Changes) -> AnyView {
    let words = &use_words().admin;
    let exceptions: Vec<_> = list
        .flags
        .iter()
        .flat_map(|state| state.groups.iter().map(|(group, setting)| (state.flag, group.clone(), *setting)))
        .collect();
    view! {
        <section class="stack" aria-labelledby="flags">
            <h2 id="flags">{words.flags}</h2>
            <p class="muted">{words.flags_note}</p>
            {refused(changes)}
            <div class="table-wrap">
                <table class="table table-stack">
                    <thead>
                        <tr>
                            <th scope="col">{words.feature}</th>
                            <th scope="col">{words.now}</th>
                            <th scope="col">{words.change}</th>
                        </tr>
                    </thead>
                    <tbody>{list.flags.into_iter().map(|state| flag_row(state, changes)).collect_view()}</tbody>
                </table>
            </div>
        </section>
        <section class="stack" aria-labelledby="exceptions">
            <h2 id="exceptions">{words.exceptions}</h2>
            <p class="muted">{words.exceptions_note}</p>
            {exceptions_view(exceptions, changes)}
            {exception_form(list.groups, changes)}
        </section>
    }
    .into_any()
}

/// Why the last change was refused; empty otherwise.
fn refused(changes: Changes) -> impl IntoView {
    let words = use_words();
    let sentence = move || {
        let error = changes.set.error().get();
        let error = error.or_else(|| changes.clear.error().get()).or_else(|| changes.role.error().get())?;
        let problem = match &error {
            AppError::Invalid { fields } => fields.first().map(|field| (words.common.problem)(&field.problem)),
            _ => None,
        };
        Some(problem.unwrap_or_else(|| (words.common.error)(&error)))
    };
    move || sentence().map(|text| view! { <p class="form-error" role="alert">{text}</p> })
}

fn flag_row(state: FlagState, changes: Changes) -> AnyView {
    let words = &use_words().admin;
    let (flag, name) = (state.flag, state.flag.name());
    let needs = flag.needs().iter().map(|needed| needed.name()).collect::<Vec<_>>().join(", ");
    let form = flag.is_built().then(|| {
        view! {
            <div class="row">
                {setting_form(flag, None, state.setting, changes)}
                {(state.source == Source::Admin).then(|| clear_form(flag, None, changes))}
            </div>
        }
    });
    view! {
        <tr id=name>
            <th scope="row">
                {name}
                <p class="small muted">{(words.describe)(flag)}</p>
                {(!needs.is_empty()).then(|| view! { <p class="small muted">{(words.needs)(&needs)}</p> })}
            </th>
            <td>{status(&state)}</td>
            <td>{form}</td>
        </tr>
    }
    .into_any()
}

fn status(state: &FlagState) -> AnyView {
    let words = &use_words().admin;
    if !state.flag.is_built() {
        return view! { <span class="muted">{words.not_built}</span> }.into_any();
    }
    let badge = setting_badge(state.setting);
    view! {
        {badge}
        <p class="small muted">{if state.held_back { words.held_back } else { (words.source)(state.source) }}</p>
    }
    .into_any()
}

fn setting_badge(setting: Setting) -> AnyView {
    let words = &use_words().admin;
    match setting {
        Setting { enabled: false, .. } => view! { <span class="badge">{words.off}</span> }.into_any(),
        Setting { percent: 100.., .. } => view! { <span class="badge badge-positive">{words.on}</span> }.into_any(),
        Setting { percent, .. } => {
            view! { <span class="badge badge-warning">{words.on} " " {percent} " %"</span> }.into_any()
        }
    }
}

fn setting_form(flag: Flag, group: Option<GroupId>, setting: Setting, changes: Changes) -> AnyView {
    view! {
        <ActionForm action=changes.set attr:class="row">
            <input type="hidden" name="flag" value=flag.name() />
            <input type="hidden" name="group" value=group.map(|group| group.to_string()) />
            {setting_inputs(setting)}
        </ActionForm>
    }
    .into_any()
}

fn setting_inputs(setting: Setting) -> AnyView {
    let words = &use_words().admin;
    view! {
        <select class="select" name="enabled" aria-label=words.now>
            <option value="true" selected=setting.enabled>
                {words.on}
            </option>
            <option value="false" selected=!setting.enabled>
                {words.off}
            </option>
        </select>
        <input class="input" style="width: 5.5rem" type="number" name="percent" min="0" max="100" required
            value=setting.percent.to_string() aria-label=words.share title=words.share />
        <button class="button" type="submit">
            {words.set}
        </button>
    }
    .into_any()
}

fn clear_form(flag: Flag, group: Option<GroupId>, changes: Changes) -> AnyView {
    view! {
        <ActionForm action=changes.clear>
            <input type="hidden" name="flag" value=flag.name() />
            <input type="hidden" name="group" value=group.map(|group| group.to_string()) />
            <button class="button button-quiet" type="submit">
                {use_words().admin.take_back}
            </button>
        </ActionForm>
    }
    .into_any()
}

fn exceptions_view(exceptions: Vec<(Flag, GroupName, Setting)>, changes: Changes) -> AnyView {
    let words = &use_words().admin;
    if exceptions.is_empty() {
        return view! { <p>{words.no_exceptions}</p> }.into_any();
    }
    let rows = exceptions.into_iter().map(|(flag, group, setting)| {
        let clear = clear_form(flag, Some(group.id), changes);
        view! {
            <tr>
                <th scope="row">{group.name}</th>
                <td>{flag.name()}</td>
                <td>{setting_badge(setting)}</td>
                <td>{clear}</td>
            </tr>
        }
    });
    view! {
        <div class="table-wrap">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{words.group}</th>
                        <th scope="col">{words.feature}</th>
                        <th scope="col">{words.now}</th>
                        <th scope="col">{words.change}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn exception_form(groups: Vec<GroupName>, changes: Changes) -> AnyView {
    let words = &use_words().admin;
    if groups.is_empty() {
        return view! { <p class="muted">{words.no_groups}</p> }.into_any();
    }
    let flags = Flag::ALL.into_iter().filter(|flag| flag.is_built());
    view! {
        <ActionForm action=changes.set attr:class="row">
            <select class="select" name="group" aria-label=words.group>
                {groups.into_iter().map(|group| view! { <option value=group.id.to_string()>{group.name}</option> }).collect_view()}
            </select>
            <select class="select" name="flag" aria-label=words.feature>
                {flags.map(|flag| view! { <option value=flag.name()>{flag.name()}</option> }).collect_view()}
            </select>
            {setting_inputs(Setting { enabled: true, percent: 100 })}
        </ActionForm>
    }
    .into_any()
}

fn users_view(list: UserList, search: String, changes: Changes) -> AnyView {
    let words = &use_words().admin;
    let base = format!("/admin?search={}&page=", escape(&search));
    let nobody = list.users.is_empty().then(|| view! { <p>{words.nobody_found}</p> });
    let rows = list.users.into_iter().map(|user| user_row(user, changes)).collect_view();
    view! {
        <section class="stack" aria-labelledby="users">
            <div class="spread">
                <h2 id="users">{words.users}</h2>
                <span class="muted">{(words.count)(list.total)}</span>
            </div>
            <GetForm action="/admin" attr:class="row">
                <SearchField label=words.search_users value=search />
                <button class="button" type="submit">
                    {words.search}
                </button>
            </GetForm>
            {nobody}
            <div class="table-wrap">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{words.name}</th>
                            <th scope="col">{words.email}</th>
                            <th scope="col">{words.since}</th>
                            <th scope="col">{words.role}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <Pager page=list.page pages=list.pages base=base />
        </section>
    }
    .into_any()
}

fn user_row(user: UserLine, changes: Changes) -> AnyView {
    let words = &use_words().admin;
    let label = (words.role_of)(&user.display_name);
    let current = user.role;
    let roles = UserRole::ALL.into_iter().map(move |role| {
        view! {
            <option value=role.as_str() selected=role == current>
                {(words.role_name)(role)}
            </option>
        }
    });
    view! {
        <tr>
            <th scope="row">{user.display_name}</th>
            <td>{user.email}</td>
            <td>
                <RelativeTime at=user.created_at />
            </td>
            <td>
                <ActionForm action=changes.role attr:class="row">
                    <input type="hidden" name="user" value=user.id.to_string() />
                    <select class="select" name="role" aria-label=label>
                        {roles.collect_view()}
                    </select>
                    <button class="button" type="submit">
                        {words.set}
                    </button>
                </ActionForm>
            </td>
        </tr>
    }
    .into_any()
}

/// What a search may contain, as part of an address.
fn escape(text: &str) -> String {
    leptos_router::location::Url::escape(text)
}
