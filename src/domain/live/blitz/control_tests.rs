//! What the host can do beside going on, by example: the door, the clock, a question taken back, playing on.

use super::{tests::*, *};
use crate::domain::{ids::LiveSessionId, live::player_name::PlayerName};
use uuid::Uuid;

#[test]
fn a11_a_locked_lobby_takes_nobody_new_and_an_approving_one_asks_the_host() {
    let mut state = quiz(vec![choice(1)]);
    join(&mut state, 0, T);
    control(&mut state, Control::Lock).expect("locks");
    let knock = |n: u8| Command::Join {
        participant: player(n),
        user: None,
        name: PlayerName::parse(&format!("Player {}", (b'a' + n) as char), |_| false).expect("a name"),
    };
    assert_eq!(run(&mut state, knock(1), T), Err(Refusal::Locked));
    assert_eq!(run(&mut state, knock(0), T), Ok(vec![]), "who is in stays in");
    control(&mut state, Control::Unlock).expect("unlocks");
    state.approve = true;
    run(&mut state, knock(1), T).expect("knocks");
    let view = |state: &Blitz| {
        state.player_view(LiveSessionId(Uuid::nil()), player(1), T, &Shared::of(state)).expect("stands there").phase
    };
    assert_eq!((view(&state), state.players().count()), (PlayerPhase::AtTheDoor, 1));
    next(&mut state, T - LEAD_IN_MS);
    run(&mut state, Command::Tick, T).expect("opens");
    assert_eq!(run(&mut state, answer(1, 0, 1), T), Err(Refusal::NotInSession), "not let in yet");
    control(&mut state, Control::AdmitAll).expect("lets in");
    assert!(run(&mut state, answer(1, 0, 1), T).is_ok());
}

#[test]
fn who_is_taken_out_comes_back_only_when_let_in() {
    let mut state = opened();
    run(&mut state, answer(0, 0, 1), T + 1_000).expect("taken");
    control(&mut state, Control::Remove { participant: player(1) }).expect("takes out");
    let events = run(&mut state, Command::Settle, T + 1_000).expect("settles");
    assert_eq!(events.len(), 1, "A9: nobody else is waited for");
    assert_eq!(Shared::of(&state).podium().len(), 1);
    run(&mut state, Command::AskBack { participant: player(1) }, T).expect("asks");
    assert_eq!(state.players().count(), 1);
    // A new name is no way around: from now on everybody new is looked at.
    let name = PlayerName::parse("Somebody else", |_| false).expect("a name");
    let events = run(&mut state, Command::Join { participant: player(3), user: None, name }, T).expect("knocks");
    assert!(matches!(events[..], [Event::Knocked { .. }]), "{events:?}");
    control(&mut state, Control::Admit { participant: player(1) }).expect("lets in");
    assert_eq!(state.players().count(), 2);
}

#[test]
fn a_pause_takes_no_time_and_no_answers() {
    let mut state = opened();
    control_at(&mut state, Control::Pause, T + 5_000).expect("pauses");
    assert_eq!(state.wakes_at(), None);
    assert!(run(&mut state.clone(), answer(0, 0, 1), T + 5_000 + GRACE_MS).is_ok(), "it was on its way");
    assert_eq!(run(&mut state, answer(0, 0, 1), T + 5_001 + GRACE_MS), Err(Refusal::Paused));
    assert_eq!(run(&mut state, Command::Tick, T + 600_000), Ok(vec![]));
    let view = state.player_view(LiveSessionId(Uuid::nil()), player(0), T, &Shared::of(&state)).expect("plays");
    assert!(matches!(view.phase, PlayerPhase::Paused { .. }), "the question is hidden");
    next(&mut state, T + 65_000);
    assert!(matches!(state.phase, Phase::Answering { deadline, .. } if deadline == T + 60_000 + LIMIT));
    run(&mut state, answer(0, 0, 1), T + 65_000).expect("taken");
    assert_eq!(state.participant(player(0)).map(|p| p.score), Some(875), "five seconds have gone by");
}

#[test]
fn a_skipped_question_counts_for_nobody() {
    for reveal in [false, true] {
        let mut state = opened_with(Rules { streaks: true, ..Rules::default() });
        run(&mut state, answer(0, 0, 1), T + 2_000).expect("right");
        run(&mut state, answer(1, 0, 0), T + 2_000).expect("wrong");
        if reveal {
            next(&mut state, T + 2_000);
        }
        control(&mut state, Control::Skip).expect("skips");
        assert!(matches!(state.phase, Phase::LeadIn { index: 1, .. }));
        assert!(state.participants.iter().all(|p| (p.score, p.total_answers, p.streak) == (0, 0, 0)));
        control(&mut state, Control::Skip).expect("skips the last");
        assert_eq!(state.phase, Phase::Podium);
        next(&mut state, T + 3_000);
        assert_eq!(state.status, LiveSessionStatus::Cancelled, "nothing was asked that counts");
    }
}

