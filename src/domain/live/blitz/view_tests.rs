//! What the views of hosts and players show, and what they must not.

use super::{tests::*, *};
use crate::domain::ids::LiveSessionId;
use uuid::Uuid;

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
fn a15_the_remaining_time_is_told_not_the_clock() {
    let state = opened();
    let view = state.player_view(LiveSessionId(Uuid::nil()), player(0), T + 4_000, &Shared::of(&state)).expect("plays");
    assert!(matches!(view.phase, PlayerPhase::Answering { remaining_ms: 16_000, time_limit_ms: 20_000, .. }));
}

#[test]
fn a02_no_view_before_the_reveal_carries_the_key() {
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
fn a02_the_own_score_does_not_tell_before_the_reveal() {
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

#[test]
fn only_who_plays_takes_a_card_along_and_only_after_its_reveal() {
    let mut state = opened();
    assert_eq!(state.revealed_to(player(0), 0), Err(Refusal::TooEarly));
    next(&mut state, T + 1);
    assert_eq!(state.revealed_to(player(0), 0).map(|question| question.card), Ok(choice(1).card));
    assert_eq!(state.revealed_to(player(0), 1), Err(Refusal::TooEarly), "the next one");
    assert_eq!(state.revealed_to(player(0), 9), Err(Refusal::WrongQuestion));
    assert_eq!(state.revealed_to(player(7), 0), Err(Refusal::NotInSession));
    let mut out = state.clone();
    control(&mut out, Control::Remove { participant: player(0) }).expect("takes out");
    assert_eq!(out.revealed_to(player(0), 0), Err(Refusal::NotInSession));
    let mut skipped = state.clone();
    control(&mut skipped, Control::Skip).expect("takes back");
    assert_eq!(skipped.revealed_to(player(0), 0), Err(Refusal::TooEarly));
    let end = Command::End { seen: state.revision };
    run(&mut state, end, T + 2).expect("ends");
    next(&mut state, T + 3);
    assert_eq!(state.phase, Phase::Ended);
    assert!(state.revealed_to(player(0), 0).is_ok(), "and afterwards");
}
