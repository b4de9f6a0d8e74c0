//! The one place that decides whether a command is accepted (rule A1), and what follows from it.

use super::{Blitz, CloseReason, Event, GRACE_MS, LEAD_IN_MS, Phase};
use crate::domain::{
    ids::{ParticipantId, UserId},
    live::{player_name::PlayerName, question::Answer, scoring::speed_points},
};
use serde::{Deserialize, Serialize};

/// What somebody wants. Times, ids and checked names are passed in; roles are checked before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Join {
        participant: ParticipantId,
        user: Option<UserId>,
        name: PlayerName,
    },
    /// From the host, with the revision on the host's screen.
    Start {
        seen: u32,
    },
    Submit {
        participant: ParticipantId,
        index: u32,
        answer: Answer,
    },
    /// From the host: to the next phase.
    Next {
        seen: u32,
    },
    /// From the host: stop here and keep the results.
    End {
        seen: u32,
    },
    /// Time has passed.
    Tick,
    /// Answers came or connections changed: is there still somebody to wait for?
    Settle,
    /// The server is back after being away since the last event.
    Recover,
}

/// Why a command was not carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The session has ended.
    Ended,
    NameTaken {
        suggestion: Option<String>,
    },
    /// The question is not open yet.
    TooEarly,
    /// The question is closed.
    TooLate,
    /// Another question is on.
    WrongQuestion,
    /// Once per question.
    AlreadyAnswered,
    /// Not an answer to this kind of question.
    Malformed,
    /// Not in this session.
    NotInSession,
    /// The screen it came from was out of date; nothing was done.
    Stale,
    /// Nobody has joined yet.
    NobodyHere,
}

impl Blitz {
    /// The events that follow from `command` at `at` (Unix ms), or why it is refused.
    /// `connected` tells who is on line now. Changes nothing; the caller appends the events and applies them.
    pub fn decide(
        &self,
        command: &Command,
        at: i64,
        connected: &dyn Fn(ParticipantId) -> bool,
    ) -> Result<Vec<Event>, Refusal> {
        if self.phase == Phase::Ended {
            return match command {
                Command::Tick | Command::Settle | Command::Recover => Ok(vec![]),
                _ => Err(Refusal::Ended),
            };
        }
        match command {
            Command::Join { participant, user, name } => self.join(*participant, *user, name),
            Command::Start { seen } => self.start(*seen, at),
            Command::Submit { participant, index, answer } => self.submit(*participant, *index, answer, at),
            Command::Next { seen } => self.next(*seen, at),
            Command::End { seen } => self.end(*seen),
            Command::Tick => Ok(self.tick(at)),
            Command::Settle => Ok(self.settle(connected)),
            Command::Recover => Ok(self.recover(at)),
        }
    }

    fn join(&self, participant: ParticipantId, user: Option<UserId>, name: &PlayerName) -> Result<Vec<Event>, Refusal> {
        if self.participants.iter().any(|p| p.id == participant || (p.user.is_some() && p.user == user)) {
            return Ok(vec![]);
        }
        let taken = |key: &str| self.participants.iter().any(|p| p.name_key == key);
        if taken(name.key()) {
            return Err(Refusal::NameTaken { suggestion: name.free_variant(taken) });
        }
        Ok(vec![Event::Joined { participant, user, name: name.as_str().to_owned(), name_key: name.key().to_owned() }])
    }

    fn start(&self, seen: u32, at: i64) -> Result<Vec<Event>, Refusal> {
        self.fresh(seen)?;
        match self.phase {
            Phase::Lobby if self.participants.is_empty() => Err(Refusal::NobodyHere),
            Phase::Lobby => Ok(vec![lead_in(0, at)]),
            _ => Err(Refusal::Stale),
        }
    }

