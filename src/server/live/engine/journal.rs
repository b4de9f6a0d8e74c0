//! From accepted events to one transaction: the log's entries and what follows from them in the tables.

use super::super::seat::SecretHash;
use crate::{
    domain::live::{
        LiveSessionStatus,
        blitz::{Blitz, Event},
    },
    server::storage::{Append, NewAnswer, NewParticipant, StoreError, Totals},
};

/// What a batch of messages is about to write.
#[derive(Debug, Default)]
pub(super) struct Journal {
    pub append: Append,
}

impl Journal {
    pub fn is_empty(&self) -> bool {
        self.append.events.is_empty()
    }

    /// Applies `event` to `state` and notes what is to be written. `secret` goes with a `Joined`.
    pub fn record(
        &mut self,
        state: &mut Blitz,
        event: &Event,
        at: i64,
        secret: Option<SecretHash>,
    ) -> Result<(), StoreError> {
        let before = state.status;
        state.apply(event, at);
        self.append.events.push((at, json(event)?));
        match event {
            Event::Joined { participant, user, name, name_key } => self.append.joined.push(NewParticipant {
                id: *participant,
                user: *user,
                name: name.clone(),
                name_key: name_key.clone(),
                secret_hash: secret.unwrap_or_default().to_vec(),
                joined_at: at,
            }),
            Event::AnswerSubmitted { participant, index, answer, response_time_ms, correct, points } => {
                let (Some(player), Some(question)) = (state.participant(*participant), state.question(*index)) else {
                    return Ok(());
                };
                self.append.answers.push(NewAnswer {
                    participant: *participant,
                    user: player.user,
                    flashcard: question.card,
                    answer: json(answer)?,
                    is_correct: *correct,
                    response_time_ms: *response_time_ms,
                    points_earned: *points,
                    card_index: *index,
                    submitted_at: at,
                });
                let average = player.response_time_ms / u64::from(player.total_answers.max(1));
                // One row per participant: the newest totals stand.
                self.append.totals.retain(|totals| totals.participant != *participant);
                self.append.totals.push(Totals {
                    participant: *participant,
                    total_score: player.score,
                    correct_answers: player.correct_answers,
                    total_answers: player.total_answers,
                    average_response_time: u32::try_from(average).unwrap_or(u32::MAX),
                });
            }
            Event::QuestionRevealed { .. } | Event::PodiumShown => {
                self.append.ranks = state.participants.iter().filter_map(|p| Some((p.id, p.rank?))).collect();
            }
            _ => {}
        }
        if state.status != before {
            self.append.status = Some((state.status, at));
        }
        Ok(())
    }

    /// The status that the batch led to, when it changed.
    pub fn status(&self) -> Option<LiveSessionStatus> {
        self.append.status.map(|(status, _)| status)
    }
}

pub(super) fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Other(error.to_string()))
}
