//! The frame around ordinary pages: skip link, navigation, who is signed in, the page itself, the notes.

use super::suspended::suspended;
use super::{
    action_form::ActionForm,
    brand::Mark,
    icon::{Glyph, Icon},
    menu::Menu,
    presence::{MemberFace, StatusChoice},
    suspense::Suspense,
    theme_switch::ThemeSwitch,
    toast::{ToastRegion, Toasts},
};
use crate::view::view;
use crate::{
    api::account::{CurrentUser as AskCurrentUser, Me, SignOut},
    client::{
        action::ServerAction,
        load::{Loaded, load_first, once},
        presence::{use_being_there, use_my_presence},
    },
    domain::role::UserRole,
    words::use_words,
};
use leptos::prelude::*;
use leptos_router::{
    components::{A, Outlet},
    hooks::use_location,
};

/// Who is signed in, by context from the frame to its pages. Read it inside a `<Suspense>`.
#[derive(Clone, Copy)]
pub struct CurrentUser(pub Loaded<Option<Me>>);

impl CurrentUser {
    /// `None` while it is not known yet; nobody when it cannot be found out.
    pub fn get(self) -> Option<Option<Me>> {
        self.0.get().map(|me| me.ok().flatten())
    }
}

#[component]
pub fn Frame() -> impl IntoView {
    let words = use_words();
    // Blocking: the page is complete without JavaScript, and nothing jumps in the header.
    let user = CurrentUser(load_first(once, || Some(AskCurrentUser {})));
    provide_context(user);
    provide_context(Toasts::default());
    view! {
        <div class="frame">
            <a class="skip-link" href="#main">
                {words.frame.skip}
            </a>
            <header class="frame-header">
                <div class="frame-bar">
                    <A href="/" attr:class="brand">
                        <Mark />
                        {words.common.product}
                    </A>
                    <Suspense>{suspended(user.0, move |user| { header(user.ok().flatten()) })}</Suspense>
                </div>
            </header>
            <Outlet />
            <footer class="frame-footer">{words.frame.footer}</footer>
            <Suspense>{suspended(user.0, move |user| { user.ok().flatten().map(|_| view! { <TabBar /> }) })}</Suspense>
            <ToastRegion />
        </div>
    }
}

/// What of the header depends on who is signed in.
fn header(me: Option<Me>) -> impl IntoView {
    let words = use_words();
    match me {
        Some(me) => view! {
            <nav class="frame-nav" aria-label=words.frame.navigation>
                <NavLinks />
            </nav>
            <div class="frame-end">
                <ThemeSwitch />
                <AccountMenu me=me />
            </div>
        }
        .into_any(),
        None => view! {
            <div class="frame-end">
                <ThemeSwitch />
                <A href="/sign-in" attr:class="button button-quiet">
                    {words.frame.sign_in}
                </A>
                <A href="/sign-up" attr:class="button sign-up-link">
                    {words.frame.sign_up}
                </A>
            </div>
        }
        .into_any(),
    }
}

/// The tab bar of phones; larger screens have the same links in the header.
#[component]
fn TabBar() -> impl IntoView {
    let words = use_words();
    view! {
        <nav class="tab-bar" aria-label=words.frame.navigation>
            <NavLinks icons=true />
        </nav>
    }
}

#[component]
fn NavLinks(#[prop(optional)] icons: bool) -> impl IntoView {
    let words = use_words();
    let here = use_location().pathname;
    [
        ("/", Glyph::Home, words.frame.home),
        ("/decks", Glyph::Decks, words.frame.decks),
        ("/groups", Glyph::Groups, words.frame.groups),
    ]
    .map(|(path, glyph, label)| {
        let current =
            move || here.with(|here| if path == "/" { here == "/" } else { here.starts_with(path) }).then_some("page");
        view! {
            <a href=path aria-current=current>
                {icons.then(|| view! { <Icon glyph=glyph /> })}
                {label}
            </a>
        }
    })
    .collect_view()
}

#[component]
fn AccountMenu(me: Me) -> impl IntoView {
    let words = use_words();
    let sign_out = ServerAction::<SignOut>::new();
    // Loaded afresh, so that nothing of the account stays in memory.
    Effect::new(move || {
        if let Some(Ok(next)) = sign_out.value().get() {
            let _ = window().location().set_href(&next);
        }
    });
    let Me { id, display_name, email, role, presence } = me;
    use_being_there(id, presence);
    let name = display_name.clone();
    let mine = use_my_presence();
    let dot = presence.map(|first| Signal::derive(move || mine.and_then(|mine| mine.status.get()).unwrap_or(first)));
    view! {
        <Menu
            label=words.frame.account_menu
            face=move || view! { <MemberFace user=id name=name.clone() status=dot /> }
        >
            <div class="menu-head">
                <p class="panel-title">{display_name}</p>
                <p class="muted small">{email}</p>
            </div>
            {presence.map(|status| view! { <StatusChoice initial=status /> })}
            <a class="menu-item" href="/account">
                <Icon glyph=Glyph::Person />
                {words.frame.account}
            </a>
            <a class="menu-item" href="/quizzes">
                <Icon glyph=Glyph::Trophy />
                {words.report.list_title}
            </a>
            {(role == UserRole::Admin)
                .then(|| {
                    view! {
                        <a class="menu-item" href="/admin">
                            <Icon glyph=Glyph::Admin />
                            {words.frame.admin}
                        </a>
                    }
                })}
            <ActionForm action=sign_out>
                <button class="menu-item">
                    <Icon glyph=Glyph::SignOut />
                    {words.frame.sign_out}
                </button>
            </ActionForm>
        </Menu>
    }
}
