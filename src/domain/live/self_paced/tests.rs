//! Whatever is pressed whenever: one answer a question, points within their bounds, no key before its time, the room's
//! own scores for the room's own answers.

use super::*;
use crate::domain::{
    ids::{CardId, LiveSessionId, UserId},
    live::{
        blitz::{self, BlitzConfig, Event as Happened, GRACE_MS, LEAD_IN_MS, PlayerPhase, Rules, Scoring},
        draw::AnswerMode,
        question::{Adjusted, Key, Question, Rich},
        report::{Player, Stored},
        scoring::MOST_STREAK_BONUS,
    },
};
use proptest::prelude::*;
use uuid::Uuid;

const START: i64 = 1_000_000;
const LIMIT: i64 = 20_000;
/// Far behind everything that the tests do.
const OPEN: i64 = START + 100_000_000;

fn card(n: u32) -> CardId {
    CardId(Uuid::from_u128(u128::from(n)))
}

fn person(n: u128) -> ParticipantId {
    ParticipantId(Uuid::from_u128(n))
}

/// Five questions: usual, double, none, typed, and one with a time of its own.
fn questions() -> Vec<Question> {
    let choice = |n: u32, points: u32, own: Option<u32>| Question {
        card: card(n),
        prompt: Rich::plain(format!("PROMPT {n}")),
        key: Key::Choice {
            options: ["w", "x", "y", "z"].map(Rich::plain).to_vec(),
            correct: u8::try_from(n % 4).unwrap(),
        },
        hint: Some(Rich::plain(format!("HINT {n}"))),
        explanation: Some(Rich::plain(format!("EXPLANATION {n}"))),
        points,
        adjusted: Adjusted { time_limit_ms: own, explanation_source: None },
    };
    let mut all = vec![
        choice(0, 1_000, None),
        choice(1, 2_000, None),
        choice(2, 0, None),
        choice(3, 1_000, None),
        choice(4, 1_000, Some(5_000)),
    ];
    all[3].key = Key::Typed { solutions: vec![Rich::plain("SOLUTION")] };
    all
}

fn right(n: u32) -> Answer {
    if n == 3 { Answer::Text("solution".into()) } else { Answer::Choice(u8::try_from(n % 4).unwrap()) }
}

fn wrong(n: u32) -> Answer {
    if n == 3 { Answer::Text("nonsense".into()) } else { Answer::Choice(u8::try_from((n + 1) % 4).unwrap()) }
}

fn rules() -> Rules {
    Rules { streaks: true, leaderboard_every: 0, ..Rules::default() }
}

fn created(rules: Rules) -> Blitz {
    let config = BlitzConfig {
        card_count: 5,
        time_limit_ms: u32::try_from(LIMIT).unwrap(),
        hints: true,
        answers: AnswerMode::Mixed,
        rules,
        teams: None,
        carried: vec![],
    };
    let host = UserId(Uuid::nil());
    let first = Happened::Created { host, title: "Capitals".into(), config, questions: questions() };
    Blitz::created(&first, START).unwrap()
}

/// Ada had every question right in the room after a second, Ben every one wrong.
fn round(rules: Rules) -> Round {
    let quiz = created(rules);
    let players = ["Ada", "Ben"].map(|name| Player {
        id: person(if name == "Ada" { 1 } else { 2 }),
        name: name.into(),
        guest: true,
        team: None,
    });
    let answer = |participant, index, answer: Answer, correct, points| Stored {
        participant,
        index,
        answer,
        correct,
        points,
        response_time_ms: 1_000,
        sure: None,
    };
    let stored: Vec<Stored> = (0..5)
        .flat_map(|n| [answer(person(1), n, right(n), true, 900), answer(person(2), n, wrong(n), false, 0)])
        .collect();
    Round::of(quiz, &(0..5).collect(), &players, &stored)
}

fn begun(extra: ExtraTime) -> Attempt {
    Attempt { id: person(9), name: "Mina".into(), extra, turns: vec![], finished_at: None }
}

