//! The question, and texts that may carry markup. Their HTML was sanitised by the server.

use crate::domain::live::{
    blitz::Progress,
    question::{AnswerKind, Rich, Worth},
};
use crate::view::view;
use leptos::prelude::*;

/// The text inline, with its markup where it has some.
#[component]
pub fn RichText(rich: Rich, #[prop(default = "")] class: &'static str) -> impl IntoView {
    match rich.html {
        Some(html) => view! { <span class=class inner_html=html></span> }.into_any(),
        None => view! { <span class=class>{rich.text}</span> }.into_any(),
    }
}

/// The question as the page's heading, smaller the longer it is.
#[component]
pub fn Question(prompt: Rich) -> impl IntoView {
    let class = match prompt.text.chars().count() {
        0..=70 => "question",
        71..=200 => "question is-long",
        _ => "question is-very-long",
    };
    match prompt.html {
        Some(html) => view! { <h1 class=class inner_html=html></h1> }.into_any(),
        None => view! { <h1 class=class>{prompt.text}</h1> }.into_any(),
    }
}

/// What the question is worth, where it is not the usual.
pub fn worth(worth: Worth) -> Option<AnyView> {
    let words = crate::words::use_words();
    (words.preview.badge)(worth).map(|text| view! { <p class="worth">{text}</p> }.into_any())
}

/// What the kind of question asks for, where it is not plain.
pub fn what_to_do(kind: AnswerKind) -> Option<&'static str> {
    let words = crate::words::use_words();
    match kind {
        AnswerKind::Choice => None,
        AnswerKind::Typed => Some(words.live.type_it),
        AnswerKind::Several => Some(words.live.pick_all),
        AnswerKind::Number => Some(words.live.estimate_it),
        AnswerKind::Order => Some(words.live.put_in_order),
    }
}

/// The hint below the question, where there is one.
#[component]
pub fn Hint(hint: Option<Rich>) -> impl IntoView {
    let words = crate::words::use_words();
    hint.map(|hint| {
        view! {
            <p class="question-hint">
                <span class="muted">{words.live.hint}": "</span>
                <RichText rich=hint />
            </p>
        }
    })
}

/// Which question of how many; second chances say so and are counted on their own.
pub fn place(progress: Progress) -> String {
    let words = crate::words::use_words();
    let say = if progress.is_second() { words.live.second_chance_of } else { words.live.question_of };
    say(progress.index - progress.first + 1, progress.total - progress.first)
}
