//! Drawing the questions of a quiz from a deck: which cards, and which wrong options beside the right one.

use super::{
    answer_text::key,
    kinds::{self, CardList},
    question::{Adjusted, AnswerKind, Key, Question, Rich},
};
use crate::domain::ids::{CardId, CategoryId};
use rand::{Rng, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Options of a choice question.
pub const OPTIONS: usize = 4;
/// Points for the fastest right answer.
pub const POINTS: u32 = 1000;
/// Wrong options that the host may choose from instead of a drawn one.
const ALTERNATIVES: usize = 12;
/// A typed answer longer than this is a test of typing, not of knowing.
const MAX_TYPED_SOLUTION: usize = 40;

/// A card as the draw sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuizCard {
    pub id: CardId,
    pub category: Option<CategoryId>,
    pub tags: Vec<String>,
    pub front: Rich,
    pub back: Rich,
    /// Where the back is a list.
    pub list: Option<CardList>,
    /// Further answers that count as right.
    pub aliases: Vec<String>,
    pub hint: Option<Rich>,
    pub explanation: Option<Rich>,
}

/// Which kinds of question the host wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerMode {
    Choice,
    Typed,
    /// Mostly choices, about one in four typed.
    Mixed,
    /// What each card is good for: lists, orders, numbers, true or false, and the others mixed.
    Varied,
}

/// "True" and "false" in the language of the quiz.
pub type TrueFalse = [&'static str; 2];

/// Draws `count` questions (fewer when `asked` has fewer distinct fronts) from the cards `asked`;
/// `pool` (the whole deck) lends the wrong options. The same seed gives the same questions.
pub fn draw(
    asked: &[QuizCard],
    pool: &[QuizCard],
    count: usize,
    mode: AnswerMode,
    labels: TrueFalse,
    seed: u64,
) -> Vec<Question> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut cards: Vec<&QuizCard> = asked.iter().collect();
    cards.shuffle(&mut rng);
    let mut fronts = HashSet::new();
    cards
        .into_iter()
        .filter(|card| !card.back.text.trim().is_empty() && fronts.insert(front_key(card)))
        .take(count)
        .map(|card| question(card, pool, mode, labels, &mut rng))
        .collect()
}

fn question(card: &QuizCard, pool: &[QuizCard], mode: AnswerMode, labels: TrueFalse, rng: &mut ChaCha8Rng) -> Question {
    let mut prompt = card.front.clone();
    let varied = if mode == AnswerMode::Varied { varied(card, pool, labels, &mut prompt, rng) } else { None };
    let key = varied.unwrap_or_else(|| usual(card, pool, mode, rng));
    Question {
        card: card.id,
        prompt,
        key,
        hint: card.hint.clone(),
        explanation: card.explanation.clone(),
        points: POINTS,
        adjusted: Adjusted::default(),
    }
}

/// The kind that the card suggests; `None`: nothing special.
fn varied(
    card: &QuizCard,
    pool: &[QuizCard],
    labels: TrueFalse,
    prompt: &mut Rich,
    rng: &mut ChaCha8Rng,
) -> Option<Key> {
    if let Some(list) = &card.list {
        return kinds::order(list, rng).or_else(|| kinds::several(card, list, pool, rng));
    }
    if let Some(key) = kinds::estimate(card) {
        return Some(key);
    }
    if rng.random_ratio(1, 3) {
        let (statement, key) = kinds::true_false(card, pool, labels, rng)?;
        *prompt = statement;
        return Some(key);
    }
    None
}

