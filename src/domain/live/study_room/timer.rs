//! The shared focus timer: focus, then a break that starts by itself, then focus again when somebody starts it.
//! Deadlines are absolute, so that neither a reload nor a restart moves them.

use super::{Event, Refusal};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// Lengths that can be set, in minutes.
pub const FOCUS_MINUTES: RangeInclusive<u32> = 1..=180;
pub const BREAK_MINUTES: RangeInclusive<u32> = 1..=60;
const MINUTE_MS: u32 = 60_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Focus,
    Break,
}

/// Where the timer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timer {
    pub stage: Stage,
    pub focus_ms: u32,
    pub break_ms: u32,
    /// Set while it runs, Unix ms.
    pub deadline: Option<i64>,
    /// What is left while it stands.
    pub left_ms: u32,
    /// Focus times that came to their end.
    pub rounds: u32,
}

/// What can be done to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimerStep {
    Start,
    Pause,
    /// To the next stage.
    Skip,
    Set {
        focus_min: u32,
        break_min: u32,
    },
}

/// The timer as it is shown: what is left, never a wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimerView {
    pub stage: Stage,
    pub focus_ms: u32,
    pub break_ms: u32,
    pub running: bool,
    pub remaining_ms: u32,
    pub rounds: u32,
}

impl Default for Timer {
    fn default() -> Self {
        let focus_ms = 25 * MINUTE_MS;
        Self { stage: Stage::Focus, focus_ms, break_ms: 5 * MINUTE_MS, deadline: None, left_ms: focus_ms, rounds: 0 }
    }
}

impl Timer {
    pub fn remaining_ms(&self, now: i64) -> u32 {
        self.deadline.map_or(self.left_ms, |deadline| u32::try_from((deadline - now).max(0)).unwrap_or(u32::MAX))
    }

    pub fn view(&self, now: i64) -> TimerView {
        let Self { stage, focus_ms, break_ms, rounds, .. } = *self;
        let (running, remaining_ms) = (self.deadline.is_some(), self.remaining_ms(now));
        TimerView { stage, focus_ms, break_ms, running, remaining_ms, rounds }
    }

    pub(super) fn step(&self, step: TimerStep, at: i64) -> Result<Vec<Event>, Refusal> {
        Ok(match step {
            TimerStep::Start if self.deadline.is_none() => {
                vec![Event::TimerStarted { deadline: at + i64::from(self.left_ms) }]
            }
            TimerStep::Pause if self.deadline.is_some() => vec![Event::TimerPaused { left_ms: self.remaining_ms(at) }],
            // Somebody else was faster, with the same wish.
            TimerStep::Start | TimerStep::Pause => vec![],
            TimerStep::Skip => {
                let stage = self.stage.other();
                let deadline = self.deadline.map(|_| at + i64::from(self.length(stage)));
                vec![Event::StageBegan { stage, deadline, finished: false }]
            }
            TimerStep::Set { focus_min, break_min } => {
                if !FOCUS_MINUTES.contains(&focus_min) || !BREAK_MINUTES.contains(&break_min) {
                    return Err(Refusal::Malformed);
                }
                vec![Event::TimerSet { focus_ms: focus_min * MINUTE_MS, break_ms: break_min * MINUTE_MS }]
            }
        })
    }

    /// What time alone leads to. A break that is over waits for somebody to start the next focus.
    pub(super) fn tick(&self, at: i64) -> Vec<Event> {
        let mut timer = *self;
        let mut events = vec![];
        while let Some(deadline) = timer.deadline.filter(|deadline| *deadline <= at) {
            let stage = timer.stage.other();
            let next = (stage == Stage::Break).then(|| deadline + i64::from(timer.break_ms));
            events.push(Event::StageBegan { stage, deadline: next, finished: true });
            timer.begin(stage, next, true);
        }
        events
    }

    pub(super) fn begin(&mut self, stage: Stage, deadline: Option<i64>, finished: bool) {
        self.rounds += u32::from(finished && self.stage == Stage::Focus);
        self.stage = stage;
        self.deadline = deadline;
        self.left_ms = self.length(stage);
    }

    pub(super) fn set(&mut self, focus_ms: u32, break_ms: u32) {
        // What has begun goes on as it was; what stands untouched takes the new length.
        let untouched = self.deadline.is_none() && self.left_ms == self.length(self.stage);
        (self.focus_ms, self.break_ms) = (focus_ms, break_ms);
        if untouched {
            self.left_ms = self.length(self.stage);
        }
    }

    fn length(&self, stage: Stage) -> u32 {
        match stage {
            Stage::Focus => self.focus_ms,
            Stage::Break => self.break_ms,
        }
    }
}

impl Stage {
    fn other(self) -> Self {
        match self {
            Self::Focus => Self::Break,
            Self::Break => Self::Focus,
        }
    }
}
