//! The head of a page: its one `h1`, the browser's title, and what one can do here.

use crate::view::view;
use leptos::prelude::*;
use leptos_meta::Title;

/// The children are the page's actions.
#[component]
pub fn PageTitle(
    #[prop(into)] title: String,
    #[prop(into, default = String::new())] subtitle: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <Title text=title.clone() />
        <header class="page-head">
            <div>
                <h1 class="title">{title}</h1>
                {(!subtitle.is_empty()).then(|| view! { <p class="subtitle">{subtitle}</p> })}
            </div>
            {children.map(|children| view! { <div class="row">{children()}</div> })}
        </header>
    }
}