/// One right option, or a typed answer.
fn usual(card: &QuizCard, pool: &[QuizCard], mode: AnswerMode, rng: &mut ChaCha8Rng) -> Key {
    let typeable = card.back.html.is_none() && card.back.text.chars().count() <= MAX_TYPED_SOLUTION;
    let wanted = match mode {
        AnswerMode::Choice => AnswerKind::Choice,
        AnswerMode::Typed => AnswerKind::Typed,
        AnswerMode::Mixed | AnswerMode::Varied if typeable && rng.random_ratio(1, 4) => AnswerKind::Typed,
        AnswerMode::Mixed | AnswerMode::Varied => AnswerKind::Choice,
    };
    let wrong = if wanted == AnswerKind::Choice || !typeable { distractors(card, pool, rng) } else { vec![] };
    if wrong.is_empty() {
        let mut solutions = vec![card.back.clone()];
        // Another card with the same front has an answer that is right as well.
        solutions
            .extend(pool.iter().filter(|c| c.id != card.id && front_key(c) == front_key(card)).map(|c| c.back.clone()));
        solutions.extend(card.aliases.iter().map(Rich::plain));
        Key::Typed { solutions }
    } else {
        let mut options = wrong;
        let correct = rng.random_range(0..=options.len());
        options.insert(correct, card.back.clone());
        Key::Choice { options, correct: u8::try_from(correct).unwrap_or(0) }
    }
}

/// Up to three wrong options: never right for this card, never the same as another option.
/// Cards of the same category come first, then those that share a tag, then those whose answer is of the same make.
pub(super) fn distractors(card: &QuizCard, pool: &[QuizCard], rng: &mut ChaCha8Rng) -> Vec<Rich> {
    let right = right_keys(card, pool);
    let mut candidates: Vec<(u32, u32, &QuizCard)> =
        rivals(card, pool, &right).map(|c| (unlikeness(card, c), rng.random(), c)).collect();
    candidates.sort_by_key(|(unlike, chance, c)| (*unlike, *chance, c.id));
    let mut taken = HashSet::new();
    candidates
        .into_iter()
        .filter(|(_, _, c)| taken.insert(answer_key(&c.back.text)))
        .take(OPTIONS - 1)
        .map(|(_, _, c)| c.back.clone())
        .collect()
}

/// Wrong options that could stand in the place of a drawn one, best first, by the rules of the draw: right for none
/// of the cards with this front, and like no option that is there. Empty where options are no siblings of the deck's
/// (true or false, an order, typed answers), and for a card that the deck has no more.
pub fn alternatives(question: &Question, pool: &[QuizCard], labels: TrueFalse) -> Vec<Rich> {
    let options = match &question.key {
        Key::Choice { options, .. } | Key::Several { options, .. } => options,
        Key::Typed { .. } | Key::Number { .. } | Key::Order { .. } => return vec![],
    };
    let Some(card) = pool.iter().find(|card| card.id == question.card) else { return vec![] };
    if options.iter().map(|option| option.text.as_str()).eq(labels) {
        return vec![];
    }
    let right = right_keys(card, pool);
    let mut candidates: Vec<(u32, &QuizCard)> = rivals(card, pool, &right).map(|c| (unlikeness(card, c), c)).collect();
    candidates.sort_by_key(|(unlike, c)| (*unlike, c.id));
    let mut texts: Vec<Rich> = vec![];
    if let Key::Several { .. } = question.key {
        let lists = candidates.iter().filter_map(|(_, c)| c.list.as_ref());
        texts.extend(lists.flat_map(|list| &list.entries).map(Rich::plain));
        texts.extend(candidates.iter().map(|(_, c)| c.back.clone()).filter(|back| back.html.is_none()));
    } else {
        texts.extend(candidates.iter().map(|(_, c)| c.back.clone()));
    }
    // What is right may have been drawn from a card that says something else now.
    let mut taken: HashSet<String> = options.iter().map(|option| answer_key(&option.text)).chain(right).collect();
    taken.extend(card.list.iter().flat_map(|list| &list.entries).map(|entry| answer_key(entry)));
    texts.retain(|text| taken.insert(answer_key(&text.text)));
    texts.truncate(ALTERNATIVES);
    texts
}

/// Everything that is right for the card's front.
fn right_keys(card: &QuizCard, pool: &[QuizCard]) -> HashSet<String> {
    let front = front_key(card);
    pool.iter().filter(|c| front_key(c) == front).chain(std::iter::once(card)).flat_map(answer_keys).collect()
}

