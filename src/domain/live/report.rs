//! What a quiz shows afterwards: per question how hard it was, how well it told good from weak, which wrong options
//! nobody took and how long people took; per learner what was right.

use super::{
    blitz::{Sureness, TeamRow},
    question::{Answer, AnswerKind, Question, Rich, Worth},
};
use crate::domain::ids::ParticipantId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// Fewer answers say nothing about how well a question tells learners apart.
pub const FEW_ANSWERS: usize = 5;
/// Typed answers that are listed by name.
const TYPED: usize = 8;

/// A whole quiz.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub questions: Vec<QuestionReport>,
    /// Best first.
    pub learners: Vec<LearnerReport>,
    /// Right among all answers given, in thousandths.
    pub right: Option<u16>,
    /// Best first; empty: no teams.
    pub teams: Vec<TeamRow>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionReport {
    /// From 0, as asked.
    pub index: u32,
    pub kind: AnswerKind,
    pub prompt: Rich,
    /// The right answer in words.
    pub solution: Rich,
    /// Options with the number who took them; for typed answers the most frequent ones.
    pub given: Vec<Given>,
    pub answered: u32,
    pub correct: u32,
    /// Difficulty: right among the answers given, in thousandths. `None` without answers.
    pub right: Option<u16>,
    /// Discrimination: correlation of being right here with being right in the other questions, in thousandths.
    /// `None` with fewer than [`FEW_ANSWERS`] answers, or when all did the same.
    pub discrimination: Option<i16>,
    /// First quartile, median and third quartile of the time to answer, ms.
    pub times: Option<[u32; 3]>,
    pub worth: Worth,
    /// Number of the question that was asked here for the second time.
    pub second_of: Option<u32>,
    /// How sure they were and whether they were right; `None` when nobody said it.
    pub sureness: Option<Sureness>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    pub text: Rich,
    pub count: u32,
    pub right: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearnerReport {
    pub participant: ParticipantId,
    pub name: String,
    pub guest: bool,
    pub rank: u32,
    pub score: u32,
    pub correct: u32,
    pub answered: u32,
    /// Mean time to answer, ms; 0 without answers.
    pub average_ms: u32,
    /// One per question of the report, in its order.
    pub answers: Vec<Option<LearnerAnswer>>,
    /// Name of the team.
    pub team: Option<String>,
    /// Played later, alone: when last, Unix ms. `None`: in the room.
    pub self_paced: Option<i64>,
    /// As for a question.
    pub sureness: Option<Sureness>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearnerAnswer {
    /// In words.
    pub text: String,
    pub correct: bool,
    pub points: u32,
    pub response_time_ms: u32,
    /// `None`: not asked, or not said.
    pub sure: Option<bool>,
}

/// Somebody who played.
#[derive(Clone, Debug)]
pub struct Player {
    pub id: ParticipantId,
    pub name: String,
    pub guest: bool,
    /// Name of the team.
    pub team: Option<String>,
}

/// An answer as stored.
#[derive(Clone, Debug)]
pub struct Stored {
    pub participant: ParticipantId,
    pub index: u32,
    pub answer: Answer,
    pub correct: bool,
    pub points: u32,
    pub response_time_ms: u32,
    /// `None`: not asked, or not said.
    pub sure: Option<bool>,
}

impl QuestionReport {
    /// Wrong options that nobody took: they make the question easier than it looks.
    pub fn unused(&self) -> impl Iterator<Item = &Given> {
        let choice = matches!(self.kind, AnswerKind::Choice | AnswerKind::Several) && self.answered > 0;
        self.given.iter().filter(move |given| choice && !given.right && given.count == 0)
    }

    /// Worth a look by whoever keeps the deck: the weak were right more often than the strong.
    pub fn is_suspect(&self) -> bool {
        self.discrimination.is_some_and(|r| r < 0)
    }
}

/// Figures of a quiz from its questions (those that were revealed and count, with their numbers), its players in the
/// order of joining, and their answers.
pub fn report(asked: &[(u32, &Question)], players: &[Player], answers: &[Stored]) -> Report {
    let mut of: HashMap<(ParticipantId, u32), &Stored> = HashMap::new();
    let mut rights: HashMap<ParticipantId, u32> = HashMap::new();
    for answer in answers {
        of.insert((answer.participant, answer.index), answer);
        *rights.entry(answer.participant).or_default() += u32::from(answer.correct);
    }
    let questions: Vec<QuestionReport> = asked
        .iter()
        .map(|(index, question)| {
            let given: Vec<&Stored> =
                players.iter().filter_map(|player| of.get(&(player.id, *index)).copied()).collect();
            about_question(*index, question, &given, &rights)
        })
        .collect();
    let (answered, correct) = questions.iter().fold((0, 0), |(n, right), q| (n + q.answered, right + q.correct));
    let learners = about_learners(asked, players, &of);
    Report { right: share(correct, answered), questions, learners, teams: vec![] }
}

fn about_question(
    index: u32,
    question: &Question,
    answers: &[&Stored],
    rights: &HashMap<ParticipantId, u32>,
) -> QuestionReport {
    let answered = count(answers.len());
    let correct = count(answers.iter().filter(|a| a.correct).count());
    let mut times: Vec<u32> = answers.iter().map(|a| a.response_time_ms).collect();
    times.sort_unstable();
    let quartile = |n: usize| times.get((times.len() * n).div_ceil(4).saturating_sub(1)).copied();
    // Without the question itself: it would speak for itself.
    let pairs: Vec<(bool, f64)> = answers
        .iter()
        .map(|a| {
            let others = rights.get(&a.participant).copied().unwrap_or(0) - u32::from(a.correct);
            (a.correct, f64::from(others))
        })
        .collect();
    QuestionReport {
        index,
        kind: question.kind(),
        prompt: question.prompt.clone(),
        solution: question.solution().answer,
        given: given(question, answers),
        answered,
        correct,
        right: share(correct, answered),
        discrimination: point_biserial(&pairs),
        second_of: None,
        times: quartile(1).zip(quartile(2)).zip(quartile(3)).map(|((a, b), c)| [a, b, c]),
        worth: Worth::of(question.points),
        sureness: Sureness::of(answers.iter().map(|a| (a.sure, a.correct))),
    }
}

fn given(question: &Question, answers: &[&Stored]) -> Vec<Given> {
    let options = question.open(false).options;
    if matches!(question.kind(), AnswerKind::Choice | AnswerKind::Several) {
        return (0u8..)
            .zip(options)
            .map(|(option, text)| Given {
                text,
                count: count(answers.iter().filter(|a| a.answer.takes(option)).count()),
                right: question.holds(option),
            })
            .collect();
    }
    // Typed alike is one answer, shown as it was typed first.
    let mut typed: BTreeMap<String, Given> = BTreeMap::new();
    for answer in answers {
        let text = question.in_words(&answer.answer);
        let entry = typed.entry(super::answer_text::key(&text));
        entry.or_insert_with(|| Given { text: Rich::plain(text), count: 0, right: answer.correct }).count += 1;
    }
    let mut typed: Vec<Given> = typed.into_values().collect();
    typed.sort_by_key(|given| std::cmp::Reverse(given.count));
    typed.truncate(TYPED);
    typed
}

fn about_learners(
    questions: &[(u32, &Question)],
    players: &[Player],
    of: &HashMap<(ParticipantId, u32), &Stored>,
) -> Vec<LearnerReport> {
    let answers: Vec<Vec<Option<&Stored>>> = players
        .iter()
        .map(|player| questions.iter().map(|(index, _)| of.get(&(player.id, *index)).copied()).collect())
        .collect();
    let score = |mine: &[Option<&Stored>]| mine.iter().flatten().map(|a| a.points).sum::<u32>();
    let ranked = super::standings::standings(
        players.iter().zip(&answers).map(|(player, mine)| (player.id, player.name.as_str(), score(mine))),
    );
    let place: HashMap<ParticipantId, usize> = players.iter().enumerate().map(|(i, p)| (p.id, i)).collect();
    ranked
        .into_iter()
        .filter_map(|row| {
            let at = *place.get(&row.participant)?;
            let (player, mine) = (players.get(at)?, answers.get(at)?);
            let total: u64 = mine.iter().flatten().map(|a| u64::from(a.response_time_ms)).sum();
            let answered = count(mine.iter().flatten().count());
            Some(LearnerReport {
                participant: row.participant,
                name: row.name,
                guest: player.guest,
                rank: row.rank,
                score: row.score,
                correct: count(mine.iter().flatten().filter(|a| a.correct).count()),
                answered,
                average_ms: u32::try_from(total / u64::from(answered.max(1))).unwrap_or(u32::MAX),
                answers: mine
                    .iter()
                    .zip(questions)
                    .map(|(answer, (_, question))| answer.map(|answer| in_words(question, answer)))
                    .collect(),
                team: player.team.clone(),
                self_paced: None,
                sureness: Sureness::of(mine.iter().flatten().map(|a| (a.sure, a.correct))),
            })
        })
        .collect()
}

fn in_words(question: &Question, stored: &Stored) -> LearnerAnswer {
    LearnerAnswer {
        text: question.in_words(&stored.answer),
        correct: stored.correct,
        points: stored.points,
        response_time_ms: stored.response_time_ms,
        sure: stored.sure,
    }
}

/// Point-biserial correlation in thousandths: (M₁ − M₀) / s · √(p·q), with the population's deviation.
/// Source: any textbook on classical test theory; the same as Pearson's r with a 0/1 variable.
fn point_biserial(pairs: &[(bool, f64)]) -> Option<i16> {
    if pairs.len() < FEW_ANSWERS {
        return None;
    }
    let n = pairs.len() as f64;
    let mean = |right: bool| {
        let group: Vec<f64> = pairs.iter().filter(|pair| pair.0 == right).map(|pair| pair.1).collect();
        (!group.is_empty()).then(|| (group.iter().sum::<f64>() / group.len() as f64, group.len() as f64 / n))
    };
    let ((m1, p), (m0, q)) = (mean(true)?, mean(false)?);
    let all = pairs.iter().map(|pair| pair.1).sum::<f64>() / n;
    let deviation = (pairs.iter().map(|pair| (pair.1 - all).powi(2)).sum::<f64>() / n).sqrt();
    (deviation > 0.0).then(|| ((m1 - m0) / deviation * (p * q).sqrt() * 1000.0).round() as i16)
}

/// In thousandths, rounded.
fn share(part: u32, whole: u32) -> Option<u16> {
    (whole > 0)
        .then(|| u16::try_from((u64::from(part) * 1000 + u64::from(whole) / 2) / u64::from(whole)).unwrap_or(1000))
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ids::CardId, live::question::Key};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn question(n: u128) -> Question {
        Question {
            card: CardId(Uuid::from_u128(n)),
            prompt: Rich::plain(format!("prompt {n}")),
            key: Key::Choice { options: ["a", "b", "c"].map(Rich::plain).to_vec(), correct: 0 },
            hint: None,
            explanation: None,
            points: 1000,
            adjusted: Default::default(),
        }
    }

    /// Pearson's r, straight from its definition.
    fn pearson(pairs: &[(f64, f64)]) -> f64 {
        let n = pairs.len() as f64;
        let (mx, my) = (pairs.iter().map(|p| p.0).sum::<f64>() / n, pairs.iter().map(|p| p.1).sum::<f64>() / n);
        let cov: f64 = pairs.iter().map(|p| (p.0 - mx) * (p.1 - my)).sum();
        let (vx, vy): (f64, f64) =
            (pairs.iter().map(|p| (p.0 - mx).powi(2)).sum(), pairs.iter().map(|p| (p.1 - my).powi(2)).sum());
        cov / (vx * vy).sqrt()
    }

    #[test]
    fn four_answers_say_nothing_about_who_knows_more() {
        let pairs: Vec<(bool, f64)> = (0..5).map(|n| (n % 2 == 0, f64::from(n))).collect();
        assert_eq!(point_biserial(&pairs[..4]), None);
        assert!(point_biserial(&pairs).is_some());
    }

    proptest! {
        #[test]
        fn figures_are_what_their_definitions_say(
            table in prop::collection::vec(prop::collection::vec(prop::option::of((0u8..3, 0u32..20_000, prop::option::of(any::<bool>()))), 4), 0..25),
        ) {
            let players: Vec<Player> = (0..table.len())
                .map(|n| Player { id: ParticipantId(Uuid::from_u128(n as u128)), name: n.to_string(), guest: true, team: None })
                .collect();
            let mut answers = vec![];
            for (player, row) in players.iter().zip(&table) {
                for (index, cell) in (0u32..).zip(row) {
                    if let Some((option, ms, sure)) = cell {
                        let correct = *option == 0;
                        answers.push(Stored {
                            participant: player.id, index, answer: Answer::Choice(*option), correct,
                            points: if correct { 500 } else { 0 }, response_time_ms: *ms, sure: *sure,
                        });
                    }
                }
            }
            let questions: Vec<Question> = (0..4).map(question).collect();
            let numbered: Vec<(u32, &Question)> = (0u32..).zip(&questions).collect();
            let report = report(&numbered, &players, &answers);
            prop_assert_eq!(report.learners.len(), players.len());
            for learner in &report.learners {
                let row = &table[learner.participant.0.as_u128() as usize];
                let count = |sure: bool, right: bool| {
                    row.iter().flatten().filter(|cell| cell.2 == Some(sure) && (cell.0 == 0) == right).count() as u32
                };
                let counts = [count(true, true), count(true, false), count(false, true), count(false, false)];
                prop_assert_eq!(learner.sureness.map_or([0; 4], |all| all.counts()), counts);
            }
            for (index, about) in report.questions.iter().enumerate() {
                let cells: Vec<(usize, u8, u32)> = table.iter().enumerate()
                    .filter_map(|(n, row)| row[index].map(|(option, ms, _)| (n, option, ms))).collect();
                prop_assert_eq!(about.answered as usize, cells.len());
                let right = cells.iter().filter(|cell| cell.1 == 0).count() as f64;
                let share = (!cells.is_empty()).then(|| (right / cells.len() as f64 * 1000.0).round() as u16);
                prop_assert_eq!(about.right, share);
                prop_assert_eq!(about.given.iter().map(|g| g.count).sum::<u32>(), about.answered);
                let unused = (1..3u8).filter(|o| cells.iter().all(|c| c.1 != *o)).count();
                prop_assert_eq!(about.unused().count(), if cells.is_empty() { 0 } else { unused });
                let pairs: Vec<(f64, f64)> = cells.iter().map(|(n, option, _)| {
                    let others = table[*n].iter().enumerate()
                        .filter(|(i, cell)| *i != index && cell.is_some_and(|c| c.0 == 0)).count();
                    (if *option == 0 { 1.0 } else { 0.0 }, others as f64)
                }).collect();
                let r = pearson(&pairs);
                match about.discrimination {
                    Some(found) => prop_assert!((f64::from(found) / 1000.0 - r).abs() < 0.0011, "{} {}", found, r),
                    None => prop_assert!(pairs.len() < FEW_ANSWERS || r.is_nan(), "{}", r),
                }
                let misled = table.iter().filter(|row| matches!(row[index], Some((1.., _, Some(true))))).count();
                prop_assert_eq!(about.sureness.map_or(0, |all| all.sure_wrong) as usize, misled);
                let said = table.iter().filter(|row| matches!(row[index], Some((_, _, Some(_))))).count();
                prop_assert_eq!(about.sureness.map_or(0, |all| all.counts().iter().sum::<u32>()) as usize, said);
                if let Some([first, median, third]) = about.times {
                    let below = |t: u32| cells.iter().filter(|c| c.2 <= t).count() * 4;
                    prop_assert!(first <= median && median <= third);
                    prop_assert!(below(first) >= cells.len() && below(median) >= 2 * cells.len() && below(third) >= 3 * cells.len());
                }
            }
        }
    }
}
