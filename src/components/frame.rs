//! The frame around ordinary pages: skip link, navigation, the page itself.

use leptos::prelude::*;
use leptos_router::components::Outlet;

#[component]
pub fn Frame() -> impl IntoView {
    view! { <Outlet /> }
}
