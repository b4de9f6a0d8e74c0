//! How many chose each option, as bars that grow at the reveal.

use super::shape::{Shape, class, letter};
use crate::{domain::text::thousandths, view::view, words::use_words};
use leptos::prelude::*;

#[component]
pub fn Bars(distribution: Vec<u32>, right: Vec<u8>) -> impl IntoView {
    let words = use_words();
    let most = distribution.iter().copied().max().unwrap_or(0).max(1);
    let bars = distribution
        .into_iter()
        .enumerate()
        .map(|(i, count)| {
            let share = thousandths(count, most);
            let is_right = right.iter().any(|r| usize::from(*r) == i);
            view! {
                <li class=format!("bar {}", class(i)) class:is-right=is_right style=("--share", share)>
                    <div class="bar-track" aria-hidden="true">
                        <span class="bar-count">{count}</span>
                        <span class="bar-fill"></span>
                    </div>
                    <span class="bar-label" aria-hidden="true">
                        <Shape index=i />
                        {letter(i).to_string()}
                    </span>
                    <span class="visually-hidden">{(words.live.answers_of)(letter(i), count)}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="bars">{bars}</ul> }
}
