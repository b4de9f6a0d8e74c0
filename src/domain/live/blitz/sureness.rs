//! How sure somebody is of an answer: asked when the answer is taken, told to nobody before the reveal, and worth no
//! points. What was sure and wrong is what a class believes and should not.

use super::{Blitz, Event, ExtraTime, Phase, Refusal};
use crate::domain::ids::ParticipantId;
use serde::{Deserialize, Serialize};

/// So long a question that all have answered stays open for whoever has not said yet how sure they are.
pub const SURE_MS: i64 = 4_000;

/// Answers by what was said of them and what they were; those of which nothing was said are not among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sureness {
    pub sure_right: u32,
    pub sure_wrong: u32,
    pub unsure_right: u32,
    pub unsure_wrong: u32,
}

impl Sureness {
    /// Counts (sure, right) answers; `None` when nothing was said of any.
    pub fn of(answers: impl Iterator<Item = (Option<bool>, bool)>) -> Option<Self> {
        let mut all = Self::default();
        for (sure, right) in answers {
            match (sure, right) {
                (Some(true), true) => all.sure_right += 1,
                (Some(true), false) => all.sure_wrong += 1,
                (Some(false), true) => all.unsure_right += 1,
                (Some(false), false) => all.unsure_wrong += 1,
                (None, _) => {}
            }
        }
        (all != Self::default()).then_some(all)
    }

    /// In the order of the files' columns.
    pub fn counts(&self) -> [u32; 4] {
        [self.sure_right, self.sure_wrong, self.unsure_right, self.unsure_wrong]
    }
}

impl Blitz {
    /// As long as the question is open for the player, and as often as they like.
    pub(super) fn tell_sure(
        &self,
        participant: ParticipantId,
        index: u32,
        sure: bool,
        at: i64,
    ) -> Result<Vec<Event>, Refusal> {
        self.answering(participant, index, at)?;
        let answer = self.answers.get(&participant).filter(|_| self.config.rules.confidence).ok_or(Refusal::NotNow)?;
        let told = answer.sure == Some(sure);
        Ok(if told { vec![] } else { vec![Event::SurenessTold { participant, index, sure }] })
    }

    /// Until when a question that everybody has answered waits for what they say of it; `None`: it need not.
    pub fn taps_until(&self) -> Option<i64> {
        let asks = self.config.rules.confidence && matches!(self.phase, Phase::Answering { .. });
        // Once the usual time is over, only who has more can still say it.
        let may = |id| self.overtime.is_none() || self.participant(id).is_some_and(|p| p.extra != ExtraTime::None);
        let waits = asks && self.answers.iter().any(|(id, answer)| answer.sure.is_none() && may(*id));
        self.answered_at.filter(|_| waits).map(|at| at + SURE_MS)
    }

    pub(super) fn sureness(&self) -> Sureness {
        Sureness::of(self.answers.values().map(|answer| (answer.sure, answer.correct))).unwrap_or_default()
    }
}
