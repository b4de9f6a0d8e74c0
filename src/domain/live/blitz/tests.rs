//! The rules of the state machine (numbers as in the list of rules A1–A18) by example, and what all its tests share.

use super::*;
use crate::domain::{
    ids::CardId,
    live::{
        player_name::PlayerName,
        question::{Key, Rich},
    },
};
use uuid::Uuid;

pub(super) const T: i64 = 1_000_000;
pub(super) const LIMIT: i64 = 20_000;

pub(super) fn player(n: u8) -> ParticipantId {
    ParticipantId(Uuid::from_u128(u128::from(n) + 1))
}

pub(super) fn choice(n: u8) -> Question {
    Question {
        card: CardId(Uuid::from_u128(u128::from(n))),
        prompt: Rich::plain(format!("prompt {n}")),
        key: Key::Choice { options: ["Kabul", "Tirana", "Algiers", "Baku"].map(Rich::plain).to_vec(), correct: n % 4 },
        hint: Some(Rich::plain("a hint")),
        explanation: Some(Rich::plain("EXPLANATION")),
        points: 1000,
        adjusted: Default::default(),
    }
}

pub(super) fn typed(n: u8) -> Question {
    Question {
        key: Key::Typed { solutions: vec![Rich::plain("SECRETSOLUTION"), Rich::plain("ALIASSOLUTION")] },
        ..choice(n)
    }
}

pub(super) fn quiz(questions: Vec<Question>) -> Blitz {
    quiz_with(Rules::default(), questions)
}

pub(super) fn quiz_with(rules: Rules, questions: Vec<Question>) -> Blitz {
    let config = BlitzConfig {
        card_count: 2,
        time_limit_ms: LIMIT as u32,
        hints: true,
        answers: crate::domain::live::draw::AnswerMode::Choice,
        rules,
        teams: None,
        carried: vec![],
    };
    let created = Event::Created { host: UserId(Uuid::from_u128(99)), title: "Capitals".into(), config, questions };
    Blitz::created(&created, T).expect("starts with created")
}

pub(super) fn all(_: ParticipantId) -> bool {
    true
}

/// Decides and applies.
pub(super) fn run(state: &mut Blitz, command: Command, at: i64) -> Result<Vec<Event>, Refusal> {
    run_with(state, command, at, &all)
}

