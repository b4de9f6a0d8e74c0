//! What the answer was worth, and where that puts the player.

use super::{
    question::{Question, RichText},
    shape::letter,
    take_card::TakeCard,
};
use crate::view::view;
use crate::{
    client::live_session::LivePlayer,
    components::icon::{Glyph, Icon},
    domain::{
        ids::LiveSessionId,
        live::{
            blitz::{Me, MyResult},
            question::{OpenQuestion, Rich, Solution},
        },
    },
    words::use_words,
};
use leptos::prelude::*;

#[component]
pub fn Result(
    live: LivePlayer,
    session: LiveSessionId,
    /// The question's number.
    index: u32,
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
        Some(m) if m.points > 0 => ("verdict is-wrong", words.live.partly, Glyph::Check),
        Some(_) => ("verdict is-wrong", words.live.wrong, Glyph::Cross),
        None => ("verdict is-wrong", words.live.no_answer, Glyph::Clock),
    };
    let answer = labelled(&solution.correct, &solution.answer);
    let labels: Vec<String> =
        question.options.iter().enumerate().map(|(i, option)| format!("{} {}", letter(i), option.text)).collect();
    let label = |option: &u8| labels.get(usize::from(*option)).map_or("", String::as_str);
    let given = mine.as_ref().filter(|m| !m.correct).map(|m| m.answer.in_words(label));
    let sure = mine.as_ref().and_then(|m| m.sure);
    view! {
        <div class="phone-main">
            <section class=class>
                <Icon glyph=glyph />
                <p class="verdict-word">{word}</p>
                {(right || mine.as_ref().is_some_and(|m| m.points > 0))
                    .then(|| {
                        let (points, bonus) = mine.as_ref().map_or((0, 0), |m| (m.points, m.bonus));
                        view! {
                            <p class="verdict-points">{(words.live.plus_points)(points + bonus)}</p>
                            {(bonus > 0).then(|| view! { <p>{(words.live.streak_bonus)(bonus)}</p> })}
                        }
                    })}
                {sure.map(|sure| view! { <p>{words.live.you_were[usize::from(!sure)]}</p> })}
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
                <TakeCard live=live session=session index=index />
            </section>
        </div>
    }
    .into_any()
}

/// The option's letter and its text.
fn labelled(correct: &[u8], answer: &Rich) -> (Option<String>, Rich) {
    // Several have no one letter; their texts say enough.
    let one = if let [one] = correct { Some(format!("{} ", letter(usize::from(*one)))) } else { None };
    (one, answer.clone())
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