/// Cards none of whose answers is right for `card`.
fn rivals<'a>(card: &QuizCard, pool: &'a [QuizCard], right: &HashSet<String>) -> impl Iterator<Item = &'a QuizCard> {
    pool.iter()
        .filter(|c| c.id != card.id && !c.back.text.trim().is_empty())
        .filter(|c| answer_keys(c).all(|k| !right.contains(&k)))
}

/// How different `other`'s answer would look among the options; 0 is a good distractor.
fn unlikeness(card: &QuizCard, other: &QuizCard) -> u32 {
    let category = u32::from(card.category != other.category) * 4;
    let tags = u32::from(!card.tags.is_empty() && !card.tags.iter().any(|tag| other.tags.contains(tag))) * 2;
    category + tags + u32::from(make(&card.back) != make(&other.back)) * 8
}

/// Whether an answer is a number, a picture or formula, a word or a sentence.
fn make(answer: &Rich) -> u8 {
    let text = answer.text.trim();
    if answer.html.is_some() {
        0
    } else if text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '−' | '%' | ' ')) {
        1
    } else if text.chars().count() <= 60 {
        2
    } else {
        3
    }
}

fn front_key(card: &QuizCard) -> String {
    // A picture without words is told apart by its markup.
    let words = answer_key(&card.front.text);
    match &card.front.html {
        Some(html) => format!("{words} {html}"),
        None => words,
    }
}

pub(super) fn answer_key(text: &str) -> String {
    let key = key(text);
    if key.is_empty() { text.trim().to_owned() } else { key.replace(' ', "") }
}

