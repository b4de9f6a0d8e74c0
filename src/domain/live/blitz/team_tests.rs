//! Teams, extra time and slow lines: balance, the mean of who was in, own clocks that nobody else sees, capped credit.

use super::{tests::*, *};

fn in_teams(names: &str, chosen: bool, questions: Vec<Question>) -> Blitz {
    let mut config = quiz(questions.clone()).config;
    config.teams = Teams::parse(names, chosen);
    assert!(config.teams.is_some(), "{names}");
    let created = Event::Created { host: UserId(uuid::Uuid::nil()), title: "Teams".into(), config, questions };
    Blitz::created(&created, T).expect("starts")
}

fn team_of(state: &Blitz, n: u8) -> Option<u8> {
    state.participant(player(n)).and_then(|p| p.team)
}

fn scores(state: &Blitz) -> Vec<(String, u32, u32)> {
    state.team_rows().into_iter().map(|row| (row.name, row.score, row.rank)).collect()
}

fn extra(state: &mut Blitz, n: u8, extra: ExtraTime) {
    control(state, Control::ExtraTime { participant: player(n), extra }).expect("granted");
}

#[test]
fn names_of_teams_are_two_to_eight_and_different() {
    let names = |typed: &str| Teams::parse(typed, false).map(|teams| teams.names.join("|"));
    assert_eq!(names(" Red ,  Deep  blue,"), Some("Red|Deep blue".into()));
    assert_eq!(names("a\nb;c,d,e,f,g,h").map(|all| all.len()), Some(15));
    for wrong in ["", "Red", "Red, red", "a,b,c,d,e,f,g,h,i", "Red, a name that is much too long"] {
        assert_eq!(names(wrong), None, "{wrong}");
    }
}

#[test]
fn automatic_teams_are_balanced_and_late_joiners_go_to_the_smallest() {
    let mut state = in_teams("Red, Blue, Green", false, vec![choice(1), choice(2)]);
    (0..7).for_each(|n| join(&mut state, n, T));
    let sizes = |state: &Blitz| {
        let mut rows = state.team_rows();
        rows.sort_by_key(|row| row.team);
        rows.into_iter().map(|row| row.members).collect::<Vec<_>>()
    };
    assert_eq!(sizes(&state), [3, 2, 2]);
    let pick = Command::ChooseTeam { participant: player(0), team: 1 };
    assert_eq!(run(&mut state, pick, T), Err(Refusal::NotNow), "nobody picks where chance does");
    control(&mut state, Control::Remove { participant: player(1) }).expect("taken out");
    assert_eq!(sizes(&state), [3, 1, 2], "who is out is no member");
    next(&mut state, T);
    state.approve = false;
    join(&mut state, 7, T);
    assert_eq!((team_of(&state, 7), sizes(&state)), (Some(1), vec![3, 2, 2]));
    control(&mut state, Control::Admit { participant: player(1) }).expect("let in");
    assert_eq!((team_of(&state, 1), sizes(&state)), (Some(1), vec![3, 3, 2]), "the own team is kept");
}

#[test]
fn players_pick_in_the_lobby_and_the_rest_is_spread_at_the_start() {
    let mut state = in_teams("Red, Blue", true, vec![choice(1), choice(2)]);
    (0..5).for_each(|n| join(&mut state, n, T));
    assert_eq!(team_of(&state, 0), None, "there is time to pick");
    let pick = |n: u8, team: u8| Command::ChooseTeam { participant: player(n), team };
    run(&mut state, pick(0, 0), T).expect("picks");
    run(&mut state, pick(0, 1), T).expect("changes");
    run(&mut state, pick(1, 1), T).expect("picks");
    assert_eq!(run(&mut state, pick(0, 2), T), Err(Refusal::Malformed));
    assert_eq!(run(&mut state, pick(9, 0), T), Err(Refusal::NotInSession));
    next(&mut state, T);
    assert_eq!((0..5).map(|n| team_of(&state, n)).collect::<Vec<_>>(), [1, 1, 0, 0, 0].map(Some));
    assert_eq!(run(&mut state, pick(0, 0), T), Err(Refusal::NotNow), "the quiz is on");
}

