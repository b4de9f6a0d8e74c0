//! The room's rules, by example and by random play.

use super::*;
use proptest::prelude::*;
use uuid::Uuid;

const T: i64 = 1_000_000;
const MINUTE: i64 = 60_000;

fn user(n: u8) -> UserId {
    UserId(Uuid::from_u128(u128::from(n) + 1))
}

fn message(n: u8) -> MessageId {
    MessageId(Uuid::from_u128(u128::from(n) + 1_000))
}

/// 0 hosts without teaching, 1 teaches, the others learn.
fn by(n: u8) -> By {
    By { user: user(n), moderates: n == 1 }
}

fn text(words: &str) -> MessageText {
    MessageText::parse(words).expect("a good text")
}

fn room(rules: Rules) -> StudyRoom {
    let created = Event::Created { host: user(0), title: "Capitals".into(), cards: 6, rules };
    StudyRoom::created(&created, T).expect("starts with created")
}

/// Decides and applies.
fn run(state: &mut StudyRoom, command: Command, at: i64) -> Result<Vec<Event>, Refusal> {
    let events = state.decide(&command, at)?;
    for event in &events {
        state.apply(event, at);
    }
    Ok(events)
}

fn enter(state: &mut StudyRoom, n: u8, at: i64) {
    run(state, Command::Enter { by: by(n), name: format!("Person {n}") }, at).expect("enters");
}

fn send(state: &mut StudyRoom, n: u8, id: u8, at: i64) -> Result<Vec<Event>, Refusal> {
    run(state, Command::Send { by: by(n), message: message(id), text: text("hello") }, at)
}

fn timer(state: &mut StudyRoom, n: u8, step: TimerStep, at: i64) -> Result<Vec<Event>, Refusal> {
    run(state, Command::Timer { by: by(n), step }, at)
}

#[test]
fn focus_leads_to_a_break_and_a_break_waits_for_somebody() {
    let mut state = room(Rules::default());
    enter(&mut state, 0, T);
    timer(&mut state, 0, TimerStep::Set { focus_min: 20, break_min: 4 }, T).unwrap();
    timer(&mut state, 0, TimerStep::Start, T).unwrap();
    assert_eq!(state.timer.remaining_ms(T + 5 * MINUTE), 15 * 60_000);
    assert_eq!(state.wakes_at(T), Some(T + 20 * MINUTE));
    // The server was away over the end of the focus: the break began when it should have.
    run(&mut state, Command::Tick, T + 21 * MINUTE).unwrap();
    assert_eq!((state.timer.stage, state.timer.rounds), (Stage::Break, 1));
    assert_eq!(state.timer.remaining_ms(T + 21 * MINUTE), 3 * 60_000);
    run(&mut state, Command::Tick, T + 24 * MINUTE).unwrap();
    assert_eq!((state.timer.stage, state.timer.deadline, state.timer.left_ms), (Stage::Focus, None, 20 * 60_000));
    // Away over both.
    timer(&mut state, 0, TimerStep::Start, T + 30 * MINUTE).unwrap();
    run(&mut state, Command::Tick, T + 300 * MINUTE).unwrap();
    assert_eq!((state.timer.stage, state.timer.deadline, state.timer.rounds), (Stage::Focus, None, 2));
}

#[test]
fn a_pause_costs_no_time_and_pressing_twice_changes_nothing() {
    let mut state = room(Rules::default());
    enter(&mut state, 0, T);
    timer(&mut state, 0, TimerStep::Start, T).unwrap();
    assert_eq!(timer(&mut state, 0, TimerStep::Start, T + 9), Ok(vec![]));
    timer(&mut state, 0, TimerStep::Pause, T + 10 * MINUTE).unwrap();
    assert_eq!(timer(&mut state, 0, TimerStep::Pause, T + 11 * MINUTE), Ok(vec![]));
    assert_eq!(state.timer.remaining_ms(T + 90 * MINUTE), 15 * 60_000);
    timer(&mut state, 0, TimerStep::Start, T + 90 * MINUTE).unwrap();
    assert_eq!(state.timer.deadline, Some(T + 105 * MINUTE));
    timer(&mut state, 0, TimerStep::Skip, T + 91 * MINUTE).unwrap();
    assert_eq!((state.timer.stage, state.timer.deadline), (Stage::Break, Some(T + 96 * MINUTE)));
    assert_eq!(state.timer.rounds, 0, "what was skipped was not finished");
    let wrong = TimerStep::Set { focus_min: 0, break_min: 5 };
    assert_eq!(timer(&mut state, 0, wrong, T), Err(Refusal::Malformed));
}