/// Decides and applies, as the server does: time first.
fn press(
    round: &Round,
    attempt: &mut Attempt,
    closes_at: i64,
    command: &Command,
    at: i64,
) -> Result<Option<Event>, Refusal> {
    if let Ok(Some(event)) = round.decide(attempt, closes_at, &Command::Look, at) {
        attempt.apply(&event);
    }
    let event = round.decide(attempt, closes_at, command, at)?;
    if let Some(event) = &event {
        attempt.apply(event);
    }
    Ok(event)
}

fn go_on(round: &Round, attempt: &mut Attempt, at: i64) -> Result<Option<Event>, Refusal> {
    let seen = attempt.revision();
    press(round, attempt, OPEN, &Command::Step { seen }, at)
}

fn submit(round: &Round, attempt: &mut Attempt, turn: u32, answer: Answer, at: i64) -> Result<Option<Event>, Refusal> {
    press(round, attempt, OPEN, &Command::Submit { turn, answer }, at)
}

#[test]
fn a_question_is_answered_in_its_time_once_and_then_scored() {
    let (round, mut mina) = (round(rules()), begun(ExtraTime::None));
    assert_eq!(submit(&round, &mut mina, 0, right(0), START), Err(Refusal::WrongQuestion), "nothing is open yet");
    assert!(matches!(go_on(&round, &mut mina, START), Ok(Some(Event::Opened { turn: 0, .. }))));
    let opened = START + LEAD_IN_MS;
    assert_eq!(submit(&round, &mut mina, 0, right(0), opened - 1), Err(Refusal::TooEarly));
    assert_eq!(submit(&round, &mut mina, 1, right(1), opened), Err(Refusal::WrongQuestion));
    assert_eq!(submit(&round, &mut mina, 0, Answer::Choice(9), opened), Err(Refusal::Malformed));
    assert_eq!(go_on(&round, &mut mina, opened), Err(Refusal::Stale), "an open question is not skipped");
    submit(&round, &mut mina, 0, right(0), opened + 2_000).unwrap();
    assert_eq!(submit(&round, &mut mina, 0, wrong(0), opened + 2_001), Err(Refusal::AlreadyAnswered));
    assert_eq!(round.totals(&mina), Totals { score: 950, correct: 1, answered: 1, average_ms: 2_000, rank: Some(1) });
    // A double press goes one step.
    let seen = mina.revision();
    let step = Command::Step { seen };
    assert!(press(&round, &mut mina, OPEN, &step, opened + 9_000).is_ok());
    assert_eq!(press(&round, &mut mina, OPEN, &step, opened + 9_001), Err(Refusal::Stale));
    assert_eq!(mina.turns.len(), 2);
}

#[test]
fn the_time_is_the_servers_and_runs_out_whoever_is_away() {
    let (round, mut mina) = (round(rules()), begun(ExtraTime::None));
    go_on(&round, &mut mina, START).unwrap();
    let over = START + LEAD_IN_MS + LIMIT + GRACE_MS;
    assert_eq!(round.decide(&mina, OPEN, &Command::Look, over), Ok(None));
    let look = |at| round.view(LiveSessionId(Uuid::nil()), &mina, OPEN, at).phase;
    let remaining =
        |phase| if let PlayerPhase::Answering { remaining_ms, .. } = phase { Some(remaining_ms) } else { None };
    assert_eq!(remaining(look(START + LEAD_IN_MS + 3_000)), Some(17_000), "whenever one comes back");
    let mut late = mina.clone();
    assert_eq!(submit(&round, &mut late, 0, right(0), over + 1), Err(Refusal::TooLate));
    assert_eq!(late.turns[0].closed, Some(Closed { at: over + 1, taken: None }));
    submit(&round, &mut mina, 0, right(0), over).unwrap();
    assert_eq!(mina.taken(0).map(|taken| (taken.points, taken.response_time_ms)), Some((500, 20_000)), "on its way");
    // Its own time, and the learner's.
    for (extra, limit) in [(ExtraTime::None, Some(5_000)), (ExtraTime::Half, Some(7_500)), (ExtraTime::NoLimit, None)] {
        assert_eq!(round.limit_ms(extra, 4), limit);
    }
}

