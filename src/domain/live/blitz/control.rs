//! What the host can do beside going on: the door, the clock, a question taken back.

use super::{Admission, Blitz, Control, Event, MOST_AT_DOOR, Phase, Refusal, flow::lead_in};
use crate::domain::ids::{LiveSessionId, ParticipantId};

impl Blitz {
    pub(super) fn control(&self, seen: u32, control: Control, at: i64) -> Result<Vec<Event>, Refusal> {
        self.fresh(seen)?;
        match control {
            Control::Lock => Ok(if self.locked { vec![] } else { vec![Event::LobbyLocked] }),
            Control::Unlock => Ok(if self.locked { vec![Event::LobbyUnlocked] } else { vec![] }),
            Control::Admit { participant } => Ok(match self.admission(participant)? {
                Admission::In => vec![],
                Admission::Waiting | Admission::Removed => {
                    [vec![Event::Admitted { participant }], self.assign_teams([participant])].concat()
                }
            }),
            Control::AdmitAll => {
                let waiting = || self.participants.iter().filter(|p| p.admission == Admission::Waiting).map(|p| p.id);
                let mut events: Vec<Event> = waiting().map(|participant| Event::Admitted { participant }).collect();
                events.extend(self.assign_teams(waiting()));
                Ok(events)
            }
            Control::Remove { participant } => Ok(match self.admission(participant)? {
                Admission::Removed => vec![],
                Admission::In | Admission::Waiting => vec![Event::Removed { participant }],
            }),
            Control::Pause if self.wakes_at().is_some() || self.overtime.is_some() && self.paused_at.is_none() => {
                Ok(vec![Event::Paused])
            }
            Control::Pause => Err(Refusal::NotNow),
            Control::Resume => {
                let since = self.paused_at.ok_or(Refusal::NotNow)?;
                Ok(vec![Event::Resumed { pause_ms: (at - since).max(0) }])
            }
            Control::Skip => self.skip(at),
            Control::RemoveAll => Ok(self
                .participants
                .iter()
                .filter(|p| p.admission == Admission::Waiting)
                .map(|p| Event::Removed { participant: p.id })
                .collect()),
            Control::ExtraTime { participant, extra } => self.give_extra_time(participant, extra),
        }
    }

    /// A question that is broken, or was asked by mistake.
    fn skip(&self, at: i64) -> Result<Vec<Event>, Refusal> {
        let (Phase::LeadIn { index, .. } | Phase::Answering { index, .. } | Phase::Reveal { index }) = self.phase
        else {
            return Err(Refusal::NotNow);
        };
        let then =
            if index + 1 < self.total() { vec![lead_in(index + 1, at)] } else { self.after_last(Some(index), at) };
        Ok([vec![Event::QuestionSkipped { index }], then].concat())
    }

    /// From somebody who has a seat already.
    pub(super) fn ask_back(&self, participant: ParticipantId) -> Result<Vec<Event>, Refusal> {
        match self.admission(participant)? {
            Admission::In | Admission::Waiting => Ok(vec![]),
            Admission::Removed if self.locked => Err(Refusal::Locked),
            Admission::Removed if self.door_is_full() => Err(Refusal::Crowded),
            Admission::Removed => Ok(vec![Event::AskedBack { participant }]),
        }
    }

    /// Only once; a quiz on its podium ends with it.
    pub(super) fn continue_in(&self, seen: u32, next: LiveSessionId) -> Result<Vec<Event>, Refusal> {
        self.fresh(seen)?;
        match (self.phase, self.next) {
            (_, Some(_)) => Err(Refusal::Stale),
            (Phase::Podium, None) => Ok(vec![self.ending(), Event::Continued { next }]),
            (Phase::Ended, None) => Ok(vec![Event::Continued { next }]),
            _ => Err(Refusal::NotNow),
        }
    }

    /// As many have come as the host expected, and a tenth more.
    pub(super) fn is_beyond_expected(&self) -> bool {
        let expected = self.config.rules.expected as usize;
        expected > 0 && self.participants.len() >= expected + expected / 10
    }

    pub(super) fn door_is_full(&self) -> bool {
        self.participants.iter().filter(|p| p.admission == Admission::Waiting).count() >= MOST_AT_DOOR
    }

    fn admission(&self, participant: ParticipantId) -> Result<Admission, Refusal> {
        self.participant(participant).map(|p| p.admission).ok_or(Refusal::NotInSession)
    }
}
