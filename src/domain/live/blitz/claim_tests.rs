//! A guest's seat becomes an account's: once, for one seat, and within a day.

use super::{tests::*, *};
use uuid::Uuid;

fn account(n: u128) -> UserId {
    UserId(Uuid::from_u128(500 + n))
}

fn claim(n: u8, user: UserId) -> Command {
    Command::Claim { participant: player(n), user }
}

#[test]
fn a_seat_is_claimed_once_and_an_account_has_one() {
    let mut state = opened();
    run(&mut state, claim(0, account(1)), T).expect("claims");
    assert_eq!(state.participant(player(0)).and_then(|p| p.user), Some(account(1)));
    assert_eq!(run(&mut state, claim(0, account(1)), T), Ok(vec![]), "twice is once");
    assert_eq!(run(&mut state, claim(0, account(2)), T), Err(Refusal::NotYours), "it is somebody's");
    assert_eq!(run(&mut state, claim(1, account(1)), T), Err(Refusal::NotYours), "the account has another one");
    assert_eq!(run(&mut state, claim(7, account(3)), T), Err(Refusal::NotInSession));
}

#[test]
fn a_day_after_the_end_it_is_too_late_whatever_others_claimed() {
    let mut state = opened();
    let end = Command::End { seen: state.revision };
    run(&mut state, end, T + 1).expect("podium");
    next(&mut state, T + 2);
    assert_eq!(state.phase, Phase::Ended);
    run(&mut state, claim(0, account(1)), T + 2 + CLAIM_MS).expect("to the last moment");
    assert_eq!(run(&mut state, claim(1, account(2)), T + 3 + CLAIM_MS), Err(Refusal::NotYours));
}
