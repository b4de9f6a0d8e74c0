//! The one place that decides whether a command is accepted (rule A1), and what follows from it.

use super::{
    Admission, Blitz, CLAIM_MS, Command, Event, GRACE_MS, MOST_CREDIT_MS, MOST_SEATS, Participant, Phase, Refusal,
    Scoring,
};
use crate::domain::{
    ids::{ParticipantId, UserId},
    live::{
        player_name::PlayerName,
        question::{Answer, AnswerKind, FULL},
        scoring::{speed_points, streak_bonus},
    },
};

impl Blitz {
    /// The events that follow from `command` at `at` (Unix ms), or why it is refused. Total: every command has a
    /// result in every phase. `connected` tells who is on line now.
    /// Changes nothing; the caller appends the events and applies them.
    pub fn decide(
        &self,
        command: &Command,
        at: i64,
        connected: &dyn Fn(ParticipantId) -> bool,
    ) -> Result<Vec<Event>, Refusal> {
        if self.phase == Phase::Ended {
            return match command {
                Command::Tick | Command::Settle | Command::Recover { .. } => Ok(vec![]),
                Command::Continue { seen, next } => self.continue_in(*seen, *next),
                Command::Claim { participant, user } => self.claim(*participant, *user, at),
                _ => Err(Refusal::Ended),
            };
        }
        match command {
            Command::Join { participant, user, name } => self.join(*participant, *user, name, self.approve),
            Command::Knock { participant, user, name } => self.join(*participant, *user, name, true),
            Command::AskBack { participant } => self.ask_back(*participant),
            Command::Start { seen } => self.start(*seen, at),
            Command::Submit { participant, index, answer } => self.submit(*participant, *index, answer, 0, at),
            Command::SubmitOver { participant, index, answer, credit_ms } => {
                self.submit(*participant, *index, answer, *credit_ms, at)
            }
            Command::Next { seen } => self.next(*seen, at, connected),
            Command::End { seen } => self.end(*seen),
            Command::Control { seen, control } => self.control(*seen, *control, at),
            Command::Continue { seen, next } => self.continue_in(*seen, *next),
            Command::Adjust { seen, index, question } => self.adjust(*seen, *index, question),
            Command::Drop { seen, index } => self.drop_question(*seen, *index),
            Command::Claim { participant, user } => self.claim(*participant, *user, at),
            Command::ChooseTeam { participant, team } => self.choose_team(*participant, *team),
            Command::CarryOver { participant, before } => Ok(self.carry_over(*participant, None, Some(*before))),
            Command::TellSure { participant, index, sure } => self.tell_sure(*participant, *index, *sure, at),
            Command::Tick => Ok(self.tick(at, connected)),
            Command::Settle => Ok(self.settle(at, connected)),
            Command::Recover { alive_at } => Ok(self.recover(*alive_at, at)),
        }
    }

    /// `waits`: at the door, until the host lets them in.
    fn join(
        &self,
        participant: ParticipantId,
        user: Option<UserId>,
        name: &PlayerName,
        waits: bool,
    ) -> Result<Vec<Event>, Refusal> {
        if let Some(known) =
            self.participants.iter().find(|p| p.id == participant || (p.user.is_some() && p.user == user))
        {
            return self.ask_back(known.id);
        }
        if self.locked {
            return Err(Refusal::Locked);
        }
        let taken = |key: &str| self.name_keys.contains(key);
        if taken(name.key()) {
            return Err(Refusal::NameTaken { suggestion: name.free_variant(taken) });
        }
        // Whom nobody expects, the host looks at first: beyond them a script finds no seat.
        let waits = waits || user.is_none() && self.is_beyond_expected();
        let (name, name_key) = (name.as_str().to_owned(), name.key().to_owned());
        if self.participants.len() >= MOST_SEATS || waits && self.door_is_full() {
            return Err(Refusal::Crowded);
        }
        let mut events = if waits {
            vec![Event::Knocked { participant, user, name, name_key }]
        } else {
            [vec![Event::Joined { participant, user, name, name_key }], self.assign_teams([participant])].concat()
        };
        events.extend(self.carry_over(participant, user, None));
        Ok(events)
    }

