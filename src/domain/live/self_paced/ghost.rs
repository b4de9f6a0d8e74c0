//! The room's ghost: what everybody who was there had after each question, and how they answered it.

use super::{Round, count};
use crate::domain::{
    ids::ParticipantId,
    live::{
        blitz::{Ahead, Blitz},
        question::AnswerKind,
        report::{Player, Stored},
        standings::{Standing, standings},
    },
};
use serde::{Deserialize, Serialize};
use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap},
};

/// Whoever was in the room.
#[derive(Clone, Debug, Default)]
pub struct Room {
    /// In the order of joining.
    players: Vec<Ghost>,
    /// One per question of the round.
    answers: Vec<RoomAnswers>,
}

#[derive(Clone, Debug)]
struct Ghost {
    id: ParticipantId,
    name: String,
    /// Points after each question of the round.
    after: Vec<u32>,
}

/// How the room answered a question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomAnswers {
    pub answered: u32,
    pub correct: u32,
    /// Answers per option; empty for typed answers.
    pub distribution: Vec<u32>,
}

impl Round {
    /// From a quiz that is over: its last state, the numbers of the questions that counted, who played and what they
    /// answered.
    pub fn of(quiz: Blitz, counted: &BTreeSet<u32>, players: &[Player], answers: &[Stored]) -> Self {
        let carried = quiz.config.carried.clone();
        let quiz = quiz.without_people();
        let asked: Vec<u32> = counted.iter().copied().filter(|index| quiz.question(*index).is_some()).collect();
        let room = Room::of(&quiz, &asked, players, answers);
        Self { quiz, asked, room, carried }
    }
}

impl Room {
    fn of(quiz: &Blitz, asked: &[u32], players: &[Player], answers: &[Stored]) -> Self {
        let points: HashMap<(ParticipantId, u32), u32> =
            answers.iter().map(|answer| ((answer.participant, answer.index), answer.points)).collect();
        let ghosts = players.iter().map(|player| {
            let mut score = 0;
            let after = asked.iter().map(|index| {
                score += points.get(&(player.id, *index)).copied().unwrap_or(0);
                score
            });
            Ghost { id: player.id, name: player.name.clone(), after: after.collect() }
        });
        let ghosts = ghosts.collect();
        let there: BTreeSet<ParticipantId> = players.iter().map(|player| player.id).collect();
        let of_question = |index: &u32| {
            let given: Vec<&Stored> =
                answers.iter().filter(|a| a.index == *index && there.contains(&a.participant)).collect();
            let question = quiz.question(*index).filter(|question| question.kind() != AnswerKind::Order);
            let options = question.map_or(0, |question| question.key.options().len());
            let takes = |option: usize| {
                let option = u8::try_from(option).unwrap_or(u8::MAX);
                count(given.iter().filter(|answer| answer.answer.takes(option)).count())
            };
            RoomAnswers {
                answered: count(given.len()),
                correct: count(given.iter().filter(|answer| answer.correct).count()),
                distribution: (0..options).map(takes).collect(),
            }
        };
        Self { players: ghosts, answers: asked.iter().map(of_question).collect() }
    }

    /// How many were in the room.
    pub fn size(&self) -> usize {
        self.players.len()
    }

    /// How the room answered a question of the round.
    pub fn answers(&self, turn: usize) -> RoomAnswers {
        self.answers.get(turn).cloned().unwrap_or_default()
    }

    /// The place that `score` would have had in the room after this question.
    pub fn rank(&self, turn: usize, score: u32) -> u32 {
        count(self.scores(turn).filter(|other| *other > score).count()).saturating_add(1)
    }

    /// Who would have been just ahead.
    pub(super) fn ahead(&self, turn: usize, score: u32) -> Option<Ahead> {
        let scored = self.players.iter().filter_map(|ghost| Some((*ghost.after.get(turn)?, ghost)));
        // Of equals whoever joined last stands last in the list, next to us.
        let nearest = scored.filter(|(other, _)| *other > score).min_by_key(|(other, _)| *other)?;
        Some(Ahead { name: nearest.1.name.clone(), points: nearest.0 - score })
    }

    /// The first three places of the whole quiz, with somebody who played alone among the room.
    pub(super) fn podium(&self, me: ParticipantId, name: &str, score: u32) -> Vec<Standing> {
        let last = |ghost: &Ghost| ghost.after.last().copied().unwrap_or(0);
        let room = self.players.iter().map(|ghost| (ghost.id, ghost.name.as_str(), last(ghost)));
        let mut rows = standings(room.chain([(me, name, score)]));
        rows.sort_by_key(|row| (Reverse(row.score), row.participant != me));
        rows.into_iter().take_while(|row| row.rank <= 3).take(9).collect()
    }

    fn scores(&self, turn: usize) -> impl Iterator<Item = u32> {
        self.players.iter().filter_map(move |ghost| ghost.after.get(turn).copied())
    }
}
