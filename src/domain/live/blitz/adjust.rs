//! What the host changes before the start: another wrong option, points, time, explanation, or one question less.

use super::{Blitz, Event, Phase, Refusal};
use crate::domain::live::{
    draw::answer_key,
    question::{Key, Question, Rich, Worth},
};
use std::collections::HashSet;

/// Shortest and longest time for a question, ms.
pub const TIME_LIMITS_MS: std::ops::RangeInclusive<u32> = 5_000..=240_000;
/// Longest explanation of the host's own, in characters.
pub const MAX_EXPLANATION: usize = 2_000;

impl Blitz {
    pub(super) fn adjust(&self, seen: u32, index: u32, to: &Question) -> Result<Vec<Event>, Refusal> {
        self.before_the_start(seen)?;
        let from = self.question(index).ok_or(Refusal::WrongQuestion)?;
        if from == to {
            return Ok(vec![]);
        }
        if !may_become(from, to) {
            return Err(Refusal::Malformed);
        }
        Ok(vec![Event::QuestionAdjusted { index, question: Box::new(to.clone()) }])
    }

    pub(super) fn drop_question(&self, seen: u32, index: u32) -> Result<Vec<Event>, Refusal> {
        self.before_the_start(seen)?;
        self.question(index).ok_or(Refusal::WrongQuestion)?;
        if self.questions.len() < 2 {
            return Err(Refusal::LastQuestion);
        }
        Ok(vec![Event::QuestionDropped { index }])
    }

    fn before_the_start(&self, seen: u32) -> Result<(), Refusal> {
        self.fresh(seen)?;
        if self.phase == Phase::Lobby { Ok(()) } else { Err(Refusal::NotNow) }
    }
}

/// The same question still: what is asked and what is right stays, and no option is there twice.
fn may_become(from: &Question, to: &Question) -> bool {
    let same = (from.card, &from.prompt, &from.hint) == (to.card, &to.prompt, &to.hint);
    let worth = Worth::of(to.points).points() == to.points;
    let time = to.adjusted.time_limit_ms.is_none_or(|ms| TIME_LIMITS_MS.contains(&ms));
    let source = to.adjusted.explanation_source.as_deref().unwrap_or_default();
    same && worth && time && source.chars().count() <= MAX_EXPLANATION && same_key(&from.key, &to.key)
}

fn same_key(from: &Key, to: &Key) -> bool {
    match (from, to) {
        (Key::Choice { options: old, correct }, Key::Choice { options: new, correct: still }) => {
            correct == still && may_stand(old, new, &[*correct])
        }
        (Key::Several { options: old, correct }, Key::Several { options: new, correct: still }) => {
            correct == still && may_stand(old, new, correct)
        }
        _ => from == to,
    }
}

fn may_stand(old: &[Rich], new: &[Rich], correct: &[u8]) -> bool {
    let mut keys = HashSet::new();
    let right_stays = correct.iter().all(|i| old.get(usize::from(*i)) == new.get(usize::from(*i)));
    old.len() == new.len() && right_stays && new.iter().all(|option| keys.insert(answer_key(&option.text)))
}
