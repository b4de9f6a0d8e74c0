//! What a host may change before the start, and what it is worth then.

use super::{
    tests::{LIMIT, T, answer, choice, join, next, player, quiz, quiz_with, run, typed},
    *,
};
use crate::domain::{
    ids::LiveSessionId,
    live::question::{Key, Rich, Worth},
};
use uuid::Uuid;

fn adjust(state: &mut Blitz, index: u32, change: impl Fn(&mut Question)) -> Result<Vec<Event>, Refusal> {
    let mut question = state.question(index).cloned().expect("is there");
    change(&mut question);
    let command = Command::Adjust { seen: state.revision, index, question: Box::new(question) };
    run(state, command, T)
}

fn swap(question: &mut Question, at: usize, text: &str) {
    if let Key::Choice { options, .. } = &mut question.key {
        options[at] = Rich::plain(text);
    }
}

#[test]
fn a_wrong_option_may_be_another_one_and_never_a_double() {
    let mut state = quiz(vec![choice(1), typed(2)]);
    // Of choice(1) the second option is right.
    assert_eq!(adjust(&mut state, 0, |q| swap(q, 0, "Lima")).map(|e| e.len()), Ok(1));
    assert_eq!(adjust(&mut state, 0, |q| swap(q, 0, "lima.")).map(|e| e.len()), Ok(1), "the same place");
    for double in ["Tirana", "TIRANA", "Baku"] {
        assert_eq!(adjust(&mut state, 0, |q| swap(q, 0, double)), Err(Refusal::Malformed), "{double}");
    }
    assert_eq!(adjust(&mut state, 0, |q| swap(q, 1, "Lima 2")), Err(Refusal::Malformed), "the right one");
    let more = |q: &mut Question| {
        if let Key::Choice { options, .. } = &mut q.key {
            options.push(Rich::plain("Quito"));
        }
    };
    assert_eq!(adjust(&mut state, 0, more), Err(Refusal::Malformed));
    let turned = |q: &mut Question| {
        if let Key::Choice { correct, .. } = &mut q.key {
            *correct = 0;
        }
    };
    assert_eq!(adjust(&mut state, 0, turned), Err(Refusal::Malformed));
    assert_eq!(adjust(&mut state, 0, |q| q.prompt = Rich::plain("other")), Err(Refusal::Malformed));
    let solved = |q: &mut Question| q.key = Key::Typed { solutions: vec![Rich::plain("mine")] };
    assert_eq!(adjust(&mut state, 1, solved), Err(Refusal::Malformed));
    assert_eq!(adjust(&mut state, 0, |_| ()), Ok(vec![]), "nothing changed");
}

#[test]
fn points_and_time_have_their_bounds() {
    let mut state = quiz(vec![choice(1)]);
    for (points, fine) in [(0, true), (1_000, true), (2_000, true), (1, false), (3_000, false), (u32::MAX, false)] {
        assert_eq!(adjust(&mut state, 0, |q| q.points = points).is_ok(), fine, "{points}");
    }
    for (ms, fine) in [(5_000, true), (240_000, true), (4_999, false), (240_001, false)] {
        assert_eq!(adjust(&mut state, 0, |q| q.adjusted.time_limit_ms = Some(ms)).is_ok(), fine, "{ms}");
    }
    let long = "x".repeat(2_001);
    assert!(adjust(&mut state, 0, |q| q.adjusted.explanation_source = Some(long.clone())).is_err());
}

#[test]
fn one_question_stays_and_nothing_changes_when_stale_or_after_the_start() {
    let mut state = quiz(vec![choice(1), choice(2), choice(3)]);
    join(&mut state, 0, T);
    let drop = |state: &mut Blitz, seen: u32, index: u32| run(state, Command::Drop { seen, index }, T);
    assert!(drop(&mut state, 0, 0).is_ok());
    assert_eq!(drop(&mut state, 0, 0), Err(Refusal::Stale), "a double click drops one");
    assert_eq!(state.questions.iter().map(|q| q.card).collect::<Vec<_>>(), [choice(2).card, choice(3).card]);
    let seen = state.revision;
    assert_eq!(drop(&mut state, seen, 7), Err(Refusal::WrongQuestion));
    assert!(drop(&mut state, seen, 1).is_ok());
    let seen = state.revision;
    assert_eq!(drop(&mut state, seen, 0), Err(Refusal::LastQuestion));
    next(&mut state, T);
    let seen = state.revision;
    assert_eq!(drop(&mut state, seen, 0), Err(Refusal::NotNow));
    assert_eq!(adjust(&mut state, 0, |q| q.points = 0), Err(Refusal::NotNow));
}

#[test]
fn a17_a_score_lies_between_nothing_and_the_points_of_its_question() {
    for (worth, quick, slow) in [(Worth::Nothing, 0, 0), (Worth::Usual, 1_000, 500), (Worth::Double, 2_000, 1_000)] {
        for scoring in [Scoring::Speed, Scoring::Accuracy] {
            let mut state = quiz_with(Rules { scoring, ..Rules::default() }, vec![choice(1)]);
            (0..3).for_each(|n| join(&mut state, n, T));
            adjust(&mut state, 0, |q| q.points = worth.points()).expect("adjusts");
            next(&mut state, T - LEAD_IN_MS);
            let view = state.player_view(LiveSessionId(Uuid::nil()), player(0), T, &Shared::of(&state)).expect("plays");
            assert!(matches!(view.phase, PlayerPhase::LeadIn { prompt, .. } if prompt.worth == worth), "told before");
            run(&mut state, Command::Tick, T).expect("opens");
            run(&mut state, answer(0, 0, 1), T + 100).expect("right at once");
            run(&mut state, answer(1, 0, 1), T + LIMIT).expect("right at the end");
            run(&mut state, answer(2, 0, 0), T + 100).expect("wrong");
            let scores: Vec<u32> = state.participants.iter().map(|p| p.score).collect();
            let slow = if scoring == Scoring::Speed { slow } else { quick };
            assert_eq!(scores, [quick, slow, 0], "{worth:?} {scoring:?}");
        }
    }
}

#[test]
fn a_questions_own_time_is_its_deadline_and_its_measure() {
    let mut state = quiz(vec![choice(1), choice(2)]);
    join(&mut state, 0, T);
    adjust(&mut state, 0, |q| q.adjusted.time_limit_ms = Some(60_000)).expect("adjusts");
    next(&mut state, T - LEAD_IN_MS);
    run(&mut state, Command::Tick, T).expect("opens");
    assert!(matches!(state.phase, Phase::Answering { deadline, .. } if deadline == T + 60_000));
    run(&mut state, answer(0, 0, 1), T + 30_000).expect("taken");
    assert_eq!(state.participant(player(0)).map(|p| p.score), Some(750), "half of the time has gone by");
    assert_eq!(state.limit_ms(1), 20_000, "the others keep theirs");
}
