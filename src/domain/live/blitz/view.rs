//! What the host and what a player see of the state. Two types: a player's view before the reveal
//! has no place where a key, a solution or somebody's points could be.

use super::{Blitz, LEADERBOARD_ROWS, Participant, Phase};
use crate::domain::{
    ids::{LiveSessionId, ParticipantId},
    live::{
        pin::Pin,
        question::{Answer, OpenQuestion, Question, Solution},
        standings::{Standing, standings},
    },
};
use serde::{Deserialize, Serialize};

/// One row of the leaderboard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaderboardRow {
    pub standing: Standing,
    /// Places won (positive) or lost since the question before.
    pub change: i32,
}

/// Which question of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// From 0.
    pub index: u32,
    pub total: u32,
}

/// Everything a player's phone shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlayerView {
    pub session: LiveSessionId,
    pub title: String,
    pub revision: u32,
    pub players: u32,
    pub me: Me,
    pub phase: PlayerPhase,
}

/// The player's own line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    pub participant: ParticipantId,
    pub name: String,
    /// Without the question that is still open.
    pub score: u32,
    /// `None` before the first reveal.
    pub rank: Option<u32>,
    /// The person just ahead.
    pub ahead: Option<Ahead>,
    pub correct_answers: u32,
}

/// Who is just ahead, and by how many points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ahead {
    pub name: String,
    pub points: u32,
}

/// What the player's answer was worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyResult {
    pub answer: Answer,
    pub correct: bool,
    pub points: u32,
    pub response_time_ms: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlayerPhase {
    Lobby,
    LeadIn {
        progress: Progress,
        prompt: OpenQuestion,
        remaining_ms: u32,
    },
    Answering {
        progress: Progress,
        question: OpenQuestion,
        remaining_ms: u32,
        time_limit_ms: u32,
        /// What was taken, so that a reload shows it again.
        my_answer: Option<Answer>,
    },
    Reveal {
        progress: Progress,
        question: OpenQuestion,
        solution: Solution,
        /// Answers per option; empty for typed answers.
        distribution: Vec<u32>,
        /// `None`: not answered.
        mine: Option<MyResult>,
    },
    Leaderboard {
        progress: Progress,
        rows: Vec<LeaderboardRow>,
    },
    Podium {
        rows: Vec<Standing>,
    },
    Ended {
        completed: bool,
        rows: Vec<Standing>,
    },
}

/// Everything the projector shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostView {
    pub session: LiveSessionId,
    pub title: String,
    /// `None` once the session has ended.
    pub pin: Option<Pin>,
    pub revision: u32,
    pub players: u32,
    pub total: u32,
    pub phase: HostPhase,
}

/// A name in the lobby.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostPlayer {
    pub participant: ParticipantId,
    pub name: String,
    pub connected: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostPhase {
    Lobby {
        players: Vec<HostPlayer>,
    },
    LeadIn {
        progress: Progress,
        prompt: OpenQuestion,
        remaining_ms: u32,
    },
    Answering {
        progress: Progress,
        question: OpenQuestion,
        remaining_ms: u32,
        time_limit_ms: u32,
        answered: u32,
        /// Connected players who are waited for, and those who answered.
        expected: u32,
    },
    Reveal {
        progress: Progress,
        question: OpenQuestion,
        solution: Solution,
        distribution: Vec<u32>,
        correct: u32,
        answered: u32,
    },
    Leaderboard {
        progress: Progress,
        rows: Vec<LeaderboardRow>,
    },
    Podium {
        rows: Vec<Standing>,
    },
    Ended {
        completed: bool,
        rows: Vec<Standing>,
    },
}

impl Blitz {
    /// What the player sees at `at`; `None` for somebody who is not in the session.
    pub fn player_view(
        &self,
        session: LiveSessionId,
        id: ParticipantId,
        at: i64,
        shared: &Shared,
    ) -> Option<PlayerView> {
        let participant = self.participant(id)?;
        Some(PlayerView {
            session,
            title: self.title.clone(),
            revision: self.revision,
            players: count(self.participants.len()),
            me: self.me(participant, shared),
            phase: self.player_phase(participant, at, shared),
        })
    }

    /// What the projector shows at `at`.
    pub fn host_view(
        &self,
        session: LiveSessionId,
        pin: Option<Pin>,
        at: i64,
        shared: &Shared,
        connected: &dyn Fn(ParticipantId) -> bool,
    ) -> HostView {
        HostView {
            session,
            title: self.title.clone(),
            pin: pin.filter(|_| self.phase != Phase::Ended),
            revision: self.revision,
            players: count(self.participants.len()),
            total: self.total(),
            phase: self.host_phase(at, shared, connected),
        }
    }

    /// (answered, expected) of the open question.
    pub fn tally(&self, connected: &dyn Fn(ParticipantId) -> bool) -> (u32, u32) {
        let index = self.phase.index();
        let expected = self
            .participants
            .iter()
            .filter(|p| self.answers.contains_key(&p.id) || (p.joined_during != index && connected(p.id)))
            .count();
        (count(self.answers.len()), count(expected))
    }

    fn me(&self, participant: &Participant, shared: &Shared) -> Me {
        let open = matches!(self.phase, Phase::Answering { .. });
        // The points of an open question would tell whether the answer was right.
        let pending = if open { self.answers.get(&participant.id) } else { None };
        Me {
            participant: participant.id,
            name: participant.name.clone(),
            score: participant.score - pending.map_or(0, |a| a.points),
            rank: participant.rank,
            ahead: if open { None } else { shared.ahead(participant) },
            correct_answers: participant.correct_answers - pending.map_or(0, |a| u32::from(a.correct)),
        }
    }