    fn submit(&self, participant: ParticipantId, index: u32, answer: &Answer, at: i64) -> Result<Vec<Event>, Refusal> {
        if self.participant(participant).is_none() {
            return Err(Refusal::NotInSession);
        }
        if let Some(current) = self.phase.index()
            && current != index
        {
            return Err(Refusal::WrongQuestion);
        }
        let (opened_at, deadline) = match self.phase {
            Phase::Answering { opened_at, deadline, .. } => (opened_at, deadline),
            Phase::Lobby | Phase::LeadIn { .. } => return Err(Refusal::TooEarly),
            Phase::Reveal { .. } | Phase::Leaderboard { .. } | Phase::Podium | Phase::Ended => {
                return Err(Refusal::TooLate);
            }
        };
        if at < opened_at {
            return Err(Refusal::TooEarly);
        }
        if at > deadline + GRACE_MS {
            return Err(Refusal::TooLate);
        }
        if self.answers.contains_key(&participant) {
            return Err(Refusal::AlreadyAnswered);
        }
        let question = self.question(index).ok_or(Refusal::WrongQuestion)?;
        if !question.accepts(answer) {
            return Err(Refusal::Malformed);
        }
        let limit = self.config.time_limit_ms;
        let response_time_ms = u32::try_from(at - opened_at).unwrap_or(limit).min(limit);
        let correct = question.is_correct(answer);
        let points = if correct { speed_points(question.points, response_time_ms, limit) } else { 0 };
        Ok(vec![Event::AnswerSubmitted {
            participant,
            index,
            answer: answer.clone(),
            response_time_ms,
            correct,
            points,
        }])
    }

    fn next(&self, seen: u32, at: i64) -> Result<Vec<Event>, Refusal> {
        self.fresh(seen)?;
        match self.phase {
            Phase::Lobby => self.start(seen, at),
            Phase::LeadIn { index, .. } => Ok(vec![self.open(index, at)]),
            Phase::Answering { index, .. } => Ok(vec![Event::QuestionRevealed { index, reason: CloseReason::Host }]),
            Phase::Reveal { index } if index + 1 < self.total() => Ok(vec![Event::LeaderboardShown { index }]),
            Phase::Reveal { .. } => Ok(vec![Event::PodiumShown]),
            Phase::Leaderboard { index } => Ok(vec![lead_in(index + 1, at)]),
            Phase::Podium => Ok(vec![Event::Ended { completed: true }]),
            Phase::Ended => Err(Refusal::Ended),
        }
    }

    fn end(&self, seen: u32) -> Result<Vec<Event>, Refusal> {
        self.fresh(seen)?;
        Ok(match self.phase {
            Phase::Lobby => vec![Event::Ended { completed: false }],
            // The open question is revealed first, so that its answers count.
            Phase::Answering { index, .. } => {
                vec![Event::QuestionRevealed { index, reason: CloseReason::Host }, Event::PodiumShown]
            }
            Phase::LeadIn { index: 0, .. } => vec![Event::Ended { completed: false }],
            Phase::LeadIn { .. } | Phase::Reveal { .. } | Phase::Leaderboard { .. } => vec![Event::PodiumShown],
            Phase::Podium | Phase::Ended => vec![Event::Ended { completed: true }],
        })
    }

    fn tick(&self, at: i64) -> Vec<Event> {
        match self.phase {
            Phase::LeadIn { index, opens_at } if at >= opens_at => vec![self.open(index, opens_at.max(at))],
            Phase::Answering { index, deadline, .. } if at > deadline + GRACE_MS => {
                vec![Event::QuestionRevealed { index, reason: CloseReason::Timer }]
            }
            _ => vec![],
        }
    }

    /// Only who is connected is waited for; nobody is waited for in the question during which they came.
    fn settle(&self, connected: &dyn Fn(ParticipantId) -> bool) -> Vec<Event> {
        let Phase::Answering { index, .. } = self.phase else { return vec![] };
        if self.answers.is_empty() {
            return vec![];
        }
        let waiting = self
            .participants
            .iter()
            .any(|p| !self.answers.contains_key(&p.id) && p.joined_during != Some(index) && connected(p.id));
        if waiting { vec![] } else { vec![Event::QuestionRevealed { index, reason: CloseReason::AllAnswered }] }
    }

    fn recover(&self, at: i64) -> Vec<Event> {
        let pause_ms = at - self.last_event_at;
        if self.phase.wakes_at().is_some() && pause_ms > 0 { vec![Event::Recovered { pause_ms }] } else { vec![] }
    }

    fn open(&self, index: u32, at: i64) -> Event {
        Event::QuestionOpened { index, opened_at: at, deadline: at + i64::from(self.config.time_limit_ms) }
    }

    fn fresh(&self, seen: u32) -> Result<(), Refusal> {
        if seen == self.revision { Ok(()) } else { Err(Refusal::Stale) }
    }
}

fn lead_in(index: u32, at: i64) -> Event {
    Event::LeadInBegan { index, opens_at: at + LEAD_IN_MS }
}
