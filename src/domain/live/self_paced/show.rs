//! What the phone shows of an attempt: the same view as in the room, so that the same screen draws it.

use super::{Attempt, Phase, Round, count};
use crate::domain::{
    ids::LiveSessionId,
    live::{
        blitz::{Me, MyResult, PlayerPhase, PlayerView, Progress},
        question::OpenQuestion,
    },
};

impl Round {
    /// The attempt at `at`. No view before a question is closed has a place for its key.
    pub fn view(&self, session: LiveSessionId, attempt: &Attempt, closes_at: i64, at: i64) -> PlayerView {
        let (score, last) = (attempt.score(), attempt.closed().checked_sub(1));
        PlayerView {
            session,
            title: self.quiz.title.clone(),
            revision: attempt.revision(),
            players: count(self.room.size() + 1),
            me: Me {
                participant: attempt.id,
                name: attempt.name.clone(),
                score,
                rank: last.map(|turn| self.room.rank(turn, score)),
                ahead: last.and_then(|turn| self.room.ahead(turn, score)),
                correct_answers: attempt.correct(),
            },
            next: None,
            phase: self.player_phase(attempt, closes_at, at).unwrap_or(PlayerPhase::Lobby),
            team: None,
        }
    }

    fn player_phase(&self, attempt: &Attempt, closes_at: i64, at: i64) -> Option<PlayerPhase> {
        let remaining = |until: i64| u32::try_from((until - at).max(0)).unwrap_or(u32::MAX);
        let hints = self.quiz.config.hints;
        Some(match attempt.phase(at) {
            Phase::Ready => PlayerPhase::Lobby,
            Phase::LeadIn(turn) => {
                let question = self.question(turn)?;
                PlayerPhase::LeadIn {
                    progress: self.progress(turn),
                    prompt: OpenQuestion { options: vec![], hint: None, ..question.open(false) },
                    remaining_ms: remaining(attempt.turns.get(turn)?.opened_at),
                }
            }
            Phase::Answering(turn) => {
                let limit = self.limit_ms(attempt.extra, turn);
                let deadline = self.deadline(attempt, closes_at, turn);
                PlayerPhase::Answering {
                    progress: self.progress(turn),
                    question: self.question(turn)?.open(hints),
                    // Without a limit both are 0: there is nothing to show.
                    remaining_ms: limit.map_or(0, |_| remaining(deadline)),
                    time_limit_ms: limit.unwrap_or(0),
                    my_answer: None,
                    may_change: false,
                    closed: at > deadline,
                    asks_sure: false,
                    sure: None,
                }
            }
            Phase::Revealed(turn) => {
                let question = self.question(turn)?;
                PlayerPhase::Reveal {
                    progress: self.progress(turn),
                    question: question.open(hints),
                    solution: question.solution(),
                    distribution: self.room.answers(turn).distribution,
                    mine: attempt.taken(turn).map(|taken| MyResult {
                        answer: taken.answer.clone(),
                        correct: taken.correct,
                        points: taken.points,
                        bonus: taken.bonus,
                        response_time_ms: taken.response_time_ms,
                        sure: None,
                    }),
                }
            }
            Phase::Finished => PlayerPhase::Ended {
                completed: true,
                rows: self.room.podium(attempt.id, &attempt.name, attempt.score()),
            },
        })
    }

    fn question(&self, turn: usize) -> Option<&crate::domain::live::question::Question> {
        self.quiz.question(*self.asked.get(turn)?)
    }

    /// Which of how many; second chances are counted on their own, as in the room.
    fn progress(&self, turn: usize) -> Progress {
        let first = self.asked.iter().filter(|index| !self.quiz.is_second(**index)).count();
        let second = turn >= first;
        Progress {
            index: count(turn),
            total: count(if second { self.asked.len() } else { first }),
            first: if second { count(first) } else { 0 },
        }
    }
}
