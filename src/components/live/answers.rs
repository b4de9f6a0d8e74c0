//! The options on the projector: open, or with the right one staying and the others faded.

use super::{
    question::RichText,
    shape::{Shape, class, letter},
};
use crate::view::view;
use crate::{
    components::icon::{Glyph, Icon},
    domain::live::question::Rich,
    words::use_words,
};
use leptos::prelude::*;

/// An option with more characters than this is set smaller, and all others with it.
const LONG: usize = 48;

#[component]
pub fn AnswerList(
    options: Vec<Rich>,
    /// The right ones; empty while the question is open.
    #[prop(default = vec![])]
    right: Vec<u8>,
) -> impl IntoView {
    let words = use_words();
    let long = options.iter().any(|o| o.text.chars().count() > LONG);
    let items = options
        .into_iter()
        .enumerate()
        .map(|(i, option)| {
            let is_right = right.iter().any(|r| usize::from(*r) == i);
            let faded = !right.is_empty() && !is_right;
            view! {
                <li class=format!("answer {}", class(i)) class:is-long=long class:is-right=is_right class:is-faded=faded>
                    <Shape index=i />
                    <span class="answer-letter">{letter(i).to_string()}</span>
                    <RichText rich=option class="answer-text" />
                    {is_right
                        .then(|| {
                            view! {
                                <span>
                                    <Icon glyph=Glyph::Check />
                                    <span class="visually-hidden">{words.live.right_answer}</span>
                                </span>
                            }
                        })}
                </li>
            }
        })
        .collect_view();
    view! { <ol class="answer-grid" aria-label=words.live.options>{items}</ol> }
}
