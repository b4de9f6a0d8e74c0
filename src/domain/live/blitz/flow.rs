//! From phase to phase: by the host, by time, by the last answer, and after an outage.

use super::{Blitz, CloseReason, Event, LEAD_IN_MS, NextStep, Phase, Refusal};
use crate::domain::ids::ParticipantId;

impl Blitz {
    pub(super) fn start(&self, seen: u32, at: i64) -> Result<Vec<Event>, Refusal> {
        self.fresh(seen)?;
        match self.phase {
            Phase::Lobby if self.players().next().is_none() => Err(Refusal::NobodyHere),
            Phase::Lobby => {
                let mut events = self.assign_rest();
                events.push(lead_in(0, at));
                Ok(events)
            }
            _ => Err(Refusal::Stale),
        }
    }

    pub(super) fn next(
        &self,
        seen: u32,
        at: i64,
        connected: &dyn Fn(ParticipantId) -> bool,
    ) -> Result<Vec<Event>, Refusal> {
        self.fresh(seen)?;
        // A clock that stands goes on before anything else does.
        if let Some(since) = self.paused_at {
            return Ok(vec![Event::Resumed { pause_ms: (at - since).max(0) }]);
        }
        match self.phase {
            Phase::Lobby => self.start(seen, at),
            Phase::LeadIn { index, .. } => Ok(vec![self.open(index, at, connected)]),
            Phase::Answering { index, .. } => Ok(vec![Event::QuestionRevealed { index, reason: CloseReason::Host }]),
            Phase::Reveal { index } | Phase::Leaderboard { index } => Ok(self.after(index, at)),
            Phase::Podium => Ok(vec![self.ending()]),
            Phase::Ended => Err(Refusal::Ended),
        }
    }

    /// What the host's next press does.
    pub fn next_step(&self) -> NextStep {
        if self.paused_at.is_some() {
            return NextStep::Resume;
        }
        match self.phase {
            Phase::Lobby => NextStep::Start,
            Phase::LeadIn { .. } => NextStep::Open,
            Phase::Answering { .. } => NextStep::Reveal,
            Phase::Reveal { index } | Phase::Leaderboard { index } => match self.after(index, 0).last() {
                Some(Event::LeaderboardShown { .. }) => NextStep::Leaderboard,
                Some(Event::PodiumShown) => NextStep::Podium,
                _ => NextStep::Question,
            },
            Phase::Podium | Phase::Ended => NextStep::End,
        }
    }

    /// What follows the reveal or the leaderboard of a question.
    fn after(&self, index: u32, at: i64) -> Vec<Event> {
        let every = self.config.rules.leaderboard_every;
        if index + 1 >= self.total() {
            self.after_last(None, at)
        } else if matches!(self.phase, Phase::Reveal { .. }) && every > 0 && (index + 1).is_multiple_of(every) {
            vec![Event::LeaderboardShown { index }]
        } else {
            vec![lead_in(index + 1, at)]
        }
    }

    pub(super) fn end(&self, seen: u32) -> Result<Vec<Event>, Refusal> {
        self.fresh(seen)?;
        Ok(match self.phase {
            // The open question is revealed first, so that its answers count.
            Phase::Answering { index, .. } => {
                vec![Event::QuestionRevealed { index, reason: CloseReason::Host }, Event::PodiumShown]
            }
            Phase::LeadIn { .. } | Phase::Reveal { .. } | Phase::Leaderboard { .. } if self.revealed > 0 => {
                vec![Event::PodiumShown]
            }
            _ => vec![self.ending()],
        })
    }

    pub(super) fn ending(&self) -> Event {
        Event::Ended { completed: self.revealed > 0 }
    }

    pub(super) fn tick(&self, at: i64, connected: &dyn Fn(ParticipantId) -> bool) -> Vec<Event> {
        if self.wakes_at().is_none_or(|wakes_at| at < wakes_at) {
            return vec![];
        }
        match self.phase {
            Phase::LeadIn { index, .. } => vec![self.open(index, at, connected)],
            Phase::Answering { index, deadline, .. } => self.close(index, deadline, at, connected),
            Phase::Reveal { index } | Phase::Leaderboard { index } => self.after(index, at),
            Phase::Lobby | Phase::Podium | Phase::Ended => vec![],
        }
    }

    /// Only who is connected is waited for; nobody is waited for in the question during which they came,
    /// and everybody until the end where answers may be changed.
    pub(super) fn settle(&self, at: i64, connected: &dyn Fn(ParticipantId) -> bool) -> Vec<Event> {
        let Phase::Answering { index, deadline, .. } = self.phase else { return vec![] };
        if self.paused_at.is_none() && self.taps_until().is_some_and(|until| at < until) {
            return vec![];
        }
        if self.overtime.is_some() && self.paused_at.is_none() {
            return self.close(index, deadline, at, connected);
        }
        if self.answers.is_empty() || self.paused_at.is_some() || self.config.rules.change_answer {
            return vec![];
        }
        let waiting = self
            .players()
            .any(|p| !self.answers.contains_key(&p.id) && p.joined_during != Some(index) && connected(p.id));
        if waiting { vec![] } else { vec![Event::QuestionRevealed { index, reason: CloseReason::AllAnswered }] }
    }

    /// A running clock goes on where it stood at the last sign of life, whatever the machine's clock says now:
    /// it may have been set back or forth in between.
    pub(super) fn recover(&self, alive_at: Option<i64>, at: i64) -> Vec<Event> {
        let pause_ms = at - self.last_event_at.max(alive_at.unwrap_or(i64::MIN));
        if self.wakes_at().is_some() && pause_ms != 0 { vec![Event::Recovered { pause_ms }] } else { vec![] }
    }

    pub(super) fn fresh(&self, seen: u32) -> Result<(), Refusal> {
        if seen == self.revision { Ok(()) } else { Err(Refusal::Stale) }
    }

    fn open(&self, index: u32, at: i64, connected: &dyn Fn(ParticipantId) -> bool) -> Event {
        let absent = if self.config.teams.is_some() {
            self.players().filter(|p| !connected(p.id)).map(|p| p.id).collect()
        } else {
            vec![]
        };
        Event::QuestionOpened { index, opened_at: at, deadline: at + i64::from(self.limit_ms(index)), absent }
    }
}

pub(super) fn lead_in(index: u32, at: i64) -> Event {
    Event::LeadInBegan { index, opens_at: at + LEAD_IN_MS }
}
