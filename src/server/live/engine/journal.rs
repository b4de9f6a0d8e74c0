//! From accepted events to one transaction: the log's entries and what follows from them in the tables.

use super::super::seat::SecretHash;
use crate::{
    domain::{
        ids::ParticipantId,
        live::{
            LiveSessionStatus,
            blitz::{Blitz, Event},
        },
    },
    server::storage::{Append, NewAnswer, NewEvent, NewParticipant, StoreError, Totals},
};
use std::collections::HashMap;
use uuid::Uuid;

/// What a batch of messages is about to write.
#[derive(Debug, Default)]
pub(super) struct Journal {
    pub append: Append,
    /// Where a participant's totals stand in `append.totals`: the newest replace the older ones.
    totals_at: HashMap<ParticipantId, usize>,
}

impl Journal {
    pub fn is_empty(&self) -> bool {
        self.append.events.is_empty() && self.append.secrets.is_empty()
    }

    /// Applies `event` to `state` and notes what is to be written. `secret` goes with a new seat,
    /// `key` with the first event of a command.
    pub fn record(
        &mut self,
        state: &mut Blitz,
        event: &Event,
        at: i64,
        secret: Option<SecretHash>,
        key: Option<Uuid>,
    ) -> Result<(), StoreError> {
        let before = state.status;
        let answered: Vec<ParticipantId> = match event {
            Event::QuestionSkipped { .. } => state.answers.keys().copied().collect(),
            _ => vec![],
        };
        self.append.events.push(NewEvent { at, event: json(event)?, key });
        state.apply(event, at);
        match event {
            Event::Joined { participant, user, name, name_key }
            | Event::Knocked { participant, user, name, name_key } => {
                self.append.joined.push(NewParticipant {
                    id: *participant,
                    user: *user,
                    name: name.clone(),
                    name_key: name_key.clone(),
                    secret_hash: secret.unwrap_or_default().to_vec(),
                    joined_at: at,
                });
                if matches!(event, Event::Knocked { .. }) {
                    self.append.left.push((*participant, Some(at)));
                }
            }
            Event::Claimed { participant, user } => self.append.claimed.push((*participant, *user)),
            Event::Admitted { participant } => self.append.left.push((*participant, None)),
            Event::Removed { participant } => {
                self.append.left.push((*participant, Some(at)));
                self.append.ranks.retain(|(id, _)| id != participant);
            }
            Event::AnswerSubmitted { participant, index, .. } => {
                if let Some(answer) = stored(state, *participant, *index, at)? {
                    self.append.answers.push(answer);
                }
                self.totals(state, *participant);
            }
            Event::AnswerChanged { participant, index, .. } => {
                self.change(state, *participant, *index, at)?;
                self.totals(state, *participant);
            }
            Event::SurenessTold { participant, index, sure } => self.told(*participant, *index, *sure),
            Event::QuestionSkipped { index } => {
                self.append.void.push(*index);
                answered.into_iter().for_each(|participant| self.totals(state, participant));
                self.ranks(state);
            }
            Event::QuestionRevealed { .. } | Event::PodiumShown => self.ranks(state),
            Event::QuestionDropped { .. } => {
                let cards: Vec<_> = state.questions.iter().map(|question| question.card).collect();
                self.append.selected_flashcards = Some(json(&cards)?);
            }
            _ => {}
        }
        if state.status != before {
            self.append.status = Some((state.status, at));
        }
        Ok(())
    }

    /// Another answer than before; answered and changed in one batch, only the last is written.
    fn change(&mut self, state: &Blitz, participant: ParticipantId, index: u32, at: i64) -> Result<(), StoreError> {
        let Some(answer) = stored(state, participant, index, at)? else { return Ok(()) };
        self.append.sureness.retain(|told| (told.0, told.1) != (participant, index));
        match self.waiting(participant, index) {
            Some(waiting) => *waiting = answer,
            None => self.append.changed.push(answer),
        }
        Ok(())
    }

    /// What is said of an answer that stands, or that is about to be written.
    fn told(&mut self, participant: ParticipantId, index: u32, sure: bool) {
        if let Some(waiting) = self.waiting(participant, index) {
            waiting.sure = Some(sure);
            return;
        }
        self.append.sureness.retain(|told| (told.0, told.1) != (participant, index));
        self.append.sureness.push((participant, index, sure));
    }

    fn waiting(&mut self, participant: ParticipantId, index: u32) -> Option<&mut NewAnswer> {
        let mut answers = self.append.answers.iter_mut().chain(&mut self.append.changed);
        answers.find(|answer| answer.participant == participant && answer.card_index == index)
    }

    fn ranks(&mut self, state: &Blitz) {
        self.append.ranks = state.players().filter_map(|p| Some((p.id, p.rank?))).collect();
    }

    /// One row per participant: the newest totals stand.
    fn totals(&mut self, state: &Blitz, participant: ParticipantId) {
        let Some(player) = state.participant(participant) else { return };
        let average = player.response_time_ms / u64::from(player.total_answers.max(1));
        let totals = Totals {
            participant,
            total_score: player.score,
            correct_answers: player.correct_answers,
            total_answers: player.total_answers,
            average_response_time: u32::try_from(average).unwrap_or(u32::MAX),
        };
        let at = *self.totals_at.entry(participant).or_insert(self.append.totals.len());
        match self.append.totals.get_mut(at) {
            Some(older) => *older = totals,
            None => self.append.totals.push(totals),
        }
    }

    /// The status that the batch led to, when it changed.
    pub fn status(&self) -> Option<LiveSessionStatus> {
        self.append.status.map(|(status, _)| status)
    }
}

/// The answer that stands, as a row.
fn stored(state: &Blitz, participant: ParticipantId, index: u32, at: i64) -> Result<Option<NewAnswer>, StoreError> {
    let (Some(player), Some(question), Some(taken)) =
        (state.participant(participant), state.question(index), state.answers.get(&participant))
    else {
        return Ok(None);
    };
    Ok(Some(NewAnswer {
        participant,
        user: player.user,
        flashcard: question.card,
        answer: json(&taken.answer)?,
        is_correct: taken.correct,
        response_time_ms: taken.response_time_ms,
        points_earned: taken.points + taken.bonus,
        card_index: index,
        submitted_at: at,
        sure: taken.sure,
    }))
}

pub(super) fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Other(error.to_string()))
}
