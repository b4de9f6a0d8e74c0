//! Second chances: which questions come back, for how much, and once.

use super::{tests::*, *};
use crate::domain::live::question::Key;

/// Plays the questions that are left, each with the right options of player 0 to 3 as `wrong` says: who is wrong in
/// which question. Ends on the podium; gives the numbers of the questions that were revealed.
fn play(state: &mut Blitz, wrong: &[&[u8]]) -> Vec<u32> {
    let mut asked = vec![];
    while state.phase != Phase::Podium {
        if let Phase::Answering { index, opened_at, .. } = state.phase {
            let Some(Question { key: Key::Choice { correct, .. }, .. }) = state.question(index).cloned() else {
                panic!("a choice")
            };
            for n in 0..4 {
                let is_wrong = wrong.get(index as usize).is_some_and(|who| who.contains(&n));
                let option = if is_wrong { (correct + 1) % 4 } else { correct };
                run(state, answer(n, index, option), opened_at + 100).expect("taken");
            }
            asked.push(index);
        }
        let at = state.last_event_at;
        next(state, at);
    }
    asked
}

fn started(questions: u8, second_chance: bool) -> Blitz {
    let rules = Rules { second_chance, streaks: true, leaderboard_every: 0, ..Rules::default() };
    let mut state = quiz_with(rules, (0..questions).map(choice).collect());
    (0..4).for_each(|n| join(&mut state, n, T));
    next(&mut state, T);
    state
}

#[test]
fn the_most_missed_come_back_once_most_missed_first() {
    let wrong: [&[u8]; 5] = [&[0], &[], &[0, 1, 2], &[1, 2], &[3]];
    let mut state = started(5, true);
    let asked = play(&mut state, &wrong);
    assert_eq!(asked, [0, 1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(state.second_of, [2, 3, 0], "of two equal ones what was asked first");
    assert_eq!(state.questions[5].card, state.questions[2].card);
    let mut plain = started(5, false);
    assert_eq!(play(&mut plain, &wrong), [0, 1, 2, 3, 4]);
    let mut flawless = started(3, true);
    assert_eq!(play(&mut flawless, &[]), [0, 1, 2], "nothing was missed");
}

#[test]
fn a_second_chance_pays_half_and_nothing_on_top_and_its_options_have_moved() {
    let mut state = started(1, true);
    play(&mut state, &[&[0, 1]]);
    let score = |n: u8| state.participant(player(n)).map(|p| p.score);
    assert_eq!((score(0), score(3)), (Some(500), Some(1500)), "half of 1000, without a streak's bonus");
    let (Key::Choice { options, correct }, Key::Choice { options: before, correct: right }) =
        (&state.questions[1].key, &state.questions[0].key)
    else {
        panic!("choices")
    };
    assert_ne!(options, before);
    assert_eq!(options[usize::from(*correct)], before[usize::from(*right)]);
}

#[test]
fn what_was_taken_back_does_not_come_back() {
    let mut state = started(1, true);
    next(&mut state, T);
    run(&mut state, answer(0, 0, 1), T + 100).expect("wrong");
    next(&mut state, T + 200);
    assert_eq!(state.next_step(), NextStep::Question);
    control(&mut state, Control::Skip).expect("skips");
    assert_eq!(state.phase, Phase::Podium);
}

#[test]
fn second_chances_are_marked_and_counted_on_their_own() {
    let mut state = started(2, true);
    let progress = |state: &Blitz| {
        let id = LiveSessionId(uuid::Uuid::nil());
        let view = state.player_view(id, player(0), T, &Shared::of(state)).expect("plays");
        let PlayerPhase::LeadIn { progress, .. } = view.phase else { panic!("{:?}", view.phase) };
        (progress.index - progress.first, progress.total - progress.first, progress.is_second())
    };
    assert_eq!(progress(&state), (0, 2, false));
    for index in 0..2 {
        next(&mut state, T);
        run(&mut state, answer(0, index, (index as u8 + 1) % 4), T + 100).expect("wrong");
        next(&mut state, T + 200);
        next(&mut state, T + 200);
    }
    assert_eq!(progress(&state), (0, 2, true));
}
