//! Extra time for single learners: the host grants it, only the host and the learner's own clock know of it.

use super::{Admission, Blitz, CloseReason, Event, GRACE_MS, Participant, Phase, Refusal};
use crate::domain::ids::{ParticipantId, UserId};
use serde::{Deserialize, Serialize};

/// How much longer a learner has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExtraTime {
    #[default]
    None,
    /// 1.25 times the usual.
    Quarter,
    /// 1.5 times the usual.
    Half,
    NoLimit,
}

/// Extra time that goes along when the same people play again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// The seat in the session before.
    pub participant: ParticipantId,
    pub user: Option<UserId>,
    pub extra: ExtraTime,
}

impl ExtraTime {
    pub const ALL: [Self; 4] = [Self::None, Self::Quarter, Self::Half, Self::NoLimit];

    /// The name in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Quarter => "quarter",
            Self::Half => "half",
            Self::NoLimit => "no_limit",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|extra| extra.as_str() == name)
    }

    /// The own limit in ms; `None`: there is none.
    pub fn limit_ms(self, usual: u32) -> Option<u32> {
        match self {
            Self::None => Some(usual),
            Self::Quarter => Some(usual.saturating_add(usual / 4)),
            Self::Half => Some(usual.saturating_add(usual / 2)),
            Self::NoLimit => None,
        }
    }

    /// The time that the speed curve sees for an answer after `response_ms`: on the learner's own scale, so that half
    /// of the own time is worth what half of the usual time is. Without a limit speed cannot cost more than the middle
    /// of the curve: an answer after half of the usual time, or earlier when it came earlier.
    pub fn scaled(self, response_ms: u32, usual: u32) -> u32 {
        let by = |n: u64, of: u64| u32::try_from(u64::from(response_ms) * n / of).unwrap_or(u32::MAX).min(usual);
        match self {
            Self::None => response_ms.min(usual),
            Self::Quarter => by(4, 5),
            Self::Half => by(2, 3),
            Self::NoLimit => response_ms.min(usual / 2),
        }
    }
}

impl Blitz {
    /// When the question that is open until `deadline` closes for this player; `None`: when the host reveals it.
    pub fn own_deadline(&self, player: &Participant, deadline: i64) -> Option<i64> {
        let usual = self.phase.index().map_or(self.config.time_limit_ms, |index| self.limit_ms(index));
        player.extra.limit_ms(usual).map(|own| deadline + i64::from(own) - i64::from(usual))
    }

    pub(super) fn give_extra_time(&self, participant: ParticipantId, extra: ExtraTime) -> Result<Vec<Event>, Refusal> {
        let player = self.participant(participant).ok_or(Refusal::NotInSession)?;
        Ok(if player.extra == extra { vec![] } else { vec![Event::ExtraTimeGiven { participant, extra }] })
    }

    /// Who has more time than the others, in the order of joining.
    pub fn extra_times(&self) -> Vec<Carried> {
        let granted = self.participants.iter().filter(|p| p.extra != ExtraTime::None);
        granted.map(|p| Carried { participant: p.id, user: p.user, extra: p.extra }).collect()
    }

    /// A new seat of somebody who had extra time in the session before.
    pub(super) fn carry_over(
        &self,
        participant: ParticipantId,
        user: Option<UserId>,
        before: Option<ParticipantId>,
    ) -> Vec<Event> {
        let carried = self
            .config
            .carried
            .iter()
            .find(|carried| before == Some(carried.participant) || carried.user.is_some() && carried.user == user);
        carried.map(|carried| Event::ExtraTimeGiven { participant, extra: carried.extra }).into_iter().collect()
    }

    /// Those whose own time runs on at `at`: connected, without an answer, and waited for at all in this question.
    fn extended<'a>(
        &'a self,
        index: u32,
        deadline: i64,
        at: i64,
        connected: &'a dyn Fn(ParticipantId) -> bool,
    ) -> impl Iterator<Item = &'a Participant> {
        self.participants.iter().filter(move |p| {
            p.admission == Admission::In
                && p.extra != ExtraTime::None
                && !self.answers.contains_key(&p.id)
                && p.joined_during != Some(index)
                && self.own_deadline(p, deadline).is_none_or(|own| at <= own + GRACE_MS)
                && connected(p.id)
        })
    }

    /// The usual time is over at `at`: reveals, or waits for whoever has more time.
    pub(super) fn close(
        &self,
        index: u32,
        deadline: i64,
        at: i64,
        connected: &dyn Fn(ParticipantId) -> bool,
    ) -> Vec<Event> {
        let mut waits = false;
        let mut until: Option<i64> = None;
        for player in self.extended(index, deadline, at, connected) {
            waits = true;
            if let Some(own) = self.own_deadline(player, deadline) {
                let over = own + GRACE_MS + 1;
                until = Some(until.map_or(over, |until| until.min(over)));
            }
        }
        if !waits {
            vec![Event::QuestionRevealed { index, reason: CloseReason::Timer }]
        } else if self.overtime == Some(until) {
            vec![]
        } else {
            vec![Event::OvertimeBegan { index, until }]
        }
    }

    /// Whether the question that is on is closed for this player already.
    pub(super) fn is_closed_for(&self, player: &Participant, at: i64) -> bool {
        match self.phase {
            Phase::Answering { deadline, .. } if self.overtime.is_some() => {
                self.own_deadline(player, deadline).is_some_and(|own| at > own)
            }
            _ => false,
        }
    }
}