#[test]
fn after_the_deadline_nothing_opens_and_what_is_open_keeps_its_time() {
    let round = round(rules());
    let closes = START + 1_000;
    let mut mina = begun(ExtraTime::None);
    press(&round, &mut mina, closes, &Command::Step { seen: 0 }, START).unwrap();
    let answer = Command::Submit { turn: 0, answer: right(0) };
    press(&round, &mut mina, closes, &answer, START + LEAD_IN_MS + 9_000).unwrap();
    assert_eq!(mina.correct(), 1, "the question was on when the deadline came");
    let seen = mina.revision();
    let end = press(&round, &mut mina, closes, &Command::Step { seen }, START + 60_000);
    assert!(matches!(end, Ok(Some(Event::Finished { .. }))), "{end:?}");
    let seen = mina.revision();
    assert_eq!(press(&round, &mut mina, closes, &Command::Step { seen }, START + 60_001), Err(Refusal::Closed));
    // A later deadline lets it go on.
    assert!(matches!(go_on(&round, &mut mina, START + 60_002), Ok(Some(Event::Opened { turn: 1, .. }))));
    assert_eq!(mina.finished_at, None);

    let mut late = begun(ExtraTime::None);
    assert_eq!(press(&round, &mut late, closes, &Command::Step { seen: 0 }, closes + 1), Err(Refusal::Closed));
    // Without a limit the deadline is the limit.
    let mut slow = begun(ExtraTime::NoLimit);
    press(&round, &mut slow, closes, &Command::Step { seen: 0 }, START).unwrap();
    assert_eq!(round.decide(&slow, closes, &answer, closes + GRACE_MS + 1), Err(Refusal::Closed));
    assert!(press(&round, &mut slow, closes, &answer, closes + GRACE_MS).is_ok());
}

#[test]
fn the_rooms_own_answers_are_worth_what_they_were_worth_in_the_room() {
    for (scoring, streaks) in [(Scoring::Speed, true), (Scoring::Speed, false), (Scoring::Accuracy, true)] {
        let rules = Rules { scoring, streaks, ..rules() };
        let mut live = created(rules);
        let me = person(9);
        let round = round(rules);
        let mut mina = begun(ExtraTime::None);
        let apply = |live: &mut Blitz, events: Vec<Happened>, at| events.iter().for_each(|event| live.apply(event, at));
        let mut at = START;
        let join = Happened::Joined { participant: me, user: None, name: "Mina".into(), name_key: "mina".into() };
        apply(&mut live, vec![join], at);
        for (n, ms) in [(0u32, 700), (1, 3_000), (2, 19_000), (3, 12_345), (4, 4_999)] {
            let here = |_| true;
            let seen = live.revision;
            let events = live.decide(&blitz::Command::Next { seen }, at, &here).unwrap();
            apply(&mut live, events, at);
            go_on(&round, &mut mina, at).unwrap();
            at += LEAD_IN_MS;
            let events = live.decide(&blitz::Command::Tick, at, &here).unwrap();
            apply(&mut live, events, at);
            at += ms;
            let answer = if n == 1 { wrong(n) } else { right(n) };
            let command = blitz::Command::Submit { participant: me, index: n, answer: answer.clone() };
            let events = live.decide(&command, at, &here).unwrap();
            apply(&mut live, events, at);
            let events = live.decide(&blitz::Command::Settle, at, &here).unwrap();
            apply(&mut live, events, at);
            submit(&round, &mut mina, n, answer, at).unwrap();
            let there = live.participant(me).unwrap();
            assert_eq!(
                (mina.score(), mina.correct()),
                (there.score, there.correct_answers),
                "question {n}, {scoring:?}"
            );
            assert_eq!(mina.taken(n as usize), live.answers.get(&me));
        }
    }
}