#[test]
fn a_team_scores_the_mean_of_its_members_who_were_in() {
    let mut state = in_teams("Red, Blue", false, vec![choice(1), choice(2)]);
    (0..4).for_each(|n| join(&mut state, n, T));
    next(&mut state, T - LEAD_IN_MS);
    run(&mut state, Command::Tick, T).expect("opens");
    // Red: 0 and 2; Blue: 1 and 3. Who is wrong or silent counts as 0.
    run(&mut state, answer(0, 0, 1), T + 2_000).expect("950");
    run(&mut state, answer(1, 0, 1), T + 10_000).expect("750");
    run(&mut state, answer(3, 0, 1), T + 10_000).expect("750");
    assert_eq!(scores(&state)[0].1, 0, "nothing tells before the reveal");
    next(&mut state, T + 12_000);
    assert_eq!(scores(&state), [("Blue".into(), 750, 1), ("Red".into(), 475, 2)]);
    // Player 3 is gone when the next one opens; 2 drops out during it.
    next(&mut state, T + 12_000);
    next(&mut state, T + 12_000);
    let at = T + 12_000 + LEAD_IN_MS;
    run_with(&mut state, Command::Tick, at, &|p| p != player(3)).expect("opens");
    join(&mut state, 4, at + 1_000);
    run(&mut state, answer(0, 1, 2), at + 2_000).expect("950");
    run(&mut state, answer(1, 1, 2), at + 10_000).expect("750");
    let reveal = Command::Next { seen: state.revision };
    run_with(&mut state, reveal, at + 11_000, &|p| p == player(0)).expect("reveals");
    // Blue: (750 + 750) / 2 + 750 / 1; Red: (950 + 0) / 2 twice, without the latecomer.
    assert_eq!(team_of(&state, 4), Some(0));
    assert_eq!(scores(&state), [("Blue".into(), 1500, 1), ("Red".into(), 950, 2)]);
    control(&mut state, Control::Skip).expect("taken back");
    assert_eq!(scores(&state), [("Blue".into(), 750, 1), ("Red".into(), 475, 2)]);
}

#[test]
fn teams_show_their_scores_only_between_questions() {
    let mut state = in_teams("Red, Blue", false, vec![choice(1), choice(2)]);
    (0..2).for_each(|n| join(&mut state, n, T));
    let rows = |state: &Blitz| {
        let view =
            state.player_view(LiveSessionId(uuid::Uuid::nil()), player(0), T, &Shared::of(state)).expect("plays");
        view.team.expect("teams").rows.len()
    };
    assert_eq!(rows(&state), 2);
    next(&mut state, T - LEAD_IN_MS);
    run(&mut state, Command::Tick, T).expect("opens");
    assert_eq!(rows(&state), 0);
    next(&mut state, T + 1);
    assert_eq!(rows(&state), 2);
}

#[test]
fn an_answer_counts_until_the_own_deadline_on_the_own_scale() {
    for (granted, last, points_at_10, points_at_last) in [
        (ExtraTime::None, LIMIT, 750, 500),
        (ExtraTime::Quarter, LIMIT * 5 / 4, 800, 500),
        (ExtraTime::Half, LIMIT * 3 / 2, 833, 500),
        (ExtraTime::NoLimit, 600_000, 750, 750),
    ] {
        let mut state = opened();
        extra(&mut state, 0, granted);
        let points = |after: i64| {
            let mut state = state.clone();
            run(&mut state, Command::Tick, T + LIMIT + GRACE_MS + 1).expect("ticks");
            // Before the tick where it comes before.
            let mut early = opened();
            extra(&mut early, 0, granted);
            let of = if after <= LIMIT { &mut early } else { &mut state };
            run(of, answer(0, 0, 1), T + after).map(|_| of.participant(player(0)).map_or(0, |p| p.score))
        };
        assert_eq!(points(10_000), Ok(points_at_10), "{granted:?}");
        assert_eq!(points(last), Ok(points_at_last), "{granted:?}");
        if granted != ExtraTime::NoLimit {
            assert_eq!(points(last + GRACE_MS + 1), Err(Refusal::TooLate), "{granted:?}");
        }
    }
}

