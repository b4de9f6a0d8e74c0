//! A command counts once: within a batch, within a life of the process, over the next one, and as an echo.

use super::*;

#[tokio::test]
async fn a_command_that_is_twice_in_one_batch_counts_once() {
    let mut stage = Stage::new().await;
    let key = Uuid::new_v4();
    let sent = [(key, lock(true)), (Uuid::new_v4(), lock(false)), (key, lock(true))];
    let (messages, answers): (Vec<_>, Vec<_>) = sent.map(|(key, what)| command(key, what, T)).into_iter().unzip();
    stage.actor.round(messages, None).await;
    for answer in answers {
        assert_eq!(answer.await.unwrap(), Ok(()));
    }
    assert!(!stage.actor.state.locked, "the unlocking was the last word");
}

#[tokio::test]
async fn a_command_that_was_carried_out_in_this_life_is_known() {
    let mut stage = Stage::new().await;
    let key = Uuid::new_v4();
    for (key, what) in [(key, lock(true)), (Uuid::new_v4(), lock(false)), (key, lock(true))] {
        assert_eq!(stage.command_with(key, what).await, Ok(()));
    }
    assert!(!stage.actor.state.locked, "the unlocking was the last word");
}

#[tokio::test]
async fn a03_the_same_answer_under_another_key_is_acknowledged_and_another_one_refused() {
    let mut stage = Stage::new().await;
    let [(ada, ..), _] = stage.opened().await;
    assert_eq!(stage.command(submit(ada, 1)).await, Ok(()));
    assert_eq!(stage.command(submit(ada, 1)).await, Ok(()), "an echo");
    let again = Outcome::Refused(crate::domain::live::blitz::Refusal::AlreadyAnswered);
    assert_eq!(stage.command(submit(ada, 0)).await, Err(again));
    assert_eq!(stage.live.shared.db.live_session_answers(stage.session).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a05_a_joins_key_gives_the_seat_to_nobody_of_another_name() {
    let mut stage = Stage::new().await;
    let key = Uuid::new_v4();
    let ada = stage.join(key, "Ada", 1).await.unwrap();
    assert_eq!(stage.join(key, "Ada", 2).await, Ok(ada), "whose first answer got lost");
    assert_ne!(stage.join(key, "Eve", 3).await, Ok(ada));
    assert_ne!(stage.actor.seats.get(&[3; 32]), Some(&ada));
}

#[tokio::test]
async fn the_secret_of_a_join_that_was_sent_again_outlives_the_process() {
    let mut stage = Stage::new().await;
    let key = Uuid::new_v4();
    let ada = stage.join(key, "Ada", 1).await.unwrap();
    assert_eq!(stage.join(key, "Ada", 2).await, Ok(ada));
    for secret in [1, 2] {
        assert_eq!(stage.actor.seats.get(&[secret; 32]), Some(&ada), "either answer may have arrived");
    }
    stage.killed().await;
    assert_eq!(stage.actor.seats.get(&[2; 32]), Some(&ada));
}
