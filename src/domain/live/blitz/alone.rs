//! A question of the quiz put to one person outside of the room: accepted and scored by the quiz's own rules.

use super::{Blitz, Command, Event, ExtraTime, Phase, Refusal, Submitted};
use crate::domain::{ids::ParticipantId, live::question::Answer};
use uuid::Uuid;

/// What the rules need to know of who answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lone {
    /// Right answers in a row before this question.
    pub streak: u32,
    pub extra: ExtraTime,
}

impl Blitz {
    /// The quiz without its people: its questions and its rules. Nobody waits for anybody in it, so an answer stands.
    pub fn without_people(mut self) -> Self {
        self.participants.clear();
        self.index_of.clear();
        self.name_keys.clear();
        self.answers.clear();
        self.absent.clear();
        self.teams.clear();
        (self.locked, self.approve) = (false, false);
        (self.paused_at, self.auto_at, self.overtime) = (None, None, None);
        (self.answered_at, self.config.rules.expected) = (None, 0);
        (self.config.teams, self.config.carried) = (None, vec![]);
        (self.config.rules.change_answer, self.config.rules.confidence) = (false, false);
        self
    }

    /// What `answer`, come at `at` to the question that was opened at `opened_at`, is worth; or why it does not count.
    /// For a quiz [`Self::without_people`].
    pub fn judge(
        &self,
        lone: Lone,
        index: u32,
        answer: &Answer,
        opened_at: i64,
        at: i64,
    ) -> Result<Submitted, Refusal> {
        let mut quiz = self.clone();
        let participant = ParticipantId(Uuid::nil());
        let (name, name_key) = (String::new(), String::new());
        quiz.apply(&Event::Joined { participant, user: None, name, name_key }, opened_at);
        for seat in &mut quiz.participants {
            (seat.streak, seat.extra) = (lone.streak, lone.extra);
        }
        quiz.phase = Phase::Answering { index, opened_at, deadline: opened_at + i64::from(self.limit_ms(index)) };
        let command = Command::Submit { participant, index, answer: answer.clone() };
        for event in quiz.decide(&command, at, &|_| true)? {
            quiz.apply(&event, at);
        }
        quiz.answers.remove(&participant).ok_or(Refusal::Malformed)
    }
}
