//! How sure somebody is: when it may be said, who learns of it, and that it costs nobody time or points.

use super::{tests::*, *};
use crate::domain::ids::LiveSessionId;
use proptest::prelude::*;
use uuid::Uuid;

const ASKED: Rules = Rules {
    approve: false,
    auto_advance_ms: None,
    leaderboard_every: 1,
    scoring: Scoring::Speed,
    streaks: false,
    change_answer: false,
    second_chance: false,
    confidence: true,
    expected: 0,
};

fn tell(n: u8, index: u32, sure: bool) -> Command {
    Command::TellSure { participant: player(n), index, sure }
}

fn said(state: &Blitz, n: u8) -> Option<bool> {
    state.answers.get(&player(n)).and_then(|answer| answer.sure)
}

#[test]
fn it_is_said_of_an_own_answer_while_the_question_is_open() {
    let mut state = opened_with(ASKED);
    assert_eq!(run(&mut state, tell(0, 0, true), T), Err(Refusal::NotNow), "of no answer");
    run(&mut state, answer(0, 0, 1), T + 1_000).expect("taken");
    assert_eq!(run(&mut state, tell(0, 1, true), T + 1_000), Err(Refusal::WrongQuestion));
    assert_eq!(run(&mut state, tell(7, 0, true), T + 1_000), Err(Refusal::NotInSession));
    run(&mut state, tell(0, 0, true), T + 1_000).expect("said");
    assert_eq!(run(&mut state, tell(0, 0, true), T + 1_001), Ok(vec![]), "twice is once");
    run(&mut state, tell(0, 0, false), T + 2_000).expect("as often as one likes");
    assert_eq!(said(&state, 0), Some(false));
    let mut paused = state.clone();
    control_at(&mut paused, Control::Pause, T + 3_000).expect("pauses");
    assert_eq!(run(&mut paused, tell(0, 0, true), T + 3_001 + GRACE_MS), Err(Refusal::Paused));
    next(&mut state, T + 4_000);
    assert_eq!(run(&mut state, tell(0, 0, true), T + 4_000), Err(Refusal::TooLate));
    let mut usual = opened();
    run(&mut usual, answer(0, 0, 1), T).expect("taken");
    assert_eq!(run(&mut usual, tell(0, 0, true), T), Err(Refusal::NotNow), "nobody was asked");
}

#[test]
fn the_last_one_to_answer_has_the_time_to_say_it_and_no_longer() {
    let mut state = opened_with(ASKED);
    run(&mut state, answer(0, 0, 1), T + 1_000).expect("taken");
    run(&mut state, tell(0, 0, true), T + 1_500).expect("said");
    run(&mut state, answer(1, 0, 0), T + 2_000).expect("taken");
    assert_eq!(state.taps_until(), Some(T + 2_000 + SURE_MS));
    assert_eq!(run(&mut state.clone(), Command::Settle, T + 1_999 + SURE_MS), Ok(vec![]), "not yet");
    let revealed = vec![Event::QuestionRevealed { index: 0, reason: CloseReason::AllAnswered }];
    assert_eq!(run(&mut state.clone(), Command::Settle, T + 2_000 + SURE_MS), Ok(revealed.clone()));
    // A pause takes nothing of that time.
    let mut paused = state.clone();
    control_at(&mut paused, Control::Pause, T + 3_000).expect("pauses");
    control_at(&mut paused, Control::Resume, T + 13_000).expect("resumes");
    assert_eq!(paused.taps_until(), Some(T + 12_000 + SURE_MS));
    run(&mut state, tell(1, 0, true), T + 2_500).expect("said");
    assert_eq!(state.taps_until(), None);
    assert_eq!(run(&mut state.clone(), Command::Settle, T + 2_500), Ok(revealed), "all have said it");
    // The clock is the question's own: it is not prolonged.
    let mut late = opened_with(ASKED);
    run(&mut late, answer(0, 0, 1), T + LIMIT).expect("taken");
    let at = T + LIMIT + GRACE_MS + 1;
    assert_eq!(late.wakes_at(), Some(at));
    assert_eq!(run(&mut late, Command::Tick, at).map(|events| events.len()), Ok(1));
}

#[test]
fn with_extra_time_it_is_waited_for_too() {
    let mut state = opened_with(ASKED);
    control(&mut state, Control::ExtraTime { participant: player(0), extra: ExtraTime::Half }).expect("granted");
    run(&mut state, answer(1, 0, 1), T + 1_000).expect("taken");
    run(&mut state, Command::Tick, T + LIMIT + GRACE_MS + 1).expect("overtime");
    assert!(state.overtime.is_some());
    let at = T + LIMIT + 2_000;
    run(&mut state, answer(0, 0, 1), at).expect("taken");
    assert_eq!(run(&mut state.clone(), Command::Settle, at + SURE_MS - 1), Ok(vec![]));
    assert_eq!(run(&mut state.clone(), Command::Settle, at + SURE_MS).map(|events| events.len()), Ok(1));
    run(&mut state, tell(0, 0, true), at + 1).expect("said");
    assert_eq!(run(&mut state, tell(1, 0, true), at + 1), Err(Refusal::TooLate), "the other one's time is over");
    assert_eq!(run(&mut state, Command::Settle, at + 1).map(|events| events.len()), Ok(1));
}

