//! Each kind of question in play: what it takes, and what it is worth.

use super::{tests::*, *};
use crate::domain::live::question::{Key, Rich};

/// One question of each kind with an answer that is right, one that is not, and one that is worth something.
fn kinds() -> Vec<(Question, Answer, Answer, Option<Answer>)> {
    let options = || ["Kabul", "Tirana", "Algiers"].map(Rich::plain).to_vec();
    let text = |text: &str| Answer::Text(text.into());
    let keyed = |key: Key| Question { key, ..choice(0) };
    vec![
        (choice(1), Answer::Choice(1), Answer::Choice(0), None),
        (typed(0), text("secretsolution"), text("no"), None),
        (
            keyed(Key::Several { options: options(), correct: vec![0, 2] }),
            Answer::Several(vec![0, 2]),
            Answer::Several(vec![0, 1]),
            Some(Answer::Several(vec![0])),
        ),
        (
            keyed(Key::Number { value: 8_848_000_000, text: Rich::plain("8848") }),
            text("8,848"),
            text("100"),
            Some(text("7000")),
        ),
        (
            keyed(Key::Order { options: options(), right: vec![2, 0, 1] }),
            Answer::Order(vec![2, 0, 1]),
            Answer::Order(vec![0, 1, 2]),
            Some(Answer::Order(vec![2, 1, 0])),
        ),
    ]
}

#[test]
fn a01_each_kind_takes_its_own_answers_only_and_marks_them() {
    for (n, (question, right, wrong, partly)) in kinds().into_iter().enumerate() {
        let mut state = quiz(vec![question]);
        (0..3).for_each(|n| join(&mut state, n, T));
        next(&mut state, T - LEAD_IN_MS);
        let submit =
            |n: u8, answer: &Answer| Command::Submit { participant: player(n), index: 0, answer: answer.clone() };
        assert_eq!(run(&mut state, submit(0, &right), T - 1), Err(Refusal::TooEarly), "kind {n}");
        run(&mut state, Command::Tick, T).expect("opens");
        let others = kinds().into_iter().enumerate().filter(|(other, _)| *other != n);
        for (_, (_, foreign, ..)) in
            others.filter(|(_, (_, foreign, ..))| !matches!((foreign, &right), (Answer::Text(_), _)))
        {
            assert_eq!(run(&mut state, submit(0, &foreign), T), Err(Refusal::Malformed), "kind {n}: {foreign:?}");
        }
        run(&mut state, submit(0, &right), T + 100).expect("taken");
        run(&mut state, submit(1, &wrong), T + 100).expect("taken");
        if let Some(partly) = &partly {
            run(&mut state, submit(2, partly), T + 100).expect("taken");
        }
        let scores: Vec<(u32, u32)> = state.participants.iter().map(|p| (p.score, p.correct_answers)).collect();
        assert_eq!(scores[..2], [(1000, 1), (0, 0)], "kind {n}");
        assert!(partly.is_none() || (1..1000).contains(&scores[2].0) && scores[2].1 == 0, "kind {n}: {scores:?}");
        run(&mut state, Command::Tick, T + LIMIT + GRACE_MS + 1).expect("closes");
        assert_eq!(run(&mut state, submit(2, &right), T + LIMIT), Err(Refusal::TooLate), "kind {n}");
    }
}

#[test]
fn letters_are_an_answer_where_there_is_no_script() {
    let all = kinds();
    let text = |text: &str| Answer::Text(text.into());
    assert_eq!(all[2].0.read(&text("c, A")), Answer::Several(vec![0, 2]));
    assert_eq!(all[4].0.read(&text("C A B")), Answer::Order(vec![2, 0, 1]));
    assert_eq!(all[1].0.read(&text("C A B")), text("C A B"));
    assert!(!all[2].0.accepts(&all[2].0.read(&text("z"))) && !all[4].0.accepts(&all[4].0.read(&text("AAB"))));
}

#[test]
fn what_else_is_right_and_what_is_no_answer_at_all() {
    let all = kinds();
    let text = |text: &str| Answer::Text(text.into());
    let mark = |n: usize, answer: &Answer| (all[n].0.is_correct(answer), all[n].0.key.mark(answer));
    assert_eq!(mark(1, &text("aliassolution")), (true, 1_000), "another right answer of the card");
    let (near, worth) = mark(3, &text("8,900"));
    assert!(near && (1..1_000).contains(&worth), "an estimate that is near is right, and worth a little less: {worth}");
    assert!(!mark(3, &text("7000")).0);
    for (n, answer) in [
        (2, Answer::Several(vec![0, 0])),
        (2, Answer::Several(vec![2, 0])),
        (2, Answer::Several(vec![])),
        (2, Answer::Several(vec![0, 3])),
        (4, Answer::Order(vec![2, 0])),
        (4, Answer::Order(vec![2, 0, 0])),
        (4, Answer::Order(vec![2, 0, 3])),
        (3, text("about eight")),
        (1, text("  ")),
    ] {
        assert!(!all[n].0.accepts(&answer), "{answer:?}");
    }
}

#[test]
fn an_estimate_is_about_nearness_and_not_about_speed() {
    let (question, right, ..) = kinds().swap_remove(3);
    let mut state = quiz(vec![question]);
    (0..2).for_each(|n| join(&mut state, n, T));
    next(&mut state, T - LEAD_IN_MS);
    run(&mut state, Command::Tick, T).expect("opens");
    for (n, after) in [(0, 600), (1, LIMIT)] {
        let submit = Command::Submit { participant: player(n), index: 0, answer: right.clone() };
        run(&mut state, submit, T + after).expect("taken");
    }
    assert!(state.participants.iter().all(|p| p.score == 1_000));
}
