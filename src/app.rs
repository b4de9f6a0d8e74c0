//! The shell around every page, and the routes.

use crate::{
    client::{self, HAS_FRAMED_PAGES, HAS_LIVE_PAGES},
    components::elsewhere::Elsewhere,
    domain::theme::Theme,
    pages,
    view::view,
    words,
};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::{
    PossibleRouteMatch,
    components::{ParentRoute, Route, Router, Routes},
    location::RequestUrl,
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
    let live = use_context::<RequestUrl>().is_some_and(|url| fills_screen(url.as_ref()));
    let part = if live { "live" } else { "studyhall" };
    let (js, wasm) = (format!("{assets}/pkg/{part}.js"), format!("{assets}/pkg/{part}.wasm"));
    let script = format!("import init,{{hydrate}} from {js:?};init({{module_or_path:{wasm:?}}}).then(()=>hydrate());");
    view! {
        <link rel="modulepreload" href=js nonce=nonce.clone() />
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
        <script type="module" nonce=nonce>
            {script}
        </script>
    }
}

/// Whether the page at this address comes with the browser's part `live`.
fn fills_screen(address: &str) -> bool {
    // On the server with a made-up scheme and host before it.
    let path = address.split_once("://").map_or(address, |(_, rest)| rest.trim_start_matches(|c| c != '/'));
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let names: Vec<&str> = path.split('/').filter(|name| !name.is_empty()).collect();
    matches!(names[..], ["live", _, "host" | "play" | "preview" | "self-paced"] | ["rooms" | "again", _])
}

/// A page that only one part of the browser's side holds; the other one loads it anew from the server.
macro_rules! page {
    ($here:expr, $page:path) => {
        || {
            if $here {
                view! { <$page /> }
            } else {
                view! { <Elsewhere /> }
            }
        }
    };
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
                <ParentRoute path=at(path!("")) view=page!(HAS_FRAMED_PAGES, crate::components::frame::Frame)>
                    <Route path=at(path!("/")) view=page!(HAS_FRAMED_PAGES, pages::home::Home) />
                    <Route path=at(path!("/join/:pin?")) view=page!(HAS_FRAMED_PAGES, pages::join::Join) />
                    <Route path=at(path!("/sign-in")) view=page!(HAS_FRAMED_PAGES, pages::sign_in::SignIn) />
                    <Route path=at(path!("/sign-up")) view=page!(HAS_FRAMED_PAGES, pages::sign_up::SignUp) />
                    <Route path=at(path!("/account")) view=page!(HAS_FRAMED_PAGES, pages::account::Account) />
                    <Route path=at(path!("/groups")) view=page!(HAS_FRAMED_PAGES, pages::groups::Groups) />
                    <Route path=at(path!("/groups/:group")) view=page!(HAS_FRAMED_PAGES, pages::group::Group) />
                    <Route path=at(path!("/invite/:code")) view=page!(HAS_FRAMED_PAGES, pages::invite::Invite) />
                    <Route path=at(path!("/decks")) view=page!(HAS_FRAMED_PAGES, pages::decks::Decks) />
                    <Route path=at(path!("/decks/:deck")) view=page!(HAS_FRAMED_PAGES, pages::deck::Deck) />
                    <Route path=at(path!("/decks/:deck/cards/:card")) view=page!(HAS_FRAMED_PAGES, pages::card::Card) />
                    <Route path=at(path!("/decks/:deck/import/:import?")) view=page!(HAS_FRAMED_PAGES, pages::import::Import) />
                    <Route path=at(path!("/decks/:deck/blitz")) view=page!(HAS_FRAMED_PAGES, pages::blitz_new::BlitzNew) />
                    <Route path=at(path!("/quizzes")) view=page!(HAS_FRAMED_PAGES, pages::live_sessions::LiveSessions) />
                    <Route path=at(path!("/live/:session/report")) view=page!(HAS_FRAMED_PAGES, pages::live_report::LiveReport) />
                    <Route path=at(path!("/live/:session/result")) view=page!(HAS_FRAMED_PAGES, pages::live_result::LiveResult) />
                    <Route path=at(path!("/admin")) view=page!(HAS_FRAMED_PAGES, pages::admin::Admin) />
                </ParentRoute>
                // No frame: the projector, the phone and the study room fill the screen.
                <Route path=at(path!("/live/:session/host")) view=page!(HAS_LIVE_PAGES, pages::live_host::LiveHost) />
                <Route path=at(path!("/live/:session/play")) view=page!(HAS_LIVE_PAGES, pages::live_play::LivePlay) />
                <Route path=at(path!("/live/:session/preview")) view=page!(HAS_LIVE_PAGES, pages::live_preview::LivePreview) />
                <Route path=at(path!("/live/:session/self-paced")) view=page!(HAS_LIVE_PAGES, pages::self_paced::SelfPaced) />
                <Route path=at(path!("/again/:token")) view=page!(HAS_LIVE_PAGES, pages::again::Again) />
                <Route path=at(path!("/rooms/:session")) view=page!(HAS_LIVE_PAGES, pages::study_room::StudyRoom) />
            </Routes>
        </Router>
    }
}

#[cfg(test)]
mod tests {
    use super::fills_screen;

    #[test]
    fn only_quiz_and_study_room_fill_a_screen() {
        for address in [
            "/live/1/host",
            "/live/1/play?again=1",
            "/live/1/preview?show=1#q1",
            "/rooms/1",
            "/again/0a1b?refused=stale",
            "/live/1/self-paced",
            "rooms/1/",
            "http://host.dev/rooms/1",
        ] {
            assert!(fills_screen(address), "{address}");
        }
        for address in [
            "/",
            "",
            "/rooms",
            "/live/1/report",
            "/decks/1?back=/rooms/1",
            "http://rooms/",
            "https://host/live?to=://x/rooms/1",
            "/live/1/host/more",
        ] {
            assert!(!fills_screen(address), "{address}");
        }
    }
}
