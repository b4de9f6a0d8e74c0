//! Kinds of question that a card's back suggests: a list of several right answers, an order, a number, a statement
//! that is true or false.

use super::{
    draw::{OPTIONS, QuizCard, answer_key, distractors},
    number,
    question::{Key, Rich},
};
use rand::{Rng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use std::collections::HashSet;

/// Most entries of a list that becomes a question.
const MOST_ENTRIES: usize = 6;

/// A back that is a list and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardList {
    /// Numbered: the order is part of the answer.
    pub ordered: bool,
    pub entries: Vec<String>,
}

/// Reads a Markdown list of two to six short lines; `None` for anything else.
pub fn card_list(source: &str) -> Option<CardList> {
    let lines: Vec<&str> = source.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let bullets: Option<Vec<&str>> =
        lines.iter().map(|line| ["- ", "* ", "• "].iter().find_map(|mark| line.strip_prefix(mark))).collect();
    let numbers: Option<Vec<&str>> = lines
        .iter()
        .map(|line| {
            let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
            (rest.len() < line.len()).then_some(rest)?.strip_prefix(['.', ')'])
        })
        .collect();
    let (ordered, entries) = bullets.map(|entries| (false, entries)).or(numbers.map(|entries| (true, entries)))?;
    let entries: Vec<String> = entries.into_iter().map(|entry| entry.trim().to_owned()).collect();
    let different: HashSet<String> = entries.iter().map(|entry| answer_key(entry)).collect();
    let fits = (2..=MOST_ENTRIES).contains(&entries.len()) && different.len() == entries.len();
    (fits && entries.iter().all(|entry| !entry.is_empty() && entry.chars().count() <= 80))
        .then_some(CardList { ordered, entries })
}

/// Puts the entries of a numbered list in order.
pub fn order(list: &CardList, rng: &mut ChaCha8Rng) -> Option<Key> {
    if !list.ordered {
        return None;
    }
    let n = u8::try_from(list.entries.len()).ok()?;
    let mut shown: Vec<u8> = (0..n).collect();
    // Shown in the right order it would be no question.
    while shown.is_sorted() {
        shown.shuffle(rng);
    }
    let options = shown.iter().map(|i| Rich::plain(&list.entries[usize::from(*i)])).collect();
    // Which of the shown comes first, second, …
    let right = (0..n).filter_map(|i| shown.iter().position(|s| *s == i)).filter_map(|at| u8::try_from(at).ok());
    Some(Key::Order { options, right: right.collect() })
}

/// The entries of a list among wrong ones: entries of other lists first, then other backs.
pub fn several(card: &QuizCard, list: &CardList, pool: &[QuizCard], rng: &mut ChaCha8Rng) -> Option<Key> {
    if list.ordered || list.entries.len() >= MOST_ENTRIES {
        return None;
    }
    let right: HashSet<String> = list.entries.iter().map(|entry| answer_key(entry)).collect();
    let mut others: Vec<Rich> = pool
        .iter()
        .filter(|c| c.id != card.id)
        .filter_map(|c| c.list.as_ref())
        .flat_map(|other| &other.entries)
        .map(Rich::plain)
        .collect();
    others.shuffle(rng);
    others.extend(distractors(card, pool, rng).into_iter().filter(|back| back.html.is_none()));
    let mut taken = right;
    others.retain(|other| taken.insert(answer_key(&other.text)));
    let wrong = (OPTIONS - 1).min(MOST_ENTRIES - list.entries.len());
    others.truncate(wrong);
    if others.is_empty() {
        return None;
    }
    let mut options: Vec<(bool, Rich)> = list.entries.iter().map(|entry| (true, Rich::plain(entry))).collect();
    options.extend(others.into_iter().map(|other| (false, other)));
    options.shuffle(rng);
    let correct = (0u8..).zip(&options).filter(|(_, (right, _))| *right).map(|(i, _)| i).collect();
    Some(Key::Several { options: options.into_iter().map(|(_, option)| option).collect(), correct })
}

/// An estimate, where the back is a number.
pub fn estimate(card: &QuizCard) -> Option<Key> {
    let value = number::parse(&card.back.text)?;
    Some(Key::Number { value, text: card.back.clone() })
}

/// The front with its own back, or with another card's: true or false? `labels` are the two answers in words.
pub fn true_false(card: &QuizCard, pool: &[QuizCard], labels: [&str; 2], rng: &mut ChaCha8Rng) -> Option<(Rich, Key)> {
    let wrong = distractors(card, pool, rng).into_iter().next()?;
    let is_true = rng.random();
    let back = if is_true { &card.back } else { &wrong };
    let html = |rich: &Rich| rich.html.clone().unwrap_or_else(|| escaped(&rich.text));
    let markup = card.front.html.is_some() || back.html.is_some();
    let prompt = Rich {
        text: format!("{} – {}", card.front.text, back.text),
        html: markup.then(|| format!("{} – {}", html(&card.front), html(back))),
    };
    Some((prompt, Key::Choice { options: labels.map(Rich::plain).to_vec(), correct: u8::from(!is_true) }))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ids::CardId, live::question::Answer};
    use rand::SeedableRng;
    use uuid::Uuid;

    fn card(n: u128, back: &str) -> QuizCard {
        QuizCard {
            id: CardId(Uuid::from_u128(n)),
            category: None,
            tags: vec![],
            front: Rich::plain(format!("front {n}")),
            back: Rich::plain(back),
            list: card_list(back),
            aliases: vec![],
            hint: None,
            explanation: None,
        }
    }

    #[test]
    fn lists_are_told_from_texts() {
        let list = |text: &str| card_list(text).map(|list| (list.ordered, list.entries.join("|")));
        assert_eq!(list("- red\n- green\n\n- blue"), Some((false, "red|green|blue".into())));
        assert_eq!(list("1. first\n2) second"), Some((true, "first|second".into())));
        for no in
            ["red", "- red", "- red\ngreen", "1. a\n- b", "- a\n- A.", "1789", "3.14", "- \n- b", "12. June\nis it"]
        {
            assert_eq!(list(no), None, "{no}");
        }
    }

    #[test]
    fn each_kind_has_a_key_that_its_right_answer_fits() {
        let pool = [card(1, "- red\n- green"), card(2, "- one\n- two"), card(3, "Paris")];
        for seed in 0..50 {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let key = several(&pool[0], pool[0].list.as_ref().unwrap(), &pool, &mut rng).unwrap();
            let Key::Several { options, correct } = &key else { panic!("{key:?}") };
            let mut right: Vec<&str> = correct.iter().map(|i| options[usize::from(*i)].text.as_str()).collect();
            right.sort_unstable();
            assert_eq!(right, ["green", "red"]);
            assert!(options.len() > 2 && key.mark(&Answer::Several(correct.clone())) == 1000);
            let steps = card(4, "1. a\n2. b\n3. c");
            let key = order(steps.list.as_ref().unwrap(), &mut rng).unwrap();
            let Key::Order { options, right } = &key else { panic!("{key:?}") };
            let read: String = right.iter().map(|i| options[usize::from(*i)].text.as_str()).collect();
            assert_eq!((read.as_str(), key.mark(&Answer::Order(right.clone()))), ("abc", 1000));
            let (prompt, key) =
                true_false(&pool[2], &[card(3, "Paris"), card(5, "Rome")], ["T", "F"], &mut rng).unwrap();
            let is_true = prompt.text.ends_with("Paris");
            assert_eq!(key.mark(&Answer::Choice(0)) == 1000, is_true, "{prompt:?}");
        }
    }
}