#[test]
fn the_leaderboard_comes_as_often_as_the_host_wants() {
    let shown = |every: u32| {
        let mut state = quiz_with(Rules { leaderboard_every: every, ..Rules::default() }, (0..5).map(choice).collect());
        join(&mut state, 0, T);
        let mut shown = vec![];
        while state.phase != Phase::Podium {
            next(&mut state, T);
            if let Phase::Leaderboard { index } = state.phase {
                shown.push(index + 1);
            }
        }
        shown
    };
    assert_eq!((shown(1), shown(2), shown(3), shown(0)), (vec![1, 2, 3, 4], vec![2, 4], vec![3], vec![]));
}

#[test]
fn reveal_and_leaderboard_go_on_by_themselves_where_the_host_wants_it() {
    let mut state = opened_with(Rules { auto_advance_ms: Some(5_000), ..Rules::default() });
    next(&mut state, T + 1_000);
    assert_eq!(run(&mut state, Command::Tick, T + 5_999), Ok(vec![]));
    run(&mut state, Command::Tick, T + 6_000).expect("goes on");
    assert_eq!(state.phase, Phase::Leaderboard { index: 0 });
    control_at(&mut state, Control::Pause, T + 7_000).expect("pauses");
    control_at(&mut state, Control::Resume, T + 67_000).expect("resumes");
    assert_eq!(run(&mut state, Command::Tick, T + 70_999), Ok(vec![]));
    run(&mut state, Command::Tick, T + 71_000).expect("goes on");
    assert!(matches!(state.phase, Phase::LeadIn { index: 1, .. }));
}

#[test]
fn an_answer_may_be_changed_until_the_close_where_the_host_wants_it() {
    let mut state = opened_with(Rules { change_answer: true, ..Rules::default() });
    run(&mut state, answer(0, 0, 1), T + 1_000).expect("taken");
    run(&mut state, answer(1, 0, 1), T + 1_000).expect("taken");
    assert_eq!(run(&mut state, Command::Settle, T + 1_000), Ok(vec![]), "stays open: they may still change");
    run(&mut state, answer(0, 0, 2), T + 2_000).expect("changed to wrong");
    assert_eq!(state.participant(player(0)).map(|p| (p.score, p.total_answers)), Some((0, 1)));
    run(&mut state, answer(0, 0, 1), T + 10_000).expect("and back");
    assert_eq!(state.participant(player(0)).map(|p| p.score), Some(750), "by the time of the last change");
    assert_eq!(run(&mut state, answer(0, 0, 1), T + 11_000), Err(Refusal::AlreadyAnswered), "no change");
}

#[test]
fn the_same_people_play_on_once() {
    let mut state = opened();
    let next_session = LiveSessionId(Uuid::from_u128(5));
    let go_on = |state: &Blitz| Command::Continue { seen: state.revision, next: next_session };
    let early = go_on(&state);
    assert_eq!(run(&mut state, early, T), Err(Refusal::NotNow));
    next(&mut state, T);
    let end = Command::End { seen: state.revision };
    run(&mut state, end, T).expect("podium");
    let command = go_on(&state);
    run(&mut state, command, T).expect("goes on");
    assert_eq!((state.phase, state.next), (Phase::Ended, Some(next_session)));
    let again = go_on(&state);
    assert_eq!(run(&mut state, again, T), Err(Refusal::Stale));
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
fn letting_all_in_brings_nobody_back_who_was_taken_out() {
    let mut state = quiz(vec![choice(1)]);
    (0..2).for_each(|n| join(&mut state, n, T));
    control(&mut state, Control::Remove { participant: player(1) }).expect("takes out");
    join(&mut state, 2, T);
    let events = control(&mut state, Control::AdmitAll).expect("lets in");
    assert_eq!(events, [Event::Admitted { participant: player(2) }]);
    assert_eq!(state.players().map(|p| p.id).collect::<Vec<_>>(), [player(0), player(2)]);
}

#[test]
fn a_wrong_answer_and_none_begin_the_streak_anew() {
    for answers in [Some(0), None] {
        let rules = Rules { streaks: true, scoring: Scoring::Accuracy, ..Rules::default() };
        let mut state = quiz_with(rules, vec![choice(1), choice(1), choice(1), choice(1)]);
        join(&mut state, 0, T);
        let mut gained = vec![];
        for (index, option) in (0..).zip([Some(1), answers, Some(1), Some(1)]) {
            while !matches!(state.phase, Phase::Answering { .. }) {
                next(&mut state, T);
            }
            let before = state.participants[0].score;
            if let Some(option) = option {
                run(&mut state, answer(0, index, option), T + 1_000).expect("taken");
            }
            next(&mut state, T + 2_000);
            gained.push(state.participants[0].score - before);
        }
        assert_eq!(gained, [1_000, 0, 1_000, 1_100], "{answers:?}");
    }
}