    fn player_phase(&self, participant: &Participant, at: i64, shared: &Shared) -> PlayerPhase {
        let (hints, total) = (self.config.hints, self.total());
        let asked = |index| self.question(index).map(|q| (q, Progress { index, total }));
        match self.phase {
            Phase::Lobby => PlayerPhase::Lobby,
            Phase::LeadIn { index, opens_at } => asked(index).map_or(PlayerPhase::Lobby, |(question, progress)| {
                PlayerPhase::LeadIn { progress, prompt: prompt(question), remaining_ms: remaining(opens_at, at) }
            }),
            Phase::Answering { index, deadline, .. } => {
                asked(index).map_or(PlayerPhase::Lobby, |(question, progress)| PlayerPhase::Answering {
                    progress,
                    question: question.open(hints),
                    remaining_ms: remaining(deadline, at),
                    time_limit_ms: self.config.time_limit_ms,
                    my_answer: self.answers.get(&participant.id).map(|a| a.answer.clone()),
                })
            }
            Phase::Reveal { index } => {
                asked(index).map_or(PlayerPhase::Lobby, |(question, progress)| PlayerPhase::Reveal {
                    progress,
                    question: question.open(hints),
                    solution: question.solution(),
                    distribution: self.distribution(question),
                    mine: self.answers.get(&participant.id).map(|a| MyResult {
                        answer: a.answer.clone(),
                        correct: a.correct,
                        points: a.points,
                        response_time_ms: a.response_time_ms,
                    }),
                })
            }
            Phase::Leaderboard { index } => {
                PlayerPhase::Leaderboard { progress: Progress { index, total }, rows: shared.leaderboard.clone() }
            }
            Phase::Podium => PlayerPhase::Podium { rows: shared.podium() },
            Phase::Ended => PlayerPhase::Ended { completed: self.completed(), rows: shared.podium() },
        }
    }

    fn host_phase(&self, at: i64, shared: &Shared, connected: &dyn Fn(ParticipantId) -> bool) -> HostPhase {
        let (hints, total) = (self.config.hints, self.total());
        let lobby = || HostPhase::Lobby {
            players: self
                .participants
                .iter()
                .map(|p| HostPlayer { participant: p.id, name: p.name.clone(), connected: connected(p.id) })
                .collect(),
        };
        let asked = |index| self.question(index).map(|q| (q, Progress { index, total }));
        match self.phase {
            Phase::Lobby => lobby(),
            Phase::LeadIn { index, opens_at } => asked(index).map_or_else(lobby, |(question, progress)| {
                HostPhase::LeadIn { progress, prompt: prompt(question), remaining_ms: remaining(opens_at, at) }
            }),
            Phase::Answering { index, deadline, .. } => asked(index).map_or_else(lobby, |(question, progress)| {
                let (answered, expected) = self.tally(connected);
                HostPhase::Answering {
                    progress,
                    question: question.open(hints),
                    remaining_ms: remaining(deadline, at),
                    time_limit_ms: self.config.time_limit_ms,
                    answered,
                    expected,
                }
            }),
            Phase::Reveal { index } => asked(index).map_or_else(lobby, |(question, progress)| HostPhase::Reveal {
                progress,
                question: question.open(hints),
                solution: question.solution(),
                distribution: self.distribution(question),
                correct: count(self.answers.values().filter(|a| a.correct).count()),
                answered: count(self.answers.len()),
            }),
            Phase::Leaderboard { index } => {
                HostPhase::Leaderboard { progress: Progress { index, total }, rows: shared.leaderboard.clone() }
            }
            Phase::Podium => HostPhase::Podium { rows: shared.podium() },
            Phase::Ended => HostPhase::Ended { completed: self.completed(), rows: shared.podium() },
        }
    }

    fn completed(&self) -> bool {
        self.status == crate::domain::live::LiveSessionStatus::Completed
    }

    fn distribution(&self, question: &Question) -> Vec<u32> {
        let mut counts = vec![0; question.open(false).options.len()];
        for submitted in self.answers.values() {
            if let Answer::Choice(index) = submitted.answer
                && let Some(slot) = counts.get_mut(usize::from(index))
            {
                *slot += 1;
            }
        }
        counts
    }
}

/// What all views of one moment share: computed once, not once per player.
#[derive(Clone, Debug)]
pub struct Shared {
    standings: Vec<Standing>,
    leaderboard: Vec<LeaderboardRow>,
}

impl Shared {
    pub fn of(state: &Blitz) -> Self {
        let standings = standings(state.participants.iter().map(|p| (p.id, p.name.as_str(), p.score)));
        let leaderboard = standings
            .iter()
            .take(LEADERBOARD_ROWS)
            .map(|row| {
                let before = state.participant(row.participant).and_then(|p| p.previous_rank);
                let change = before.map_or(0, |before| i64::from(before) - i64::from(row.rank));
                LeaderboardRow { standing: row.clone(), change: i32::try_from(change).unwrap_or(0) }
            })
            .collect();
        Self { standings, leaderboard }
    }

    fn podium(&self) -> Vec<Standing> {
        self.standings.iter().take_while(|row| row.rank <= 3).take(9).cloned().collect()
    }

    fn ahead(&self, participant: &Participant) -> Option<Ahead> {
        // The rows fall by score: the last one above is the person just ahead.
        let better = self.standings.partition_point(|row| row.score > participant.score);
        let row = self.standings.get(better.checked_sub(1)?)?;
        Some(Ahead { name: row.name.clone(), points: row.score - participant.score })
    }
}

/// The question alone: what the lead-in shows.
fn prompt(question: &Question) -> OpenQuestion {
    OpenQuestion { options: vec![], hint: None, ..question.open(false) }
}

fn remaining(until: i64, at: i64) -> u32 {
    u32::try_from((until - at).max(0)).unwrap_or(u32::MAX)
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
