//! The theme of the page that is shown, and changing it at once.

use super::IN_BROWSER;
use crate::domain::theme::Theme;
use leptos::prelude::*;

/// The theme that somebody chose, if they did. The same on both sides, so that hydration matches.
pub fn current() -> Option<Theme> {
    if IN_BROWSER {
        root().and_then(|root| root.get_attribute("data-theme")).and_then(|name| Theme::parse(&name))
    } else {
        use_context::<Theme>()
    }
}

/// Shows the theme without asking the server. Nothing happens on the server.
pub fn apply(theme: Option<Theme>) {
    if let Some(root) = IN_BROWSER.then(root).flatten() {
        // Neither can fail for this name.
        let _ = match theme {
            Some(theme) => root.set_attribute("data-theme", theme.as_str()),
            None => root.remove_attribute("data-theme"),
        };
    }
}

fn root() -> Option<leptos::web_sys::Element> {
    document().document_element()
}