    fn claim(&self, participant: ParticipantId, user: UserId, at: i64) -> Result<Vec<Event>, Refusal> {
        let seat = self.participant(participant).ok_or(Refusal::NotInSession)?;
        let elsewhere = self.participants.iter().any(|p| p.user == Some(user));
        match seat.user {
            Some(owner) if owner == user => Ok(vec![]),
            None if !elsewhere && at - self.last_event_at <= CLAIM_MS => Ok(vec![Event::Claimed { participant, user }]),
            _ => Err(Refusal::NotYours),
        }
    }

    /// The player for whom this question is open at `at`, and since when it is.
    pub(super) fn answering(
        &self,
        participant: ParticipantId,
        index: u32,
        at: i64,
    ) -> Result<(&Participant, i64), Refusal> {
        let player = self.participant(participant).filter(|p| p.admission == Admission::In);
        let player = player.ok_or(Refusal::NotInSession)?;
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
        // What was on its way when the clock stopped still counts.
        if self.paused_at.is_some_and(|since| at > since + GRACE_MS) {
            return Err(Refusal::Paused);
        }
        if at < opened_at {
            return Err(Refusal::TooEarly);
        }
        if self.own_deadline(player, deadline).is_some_and(|own| at > own + GRACE_MS) {
            return Err(Refusal::TooLate);
        }
        Ok((player, opened_at))
    }

    fn submit(
        &self,
        participant: ParticipantId,
        index: u32,
        answer: &Answer,
        credit_ms: u32,
        at: i64,
    ) -> Result<Vec<Event>, Refusal> {
        let (player, opened_at) = self.answering(participant, index, at)?;
        let question = self.question(index).ok_or(Refusal::WrongQuestion)?;
        let answer = &question.read(answer);
        let before = self.answers.get(&participant);
        if before.is_some_and(|before| !self.config.rules.change_answer || before.answer == *answer) {
            return Err(Refusal::AlreadyAnswered);
        }
        if !question.accepts(answer) {
            return Err(Refusal::Malformed);
        }
        let limit = self.limit_ms(index);
        let credit_ms = credit_ms.min(MOST_CREDIT_MS);
        let own_limit = player.extra.limit_ms(limit).unwrap_or(u32::MAX);
        let response_time_ms = u32::try_from(at - opened_at).unwrap_or(own_limit).min(own_limit);
        let correct = question.is_correct(answer);
        let full = match (self.config.rules.scoring, question.kind()) {
            // An estimate is about nearness, not speed.
            (Scoring::Accuracy, _) | (_, AnswerKind::Number) => question.points,
            (Scoring::Speed, _) => {
                let own_ms = response_time_ms.saturating_sub(credit_ms);
                speed_points(question.points, player.extra.scaled(own_ms, limit), limit)
            }
        };
        let points = full * u32::from(question.key.mark(answer)) / u32::from(FULL);
        // A question without points pays nothing, but keeps the streak going.
        // Who has seen the answer earns nothing on top.
        let bonus =
            if correct && question.points > 0 && !self.is_second(index) { self.bonus(player.streak) } else { 0 };
        let answer = answer.clone();
        Ok(vec![if before.is_some() {
            Event::AnswerChanged { participant, index, answer, response_time_ms, correct, points, bonus, credit_ms }
        } else {
            Event::AnswerSubmitted { participant, index, answer, response_time_ms, correct, points, bonus, credit_ms }
        }])
    }

    /// For one more right answer after `streak` of them.
    fn bonus(&self, streak: u32) -> u32 {
        if self.config.rules.streaks { streak_bonus(streak + 1) } else { 0 }
    }
}