#[test]
fn who_may_steer() {
    let mut state = room(Rules { together: true, anyone: false });
    let show = |n| Command::ShowCard { by: by(n), index: 2, revealed: false };
    assert_eq!(run(&mut state, show(0), T), Err(Refusal::NotInside));
    for n in 0..3 {
        enter(&mut state, n, T);
    }
    assert_eq!(run(&mut state, show(2), T), Err(Refusal::NotAllowed));
    assert_eq!(timer(&mut state, 2, TimerStep::Start, T), Err(Refusal::NotAllowed));
    assert!(run(&mut state, show(1), T).is_ok() && run(&mut state, show(0), T).is_ok());
    assert_eq!(run(&mut state, Command::SetRules { by: by(2), rules: Rules::default() }, T), Err(Refusal::NotAllowed));
    run(&mut state, Command::SetRules { by: by(0), rules: Rules { together: true, anyone: true } }, T).unwrap();
    assert!(timer(&mut state, 2, TimerStep::Start, T).is_ok());
    run(&mut state, Command::SetRules { by: by(0), rules: Rules { together: true, anyone: false } }, T).unwrap();
    // Neither host nor teacher is left: nobody waits for them.
    run(&mut state, Command::Leave { user: user(0) }, T).unwrap();
    assert_eq!(timer(&mut state, 2, TimerStep::Pause, T), Err(Refusal::NotAllowed));
    run(&mut state, Command::Leave { user: user(1) }, T).unwrap();
    assert!(timer(&mut state, 2, TimerStep::Pause, T).is_ok());
    assert_eq!(run(&mut state, Command::End { by: by(2) }, T), Err(Refusal::NotAllowed));
}

#[test]
fn everybody_turns_their_own_card_unless_they_study_together() {
    let mut state = room(Rules::default());
    enter(&mut state, 2, T);
    enter(&mut state, 3, T);
    run(&mut state, Command::ShowCard { by: by(2), index: 5, revealed: true }, T).unwrap();
    assert_eq!(run(&mut state, Command::ShowCard { by: by(2), index: 6, revealed: true }, T), Err(Refusal::Malformed));
    let cards: Vec<u32> = state.people.iter().map(|person| person.card).collect();
    assert_eq!(cards, [5, 0]);
    run(&mut state, Command::SetRules { by: by(0), rules: Rules { together: true, anyone: true } }, T).unwrap();
    run(&mut state, Command::ShowCard { by: by(3), index: 1, revealed: true }, T).unwrap();
    let session = LiveSessionId(Uuid::nil());
    let view = state.view(session, Uuid::nil().into(), Uuid::nil().into(), T);
    assert!(view.people.iter().all(|person| person.card == 1) && view.shown.revealed);
}

#[test]
fn of_marks_and_reactions_that_come_fast_one_in_their_time_is_an_event() {
    let mut state = room(Rules::default());
    enter(&mut state, 2, T);
    let (mark, react) = (Command::Type { by: by(2) }, Command::React { by: by(2), reaction: Reaction::Clap });
    for (command, every) in [(mark, 3_000), (react, 1_000)] {
        let mut events = |after: i64| run(&mut state, command.clone(), T + after).map(|events| events.len());
        assert_eq!(
            [0, 1, every - 1, every, 2 * every - 1].map(&mut events),
            [Ok(1), Ok(0), Ok(0), Ok(1), Ok(0)],
            "{every}"
        );
    }
}

