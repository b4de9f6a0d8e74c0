//! From an event to the next state. Total: an event of the log is a fact and is never refused.

use super::{Blitz, Event, Participant, Phase, Submitted};
use crate::domain::live::{LiveSessionStatus, standings::standings};
use std::collections::BTreeMap;

impl Blitz {
    /// The state after the log's first event; `None` when that is not `Created`.
    pub fn created(event: &Event, at: i64) -> Option<Self> {
        let Event::Created { host, title, config, questions } = event else { return None };
        Some(Self {
            host: *host,
            title: title.clone(),
            config: config.clone(),
            questions: questions.clone(),
            phase: Phase::Lobby,
            revision: 0,
            status: LiveSessionStatus::Waiting,
            participants: vec![],
            index_of: BTreeMap::new(),
            answers: BTreeMap::new(),
            last_event_at: at,
        })
    }

    /// Rebuilds the state from a log of (time, event).
    pub fn replay<'a>(mut log: impl Iterator<Item = &'a (i64, Event)>) -> Option<Self> {
        let (at, first) = log.next()?;
        let mut state = Self::created(first, *at)?;
        for (at, event) in log {
            state.apply(event, *at);
        }
        Some(state)
    }

    /// Applies one event that happened at `at`.
    pub fn apply(&mut self, event: &Event, at: i64) {
        self.last_event_at = at;
        match event {
            Event::Created { .. } | Event::Suspended => {}
            Event::Joined { participant, user, name, name_key } => {
                self.index_of.insert(*participant, self.participants.len());
                self.participants.push(Participant {
                    id: *participant,
                    user: *user,
                    name: name.clone(),
                    name_key: name_key.clone(),
                    joined_during: match self.phase {
                        Phase::Answering { index, .. } => Some(index),
                        _ => None,
                    },
                    score: 0,
                    correct_answers: 0,
                    total_answers: 0,
                    response_time_ms: 0,
                    previous_rank: None,
                    rank: None,
                });
            }
            Event::LeadInBegan { index, opens_at } => {
                self.status = LiveSessionStatus::Active;
                self.answers.clear();
                self.enter(Phase::LeadIn { index: *index, opens_at: *opens_at });
            }
            Event::QuestionOpened { index, opened_at, deadline } => {
                self.enter(Phase::Answering { index: *index, opened_at: *opened_at, deadline: *deadline });
            }
            Event::AnswerSubmitted { participant, answer, response_time_ms, correct, points, .. } => {
                self.take(
                    *participant,
                    Submitted {
                        answer: answer.clone(),
                        response_time_ms: *response_time_ms,
                        correct: *correct,
                        points: *points,
                    },
                );
            }
            Event::QuestionRevealed { index, .. } => {
                self.rank();
                self.enter(Phase::Reveal { index: *index });
            }
            Event::LeaderboardShown { index } => self.enter(Phase::Leaderboard { index: *index }),
            Event::PodiumShown => {
                self.rank();
                self.enter(Phase::Podium);
            }
            Event::Ended { completed } => {
                self.status = if *completed { LiveSessionStatus::Completed } else { LiveSessionStatus::Cancelled };
                self.enter(Phase::Ended);
            }
            Event::Recovered { pause_ms } => self.move_times(*pause_ms),
        }
    }

    fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        self.revision += 1;
    }

    /// The points count from the reveal on for everybody to see, but belong to the player from here.
    fn take(&mut self, id: crate::domain::ids::ParticipantId, submitted: Submitted) {
        if let Some(participant) = self.index_of.get(&id).and_then(|i| self.participants.get_mut(*i)) {
            participant.score += submitted.points;
            participant.correct_answers += u32::from(submitted.correct);
            participant.total_answers += 1;
            participant.response_time_ms += u64::from(submitted.response_time_ms);
            self.answers.insert(id, submitted);
        }
    }

    fn rank(&mut self) {
        let rows = standings(self.participants.iter().map(|p| (p.id, p.name.as_str(), p.score)));
        for row in rows {
            if let Some(participant) = self.index_of.get(&row.participant).and_then(|i| self.participants.get_mut(*i)) {
                participant.previous_rank = participant.rank;
                participant.rank = Some(row.rank);
            }
        }
    }

    fn move_times(&mut self, by: i64) {
        match &mut self.phase {
            Phase::LeadIn { opens_at, .. } => *opens_at += by,
            Phase::Answering { opened_at, deadline, .. } => {
                *opened_at += by;
                *deadline += by;
            }
            _ => {}
        }
    }
}