#[test]
fn the_ghost_is_the_room_after_the_same_question() {
    let (round, mut mina) = (round(rules()), begun(ExtraTime::NoLimit));
    let mut at = START;
    for n in 0..5 {
        go_on(&round, &mut mina, at).unwrap();
        at += 1_000;
        submit(&round, &mut mina, n, if n == 0 { right(n) } else { wrong(n) }, at).unwrap();
        let score = mina.score();
        let ada = 900 * (n + 1);
        let better = u32::from(ada > score);
        let view = round.view(LiveSessionId(Uuid::nil()), &mina, OPEN, at);
        assert_eq!((view.me.rank, view.players), (Some(1 + better), 3));
        assert_eq!(
            view.me.ahead.map(|ahead| (ahead.name, ahead.points)),
            (better == 1).then(|| ("Ada".into(), ada - score))
        );
        let answers = round.room.answers(n as usize);
        assert_eq!((answers.answered, answers.correct), (2, 1));
        assert_eq!(answers.distribution.iter().sum::<u32>(), if n == 3 { 0 } else { 2 });
    }
    go_on(&round, &mut mina, at).unwrap();
    let view = round.view(LiveSessionId(Uuid::nil()), &mina, OPEN, at);
    let PlayerPhase::Ended { rows, .. } = view.phase else { panic!("{:?}", view.phase) };
    assert_eq!(
        rows.iter().map(|row| (row.rank, row.name.as_str())).collect::<Vec<_>>(),
        [(1, "Ada"), (2, "Mina"), (3, "Ben")]
    );
    assert_eq!(go_on(&round, &mut mina, at), Err(Refusal::Finished));
}

#[test]
fn each_command_has_its_result_in_each_phase() {
    let round = round(rules());
    let at = START + LEAD_IN_MS + 1_000;
    let mut ready = begun(ExtraTime::None);
    let reached = |steps: usize| {
        let mut attempt = begun(ExtraTime::None);
        let mut at = START;
        for step in 0..steps {
            go_on(&round, &mut attempt, at).unwrap();
            if step < 5 {
                at += LEAD_IN_MS;
                submit(&round, &mut attempt, u32::try_from(step).unwrap(), right(u32::try_from(step).unwrap()), at)
                    .unwrap();
            }
        }
        attempt
    };
    let mut open = begun(ExtraTime::None);
    go_on(&round, &mut open, START).unwrap();
    let (revealed, last, finished) = (reached(1), reached(5), reached(6));
    let name = |result: Result<Option<Event>, Refusal>| match result {
        Ok(None) => "nothing".to_owned(),
        Ok(Some(Event::Opened { .. })) => "opened".to_owned(),
        Ok(Some(Event::Closed { .. })) => "closed".to_owned(),
        Ok(Some(Event::Finished { .. })) => "finished".to_owned(),
        Err(refusal) => refusal.as_str().to_owned(),
    };
    let row = |attempt: &Attempt, closes_at, at| {
        let step = Command::Step { seen: attempt.revision() };
        let answer = Command::Submit { turn: 0, answer: right(0) };
        [step, answer, Command::Look].map(|command| name(round.decide(attempt, closes_at, &command, at)))
    };
    let far = START + 10_000_000;
    for (what, attempt, closes_at, at, expected) in [
        ("ready", &ready, OPEN, at, ["opened", "wrong_question", "nothing"]),
        ("ready, closed", &ready, START, at, ["closed", "wrong_question", "nothing"]),
        ("lead-in", &open, OPEN, START + 1, ["stale", "too_early", "nothing"]),
        ("answering", &open, OPEN, at, ["stale", "closed", "nothing"]),
        ("answering, over", &open, OPEN, far, ["stale", "too_late", "closed"]),
        ("revealed", &revealed, OPEN, far, ["opened", "already_answered", "nothing"]),
        ("revealed, closed", &revealed, START, far, ["finished", "already_answered", "nothing"]),
        ("last revealed", &last, OPEN, far, ["finished", "already_answered", "nothing"]),
        ("finished", &finished, OPEN, far, ["finished", "already_answered", "nothing"]),
    ] {
        assert_eq!(row(attempt, closes_at, at), expected, "{what}");
    }
    // At the very end a press is refused; the name is the same as the event's.
    assert_eq!(go_on(&round, &mut finished.clone(), far), Err(Refusal::Finished));
    assert_eq!(go_on(&round, &mut ready, far).map(|event| event.is_some()), Ok(true));
}