#[test]
fn messages_belong_to_their_authors_and_to_those_who_moderate() {
    let mut state = room(Rules::default());
    enter(&mut state, 2, T);
    assert_eq!(send(&mut state, 2, 1, T).map(|events| events.len()), Ok(1));
    assert_eq!(send(&mut state, 2, 1, T), Ok(vec![]), "sent again from an outbox");
    let edit = |n, words| Command::Edit { by: by(n), message: message(1), text: text(words) };
    let delete = |n, id| Command::Delete { by: by(n), message: message(id) };
    assert_eq!(run(&mut state, edit(0, "x"), T), Err(Refusal::NotAllowed), "not even the host rewrites others");
    assert!(run(&mut state, edit(2, "better"), T).is_ok());
    assert_eq!(run(&mut state, delete(3, 1), T), Err(Refusal::NotAllowed));
    assert_eq!(run(&mut state, delete(2, 9), T), Err(Refusal::UnknownMessage));
    assert!(run(&mut state, delete(1, 1), T).is_ok());
    assert_eq!(run(&mut state, edit(2, "back again"), T), Err(Refusal::UnknownMessage));
    // After the end nothing is written, but what was written can be taken back.
    send(&mut state, 2, 2, T).unwrap();
    run(&mut state, Command::End { by: by(0) }, T).unwrap();
    assert_eq!(send(&mut state, 2, 3, T), Err(Refusal::Ended));
    assert_eq!(run(&mut state, delete(2, 2), T).map(|events| events.len()), Ok(1));
}

#[test]
fn who_is_muted_reads_and_who_floods_waits() {
    let mut state = room(Rules::default());
    for n in 0..4 {
        enter(&mut state, n, T);
    }
    let mute = |n, who, muted| Command::Mute { by: by(n), user: user(who), muted };
    assert_eq!(run(&mut state, mute(2, 3, true), T), Err(Refusal::NotAllowed));
    assert_eq!(run(&mut state, mute(0, 1, true), T), Err(Refusal::NotAllowed), "a teacher is not muted");
    assert!(run(&mut state, mute(1, 3, true), T).is_ok());
    assert_eq!(send(&mut state, 3, 1, T), Err(Refusal::Muted));
    let react = Command::React { by: by(3), reaction: Reaction::Yes };
    assert_eq!(run(&mut state, react, T), Err(Refusal::Muted));
    assert!(run(&mut state, mute(1, 3, false), T).is_ok());
    for id in 0..10 {
        send(&mut state, 3, id, T + i64::from(id)).unwrap();
    }
    assert_eq!(send(&mut state, 3, 20, T + 1_000), Err(Refusal::TooFast { retry_after: 19 }));
    assert!(send(&mut state, 2, 21, T + 1_000).is_ok(), "the others go on");
    assert!(send(&mut state, 3, 20, T + PACE_MS).is_ok());
}

#[test]
fn hands_stand_in_a_queue() {
    let mut state = room(Rules::default());
    for n in 0..4 {
        enter(&mut state, n, T);
    }
    let hand = |n, who, raised| Command::Hand { by: by(n), user: user(who), raised };
    for n in [3, 2, 3] {
        run(&mut state, hand(n, n, true), T).unwrap();
    }
    assert_eq!(state.hands, [user(3), user(2)]);
    assert_eq!(run(&mut state, hand(2, 3, false), T), Err(Refusal::NotAllowed));
    assert_eq!(run(&mut state, hand(1, 0, true), T), Err(Refusal::NotAllowed), "nobody raises another's hand");
    run(&mut state, hand(0, 3, false), T).unwrap();
    assert_eq!(state.hands, [user(2)]);
    run(&mut state, Command::Leave { user: user(2) }, T).unwrap();
    assert!(state.hands.is_empty());
}

