//! The shell around every page, and the routes.

use crate::{client, domain::theme::Theme, pages, view::view, words};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::{
    PossibleRouteMatch,
    components::{ParentRoute, Route, Router, Routes},
    path,
};
use std::sync::Arc;

/// The document that the server renders around [`App`].
/// `assets` is the prefix of this build's immutable files, `/assets/<build id>`.
pub fn shell(assets: &'static str) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=client::theme::current().map(Theme::as_str)>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" content="#f8f6f1" media="(prefers-color-scheme: light)" />
                <meta name="theme-color" content="#14151d" media="(prefers-color-scheme: dark)" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/icon-180.png" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <link rel="stylesheet" href=format!("{assets}/pkg/studyhall.css") />
                {start(assets)}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Loads the browser's side. Leptos' own `HydrationScripts` preloads the module without a nonce, which the content
/// security policy refuses.
fn start(assets: &str) -> impl IntoView + use<> {
    let nonce = use_nonce();
    let (js, wasm) = (format!("{assets}/pkg/studyhall.js"), format!("{assets}/pkg/studyhall.wasm"));
    let script = format!("import init,{{hydrate}} from {js:?};init({{module_or_path:{wasm:?}}}).then(()=>hydrate());");
    view! {
        <link rel="modulepreload" href=js nonce=nonce.clone() />
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
        <script type="module" nonce=nonce>
            {script}
        </script>
    }
}

type Path = Arc<dyn PossibleRouteMatch + Send + Sync>;

/// One type for all paths, so that what matches them is compiled once, not for each shape of path.
fn at(path: impl PossibleRouteMatch + Send + Sync + 'static) -> Path {
    Arc::new(path)
}

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    client::form_error::hand_over();
    provide_context(&words::en::WORDS as &'static words::Words);
    client::socket::provide_socket();
    client::presence::provide_presence();
    let words = words::use_words();
    view! {
        <Title formatter=move |page: String| if page.is_empty() { words.common.product.to_owned() } else { format!("{page} · {}", words.common.product) } />
        <Router>
            <Routes fallback=pages::not_found::NotFound>
                <ParentRoute path=at(path!("")) view=crate::components::frame::Frame>
                    <Route path=at(path!("/")) view=pages::home::Home />
                    <Route path=at(path!("/join/:pin?")) view=pages::join::Join />
                    <Route path=at(path!("/sign-in")) view=pages::sign_in::SignIn />
                    <Route path=at(path!("/sign-up")) view=pages::sign_up::SignUp />
                    <Route path=at(path!("/account")) view=pages::account::Account />
                    <Route path=at(path!("/groups")) view=pages::groups::Groups />
                    <Route path=at(path!("/groups/:group")) view=pages::group::Group />
                    <Route path=at(path!("/invite/:code")) view=pages::invite::Invite />
                    <Route path=at(path!("/decks")) view=pages::decks::Decks />
                    <Route path=at(path!("/decks/:deck")) view=pages::deck::Deck />
                    <Route path=at(path!("/decks/:deck/cards/:card")) view=pages::card::Card />
                    <Route path=at(path!("/decks/:deck/import/:import?")) view=pages::import::Import />
                    <Route path=at(path!("/decks/:deck/blitz")) view=pages::blitz_new::BlitzNew />
                    <Route path=at(path!("/quizzes")) view=pages::live_sessions::LiveSessions />
                    <Route path=at(path!("/live/:session/report")) view=pages::live_report::LiveReport />
                    <Route path=at(path!("/live/:session/result")) view=pages::live_result::LiveResult />
                    <Route path=at(path!("/admin")) view=pages::admin::Admin />
                </ParentRoute>
                // No frame: the projector, the phone and the study room fill the screen.
                <Route path=at(path!("/live/:session/host")) view=pages::live_host::LiveHost />
                <Route path=at(path!("/live/:session/play")) view=pages::live_play::LivePlay />
                <Route path=at(path!("/rooms/:session")) view=pages::study_room::StudyRoom />
            </Routes>
        </Router>
    }
}
