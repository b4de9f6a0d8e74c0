//! The rules of the state machine (numbers as in the list of rules A1–A18), by example and by random play.

use super::*;
use crate::domain::{
    ids::{CardId, LiveSessionId},
    live::{
        player_name::PlayerName,
        question::{Key, Rich},
    },
};
use proptest::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

const T: i64 = 1_000_000;
const LIMIT: i64 = 20_000;

fn player(n: u8) -> ParticipantId {
    ParticipantId(Uuid::from_u128(u128::from(n) + 1))
}

fn choice(n: u8) -> Question {
    Question {
        card: CardId(Uuid::from_u128(u128::from(n))),
        prompt: Rich::plain(format!("prompt {n}")),
        key: Key::Choice { options: ["Kabul", "Tirana", "Algiers", "Baku"].map(Rich::plain).to_vec(), correct: n % 4 },
        hint: Some(Rich::plain("a hint")),
        explanation: Some(Rich::plain("EXPLANATION")),
        points: 1000,
    }
}

fn typed(n: u8) -> Question {
    Question {
        key: Key::Typed { solutions: vec![Rich::plain("SECRETSOLUTION"), Rich::plain("ALIASSOLUTION")] },
        ..choice(n)
    }
}

fn quiz(questions: Vec<Question>) -> Blitz {
    let config = BlitzConfig {
        card_count: 2,
        time_limit_ms: LIMIT as u32,
        hints: true,
        answers: crate::domain::live::draw::AnswerMode::Choice,
    };
    let created = Event::Created { host: UserId(Uuid::from_u128(99)), title: "Capitals".into(), config, questions };
    Blitz::created(&created, T).expect("starts with created")
}

fn all(_: ParticipantId) -> bool {
    true
}

/// Decides and applies.
fn run(state: &mut Blitz, command: Command, at: i64) -> Result<Vec<Event>, Refusal> {
    run_with(state, command, at, &all)
}

fn run_with(
    state: &mut Blitz,
    command: Command,
    at: i64,
    on: &dyn Fn(ParticipantId) -> bool,
) -> Result<Vec<Event>, Refusal> {
    let events = state.decide(&command, at, on)?;
    for event in &events {
        state.apply(event, at);
    }
    Ok(events)
}

fn join(state: &mut Blitz, n: u8, at: i64) {
    let name = PlayerName::parse(&format!("Player {}", (b'a' + n) as char), |_| false).expect("a good name");
    run(state, Command::Join { participant: player(n), user: None, name }, at).expect("joins");
}

fn next(state: &mut Blitz, at: i64) {
    let seen = state.revision;
    run(state, Command::Next { seen }, at).expect("goes on");
}

fn answer(n: u8, index: u32, option: u8) -> Command {
    Command::Submit { participant: player(n), index, answer: Answer::Choice(option) }
}

/// A quiz of two players whose first question has just opened at `T`.
fn opened() -> Blitz {
    let mut state = quiz(vec![choice(1), choice(2)]);
    join(&mut state, 0, T);
    join(&mut state, 1, T);
    next(&mut state, T - LEAD_IN_MS);
    run(&mut state, Command::Tick, T).expect("opens");
    assert!(matches!(state.phase, Phase::Answering { index: 0, opened_at: T, .. }));
    state
}

#[test]
fn a1_an_answer_counts_only_while_its_question_is_open() {
    let mut state = quiz(vec![choice(1), choice(2)]);
    join(&mut state, 0, T);
    assert_eq!(run(&mut state, answer(0, 0, 1), T), Err(Refusal::TooEarly), "in the lobby");
    next(&mut state, T);
    assert_eq!(run(&mut state, answer(0, 0, 1), T + 1), Err(Refusal::TooEarly), "in the lead-in");
    run(&mut state, Command::Tick, T + LEAD_IN_MS).expect("opens");
    let open = T + LEAD_IN_MS;
    assert_eq!(run(&mut state, answer(0, 1, 1), open), Err(Refusal::WrongQuestion));
    assert_eq!(run(&mut state, answer(7, 0, 1), open), Err(Refusal::NotInSession));
    assert_eq!(run(&mut state, answer(0, 0, 4), open), Err(Refusal::Malformed), "an option that is not there");
    let text = Command::Submit { participant: player(0), index: 0, answer: Answer::Text("Tirana".into()) };
    assert_eq!(run(&mut state, text, open), Err(Refusal::Malformed), "typed into a choice");
    let late = open + LIMIT + GRACE_MS;
    assert_eq!(run(&mut state.clone(), answer(0, 0, 1), late + 1), Err(Refusal::TooLate), "after the grace");
    assert!(run(&mut state.clone(), answer(0, 0, 1), late).is_ok(), "within the grace");
    next(&mut state, open + 1);
    assert_eq!(run(&mut state, answer(0, 0, 1), open + 2), Err(Refusal::TooLate), "after the reveal");
}

