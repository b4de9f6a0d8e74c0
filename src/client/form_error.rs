//! Why a form that was sent without JavaScript was refused: the redirect back to its page carries it in the address.

use leptos::prelude::*;
use leptos_router::location::Url;

/// Lets the page's `ServerAction`s begin with the error in this query string (without its question mark), if any.
pub fn provide(query: &str) {
    let value = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| Url::unescape(value))
    };
    if let (Some(path), Some(error)) = (value("__path"), value("__err")) {
        provide_context(ServerActionError::new(&path, &error));
    }
}

/// The same in the browser, so that hydration finds what the server rendered.
pub fn provide_in_browser() {
    if super::IN_BROWSER
        && let Ok(query) = location().search()
    {
        provide(query.trim_start_matches('?'));
    }
}
