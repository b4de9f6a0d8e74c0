//! The rules by random play: whatever people, the host and the clock do, the invariants hold and the log replays.

use super::{tests::*, *};
use crate::domain::live::{
    player_name::PlayerName,
    question::{Key, Rich},
    scoring::MOST_STREAK_BONUS,
};
use proptest::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

/// One random step of a session: a command of somebody, right or wrong, at a time that never runs back.
#[derive(Clone, Debug)]
enum Step {
    Join(u8),
    Answer { player: u8, index: u32, option: u8 },
    Next { stale: bool },
    End,
    Tick,
    Settle { online: u8 },
    Recover,
    Control(Control),
    Adjust { index: u32, points: u32, swap: u8 },
    Drop(u32),
    Team(u8, u8),
    Sure { player: u8, index: u32, sure: bool },
}

fn any_extra() -> impl Strategy<Value = ExtraTime> {
    (0usize..4).prop_map(|n| ExtraTime::ALL[n])
}

fn any_control() -> impl Strategy<Value = Control> {
    prop_oneof![
        (0u8..6, any_extra()).prop_map(|(n, extra)| Control::ExtraTime { participant: player(n), extra }),
        Just(Control::Lock),
        Just(Control::Unlock),
        (0u8..6).prop_map(|n| Control::Admit { participant: player(n) }),
        Just(Control::AdmitAll),
        (0u8..6).prop_map(|n| Control::Remove { participant: player(n) }),
        Just(Control::Pause),
        Just(Control::Resume),
        Just(Control::Skip),
    ]
}

fn any_teams() -> impl Strategy<Value = Option<Teams>> {
    let names = ["Red", "Blue", "Green"];
    prop::option::of((2usize..4, any::<bool>()).prop_map(move |(n, chosen)| Teams {
        names: names.iter().take(n).map(|name| (*name).to_owned()).collect(),
        chosen,
    }))
}

fn any_rules() -> impl Strategy<Value = Rules> {
    (any::<bool>(), prop::option::of(1_000u32..20_000), 0u32..3, any::<[bool; 5]>(), 0u32..4).prop_map(
        |(
            approve,
            auto_advance_ms,
            leaderboard_every,
            [accuracy, streaks, change_answer, second_chance, confidence],
            expected,
        )| Rules {
            approve,
            auto_advance_ms,
            leaderboard_every,
            scoring: if accuracy { Scoring::Accuracy } else { Scoring::Speed },
            streaks,
            change_answer,
            second_chance,
            confidence,
            expected,
        },
    )
}

fn step() -> impl Strategy<Value = (Step, i64)> {
    let step = prop_oneof![
        2 => (0u8..5).prop_map(Step::Join),
        6 => (0u8..6, 0u32..4, 0u8..6).prop_map(|(player, index, option)| Step::Answer { player, index, option }),
        5 => prop::bool::weighted(0.2).prop_map(|stale| Step::Next { stale }),
        1 => Just(Step::End),
        4 => Just(Step::Tick),
        3 => (0u8..32).prop_map(|online| Step::Settle { online }),
        1 => Just(Step::Recover),
        3 => any_control().prop_map(Step::Control),
        2 => (0u32..4, 0u32..4, 0u8..5).prop_map(|(index, n, swap)| Step::Adjust { index, points: n * 1_000, swap }),
        1 => (0u32..4).prop_map(Step::Drop),
        2 => (0u8..5, 0u8..4).prop_map(|(n, team)| Step::Team(n, team)),
        4 => (0u8..5, 0u32..4, any::<bool>()).prop_map(|(player, index, sure)| Step::Sure { player, index, sure }),
    ];
    (step, prop_oneof![0i64..3_000, 3_000i64..30_000])
}

/// The points that a log gives, counted without the state machine: the last answer of each to each question that
/// was not taken back.
fn sum_of(log: &[(i64, Event)]) -> u32 {
    let mut standing = BTreeMap::new();
    for (_, event) in log {
        match event {
            Event::AnswerSubmitted { participant, index, points, bonus, .. }
            | Event::AnswerChanged { participant, index, points, bonus, .. } => {
                standing.insert((*index, *participant), points + bonus);
            }
            Event::QuestionSkipped { index } => standing.retain(|(of, _), _| of != index),
            _ => {}
        }
    }
    standing.values().sum()
}

