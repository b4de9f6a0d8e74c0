//! Stands where a page is that the other part of the browser's side holds, until the server has sent it.

use crate::{client::browser, view::view};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

#[component]
pub fn Elsewhere() -> impl IntoView {
    // A page that the server has just sent with the wrong part stays as it is: asking again would ask for ever.
    let arrived = Owner::current_shared_context().is_some_and(|context| context.during_hydration());
    if !arrived {
        let to = use_location();
        let (path, search) = (to.pathname.get_untracked(), to.search.get_untracked());
        let search = search.trim_start_matches('?');
        let mark = if search.is_empty() { "" } else { "?" };
        browser::open(&format!("{path}{mark}{search}{}", to.hash.get_untracked()));
    }
    view! { <main id="main" class="page" aria-busy="true"></main> }
}
