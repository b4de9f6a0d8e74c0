//! From one process to the next: who owns the session, what a snapshot says, when the actor wakes and when it goes.

use super::*;

#[tokio::test]
async fn a16_whoever_loads_a_session_owns_it_and_the_owner_before_acknowledges_nothing_and_goes() {
    let mut stage = Stage::new().await;
    let [(ada, _, adas), _] = stage.opened().await;
    let (_, hosts) = stage.watch(Role::Host).await;
    let next = recovery::owner(&stage.live, stage.session).await.unwrap();
    assert!(next.epoch > stage.actor.epoch);
    let (newcomer, joined) = join(Uuid::new_v4(), "Cleo", 3, stage.now());
    let (late, answered) = command(Uuid::new_v4(), submit(ada, 1), stage.now());
    stage.actor.round(vec![newcomer, late], None).await;
    assert_eq!(joined.await.unwrap().map(|joined| joined.participant), Err(Outcome::Unavailable));
    assert_eq!(answered.await.unwrap(), Err(Outcome::Unavailable));
    assert!(stage.actor.stopping);
    for outbox in [adas, hosts] {
        assert_eq!(outbox.closed_with(), Some(close::SHUTDOWN), "they find the new owner");
    }
    let db = &stage.live.shared.db;
    assert!(db.live_session_answers(stage.session).await.unwrap().is_empty());
    assert_eq!(db.live_session_participants(stage.session).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a16_what_came_while_the_session_was_loaded_counts_from_when_its_time_went_on() {
    let mut stage = Stage::new().await;
    let [(ada, ..), _] = stage.opened().await;
    stage.killed().await;
    stage.clock.fetch_add(60_000, Ordering::SeqCst);
    let came = stage.now() - 1_000;
    stage.actor.round(vec![], Some(Command::Recover { alive_at: None })).await;
    let (message, answer) = command(Uuid::new_v4(), submit(ada, 1), came);
    stage.actor.round(vec![message], None).await;
    assert_eq!(answer.await.unwrap(), Ok(()));
    let rows = stage.live.shared.db.live_session_answers(stage.session).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.response_time_ms).collect::<Vec<_>>(), [0]);
}

#[tokio::test]
async fn a09_the_actor_wakes_by_itself_when_the_last_ones_grace_ends() {
    let mut stage = Stage::new().await;
    let [(ada, ..), (_, bens, _)] = stage.opened().await;
    let opened = stage.now();
    stage.command(submit(ada, 1)).await.unwrap();
    stage.actor.round(vec![Message::Unwatch { connection: bens }], None).await;
    while matches!(stage.actor.state.phase, Phase::Answering { .. }) {
        let wake = stage.actor.wakes_at();
        assert!(wake < opened + LIMIT, "nobody is left to wait for, and it sleeps to the end of the question");
        stage.pass(wake - stage.now()).await;
    }
    assert!((8_000..10_000).contains(&(stage.now() - opened)));
}

#[tokio::test]
async fn a07_the_last_host_who_goes_stops_no_clock() {
    let mut stage = Stage::new().await;
    let _players = stage.opened().await;
    let (host, _) = stage.watch(Role::Host).await;
    stage.actor.round(vec![Message::Unwatch { connection: host }], None).await;
    assert_eq!(stage.actor.state.paused_at, None);
    stage.pass(LIMIT + 501).await;
    assert!(matches!(stage.actor.state.phase, Phase::Reveal { .. }));
}

#[tokio::test]
async fn a16_a_snapshot_goes_exactly_as_far_as_it_says() {
    let mut stage = Stage::new().await;
    let toggles = (0..SNAPSHOT_EVERY).map(|n| command(Uuid::new_v4(), lock(n % 2 == 0), T).0);
    // Last an event that would be there twice if it were applied once more.
    let (message, _answer) = join(Uuid::new_v4(), "Ada", 1, T);
    stage.actor.round(toggles.chain([message]).collect(), None).await;
    let db = &stage.live.shared.db;
    let snapshot =
        db.live_snapshot(stage.session, SNAPSHOT_VERSION).await.unwrap().expect("more than a thousand events");
    assert_eq!(snapshot.offset, db.live_session(stage.session).await.unwrap().next_offset);
    let before = stage.actor.state.clone();
    stage.killed().await;
    assert_eq!(stage.actor.state, before);
}

#[tokio::test]
async fn an_ended_session_that_nobody_watches_is_dropped_from_memory_after_ten_minutes() {
    let mut stage = Stage::new().await;
    let ada = stage.join(Uuid::new_v4(), "Ada", 1).await.unwrap();
    let (connection, _outbox) = stage.watch(Role::Player(ada)).await;
    while stage.actor.state.phase != Phase::Ended {
        let seen = stage.actor.state.revision;
        stage.command(Command::End { seen }).await.unwrap();
    }
    stage.pass(2 * DROP_MS).await;
    stage.actor.leave_if_forgotten().await;
    assert!(!stage.actor.stopping, "somebody looks at the podium");
    stage.actor.round(vec![Message::Unwatch { connection }], None).await;
    for (ms, gone) in [(0, false), (DROP_MS, false), (1, true)] {
        stage.pass(ms).await;
        stage.actor.leave_if_forgotten().await;
        assert_eq!(stage.actor.stopping, gone, "{ms}");
    }
}
