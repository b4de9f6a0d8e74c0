//! The most missed questions come back once at the end, for half of their points.

use super::{Blitz, Event, Progress, flow::lead_in};
use crate::domain::live::question::{Key, Question};
use serde::{Deserialize, Serialize};

/// Questions that come back at most.
pub const MOST_SECOND_CHANCES: usize = 3;

/// How a question went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub answered: u32,
    pub wrong: u32,
}

impl Blitz {
    /// What follows the last question, leaving out `skipped`: the second chances, or the podium.
    pub(super) fn after_last(&self, skipped: Option<u32>, at: i64) -> Vec<Event> {
        let missed = if self.config.rules.second_chance && self.second_from.is_none() {
            self.most_missed(skipped)
        } else {
            vec![]
        };
        if missed.is_empty() {
            return vec![Event::PodiumShown];
        }
        vec![Event::SecondChancesDrawn { questions: missed }, lead_in(self.total(), at)]
    }

    /// Those that the largest share of the answers got wrong, most missed first; of equal ones what was asked first.
    fn most_missed(&self, skipped: Option<u32>) -> Vec<u32> {
        let mut missed: Vec<(u32, Tally)> = self.tallies.iter().map(|(index, tally)| (*index, *tally)).collect();
        missed.retain(|(index, tally)| tally.wrong > 0 && skipped != Some(*index));
        missed.sort_by(|(_, a), (_, b)| {
            let cross = |x: &Tally, y: &Tally| u64::from(x.wrong) * u64::from(y.answered);
            cross(b, a).cmp(&cross(a, b))
        });
        missed.into_iter().take(MOST_SECOND_CHANCES).map(|(index, _)| index).collect()
    }

    /// At the reveal.
    pub(super) fn count_wrong(&mut self, index: u32) {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let wrong = count(self.answers.values().filter(|answer| !answer.correct).count());
        self.tallies.insert(index, Tally { answered: count(self.answers.len()), wrong });
    }

    /// Adds the questions once more.
    pub(super) fn bring_back(&mut self, questions: &[u32]) {
        self.second_from = Some(self.total());
        let again: Vec<Question> = questions.iter().filter_map(|index| self.question(*index)).map(again).collect();
        self.questions.extend(again);
        self.second_of = questions.to_vec();
    }

    /// Whether the question with this number is asked for the second time.
    pub fn is_second(&self, index: u32) -> bool {
        self.second_from.is_some_and(|from| index >= from)
    }

    /// Where the quiz is: second chances are counted on their own.
    pub(super) fn progress(&self, index: u32) -> Progress {
        match self.second_from {
            Some(from) if index >= from => Progress { index, total: self.total(), first: from },
            Some(from) => Progress { index, total: from, first: 0 },
            None => Progress { index, total: self.total(), first: 0 },
        }
    }
}

/// Half of the points, and the options of a choice in other places, so that nobody taps where the answer was.
fn again(question: &Question) -> Question {
    let mut again = question.clone();
    again.points /= 2;
    if let Key::Choice { options, correct } = &mut again.key
        && let Ok(n) = u8::try_from(options.len())
        && n > 0
    {
        options.rotate_left(1);
        *correct = (*correct + n - 1) % n;
    }
    again
}
