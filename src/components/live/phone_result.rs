//! What the answer was worth, and where that puts the player.

use super::{
    question::{Question, RichText},
    shape::letter,
};
use crate::view::view;
use crate::{
    components::icon::{Glyph, Icon},
    domain::live::{
        blitz::{Me, MyResult},
        question::{Answer, OpenQuestion, Rich, Solution},
    },
    words::use_words,
};
use leptos::prelude::*;

#[component]
pub fn Result(
    question: OpenQuestion,
    solution: Solution,
    mine: Option<MyResult>,
    me: Me,
    /// How many play.
    players: u32,
) -> impl IntoView {
    let words = use_words();
    let right = mine.as_ref().is_some_and(|m| m.correct);
    let (class, word, glyph) = match &mine {
        Some(m) if m.correct => ("verdict is-right", words.live.right, Glyph::Check),
        Some(_) => ("verdict is-wrong", words.live.wrong, Glyph::Cross),
        None => ("verdict is-wrong", words.live.no_answer, Glyph::Clock),
    };
    let answer = labelled(solution.correct, &solution.answer);
    let given = mine.as_ref().filter(|m| !m.correct).map(|m| match &m.answer {
        Answer::Choice(choice) => {
            let text = question.options.get(usize::from(*choice)).map(|o| o.text.clone()).unwrap_or_default();
            format!("{} {text}", letter(usize::from(*choice)))
        }
        Answer::Text(text) => text.clone(),
    });
    view! {
        <div class="phone-main">
            <section class=class>
                <Icon glyph=glyph />
                <p class="verdict-word">{word}</p>
                {right
                    .then(|| {
                        let points = mine.as_ref().map_or(0, |m| m.points);
                        view! { <p class="verdict-points">{(words.live.plus_points)(points)}</p> }
                    })}
            </section>
            <Standing me=me players=players />
            <section class="stack solution">
                <Question prompt=question.prompt />
                {given.map(|given| view! { <p class="muted">{(words.live.you_answered)(&given)}</p> })}
                <p>
                    <span class="muted">{words.live.right_answer}": "</span>
                    <strong>{answer.0} <RichText rich=answer.1 /></strong>
                </p>
                {solution
                    .explanation
                    .map(|explanation| {
                        view! {
                            <div class="explanation">
                                <RichText rich=explanation />
                            </div>
                        }
                    })}
            </section>
        </div>
    }
    .into_any()
}

/// The option's letter and its text.
fn labelled(correct: Option<u8>, answer: &Rich) -> (Option<String>, Rich) {
    (correct.map(|c| format!("{} ", letter(usize::from(c)))), answer.clone())
}

/// The own place and who is just ahead.
#[component]
pub fn Standing(me: Me, players: u32) -> impl IntoView {
    let words = use_words();
    let near = match (&me.ahead, me.rank) {
        (Some(ahead), _) => Some((words.live.ahead)(&ahead.name, ahead.points)),
        (None, Some(1)) if players > 1 && me.score > 0 => Some(words.live.leading.to_owned()),
        _ => None,
    };
    view! {
        <section class="standing">
            {me.rank.map(|rank| view! { <p class="rank">{(words.live.rank)(rank, players)}</p> })}
            {near.map(|near| view! { <p class="muted">{near}</p> })}
        </section>
    }
    .into_any()
}