#[test]
fn an_empty_room_closes_but_not_while_its_quiz_runs() {
    let mut state = room(Rules::default());
    enter(&mut state, 2, T);
    run(&mut state, Command::Leave { user: user(2) }, T + 1).unwrap();
    assert_eq!(run(&mut state, Command::Tick, T + EMPTY_MS), Ok(vec![]));
    let quiz = QuizLink { session: LiveSessionId(Uuid::from_u128(5)), pin: "123456".into() };
    assert_eq!(run(&mut state, Command::OpenQuiz { by: by(2), quiz: quiz.clone() }, T + 2), Err(Refusal::NotAllowed));
    run(&mut state, Command::OpenQuiz { by: by(0), quiz: quiz.clone() }, T + 2).unwrap();
    assert_eq!(run(&mut state, Command::Tick, T + 5 * EMPTY_MS), Ok(vec![]));
    let other = LiveSessionId(Uuid::from_u128(6));
    assert_eq!(run(&mut state, Command::CloseQuiz { session: other }, T + 5 * EMPTY_MS), Ok(vec![]));
    run(&mut state, Command::CloseQuiz { session: quiz.session }, T + 5 * EMPTY_MS).unwrap();
    assert_eq!(run(&mut state, Command::Tick, T + 6 * EMPTY_MS - 1), Ok(vec![]));
    assert_eq!(state.wakes_at(T), Some(T + 6 * EMPTY_MS));
    run(&mut state, Command::Tick, T + 6 * EMPTY_MS).unwrap();
    assert_eq!((state.ended, state.status), (Some(EndReason::Empty), LiveSessionStatus::Completed));
}

#[test]
fn a_full_room_has_a_place_for_those_who_moderate() {
    let mut state = room(Rules::default());
    for n in 0..ROOM_MAX {
        enter(&mut state, u8::try_from(n).unwrap() + 2, T);
    }
    let late = By { user: user(250), moderates: false };
    assert_eq!(run(&mut state, Command::Enter { by: late, name: "Late".into() }, T), Err(Refusal::Full));
    enter(&mut state, 1, T);
    assert_eq!(state.people.len(), ROOM_MAX + 1);
}

#[test]
fn texts_are_checked() {
    use crate::domain::problem::Problem;
    assert_eq!(MessageText::parse(" \n "), Err(Problem::Required));
    assert_eq!(MessageText::parse("\u{202E}"), Err(Problem::Required));
    assert_eq!(MessageText::parse(&"x".repeat(2_001)), Err(Problem::TooLong { max: 2_000 }));
    assert_eq!(MessageText::parse(&"é".repeat(100_000)), Err(Problem::TooLong { max: 2_000 }));
    assert_eq!(text(&"é".repeat(2_000)).into_string().chars().count(), 2_000);
    assert_eq!(text(" a\r\nb\u{0} ").into_string(), "a\nb");
}

#[test]
fn the_log_keeps_no_words() {
    let event = Event::MessageSent { message: message(1), user: user(2), text: "SECRET".into() };
    let json = serde_json::to_string(&event).unwrap();
    assert!(!json.contains("SECRET"), "{json}");
    let read: Event = serde_json::from_str(&json).unwrap();
    assert_eq!(read, Event::MessageSent { message: message(1), user: user(2), text: String::new() });
}

/// Any command of anybody.
fn command() -> impl Strategy<Value = Command> {
    let (who, id) = (0u8..5, 0u8..6);
    let step = prop_oneof![
        Just(TimerStep::Start),
        Just(TimerStep::Pause),
        Just(TimerStep::Skip),
        (0u32..200, 0u32..70).prop_map(|(focus_min, break_min)| TimerStep::Set { focus_min, break_min }),
    ];
    (who.clone(), who, id, any::<bool>(), any::<bool>(), 0u32..8, step, 0usize..40).prop_map(
        |(n, other, id, a, b, index, step, kind)| {
            let (by, user, message) = (by(n), user(other), message(id));
            let quiz = QuizLink { session: LiveSessionId(Uuid::from_u128(u128::from(id))), pin: "100000".into() };
            match kind {
                0..=4 => Command::Enter { by, name: format!("Person {n}") },
                5 => Command::Leave { user },
                6 => Command::SetRules { by, rules: Rules { together: a, anyone: b } },
                7..=11 => Command::ShowCard { by, index, revealed: a },
                12..=16 => Command::Timer { by, step },
                17..=21 => Command::Send { by, message, text: text("hello") },
                22..=23 => Command::Edit { by, message, text: text("better") },
                24..=25 => Command::Delete { by, message },
                26..=27 => Command::Mute { by, user, muted: a },
                28..=30 => Command::Hand { by, user, raised: a },
                31 => Command::React { by, reaction: Reaction::Clap },
                32 => Command::Type { by },
                33 => Command::OpenQuiz { by, quiz },
                34 => Command::CloseQuiz { session: quiz.session },
                35 if a && b => Command::End { by },
                _ => Command::Tick,
            }
        },
    )
}

