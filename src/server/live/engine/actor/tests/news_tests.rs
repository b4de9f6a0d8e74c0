//! Who hears what, and when: answers first, the own view a little later and once.

use super::*;
use futures::future::join;

#[tokio::test]
async fn who_waits_for_an_answer_hears_it_before_the_news_that_follow() {
    let mut stage = Stage::new().await;
    let [(ada, ..), (ben, _, bens)] = stage.opened().await;
    stage.command(submit(ada, 1)).await.unwrap();
    // The last answer closes the question: everybody sees what was right.
    let (message, answer) = command(Uuid::new_v4(), submit(ben, 1), stage.now());
    let heard = async {
        answer.await.unwrap().unwrap();
        bens.drain().len()
    };
    // In this order: whoever waits for the answer is woken as soon as the actor gives way.
    let ((), news) = join(stage.actor.round(vec![message], None), heard).await;
    assert!(matches!(stage.actor.state.phase, Phase::Reveal { .. }));
    assert_eq!((news, bens.drain().len()), (0, 1), "the answer, then the view");
}

#[tokio::test]
async fn the_own_answer_is_seen_with_the_counts_and_not_before() {
    let mut stage = Stage::new().await;
    let [(ada, _, adas), (_, _, bens)] = stage.opened().await;
    stage.command(submit(ada, 1)).await.unwrap();
    assert_eq!(adas.drain().len(), 0, "the acknowledgement has told already");
    stage.pass(100).await;
    assert_eq!((adas.drain().len(), bens.drain().len()), (1, 0));
    stage.pass(100).await;
    assert_eq!(adas.drain().len(), 0, "once");
}

#[tokio::test]
async fn what_the_reveal_has_shown_is_not_told_again() {
    let mut stage = Stage::new().await;
    let [(ada, _, adas), (ben, ..)] = stage.opened().await;
    stage.command(submit(ada, 1)).await.unwrap();
    stage.command(submit(ben, 1)).await.unwrap();
    assert_eq!(adas.drain().len(), 1, "the reveal");
    // Something for the hosts alone.
    let seen = stage.actor.state.revision;
    stage.command(Command::Control { seen, control: Control::Lock }).await.unwrap();
    stage.pass(100).await;
    assert_eq!(adas.drain().len(), 0);
}