#[test]
fn another_answer_is_another_question_how_sure() {
    let mut state = opened_with(Rules { change_answer: true, ..ASKED });
    run(&mut state, answer(0, 0, 1), T + 1_000).expect("taken");
    run(&mut state, tell(0, 0, true), T + 1_000).expect("said");
    run(&mut state, answer(0, 0, 2), T + 2_000).expect("changed");
    assert_eq!(said(&state, 0), None);
}

#[test]
fn nobody_else_learns_of_it_before_the_reveal() {
    let mut state = opened_with(ASKED);
    run(&mut state, answer(0, 0, 0), T + 1_000).expect("wrong");
    let views = |state: &Blitz| {
        let (session, shared) = (LiveSessionId(Uuid::nil()), Shared::of(state));
        let other = state.player_view(session, player(1), T, &shared);
        let host = state.host_view(session, None, T, &shared, &all);
        serde_json::to_string(&(other, host)).expect("encodes")
    };
    let before = views(&state);
    let mut told = state.clone();
    run(&mut told, tell(0, 0, true), T + 1_500).expect("said");
    assert_eq!(views(&told), before);
    let mine = |state: &Blitz| {
        let view = state.player_view(LiveSessionId(Uuid::nil()), player(0), T, &Shared::of(state)).expect("plays");
        match view.phase {
            PlayerPhase::Answering { asks_sure, sure, .. } => (asks_sure, sure),
            PlayerPhase::Reveal { mine, .. } => (true, mine.and_then(|mine| mine.sure)),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!((mine(&state), mine(&told)), ((true, None), (true, Some(true))), "a reload shows it again");
    let count =
        |state: &Blitz| match state.host_view(LiveSessionId(Uuid::nil()), None, T, &Shared::of(state), &all).phase {
            HostPhase::Reveal { sure_and_wrong, .. } => sure_and_wrong,
            other => panic!("{other:?}"),
        };
    for state in [&mut state, &mut told] {
        // Sure and right is counted for nobody's attention.
        run(state, answer(1, 0, 1), T + 1_600).expect("right");
        run(state, tell(1, 0, true), T + 1_700).expect("said");
        next(state, T + 2_000);
    }
    assert_eq!((count(&state), count(&told), mine(&told)), (Some(0), Some(1), (true, Some(true))));
    let mut usual = opened();
    next(&mut usual, T + 1);
    assert_eq!(count(&usual), None);
}

proptest! {
    /// Whatever is said of answers, points, ranks and streaks are what they are without it.
    #[test]
    fn it_changes_no_points(
        answers in prop::collection::vec((0u8..4, 0u8..4, 0i64..LIMIT, prop::option::of(any::<bool>())), 0..8),
        accuracy in any::<bool>(),
    ) {
        let scoring = if accuracy { Scoring::Accuracy } else { Scoring::Speed };
        let rules = Rules { streaks: true, scoring, ..ASKED };
        let mut asked = opened_with(rules);
        let mut usual = opened_with(Rules { confidence: false, ..rules });
        for (n, option, after, sure) in answers {
            let first = run(&mut asked, answer(n, 0, option), T + after);
            prop_assert_eq!(&first, &run(&mut usual, answer(n, 0, option), T + after));
            if let Some(sure) = sure {
                let told = run(&mut asked, tell(n, 0, sure), T + after);
                prop_assert_eq!(told.is_ok(), asked.answers.contains_key(&player(n)));
            }
        }
        next(&mut asked, T + LIMIT);
        next(&mut usual, T + LIMIT);
        let points = |state: &Blitz| -> Vec<(u32, u32, Option<u32>)> {
            state.participants.iter().map(|p| (p.score, p.streak, p.rank)).collect()
        };
        prop_assert_eq!(points(&asked), points(&usual));
    }

    #[test]
    fn each_answer_is_counted_where_it_belongs(answers in prop::collection::vec((prop::option::of(any::<bool>()), any::<bool>()), 0..40)) {
        let count = |sure, right| answers.iter().filter(|a| **a == (Some(sure), right)).count() as u32;
        let counts = [count(true, true), count(true, false), count(false, true), count(false, false)];
        let found = Sureness::of(answers.iter().copied()).map(|all| all.counts());
        prop_assert_eq!(found, (counts.iter().sum::<u32>() > 0).then_some(counts));
    }
}
