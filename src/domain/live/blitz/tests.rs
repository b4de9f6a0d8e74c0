//! The rules of the state machine (numbers as in the list of rules A1–A18), by example and by random play.

use super::*;
use crate::domain::{
    ids::{CardId, LiveSessionId},
    live::{
        player_name::PlayerName,
        question::{Key, Rich},
        scoring::MOST_STREAK_BONUS,
    },
};
use proptest::prelude::*;
use std::collections::BTreeSet;
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
    run(&mut state, Command::Recover { alive_at: None }, T + 62_000).expect("recovers");
    assert!(
        matches!(state.phase, Phase::Answering { opened_at, deadline, .. } if opened_at == T + 60_000 && deadline == T + 60_000 + LIMIT)
    );
    run(&mut state, answer(1, 0, 1), T + 62_000).expect("taken");
    assert_eq!(state.participant(player(1)).map(|p| p.score), Some(950), "the outage is not the player's time");
}

#[test]
fn a15_the_remaining_time_is_told_not_the_clock() {
    let state = opened();
    let view = state.player_view(LiveSessionId(Uuid::nil()), player(0), T + 4_000, &Shared::of(&state)).expect("plays");
    assert!(matches!(view.phase, PlayerPhase::Answering { remaining_ms: 16_000, time_limit_ms: 20_000, .. }));
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
    (any::<bool>(), prop::option::of(1_000u32..20_000), 0u32..3, any::<(bool, bool, bool, bool)>()).prop_map(
        |(approve, auto_advance_ms, leaderboard_every, (accuracy, streaks, change_answer, second_chance))| Rules {
            approve,
            auto_advance_ms,
            leaderboard_every,
            scoring: if accuracy { Scoring::Accuracy } else { Scoring::Speed },
            streaks,
            change_answer,
            second_chance,
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