fn answer_keys(card: &QuizCard) -> impl Iterator<Item = String> + '_ {
    std::iter::once(card.back.text.as_str()).chain(card.aliases.iter().map(String::as_str)).map(answer_key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn card(n: u128, front: &str, back: &str) -> QuizCard {
        QuizCard {
            id: CardId(Uuid::from_u128(n)),
            category: None,
            tags: vec![],
            front: Rich::plain(front),
            back: Rich::plain(back),
            list: None,
            aliases: vec![],
            hint: None,
            explanation: None,
        }
    }

    fn deck(pairs: &[(&str, &str)]) -> Vec<QuizCard> {
        pairs.iter().zip(1..).map(|((front, back), n)| card(n, front, back)).collect()
    }

    fn options(question: &Question) -> Vec<&str> {
        match &question.key {
            Key::Choice { options, .. } => options.iter().map(|o| o.text.as_str()).collect(),
            _ => vec![],
        }
    }

    #[test]
    fn an_answer_that_is_right_as_well_is_never_a_wrong_option() {
        let mut cards = deck(&[
            ("Bolivia", "Sucre"),
            ("Bolivia ", "La Paz"),
            ("Chile", "santiago"),
            ("Cuba", "SANTIAGO."),
            ("Peru", "Lima"),
        ]);
        cards[4].aliases.push("Sucre".into());
        for seed in 0..200 {
            for question in draw(&cards, &cards, 5, AnswerMode::Choice, ["True", "False"], seed) {
                let shown = options(&question);
                if question.prompt.text.trim() == "Bolivia" {
                    assert!(!(shown.contains(&"Sucre") && shown.contains(&"La Paz")), "{shown:?}");
                    assert!(!shown.contains(&"Lima"), "its alias is right: {shown:?}");
                }
                assert!(!(shown.contains(&"santiago") && shown.contains(&"SANTIAGO.")), "{shown:?}");
            }
        }
    }

    #[test]
    fn identical_backs_and_a_single_card_are_asked_by_typing() {
        for cards in [deck(&[("a", "same"), ("b", "Same"), ("c", "same ")]), deck(&[("only", "one")])] {
            for question in draw(&cards, &cards, 10, AnswerMode::Choice, ["True", "False"], 7) {
                assert_eq!(question.kind(), AnswerKind::Typed);
            }
        }
    }

    #[test]
    fn siblings_of_the_category_come_first() {
        let mut cards =
            deck(&[("q", "right"), ("1", "near"), ("2", "close"), ("3", "by"), ("4", "far"), ("5", "away")]);
        let category = Some(CategoryId(Uuid::from_u128(1)));
        for card in &mut cards[..4] {
            card.category = category;
        }
        for seed in 0..50 {
            let drawn = draw(&cards[..1], &cards, 1, AnswerMode::Choice, ["True", "False"], seed);
            let mut shown = options(&drawn[0]);
            shown.sort_unstable();
            assert_eq!(shown, ["by", "close", "near", "right"]);
        }
    }

    #[test]
    fn true_or_false_and_typed_questions_have_no_alternatives() {
        let cards = deck(&[("a", "one"), ("b", "two"), ("c", "three")]);
        let labels = ["True", "False"];
        let mut question = draw(&cards, &cards, 1, AnswerMode::Choice, labels, 1).remove(0);
        question.key = Key::Choice { options: labels.map(Rich::plain).to_vec(), correct: 0 };
        assert_eq!(alternatives(&question, &cards, labels), []);
        question.key = Key::Typed { solutions: vec![Rich::plain("one")] };
        assert_eq!(alternatives(&question, &cards, labels), []);
    }

    proptest! {
        #[test]
        fn an_alternative_is_never_right_and_never_there_twice(
            pairs in prop::collection::vec(("[a-d]{1,2}", "[a-hA-H .]{1,3}"), 2..30), seed: u64,
        ) {
            let cards: Vec<_> = pairs.iter().zip(1..).map(|((f, b), n)| card(n, f, b)).collect();
            let labels = ["True", "False"];
            for question in draw(&cards, &cards, 5, AnswerMode::Choice, labels, seed) {
                let mut shown: Vec<String> = question.key.options().iter().map(|o| answer_key(&o.text)).collect();
                for other in alternatives(&question, &cards, labels) {
                    let key = answer_key(&other.text);
                    let defensible = cards.iter().any(|c| answer_key(&c.front.text) == answer_key(&question.prompt.text)
                        && answer_key(&c.back.text) == key);
                    prop_assert!(!defensible, "{} is right for {}", other.text, question.prompt.text);
                    prop_assert!(!shown.contains(&key), "{} is there already", other.text);
                    shown.push(key);
                }
            }
        }

        #[test]
        fn every_question_has_one_right_answer_and_no_doubles(
            pairs in prop::collection::vec(("[a-d]{1,2}", "[a-dA-D .]{1,3}"), 1..30), count in 1usize..30, seed: u64,
        ) {
            let cards: Vec<_> = pairs.iter().zip(1..).map(|((f, b), n)| card(n, f, b)).collect();
            let drawn = draw(&cards, &cards, count, AnswerMode::Choice, ["True", "False"], seed);
            prop_assert!(drawn.len() <= count);
            prop_assert_eq!(&drawn, &draw(&cards, &cards, count, AnswerMode::Choice, ["True", "False"], seed));
            let mut seen = HashSet::new();
            for question in &drawn {
                prop_assert!(seen.insert(question.card));
                if let Key::Choice { options, correct } = &question.key {
                    prop_assert!((2..=OPTIONS).contains(&options.len()));
                    let keys: HashSet<_> = options.iter().map(|o| answer_key(&o.text)).collect();
                    prop_assert_eq!(keys.len(), options.len());
                    // No other option is the back of a card with the same front.
                    for (index, option) in options.iter().enumerate() {
                        let defensible = cards.iter().any(|c| answer_key(&c.front.text) == answer_key(&question.prompt.text)
                            && answer_key(&c.back.text) == answer_key(&option.text));
                        prop_assert!(!defensible || index == usize::from(*correct));
                    }
                }
            }
        }
    }
}
