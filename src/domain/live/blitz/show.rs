//! From the state to what each person sees of it at a moment.

use super::{
    Admission, Ahead, Blitz, HostPhase, HostPlayer, HostView, LEADERBOARD_ROWS, LOBBY_NAMES, LeaderboardRow, Me,
    MyResult, Participant, Phase, PlayerPhase, PlayerView, Progress, Refusal, TeamRow,
};
use crate::domain::{
    ids::{LiveSessionId, ParticipantId},
    live::{
        pin::Pin,
        question::{AnswerKind, OpenQuestion, Question},
        standings::{Standing, standings},
    },
};

/// Names at the door that the host sees at once.
const AT_THE_DOOR: usize = 60;

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
            players: shared.players,
            me: self.me(participant, shared),
            next: self.next,
            phase: match participant.admission {
                Admission::In => self.player_phase(participant, at, shared),
                Admission::Waiting => PlayerPhase::AtTheDoor,
                Admission::Removed => PlayerPhase::Removed,
            },
            team: self.team_view(participant, &shared.teams),
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
            players: shared.players,
            total: self.total(),
            step: self.next_step(),
            locked: self.locked,
            waiting: self.at_the_door().take(AT_THE_DOOR).map(|p| host_player(p, connected)).collect(),
            at_the_door: count(self.at_the_door().count()),
            auto_ms: self.auto_at.filter(|_| self.paused_at.is_none()).map(|auto_at| remaining(auto_at, at)),
            paused: self.paused_at.is_some(),
            next: self.next,
            phase: self.host_phase(at, shared, connected),
            teams: shared.teams.clone(),
        }
    }

    /// The question, for a player who has seen its answer: what may be taken along.
    pub fn revealed_to(&self, participant: ParticipantId, index: u32) -> Result<&Question, Refusal> {
        self.participant(participant).filter(|p| p.admission == Admission::In).ok_or(Refusal::NotInSession)?;
        let question = self.question(index).ok_or(Refusal::WrongQuestion)?;
        if self.tallies.contains_key(&index) { Ok(question) } else { Err(Refusal::TooEarly) }
    }

    /// (answered, expected) of the open question.
    pub fn tally(&self, connected: &dyn Fn(ParticipantId) -> bool) -> (u32, u32) {
        let index = self.phase.index();
        let expected = self
            .players()
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
            score: participant.score - pending.map_or(0, |a| a.points + a.bonus),
            rank: participant.rank,
            ahead: if open { None } else { shared.ahead(participant) },
            correct_answers: participant.correct_answers - pending.map_or(0, |a| u32::from(a.correct)),
        }
    }

    fn player_phase(&self, participant: &Participant, at: i64, shared: &Shared) -> PlayerPhase {
        let hints = self.config.hints;
        let asked = |index| self.question(index).map(|q| (q, self.progress(index)));
        if let Some(progress) = self.hidden() {
            return PlayerPhase::Paused { progress };
        }
        match self.phase {
            Phase::Lobby => PlayerPhase::Lobby,
            Phase::LeadIn { index, opens_at } => asked(index).map_or(PlayerPhase::Lobby, |(question, progress)| {
                PlayerPhase::LeadIn { progress, prompt: prompt(question), remaining_ms: remaining(opens_at, at) }
            }),
            Phase::Answering { index, deadline, .. } => {
                asked(index).map_or(PlayerPhase::Lobby, |(question, progress)| PlayerPhase::Answering {
                    progress,
                    question: question.open(hints),
                    // Without a limit both are 0: there is nothing to show.
                    remaining_ms: self.own_deadline(participant, deadline).map_or(0, |own| remaining(own, at)),
                    time_limit_ms: participant.extra.limit_ms(self.limit_ms(index)).unwrap_or(0),
                    my_answer: self.answers.get(&participant.id).map(|a| a.answer.clone()),
                    may_change: self.config.rules.change_answer,
                    closed: self.is_closed_for(participant, at),
                    asks_sure: self.config.rules.confidence,
                    sure: self.answers.get(&participant.id).and_then(|a| a.sure),
                })
            }
            Phase::Reveal { index } => {
                asked(index).map_or(PlayerPhase::Lobby, |(question, progress)| PlayerPhase::Reveal {
                    progress,
                    question: question.open(hints),
                    solution: question.solution(),
                    distribution: shared.distribution.clone(),
                    mine: self.answers.get(&participant.id).map(|a| MyResult {
                        answer: a.answer.clone(),
                        correct: a.correct,
                        points: a.points,
                        bonus: a.bonus,
                        response_time_ms: a.response_time_ms,
                        sure: a.sure,
                    }),
                })
            }
            Phase::Leaderboard { index } => {
                PlayerPhase::Leaderboard { progress: self.progress(index), rows: shared.leaderboard.clone() }
            }
            Phase::Podium => PlayerPhase::Podium { rows: shared.podium() },
            Phase::Ended => PlayerPhase::Ended { completed: self.completed(), rows: shared.podium() },
        }
    }

    fn host_phase(&self, at: i64, shared: &Shared, connected: &dyn Fn(ParticipantId) -> bool) -> HostPhase {
        let hints = self.config.hints;
        let lobby = || HostPhase::Lobby {
            // The newest, and by whole screens: a name keeps its place while others come.
            players: {
                let screens = self.players().count() / LOBBY_NAMES;
                let skip = screens.saturating_sub(1) * LOBBY_NAMES;
                self.players().skip(skip).map(|p| host_player(p, connected)).collect()
            },
        };
        let asked = |index| self.question(index).map(|q| (q, self.progress(index)));
        if let Some(progress) = self.hidden() {
            return HostPhase::Paused { progress };
        }
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
                    time_limit_ms: self.limit_ms(index),
                    answered,
                    expected,
                    closed: self.overtime.is_some(),
                }
            }),
            Phase::Reveal { index } => asked(index).map_or_else(lobby, |(question, progress)| HostPhase::Reveal {
                progress,
                question: question.open(hints),
                solution: question.solution(),
                distribution: shared.distribution.clone(),
                correct: count(self.answers.values().filter(|a| a.correct).count()),
                answered: count(self.answers.len()),
                sure_and_wrong: self.config.rules.confidence.then(|| self.sureness().sure_wrong),
            }),
            Phase::Leaderboard { index } => {
                HostPhase::Leaderboard { progress: self.progress(index), rows: shared.leaderboard.clone() }
            }
            Phase::Podium => HostPhase::Podium { rows: shared.podium() },
            Phase::Ended => HostPhase::Ended { completed: self.completed(), rows: shared.podium() },
        }
    }

    /// The question that nobody sees while the clock stands.
    fn hidden(&self) -> Option<Progress> {
        match self.phase {
            Phase::LeadIn { index, .. } | Phase::Answering { index, .. } if self.paused_at.is_some() => {
                Some(self.progress(index))
            }
            _ => None,
        }
    }

    fn at_the_door(&self) -> impl Iterator<Item = &Participant> {
        self.participants.iter().filter(|p| p.admission == Admission::Waiting)
    }

    fn completed(&self) -> bool {
        self.status == crate::domain::live::LiveSessionStatus::Completed
    }

    fn distribution(&self, question: &Question) -> Vec<u32> {
        if question.kind() == AnswerKind::Order {
            return vec![];
        }
        let taken = |option: u8| self.answers.values().filter(|submitted| submitted.answer.takes(option)).count();
        (0u8..).zip(question.key.options()).map(|(option, _)| count(taken(option))).collect()
    }
}

