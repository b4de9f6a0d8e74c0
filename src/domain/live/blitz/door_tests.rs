//! The door: who waits there, how many, and how a host gets rid of them.

use super::{
    tests::{T, choice, join, quiz, quiz_with, run},
    *,
};
use crate::domain::live::{
    player_name::PlayerName,
    question::{Key, Rich},
};
use uuid::Uuid;

fn lobby() -> Blitz {
    let mut state = quiz(vec![choice(1)]);
    assert!(matches!(&state.questions[0].key, Key::Choice { options, .. } if options[0] == Rich::plain("Kabul")));
    join(&mut state, 0, T);
    state
}

fn robot(n: u128) -> (ParticipantId, PlayerName) {
    let name = PlayerName::parse(&format!("Robot {n}"), |_| false).expect("a name");
    (ParticipantId(Uuid::from_u128(1_000 + n)), name)
}

fn knock(state: &mut Blitz, n: u128) -> Result<Vec<Event>, Refusal> {
    let (participant, name) = robot(n);
    run(state, Command::Knock { participant, user: None, name }, T)
}

fn knows(state: &mut Blitz, n: u128) -> Result<Vec<Event>, Refusal> {
    let (participant, name) = robot(n);
    run(state, Command::Join { participant, user: None, name }, T)
}

#[test]
fn a11_a_script_fills_neither_the_lobby_nor_the_door() {
    let mut state = lobby();
    let let_in = (0..2_000).filter(|n| knock(&mut state, *n).is_ok()).count();
    assert_eq!((let_in, state.players().count()), (MOST_AT_DOOR, 1));
    assert_eq!(knock(&mut state, 9_000), Err(Refusal::Crowded));
    assert!(knows(&mut state, 9_001).is_ok(), "who comes from elsewhere walks in");
    let seen = state.revision;
    let control = Command::Control { seen, control: Control::RemoveAll };
    assert_eq!(run(&mut state, control, T).map(|events| events.len()), Ok(MOST_AT_DOOR));
    assert_eq!(state.players().count(), 2);
    let shared = Shared::of(&state);
    let view = state.host_view(LiveSessionId(Uuid::nil()), None, T, &shared, &|_| true);
    assert_eq!((view.at_the_door, view.waiting.len(), view.players), (0, 0, 2));
    // From here on the host looks at everybody new, and there is room again.
    assert!(matches!(knows(&mut state, 9_002).as_deref(), Ok([Event::Knocked { .. }])));
}

#[test]
fn a11_an_approving_or_locked_session_lets_no_script_in() {
    let mut state = lobby();
    state.approve = true;
    let waiting = (0..2_000).filter(|n| knows(&mut state, *n).is_ok()).count();
    assert_eq!((waiting, state.players().count()), (MOST_AT_DOOR, 1));
    let view = state.host_view(LiveSessionId(Uuid::nil()), None, T, &Shared::of(&state), &|_| true);
    assert!(
        view.waiting.len() <= 60 && view.at_the_door as usize == MOST_AT_DOOR,
        "the host sees a screen and a count"
    );
    state.locked = true;
    for n in 3_000..5_000 {
        assert_eq!(knows(&mut state, n), Err(Refusal::Locked));
        assert_eq!(knock(&mut state, n), Err(Refusal::Locked));
    }
    assert_eq!(state.participants.len(), MOST_AT_DOOR + 1, "nothing is kept of them");
}

#[test]
fn a11_guests_beyond_those_whom_the_host_expects_wait_and_accounts_do_not() {
    let mut state = quiz_with(Rules { expected: 20, ..Rules::default() }, vec![choice(1)]);
    let enter = |state: &mut Blitz, n: u128, user: Option<UserId>| {
        let name = PlayerName::parse(&format!("Guest {n}"), |_| false).expect("a name");
        let participant = ParticipantId(Uuid::from_u128(n));
        run(state, Command::Join { participant, user, name }, T).expect("comes")
    };
    let walked = (1..=30).filter(|n| matches!(enter(&mut state, *n, None)[..], [Event::Joined { .. }])).count();
    assert_eq!(walked, 22, "a tenth more");
    let account = Some(UserId(Uuid::from_u128(7)));
    assert!(matches!(enter(&mut state, 31, account)[..], [Event::Joined { .. }]));
}

#[test]
fn a11_the_last_seat_is_the_last_for_accounts_too() {
    let mut state = lobby();
    let taken = state.participants[0].clone();
    state.participants.resize(MOST_SEATS - 1, taken);
    assert!(knows(&mut state, 1).is_ok());
    assert_eq!(knows(&mut state, 2), Err(Refusal::Crowded));
    let (participant, name) = robot(3);
    let account = Command::Join { participant, user: Some(UserId(Uuid::from_u128(7))), name };
    assert_eq!(run(&mut state, account, T), Err(Refusal::Crowded));
}
