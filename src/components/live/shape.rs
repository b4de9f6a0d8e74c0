//! The mark of an answer option: a shape and a letter, so that colour is never alone.

use crate::view::view;
use leptos::prelude::*;

/// The letter of option `index`.
pub fn letter(index: usize) -> char {
    ['A', 'B', 'C', 'D', 'E', 'F'].get(index).copied().unwrap_or('?')
}

/// The option's own class, which gives its colour.
pub fn class(index: usize) -> &'static str {
    ["answer-a", "answer-b", "answer-c", "answer-d", "answer-e", "answer-f"].get(index).copied().unwrap_or("answer-f")
}

/// Triangle, diamond, circle, square, pentagon, star.
#[component]
pub fn Shape(index: usize) -> impl IntoView {
    let path = [
        "M12 2.5 22.5 21h-21z",
        "M12 1 23 12 12 23 1 12z",
        "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20z",
        "M3 3h18v18H3z",
        "M12 1.5 22.9 9.4 18.7 22H5.3L1.1 9.4z",
        "m12 1 3.1 7.4 8 .6-6.1 5.2 1.9 7.8L12 17.8 5.1 22 7 14.2.9 9l8-.6z",
    ];
    view! {
        <svg class="answer-shape" viewBox="0 0 24 24" aria-hidden="true">
            <path d=path.get(index).copied().unwrap_or(path[3])></path>
        </svg>
    }
}