/// What all views of one moment share: computed once, not once per player.
#[derive(Clone, Debug)]
pub struct Shared {
    players: u32,
    standings: Vec<Standing>,
    leaderboard: Vec<LeaderboardRow>,
    teams: Vec<TeamRow>,
    /// Of the question that is revealed.
    distribution: Vec<u32>,
}

impl Shared {
    pub fn of(state: &Blitz) -> Self {
        let standings = standings(state.players().map(|p| (p.id, p.name.as_str(), p.score)));
        let leaderboard = standings
            .iter()
            .take(LEADERBOARD_ROWS)
            .map(|row| {
                let before = state.participant(row.participant).and_then(|p| p.previous_rank);
                let change = before.map_or(0, |before| i64::from(before) - i64::from(row.rank));
                LeaderboardRow { standing: row.clone(), change: i32::try_from(change).unwrap_or(0) }
            })
            .collect();
        let distribution = match state.phase {
            Phase::Reveal { index } => state.question(index).map(|question| state.distribution(question)),
            _ => None,
        };
        Self {
            players: count(state.players().count()),
            standings,
            leaderboard,
            teams: state.team_rows(),
            distribution: distribution.unwrap_or_default(),
        }
    }

    pub(super) fn podium(&self) -> Vec<Standing> {
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

fn host_player(participant: &Participant, connected: &dyn Fn(ParticipantId) -> bool) -> HostPlayer {
    HostPlayer {
        participant: participant.id,
        name: participant.name.clone(),
        connected: connected(participant.id),
        team: participant.team,
    }
}