proptest! {
    #[test]
    fn random_play_keeps_the_rules(rules in any_rules(), teams in any_teams(), steps in prop::collection::vec(step(), 0..120)) {
        let first = Event::Created {
            host: UserId(Uuid::from_u128(99)),
            title: "Capitals".into(),
            config: BlitzConfig { teams: teams.clone(), ..quiz_with(rules, vec![]).config },
            questions: vec![choice(0), choice(1), choice(2)],
        };
        let mut log = vec![(T, first)];
        let mut state = Blitz::replay(log.iter()).expect("starts");
        let mut at = T;
        let mut revealed = BTreeSet::new();
        for (step, pause) in steps {
            at += pause;
            let seen = state.revision;
            let (command, online) = match step {
                Step::Join(n) => {
                    let name = PlayerName::parse(&format!("Player {}", (b'a' + n) as char), |_| false).expect("a name");
                    (Command::Join { participant: player(n), user: None, name }, 255)
                }
                Step::Answer { player: n, index, option } => (answer(n, index, option), 255),
                Step::Next { stale } => (Command::Next { seen: if stale { seen + 1 } else { seen } }, 255),
                Step::End => (Command::End { seen }, 255),
                Step::Tick => (Command::Tick, 255),
                Step::Settle { online } => (Command::Settle, online),
                Step::Recover => (Command::Recover { alive_at: None }, 255),
                Step::Control(control) => (Command::Control { seen, control }, 255),
                Step::Adjust { index, points, swap } => {
                    let mut question = state.question(index).cloned().unwrap_or_else(|| choice(9));
                    question.points = points;
                    if let Key::Choice { options, .. } = &mut question.key
                        && let Some(option) = options.get_mut(usize::from(swap))
                    {
                        *option = Rich::plain("Lima");
                    }
                    (Command::Adjust { seen, index, question: Box::new(question) }, 255)
                }
                Step::Drop(index) => (Command::Drop { seen, index }, 255),
                Step::Team(n, team) => (Command::ChooseTeam { participant: player(n), team }, 255),
                Step::Sure { player: n, index, sure } => {
                    (Command::TellSure { participant: player(n), index, sure }, 255)
                }
            };
            let before = state.clone();
            let on = |p: ParticipantId| (0..5).any(|n| player(n) == p && online & (1 << n) != 0);
            match state.decide(&command, at, &on) {
                Err(_) => prop_assert_eq!(&state, &before, "a refusal changes nothing"),
                Ok(events) => {
                    if let Command::Submit { index, .. } = command {
                        // A1: accepted means open, this question, in time, once.
                        let Phase::Answering { index: current, opened_at, deadline } = before.phase else {
                            return Err(TestCaseError::fail("accepted outside the answering phase"));
                        };
                        let Command::Submit { participant, .. } = command else { unreachable!() };
                        let own = match before.participant(participant).map(|p| p.extra) {
                            Some(ExtraTime::NoLimit) => i64::MAX - GRACE_MS,
                            Some(ExtraTime::Half) => deadline + LIMIT / 2,
                            Some(ExtraTime::Quarter) => deadline + LIMIT / 4,
                            _ => deadline,
                        };
                        prop_assert!(current == index && at >= opened_at && at <= own + GRACE_MS);
                        prop_assert!(before.paused_at.is_none_or(|since| at <= since + GRACE_MS));
                        prop_assert_eq!(events.len(), 1);
                    }
                    for event in events {
                        if let Event::QuestionRevealed { index, .. } = event {
                            // A10: exactly one evaluation per question.
                            prop_assert!(revealed.insert(index), "question {} revealed twice", index);
                        }
                        log.push((at, event.clone()));
                        state.apply(&event, at);
                    }
                }
            }
            // A17: a score fits the answers given; totals are the sums of what was taken and not taken back.
            for p in &state.participants {
                prop_assert!(p.score <= (2000 + MOST_STREAK_BONUS) * p.total_answers);
                prop_assert!(p.correct_answers <= p.total_answers && p.total_answers <= 6);
            }
            // After an early end the last answers stay, and no question is open that would tell their points.
            let possible = state.phase.index().and_then(|index| state.question(index)).map_or(2000, |q| q.points);
            prop_assert!(state.answers.values().all(|a| a.points <= possible && (a.correct || a.points + a.bonus == 0)));
            // A question asks the same and holds one right answer among different ones, whatever the host adjusted.
            prop_assert!(!state.questions.is_empty());
            for question in &state.questions {
                let Key::Choice { options, correct } = &question.key else { continue };
                let texts: BTreeSet<&str> = options.iter().map(|option| option.text.as_str()).collect();
                let untouched = choice(u8::try_from(question.card.0.as_u128()).expect("small"));
                prop_assert_eq!(texts.len(), 4);
                let Key::Choice { options: drawn, correct: right } = &untouched.key else { continue };
                prop_assert!(drawn[usize::from(*right)] == options[usize::from(*correct)]);
            }
            prop_assert_eq!(state.participants.iter().map(|p| p.score).sum::<u32>(), sum_of(&log));
            prop_assert!(state.wakes_at().is_none_or(|wake| wake > T));
            // Whoever plays has a team once the quiz runs; a team has no more than its best player could have.
            if teams.is_some() && state.phase != Phase::Lobby {
                prop_assert!(state.phase == Phase::Ended || state.players().all(|p| p.team.is_some()));
            }
            prop_assert!(state.teams.iter().all(|t| t.parts <= u64::from(state.revealed * (2000 + MOST_STREAK_BONUS)) * 1000));
        }
        // The log is the truth: replaying it, and its JSON, gives the same state.
        prop_assert_eq!(Blitz::replay(log.iter()), Some(state.clone()));
        let stored: Vec<String> = log.iter().map(|entry| serde_json::to_string(entry).expect("encodes")).collect();
        let read: Vec<(i64, Event)> = stored.iter().map(|entry| serde_json::from_str(entry).expect("decodes")).collect();
        prop_assert_eq!(Blitz::replay(read.iter()), Some(state.clone()));
        // And so does a stored state with the events after it, wherever the log is cut.
        for cut in (1..=log.len()).step_by(1 + log.len() / 7) {
            let before = Blitz::replay(log[..cut].iter()).expect("starts");
            let stored = serde_json::to_string(&before).expect("encodes");
            let mut restored: Blitz = serde_json::from_str(&stored).expect("decodes");
            prop_assert_eq!(&restored, &before);
            log[cut..].iter().for_each(|(at, event)| restored.apply(event, *at));
            prop_assert_eq!(&restored, &state);
        }
    }
}