pub(super) fn run_with(
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

pub(super) fn join(state: &mut Blitz, n: u8, at: i64) {
    let name = PlayerName::parse(&format!("Player {}", (b'a' + n) as char), |_| false).expect("a good name");
    run(state, Command::Join { participant: player(n), user: None, name }, at).expect("joins");
}

pub(super) fn next(state: &mut Blitz, at: i64) {
    let seen = state.revision;
    run(state, Command::Next { seen }, at).expect("goes on");
}

pub(super) fn control(state: &mut Blitz, control: Control) -> Result<Vec<Event>, Refusal> {
    control_at(state, control, T)
}

pub(super) fn control_at(state: &mut Blitz, control: Control, at: i64) -> Result<Vec<Event>, Refusal> {
    let seen = state.revision;
    run(state, Command::Control { seen, control }, at)
}

pub(super) fn answer(n: u8, index: u32, option: u8) -> Command {
    Command::Submit { participant: player(n), index, answer: Answer::Choice(option) }
}

/// A quiz of two players whose first question has just opened at `T`.
pub(super) fn opened() -> Blitz {
    opened_with(Rules::default())
}

pub(super) fn opened_with(rules: Rules) -> Blitz {
    let mut state = quiz_with(rules, vec![choice(1), choice(2)]);
    join(&mut state, 0, T);
    join(&mut state, 1, T);
    next(&mut state, T - LEAD_IN_MS);
    run(&mut state, Command::Tick, T).expect("opens");
    assert!(matches!(state.phase, Phase::Answering { index: 0, opened_at: T, .. }));
    state
}

#[test]
fn a01_an_answer_counts_only_while_its_question_is_open() {
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
fn a03_the_second_answer_of_a_player_is_refused() {
    let mut state = opened();
    run(&mut state, answer(0, 0, 1), T + 2_000).expect("taken");
    assert_eq!(run(&mut state, answer(0, 0, 2), T + 2_001), Err(Refusal::AlreadyAnswered));
    assert_eq!(state.participant(player(0)).map(|p| (p.score, p.total_answers)), Some((950, 1)));
}

#[test]
fn a04_a_double_next_moves_one_step() {
    let mut state = opened();
    let seen = state.revision;
    run(&mut state, Command::Next { seen }, T + 1).expect("reveals");
    assert_eq!(run(&mut state, Command::Next { seen }, T + 1), Err(Refusal::Stale));
    assert_eq!(run(&mut state, Command::End { seen }, T + 1), Err(Refusal::Stale));
    assert_eq!(state.phase, Phase::Reveal { index: 0 });
}

#[test]
fn a08_a_late_player_shares_the_clock_and_is_not_waited_for() {
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
fn a09_only_who_is_connected_is_waited_for() {
    let mut state = opened();
    run(&mut state, answer(0, 0, 1), T + 2_000).expect("taken");
    run(&mut state, Command::Settle, T + 2_000).expect("waits");
    assert!(matches!(state.phase, Phase::Answering { .. }));
    let events = run_with(&mut state, Command::Settle, T + 2_500, &|p| p == player(0)).expect("settles");
    assert_eq!(events, [Event::QuestionRevealed { index: 0, reason: CloseReason::AllAnswered }]);
}

#[test]
fn a09_a_question_without_any_answer_waits_for_the_timer() {
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
fn a16_an_outage_takes_no_time_from_the_question() {
    let mut state = opened();
    run(&mut state, answer(0, 0, 1), T + 2_000).expect("taken");
    run(&mut state, Command::Recover { alive_at: None }, T + 62_000).expect("recovers");
    assert!(
        matches!(state.phase, Phase::Answering { opened_at, deadline, .. } if opened_at == T + 60_000 && deadline == T + 60_000 + LIMIT)
    );
    run(&mut state, answer(1, 0, 1), T + 62_000).expect("taken");
    assert_eq!(state.participant(player(1)).map(|p| p.score), Some(950), "the outage is not the player's time");
}

#[test]
fn a16_the_outage_counts_from_the_last_sign_of_life() {
    let mut state = opened();
    run(&mut state, Command::Recover { alive_at: Some(T + 5_000) }, T + 65_000).expect("recovers");
    assert!(matches!(state.phase, Phase::Answering { opened_at, .. } if opened_at == T + 60_000), "{:?}", state.phase);
    // The machine's clock was set back in between: what was left is left.
    let mut state = opened();
    run(&mut state, Command::Recover { alive_at: Some(T + 5_000) }, T - 3_600_000).expect("recovers");
    assert!(matches!(state.phase, Phase::Answering { deadline, .. } if deadline == T - 3_600_000 + 15_000));
}

#[test]
fn a17_a_question_without_points_keeps_the_streak_and_pays_nothing() {
    let rules = Rules { streaks: true, scoring: Scoring::Accuracy, ..Rules::default() };
    let mut state = quiz_with(rules, vec![choice(1), Question { points: 0, ..choice(1) }, choice(1)]);
    join(&mut state, 0, T);
    let mut scores = vec![];
    for index in 0..3 {
        while !matches!(state.phase, Phase::Answering { .. }) {
            next(&mut state, T);
        }
        run(&mut state, answer(0, index, 1), T + 1_000).expect("taken");
        run(&mut state, Command::Settle, T + 1_000).expect("reveals");
        scores.extend(state.participant(player(0)).map(|p| p.score));
    }
    assert_eq!(scores, [1_000, 1_000, 2_200], "the third in a row is worth 200 more");
}

#[test]
fn a18_names_that_look_alike_cannot_both_be_in() {
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