/// What somebody may do, and how long they wait before.
fn presses() -> impl Strategy<Value = Vec<(u8, u32, u8, i64)>> {
    prop::collection::vec((0u8..6, 0u32..6, 0u8..5, prop_oneof![0i64..3_000, 0i64..40_000]), 0..60)
}

proptest! {
    #[test]
    fn whatever_is_pressed_each_question_counts_once_and_nothing_tells_its_key(
        presses in presses(), extra in 0usize..4, closes_in in 1_000i64..600_000,
    ) {
        let (round, mut mina) = (round(rules()), begun(ExtraTime::ALL[extra]));
        let closes_at = START + closes_in;
        let (mut at, mut log) = (START, vec![]);
        let most: u32 = questions().iter().map(|q| q.points + if q.points > 0 { MOST_STREAK_BONUS } else { 0 }).sum();
        for (what, turn, option, pause) in presses {
            at += pause;
            let command = match what {
                0 | 1 => Command::Step { seen: mina.revision() },
                2 => Command::Step { seen: turn },
                3 => Command::Submit { turn, answer: right(turn) },
                4 => Command::Submit { turn, answer: Answer::Choice(option) },
                _ => Command::Look,
            };
            for command in [&Command::Look, &command] {
                let before = mina.clone();
                if let Ok(Some(event)) = round.decide(&mina, closes_at, command, at) {
                    if let Event::Opened { turn, opened_at } = &event {
                        prop_assert!(at <= closes_at && *turn as usize == before.turns.len() && *opened_at >= at);
                        prop_assert!(before.turns.iter().all(|turn| turn.closed.is_some()));
                    }
                    if let Event::Closed { turn, closed } = &event {
                        prop_assert!(before.turns[*turn as usize].closed.is_none(), "closed twice");
                        let taken_ms = closed.taken.as_ref().map_or(0, |taken| taken.response_time_ms);
                        prop_assert!(i64::from(taken_ms) <= at - before.turns[*turn as usize].opened_at);
                    }
                    mina.apply(&event);
                    log.push(event);
                }
            }
            prop_assert!(mina.turns.len() <= 5 && mina.score() <= most);
            let totals = round.totals(&mina);
            prop_assert!(totals.rank.is_none_or(|rank| (1..=3).contains(&rank)));
            prop_assert_eq!(totals.rank.is_some(), mina.closed() > 0);
            // Nothing of a question that is not closed for this person, but what is asked.
            let seen = serde_json::to_string(&round.view(LiveSessionId(Uuid::nil()), &mina, closes_at, at)).unwrap();
            for n in mina.closed()..5 {
                prop_assert!(!seen.contains(&format!("EXPLANATION {n}")), "{}", seen);
                prop_assert!(n == mina.closed() || !seen.contains(&format!("PROMPT {n}")), "{}", seen);
            }
            if matches!(mina.phase(at), Phase::LeadIn(_) | Phase::Answering(_)) {
                for key in ["solution", "SOLUTION", "\"correct\"", "distribution"] {
                    prop_assert!(!seen.contains(key), "{} in {}", key, seen);
                }
            }
        }
        let mut again = begun(ExtraTime::ALL[extra]);
        log.iter().for_each(|event| again.apply(event));
        prop_assert_eq!(again, mina, "the events are the attempt");
    }
}
