//! From an event to the next state. Total: an event of the log is a fact and is never refused.

use super::{Admission, Blitz, Event, ExtraTime, Participant, Phase, Submitted, TeamState};
use crate::domain::{
    ids::{ParticipantId, UserId},
    live::{LiveSessionStatus, standings::standings},
};
use std::collections::{BTreeMap, BTreeSet};

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
            name_keys: BTreeSet::new(),
            answers: BTreeMap::new(),
            locked: false,
            approve: config.rules.approve,
            paused_at: None,
            auto_at: None,
            revealed: 0,
            next: None,
            last_event_at: at,
            teams: vec![TeamState::default(); config.teams.as_ref().map_or(0, |teams| teams.names.len())],
            absent: BTreeSet::new(),
            overtime: None,
            tallies: BTreeMap::new(),
            second_from: None,
            second_of: vec![],
            answered_at: None,
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
        // A claim is no life of the session: it must not prolong the time for the next one.
        if !matches!(event, Event::Claimed { .. }) {
            self.last_event_at = at;
        }
        match event {
            Event::Created { .. } | Event::Suspended => {}
            Event::Joined { participant, user, name, name_key } => {
                self.seat(*participant, *user, name, name_key, Admission::In);
            }
            Event::Knocked { participant, user, name, name_key } => {
                self.seat(*participant, *user, name, name_key, Admission::Waiting);
            }
            Event::AskedBack { participant } => self.admit(*participant, Admission::Waiting),
            Event::Admitted { participant } => self.admit(*participant, Admission::In),
            Event::Removed { participant } => {
                self.admit(*participant, Admission::Removed);
                // Otherwise a new name would be the way back in.
                self.approve = true;
            }
            Event::LobbyLocked => self.locked = true,
            Event::LobbyUnlocked => self.locked = false,
            Event::LeadInBegan { index, opens_at } => {
                self.status = LiveSessionStatus::Active;
                self.answers.clear();
                self.enter(Phase::LeadIn { index: *index, opens_at: *opens_at });
            }
            Event::QuestionOpened { index, opened_at, deadline, absent } => {
                self.absent = absent.iter().copied().collect();
                self.enter(Phase::Answering { index: *index, opened_at: *opened_at, deadline: *deadline });
            }
            Event::AnswerSubmitted { participant, answer, response_time_ms, correct, points, bonus, .. }
            | Event::AnswerChanged { participant, answer, response_time_ms, correct, points, bonus, .. } => {
                let submitted = Submitted {
                    answer: answer.clone(),
                    response_time_ms: *response_time_ms,
                    correct: *correct,
                    points: *points,
                    bonus: *bonus,
                    // Said of another answer, it says nothing of this one.
                    sure: None,
                };
                self.take(*participant, submitted);
                self.answered_at = Some(at);
            }
            Event::QuestionRevealed { index, .. } => {
                self.revealed += 1;
                self.keep_streaks();
                self.score_teams(*index);
                self.count_wrong(*index);
                self.rank();
                self.enter(Phase::Reveal { index: *index });
                self.wait(at);
            }
            Event::QuestionSkipped { index } => {
                self.tallies.remove(index);
                if matches!(self.phase, Phase::Reveal { .. }) {
                    self.revealed = self.revealed.saturating_sub(1);
                    self.participants.iter_mut().for_each(|p| p.streak = p.previous_streak);
                    self.give_back_teams();
                }
                for (id, submitted) in std::mem::take(&mut self.answers) {
                    self.give_back(id, &submitted);
                }
                self.rank();
            }
            Event::LeaderboardShown { index } => {
                self.enter(Phase::Leaderboard { index: *index });
                self.wait(at);
            }
            Event::PodiumShown => {
                self.rank();
                self.enter(Phase::Podium);
            }
            Event::Ended { completed } => {
                self.status = if *completed { LiveSessionStatus::Completed } else { LiveSessionStatus::Cancelled };
                self.enter(Phase::Ended);
            }
            Event::Recovered { pause_ms } => self.move_times(*pause_ms),
            Event::Paused => {
                self.paused_at = Some(at);
                self.revision += 1;
            }
            Event::Resumed { pause_ms } => {
                self.paused_at = None;
                self.move_times(*pause_ms);
                self.revision += 1;
            }
            Event::Claimed { participant, user } => {
                if let Some(participant) = self.find(*participant) {
                    participant.user = Some(*user);
                }
            }
            Event::Continued { next } => {
                self.next = Some(*next);
                self.revision += 1;
            }
            Event::QuestionAdjusted { index, question } => {
                if let Some(old) = self.questions.get_mut(*index as usize) {
                    *old = (**question).clone();
                }
                self.revision += 1;
            }
            Event::QuestionDropped { index } => {
                if (*index as usize) < self.questions.len() {
                    self.questions.remove(*index as usize);
                }
                self.revision += 1;
            }
            Event::TeamJoined { participant, team } => {
                if let Some(participant) = self.find(*participant) {
                    participant.team = Some(*team);
                }
            }
            Event::ExtraTimeGiven { participant, extra } => {
                if let Some(participant) = self.find(*participant) {
                    participant.extra = *extra;
                }
            }
            Event::SecondChancesDrawn { questions } => self.bring_back(questions),
            Event::SurenessTold { participant, sure, .. } => {
                if let Some(answer) = self.answers.get_mut(participant) {
                    answer.sure = Some(*sure);
                }
            }
            Event::OvertimeBegan { until, .. } => {
                // For some the question is closed now: they are told.
                self.revision += 1;
                self.overtime = Some(*until);
            }
        }
    }

    fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        self.paused_at = None;
        self.auto_at = None;
        self.overtime = None;
        self.answered_at = None;
        self.revision += 1;
    }

    /// Where the host wants it, this phase gives way by itself.
    fn wait(&mut self, at: i64) {
        self.auto_at = self.config.rules.auto_advance_ms.map(|ms| at + i64::from(ms));
    }

    fn seat(&mut self, id: ParticipantId, user: Option<UserId>, name: &str, name_key: &str, admission: Admission) {
        self.index_of.insert(id, self.participants.len());
        self.name_keys.insert(name_key.to_owned());
        self.participants.push(Participant {
            id,
            user,
            name: name.to_owned(),
            admission,
            joined_during: self.open_question(),
            score: 0,
            correct_answers: 0,
            total_answers: 0,
            response_time_ms: 0,
            streak: 0,
            previous_streak: 0,
            previous_rank: None,
            rank: None,
            team: None,
            extra: ExtraTime::None,
        });
    }

    fn admit(&mut self, id: ParticipantId, admission: Admission) {
        let during = self.open_question();
        if let Some(participant) = self.find(id) {
            participant.admission = admission;
            participant.joined_during = during;
        }
    }

    fn open_question(&self) -> Option<u32> {
        if let Phase::Answering { index, .. } = self.phase { Some(index) } else { None }
    }

    fn find(&mut self, id: ParticipantId) -> Option<&mut Participant> {
        self.index_of.get(&id).and_then(|i| self.participants.get_mut(*i))
    }

    /// The points count from the reveal on for everybody to see, but belong to the player from here.
    fn take(&mut self, id: ParticipantId, submitted: Submitted) {
        if let Some(before) = self.answers.remove(&id) {
            self.give_back(id, &before);
        }
        if let Some(participant) = self.find(id) {
            participant.score += submitted.points + submitted.bonus;
            participant.correct_answers += u32::from(submitted.correct);
            participant.total_answers += 1;
            participant.response_time_ms += u64::from(submitted.response_time_ms);
            self.answers.insert(id, submitted);
        }
    }

    fn give_back(&mut self, id: ParticipantId, submitted: &Submitted) {
        if let Some(participant) = self.find(id) {
            participant.score -= submitted.points + submitted.bonus;
            participant.correct_answers -= u32::from(submitted.correct);
            participant.total_answers -= 1;
            participant.response_time_ms -= u64::from(submitted.response_time_ms);
        }
    }

    /// Who did not answer starts anew as well.
    fn keep_streaks(&mut self) {
        for participant in &mut self.participants {
            participant.previous_streak = participant.streak;
            let right = self.answers.get(&participant.id).is_some_and(|answer| answer.correct);
            participant.streak = if right { participant.streak + 1 } else { 0 };
        }
    }

    fn rank(&mut self) {
        let rows = standings(self.players().map(|p| (p.id, p.name.as_str(), p.score)));
        for row in rows {
            if let Some(participant) = self.find(row.participant) {
                participant.previous_rank = participant.rank;
                participant.rank = Some(row.rank);
            }
        }
        self.rank_teams();
    }

    fn move_times(&mut self, by: i64) {
        if let Some(auto_at) = &mut self.auto_at {
            *auto_at += by;
        }
        if let Some(answered_at) = &mut self.answered_at {
            *answered_at += by;
        }
        if let Some(Some(until)) = &mut self.overtime {
            *until += by;
        }
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