#[test]
fn a3_the_second_answer_of_a_player_is_refused() {
    let mut state = opened();
    run(&mut state, answer(0, 0, 1), T + 2_000).expect("taken");
    assert_eq!(run(&mut state, answer(0, 0, 2), T + 2_001), Err(Refusal::AlreadyAnswered));
    assert_eq!(state.participant(player(0)).map(|p| (p.score, p.total_answers)), Some((950, 1)));
}

#[test]
fn a4_a_double_next_moves_one_step() {
    let mut state = opened();
    let seen = state.revision;
    run(&mut state, Command::Next { seen }, T + 1).expect("reveals");
    assert_eq!(run(&mut state, Command::Next { seen }, T + 1), Err(Refusal::Stale));
    assert_eq!(run(&mut state, Command::End { seen }, T + 1), Err(Refusal::Stale));
    assert_eq!(state.phase, Phase::Reveal { index: 0 });
}

#[test]
fn a8_a_late_player_shares_the_clock_and_is_not_waited_for() {
    let mut state = opened();
    join(&mut state, 2, T + 15_000);
    run(&mut state, answer(2, 0, 1), T + 16_000).expect("may answer");
    assert_eq!(state.participant(player(2)).map(|p| p.score), Some(600), "speed counts from the shared start");
    let mut state = opened();
    join(&mut state, 2, T + 1_000);
    run(&mut state, answer(0, 0, 1), T + 2_000).expect("taken");
    run(&mut state, answer(1, 0, 1), T + 2_000).expect("taken");
    run(&mut state, Command::Settle, T + 2_000).expect("settles");
    assert_eq!(state.phase, Phase::Reveal { index: 0 }, "the late one is not waited for");
    next(&mut state, T + 3_000);
    next(&mut state, T + 3_000);
    run(&mut state, Command::Tick, T + 3_000 + LEAD_IN_MS).expect("opens");
    let at = T + 4_000 + LEAD_IN_MS;
    run(&mut state, answer(0, 1, 1), at).expect("taken");
    run(&mut state, answer(1, 1, 1), at).expect("taken");
    run(&mut state, Command::Settle, at).expect("settles");
    assert!(matches!(state.phase, Phase::Answering { index: 1, .. }), "in the next question it is");
}

#[test]
fn a9_only_who_is_connected_is_waited_for() {
    let mut state = opened();
    run(&mut state, answer(0, 0, 1), T + 2_000).expect("taken");
    run(&mut state, Command::Settle, T + 2_000).expect("waits");
    assert!(matches!(state.phase, Phase::Answering { .. }));
    let events = run_with(&mut state, Command::Settle, T + 2_500, &|p| p == player(0)).expect("settles");
    assert_eq!(events, [Event::QuestionRevealed { index: 0, reason: CloseReason::AllAnswered }]);
}

#[test]
fn a9_a_question_without_any_answer_waits_for_the_timer() {
    let mut state = opened();
    run_with(&mut state, Command::Settle, T + 1, &|_| false).expect("waits");
    assert!(matches!(state.phase, Phase::Answering { .. }));
}

#[test]
fn a10_a_question_is_revealed_once() {
    let mut state = opened();
    run(&mut state, answer(0, 0, 1), T + 2_000).expect("taken");
    run(&mut state, answer(1, 0, 1), T + 2_000).expect("taken");
    let deadline = T + LIMIT + GRACE_MS + 1;
    assert_eq!(run(&mut state, Command::Settle, deadline).map(|e| e.len()), Ok(1));
    assert_eq!(run(&mut state, Command::Tick, deadline).map(|e| e.len()), Ok(0));
    assert_eq!(run(&mut state, Command::Settle, deadline).map(|e| e.len()), Ok(0));
}

#[test]
fn a14_ties_share_a_rank_on_every_screen() {
    let mut state = opened();
    run(&mut state, answer(0, 0, 1), T + 2_000).expect("taken");
    run(&mut state, answer(1, 0, 1), T + 2_000).expect("taken");
    run(&mut state, Command::Settle, T + 2_000).expect("reveals");
    let shared = Shared::of(&state);
    for n in 0..2 {
        let view = state.player_view(LiveSessionId(Uuid::nil()), player(n), T, &shared).expect("plays");
        assert_eq!((view.me.rank, view.me.ahead), (Some(1), None));
    }
}

#[test]
fn a16_an_outage_takes_no_time_from_the_question() {
    let mut state = opened();
    run(&mut state, answer(0, 0, 1), T + 2_000).expect("taken");
    run(&mut state, Command::Recover, T + 62_000).expect("recovers");
    assert!(
        matches!(state.phase, Phase::Answering { opened_at, deadline, .. } if opened_at == T + 60_000 && deadline == T + 60_000 + LIMIT)
    );
    run(&mut state, answer(1, 0, 1), T + 62_000).expect("taken");
    assert_eq!(state.participant(player(1)).map(|p| p.score), Some(950), "the outage is not the player's time");
}

#[test]
fn names_that_look_alike_cannot_both_be_in() {
    let mut state = quiz(vec![choice(1)]);
    let named = |n: u8, text: &str| Command::Join {
        participant: player(n),
        user: None,
        name: PlayerName::parse(text, |_| false).expect("a name"),
    };
    run(&mut state, named(0, "Mina"), T).expect("joins");
    for alike in ["mina", "Міna", "MINA"] {
        let refused = run(&mut state, named(1, alike), T);
        assert!(matches!(&refused, Err(Refusal::NameTaken { suggestion: Some(_) })), "{alike}: {refused:?}");
    }
}