#[test]
fn the_question_closes_for_the_others_and_the_reveal_waits() {
    let mut state = opened();
    extra(&mut state, 0, ExtraTime::Half);
    let closed = T + LIMIT + GRACE_MS + 1;
    let events = run(&mut state, Command::Tick, closed).expect("ticks");
    assert_eq!(events, [Event::OvertimeBegan { index: 0, until: Some(closed + LIMIT / 2) }]);
    assert_eq!(run(&mut state, Command::Tick, closed + 1), Ok(vec![]));
    assert_eq!(run(&mut state, answer(1, 0, 1), closed), Err(Refusal::TooLate), "the usual time is over");
    let mut answered = state.clone();
    run(&mut answered, answer(0, 0, 1), closed + 100).expect("in the own time");
    run(&mut answered, Command::Settle, closed + 100).expect("settles");
    assert_eq!(answered.phase, Phase::Reveal { index: 0 }, "nobody is left to wait for");
    let mut gone = state.clone();
    run_with(&mut gone, Command::Settle, closed + 100, &|p| p != player(0)).expect("settles");
    assert_eq!(gone.phase, Phase::Reveal { index: 0 }, "who is gone is not waited for");
    let mut paused = state.clone();
    control_at(&mut paused, Control::Pause, closed + 100).expect("pauses");
    control_at(&mut paused, Control::Resume, closed + 60_100).expect("goes on");
    assert_eq!(paused.wakes_at(), Some(closed + 60_000 + LIMIT / 2));
    assert_eq!(state.wakes_at(), Some(closed + LIMIT / 2));
    run(&mut state, Command::Tick, closed + LIMIT / 2).expect("ticks");
    assert_eq!(state.phase, Phase::Reveal { index: 0 });
}

#[test]
fn without_a_limit_only_the_answer_the_host_or_leaving_ends_the_wait() {
    let mut state = opened();
    extra(&mut state, 0, ExtraTime::NoLimit);
    let closed = T + LIMIT + GRACE_MS + 1;
    run(&mut state, Command::Tick, closed).expect("ticks");
    assert_eq!(state.wakes_at(), None);
    assert_eq!(run(&mut state, Command::Settle, closed + 600_000), Ok(vec![]));
    let mut host = state.clone();
    next(&mut host, closed + 600_000);
    assert_eq!(host.phase, Phase::Reveal { index: 0 });
    run(&mut state, answer(0, 0, 1), closed + 600_000).expect("in time");
    run(&mut state, Command::Settle, closed + 600_000).expect("settles");
    assert_eq!(state.phase, Phase::Reveal { index: 0 });
}

#[test]
fn nobody_else_sees_who_has_extra_time() {
    let views = |state: &Blitz, at: i64| {
        let (shared, id) = (Shared::of(state), LiveSessionId(uuid::Uuid::nil()));
        let other = state.player_view(id, player(1), at, &shared).expect("plays");
        let host = state.host_view(id, None, at, &shared, &all);
        (serde_json::to_string(&other).expect("encodes"), serde_json::to_string(&host).expect("encodes"))
    };
    let plain = opened();
    for granted in [ExtraTime::Quarter, ExtraTime::Half, ExtraTime::NoLimit] {
        let mut state = opened();
        extra(&mut state, 0, granted);
        assert_eq!(views(&state, T + 1_000), views(&plain, T + 1_000), "{granted:?}: projector and neighbour");
        run(&mut state, Command::Tick, T + LIMIT + GRACE_MS + 1).expect("ticks");
        let (other, host) = views(&state, T + LIMIT + GRACE_MS + 1);
        for text in [&other, &host] {
            assert!(!text.contains("extra") && !text.contains(granted.as_str()), "{text}");
        }
        assert!(!other.contains(&player(0).to_string()), "{other}");
        assert!(other.contains("\"closed\":true"), "{other}");
    }
    let mut state = opened();
    extra(&mut state, 0, ExtraTime::Half);
    let mine = state.player_view(LiveSessionId(uuid::Uuid::nil()), player(0), T, &Shared::of(&state)).expect("plays");
    assert!(matches!(mine.phase, PlayerPhase::Answering { remaining_ms: 30_000, time_limit_ms: 30_000, .. }));
}

