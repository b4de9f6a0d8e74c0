//! The three best, and whoever shares their places.

use crate::view::view;
use crate::{domain::live::standings::Standing, words::use_words};
use leptos::prelude::*;

#[component]
pub fn Podium(rows: Vec<Standing>) -> impl IntoView {
    let words = use_words();
    let rows: Vec<_> = rows.into_iter().filter(|row| row.score > 0).collect();
    if rows.is_empty() {
        return view! { <p class="muted nobody">{words.live.nobody_scored}</p> }.into_any();
    }
    // Rows that share a place stand on one block; with a tie on the first place there may be no second.
    let places = (1..=3u32)
        .filter_map(|place| {
            let class = ["", "podium-place podium-1", "podium-place podium-2", "podium-place podium-3"][place as usize];
            let there: Vec<_> = rows.iter().filter(|row| row.rank == place).collect();
            let score = there.first()?.score;
            let names =
                there.iter().map(|row| view! { <span class="podium-name">{row.name.clone()}</span> }).collect_view();
            Some(view! {
                <li class=class>
                    {names} <span class="podium-score">{(words.live.points)(score)}</span>
                    <span class="podium-block">{place}</span>
                </li>
            })
        })
        .collect_view();
    view! { <ol class="podium">{places}</ol> }.into_any()
}
