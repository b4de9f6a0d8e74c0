//! Grey shapes of the size of what is coming, so that nothing jumps when it is there.

use crate::view::view;
use crate::words::use_words;
use leptos::prelude::*;

/// Rows of a list.
#[component]
pub fn SkeletonList(#[prop(default = 5)] rows: usize) -> impl IntoView {
    view! {
        <div class="list" role="status">
            <Loading />
            {(0..rows)
                .map(|_| {
                    view! {
                        <div aria-hidden="true">
                            <span class="skeleton grow" style="max-width: 24rem"></span>
                        </div>
                    }
                })
                .collect_view()}
        </div>
    }
}

/// Panels of a grid.
#[component]
pub fn SkeletonCards(#[prop(default = 3)] cards: usize) -> impl IntoView {
    view! {
        <div class="grid-cards" role="status">
            <Loading />
            {(0..cards)
                .map(|_| {
                    view! {
                        <div class="panel" aria-hidden="true">
                            <span class="skeleton" style="width: 70%; height: 24px"></span>
                            <span class="skeleton" style="width: 45%"></span>
                        </div>
                    }
                })
                .collect_view()}
        </div>
    }
}

#[component]
fn Loading() -> impl IntoView {
    view! { <span class="visually-hidden">{use_words().common.loading}</span> }
}