#[test]
fn extra_time_goes_along_into_the_next_quiz() {
    let mut state = opened();
    extra(&mut state, 0, ExtraTime::Half);
    let mut config = state.config.clone();
    config.carried = state.extra_times();
    let created = Event::Created { host: state.host, title: "Again".into(), config, questions: vec![choice(1)] };
    let mut state = Blitz::created(&created, T).expect("starts");
    join(&mut state, 5, T);
    let carry = |before: u8| Command::CarryOver { participant: player(5), before: player(before) };
    run(&mut state, carry(1), T).expect("nothing to carry");
    assert_eq!(state.participant(player(5)).map(|p| p.extra), Some(ExtraTime::None));
    run(&mut state, carry(0), T).expect("carried");
    assert_eq!(state.participant(player(5)).map(|p| p.extra), Some(ExtraTime::Half));
}

#[test]
fn logs_from_before_there_were_teams_replay() {
    let old = r#"{"question_opened":{"index":0,"opened_at":1,"deadline":2}}"#;
    let event: Event = serde_json::from_str(old).expect("reads");
    assert_eq!(event, Event::QuestionOpened { index: 0, opened_at: 1, deadline: 2, absent: vec![] });
    assert_eq!(serde_json::to_string(&event).expect("writes"), old, "and nothing is added where nobody plays in teams");
    let old = r#"{"card_count":2,"time_limit_ms":20000,"hints":true,"answers":"choice"}"#;
    let config: BlitzConfig = serde_json::from_str(old).expect("reads");
    assert_eq!((config.teams, config.carried), (None, vec![]));
}

#[test]
fn a_slow_line_is_credited_up_to_a_limit_and_only_in_points() {
    let over = |credit_ms: u32, after: i64| {
        let mut state = opened();
        let answer = crate::domain::live::question::Answer::Choice(1);
        let command = Command::SubmitOver { participant: player(0), index: 0, answer, credit_ms };
        run(&mut state, command, T + after).map(|_| {
            let taken = &state.answers[&player(0)];
            (taken.points, taken.response_time_ms)
        })
    };
    assert_eq!(over(0, 2_000), Ok((950, 2_000)));
    assert_eq!(over(200, 2_000), Ok((955, 2_000)), "the report has the time that it took");
    assert_eq!(over(100_000, 2_000), over(MOST_CREDIT_MS, 2_000), "a line cannot be slower than that");
    assert_eq!(over(250, 100), Ok((1000, 100)), "never more than all points");
    let late = LIMIT + GRACE_MS + 1;
    assert_eq!(over(250, late), Err(Refusal::TooLate), "the deadline is everybody's");
}

#[test]
fn the_credit_is_in_the_log_and_old_logs_have_none() {
    let mut state = opened();
    let answer = crate::domain::live::question::Answer::Choice(1);
    let command = Command::SubmitOver { participant: player(0), index: 0, answer, credit_ms: 200 };
    let events = run(&mut state, command, T + 2_000).expect("taken");
    assert!(matches!(events[0], Event::AnswerSubmitted { credit_ms: 200, points: 955, .. }));
    let json = serde_json::to_string(&events[0]).expect("writes");
    let old = json.replace(",\"credit_ms\":200", "");
    assert_ne!(old, json);
    let read: Event = serde_json::from_str(&old).expect("reads");
    assert!(matches!(read, Event::AnswerSubmitted { credit_ms: 0, points: 955, .. }), "points are facts");
    assert_eq!(serde_json::to_string(&read).expect("writes"), old);
}