#[test]
fn ending_early_keeps_the_results() {
    let mut state = opened();
    run(&mut state, answer(0, 0, 1), T + 2_000).expect("taken");
    let seen = state.revision;
    run(&mut state, Command::End { seen }, T + 3_000).expect("ends");
    assert_eq!(state.phase, Phase::Podium);
    assert_eq!(state.participant(player(0)).and_then(|p| p.rank), Some(1));
    next(&mut state, T + 4_000);
    assert_eq!((state.phase, state.status), (Phase::Ended, LiveSessionStatus::Completed));
    assert_eq!(run(&mut state, answer(0, 0, 1), T + 5_000), Err(Refusal::Ended));
}

#[test]
fn a2_no_view_before_the_reveal_carries_the_key() {
    let secrets = ["SECRETSOLUTION", "ALIASSOLUTION", "EXPLANATION", "correct\":", "points", "solution"];
    let mut state = quiz(vec![typed(1), choice(2)]);
    join(&mut state, 0, T);
    join(&mut state, 1, T);
    let views = |state: &Blitz, at: i64| {
        let shared = Shared::of(state);
        let mut views: Vec<String> = (0..2)
            .filter_map(|n| state.player_view(LiveSessionId(Uuid::nil()), player(n), at, &shared))
            .filter_map(|view| serde_json::to_string(&view).ok())
            .collect();
        let host = state.host_view(LiveSessionId(Uuid::nil()), None, at, &shared, &all);
        views.extend(serde_json::to_string(&host));
        views
    };
    let clean = |state: &Blitz, at: i64| {
        for view in views(state, at) {
            for secret in secrets {
                // A player's own totals are named so; they do not move before the reveal (tested below).
                let text = view.replace("\"correct_answers\":0", "");
                assert!(!text.contains(secret), "{secret} in {text}");
            }
        }
    };
    clean(&state, T);
    next(&mut state, T - LEAD_IN_MS);
    clean(&state, T - 1);
    run(&mut state, Command::Tick, T).expect("opens");
    clean(&state, T);
    let right = Command::Submit { participant: player(0), index: 0, answer: Answer::Text("something right".into()) };
    run(&mut state, right, T + 1_000).expect("taken");
    clean(&state, T + 1_000);
    next(&mut state, T + 2_000);
    assert!(views(&state, T).iter().all(|view| view.contains("SECRETSOLUTION")), "the reveal shows it");
}

#[test]
fn a2_the_own_score_does_not_tell_before_the_reveal() {
    let me = |state: &Blitz| {
        let view = state.player_view(LiveSessionId(Uuid::nil()), player(0), T, &Shared::of(state)).expect("plays");
        (view.me.score, view.me.correct_answers, view.me.ahead)
    };
    let mut state = opened();
    let before = me(&state);
    run(&mut state, answer(0, 0, 1), T + 2_000).expect("right");
    assert_eq!(me(&state), before);
    let mut wrong = opened();
    run(&mut wrong, answer(0, 0, 0), T + 2_000).expect("wrong");
    assert_eq!(me(&wrong), before);
    next(&mut state, T + 3_000);
    assert_eq!(me(&state).0, 950);
}

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
    ];
    (step, prop_oneof![0i64..3_000, 3_000i64..30_000])
}

proptest! {
    #[test]
    fn random_play_keeps_the_rules(steps in prop::collection::vec(step(), 0..120)) {
        let first = Event::Created {
            host: UserId(Uuid::from_u128(99)),
            title: "Capitals".into(),
            config: quiz(vec![]).config,
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
                Step::Recover => (Command::Recover, 255),
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
                        prop_assert!(current == index && at >= opened_at && at <= deadline + GRACE_MS);
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
            // A17: a score fits the answers given; totals are the sums of what was taken.
            for p in &state.participants {
                prop_assert!(p.score <= 1000 * p.total_answers);
                prop_assert!(p.correct_answers <= p.total_answers && p.total_answers <= 3);
            }
            let sums: u32 = log.iter().map(|(_, e)| if let Event::AnswerSubmitted { points, .. } = e { *points } else { 0 }).sum();
            prop_assert_eq!(state.participants.iter().map(|p| p.score).sum::<u32>(), sums);
            prop_assert!(state.phase.wakes_at().is_none_or(|wake| wake > T));
        }
        // The log is the truth: replaying it, and its JSON, gives the same state.
        prop_assert_eq!(Blitz::replay(log.iter()), Some(state.clone()));
        let stored: Vec<String> = log.iter().map(|entry| serde_json::to_string(entry).expect("encodes")).collect();
        let read: Vec<(i64, Event)> = stored.iter().map(|entry| serde_json::from_str(entry).expect("decodes")).collect();
        prop_assert_eq!(Blitz::replay(read.iter()), Some(state));
    }
}
