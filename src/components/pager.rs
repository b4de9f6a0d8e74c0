//! From page to page of a long list, by links.

use super::icon::{Glyph, Icon};
use crate::view::view;
use crate::words::use_words;
use leptos::prelude::*;
use leptos_router::components::A;

/// Nothing where there is one page only. Pages count from 1.
#[component]
pub fn Pager(
    page: u32,
    pages: u32,
    /// The address up to the page's number, such as `/decks?search=acid&page=`.
    #[prop(into)]
    base: String,
) -> impl IntoView {
    let words = use_words();
    let step = |to: Option<u32>, rel: &'static str| to.map(|to| (format!("{base}{to}"), rel));
    let before = step(page.checked_sub(1).filter(|p| *p >= 1), "prev");
    let after = step((page < pages).then_some(page + 1), "next");
    (pages > 1).then(|| {
        view! {
            <nav class="pager" aria-label=words.common.pages>
                {match before {
                    Some((href, rel)) => {
                        view! {
                            <A href=href attr:class="button" attr:rel=rel>
                                <Icon glyph=Glyph::Left />
                                {words.common.previous}
                            </A>
                        }
                            .into_any()
                    }
                    None => view! { <span></span> }.into_any(),
                }}
                <span class="pager-where">{(words.common.page_of)(page, pages)}</span>
                {match after {
                    Some((href, rel)) => {
                        view! {
                            <A href=href attr:class="button" attr:rel=rel>
                                {words.common.next}
                                <Icon glyph=Glyph::Right />
                            </A>
                        }
                            .into_any()
                    }
                    None => view! { <span></span> }.into_any(),
                }}
            </nav>
        }
    })
}