/// The state as the log alone gives it.
fn without_the_moment(mut state: StudyRoom) -> StudyRoom {
    for person in &mut state.people {
        (person.card, person.typing_until, person.reaction) = (0, 0, None);
    }
    state
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn whatever_happens_the_rules_hold(
        together: bool, anyone: bool, play in prop::collection::vec((command(), 0i64..400_000), 1..120)
    ) {
        let mut state = room(Rules { together, anyone });
        let mut log = vec![];
        let mut at = T;
        for (command, pause) in play {
            at += pause;
            let before = state.clone();
            let decided = state.decide(&command, at);
            prop_assert_eq!(&state, &before, "deciding changes nothing");
            let Ok(events) = decided else { continue };
            let again = state.decide(&command, at);
            prop_assert_eq!(again.as_ref(), Ok(&events), "the same question has the same answer");
            for event in events {
                if before.ended.is_some() {
                    let is_deletion = matches!(event, Event::MessageDeleted { .. });
                    prop_assert!(is_deletion, "after the end: {:?}", event);
                }
                match (&event, &command) {
                    (Event::MessageSent { user, .. }, _) => prop_assert!(!before.muted.contains(user)),
                    (Event::MessageEdited { message, user, .. }, _) => {
                        prop_assert_eq!(before.messages[message], Sent { author: *user, deleted: false });
                        prop_assert!(!before.muted.contains(user));
                    }
                    (Event::MessageDeleted { message, .. }, Command::Delete { by, .. }) => {
                        prop_assert!(before.messages[message].author == by.user || before.may_moderate(*by));
                    }
                    (Event::HandLowered { user }, Command::Hand { by, .. }) => {
                        prop_assert!(*user == by.user || before.may_moderate(*by));
                    }
                    (Event::CardShown { index, .. }, Command::ShowCard { by, .. }) => {
                        prop_assert!(*index < before.cards && before.rules.together && before.may_steer(*by));
                    }
                    (Event::Muted { user, .. }, _) => prop_assert!(*user != before.host),
                    _ => {}
                }
                state.apply(&event, at);
                if event.is_kept() {
                    // As the database gives it back.
                    let json = serde_json::to_string(&event).unwrap();
                    log.push((at, serde_json::from_str::<Event>(&json).unwrap()));
                }
            }
            let mut inside: Vec<UserId> = state.people.iter().map(|person| person.user).collect();
            prop_assert!(state.hands.iter().all(|hand| inside.contains(hand)));
            prop_assert_eq!(state.empty_since.is_none() || state.ended.is_some(), !inside.is_empty() || state.ended.is_some());
            inside.sort();
            inside.dedup();
            prop_assert_eq!(inside.len(), state.people.len(), "nobody is in twice");
            let timer = state.timer;
            prop_assert!(timer.deadline.is_none_or(|deadline| i64::from(timer.remaining_ms(at)) == (deadline - at).max(0)));
            prop_assert!(timer.view(at).remaining_ms <= 180 * 60_000);
            if matches!(command, Command::Tick) {
                prop_assert!(timer.deadline.is_none_or(|deadline| deadline > at));
                prop_assert_eq!(state.decide(&Command::Tick, at), Ok(vec![]), "time is settled at once");
            }
        }
        let created = Event::Created { host: user(0), title: "Capitals".into(), cards: 6, rules: Rules { together, anyone } };
        log.insert(0, (T, created));
        prop_assert_eq!(StudyRoom::replay(log.iter()), Some(without_the_moment(state)));
    }
}
