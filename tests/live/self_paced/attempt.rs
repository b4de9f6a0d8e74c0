//! One attempt: a restart in its middle, two presses at once, what comes at the wrong time.

use super::{DAY, Past, open, option, turn_of, worlds};
use crate::common::{Answer as Reply, Role};
use studyhall::{
    api::self_paced::Later,
    domain::live::{
        blitz::{LEAD_IN_MS, PlayerPhase},
        self_paced::Refusal,
    },
    server::{clock::Clock, serve, state::AppState},
};

#[tokio::test]
async fn an_attempt_goes_on_after_a_restart_in_the_middle_of_a_question() {
    for world in worlds().await {
        let past = Past::of(world).await;
        let ada = past.world.server.browser();
        past.begin(&ada, "Ada").await;
        past.play(&ada, 0, true, 2_000).await;
        past.step(&ada).await;
        past.world.server.advance(LEAD_IN_MS + 5_000);
        let before = turn_of(&past.look(&ada).await);
        let PlayerPhase::Answering { remaining_ms: 15_000, .. } = before.view.phase else { panic!("{before:?}") };
        // Another process on the same database.
        let old = &past.world.server.state;
        let clock = Clock::Set(past.world.server.clock.clone());
        let state = AppState::new((*old.config).clone(), old.db.clone(), clock).await.unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(serve::serve(listener, state.clone()));
        let there = ada.at(&url);
        assert_eq!(turn_of(&past.look(&there).await), before, "the same question with the same time");
        past.world.server.advance(1_000);
        let right = option(&past.questions[1], true);
        let turn = turn_of(&past.answer(&there, 1, right).await);
        assert_eq!((turn.view.me.score, turn.view.me.rank), (950 + 850, Some(2)), "six of twenty seconds");
        state.shutdown.token.cancel();
    }
}

#[tokio::test]
async fn an_answer_counts_once_however_often_it_is_sent() {
    for world in worlds().await {
        let past = Past::of(world).await;
        let ada = past.world.server.browser();
        // Two presses at once are one attempt and one question.
        let (one, other) = tokio::join!(past.begin(&ada, "Ada"), past.begin(&ada, "Ada"));
        let begun = [one.status, other.status];
        assert!(begun.contains(&200) && begun.iter().all(|status| matches!(status, 200 | 422)), "{begun:?}");
        let steps = futures::future::join_all((0..8).map(|_| past.step_from(&ada, 0))).await;
        assert!(steps.iter().all(|step| step.status == 200));
        past.world.server.advance(LEAD_IN_MS + 2_000);
        let tries = (0..24).map(|n| past.try_answer(&ada, 0, n % 4));
        let answers: Vec<Later> = futures::future::join_all(tries).await.iter().map(Reply::json).collect();
        let taken = answers.iter().filter(|later| later.refusal.is_none()).count();
        assert_eq!(taken, 1);
        assert!(answers.iter().all(|later| later.refusal.is_none_or(|why| why == Refusal::AlreadyAnswered)));
        let db = &past.world.server.state.db;
        let rows = db.self_paced_attempts(past.session).await.unwrap();
        assert_eq!(rows.len(), 1);
        let turns = db.self_paced_turns(rows[0].id.into()).await.unwrap();
        assert_eq!((turns.len(), rows[0].total_answers), (1, 1));
        assert_eq!(rows[0].total_score, turns.iter().map(|turn| turn.points_earned).sum::<i64>());
    }
}

#[tokio::test]
async fn what_comes_late_early_or_to_another_question_is_refused_and_says_why() {
    let past = Past::new().await;
    let (server, ada) = (&past.world.server, past.world.server.browser());
    past.begin(&ada, "Ada").await;
    let refused = async |turn: u32| past.answer(&ada, turn, 0).await.refusal;
    assert_eq!(refused(0).await, Some(Refusal::WrongQuestion), "nothing is open");
    past.step(&ada).await;
    assert_eq!(refused(0).await, Some(Refusal::TooEarly));
    server.advance(LEAD_IN_MS);
    assert_eq!(refused(1).await, Some(Refusal::WrongQuestion));
    assert_eq!(past.answer(&ada, 0, 9).await.refusal, Some(Refusal::Malformed));
    // Somebody else has no part in it.
    let stranger = server.browser();
    assert_eq!(past.try_answer(&stranger, 0, 0).await.status, 404);
    let ben = server.browser();
    past.begin(&ben, "Ben").await;
    assert_eq!(past.answer(&ben, 0, 0).await.refusal, Some(Refusal::WrongQuestion), "ben has opened nothing");
    server.advance(20_501);
    assert_eq!(refused(0).await, Some(Refusal::TooLate));
    assert!(matches!(turn_of(&past.look(&ada).await).view.phase, PlayerPhase::Reveal { mine: None, .. }));
    assert_eq!(past.step_from(&ada, 0).await.json::<Later>().refusal, Some(Refusal::Stale), "a double press");

    // The deadline comes while a question is open: it keeps its time, and nothing follows.
    past.step(&ada).await;
    server.advance(LEAD_IN_MS + 1_000);
    let owner = past.world.browser(Role::Owner);
    assert_eq!(owner.post("/api/close_self_paced", &[("session", past.session)]).await.status, 200);
    server.advance(1_000);
    let right = option(&past.questions[1], true);
    let turn = turn_of(&past.answer(&ada, 1, right).await);
    assert_eq!((turn.view.me.score, turn.goes_on()), (950, false));
    let end = turn_of(&past.step(&ada).await);
    assert!(matches!(end.view.phase, PlayerPhase::Ended { .. }) && end.html.contains("before the last question"));
    assert_eq!(past.step(&ada).await.refusal, Some(Refusal::Closed));
    let closed = |later: &Later| later.view.is_none() && later.html.contains("This quiz is closed");
    assert!(closed(&past.look(&ben).await) && closed(&past.look(&stranger).await));
    assert!(closed(&past.begin(&stranger, "Cleo").await.json()));
    let attempts = server.state.db.self_paced_attempts(past.session).await.unwrap();
    assert_eq!(attempts.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["Ada", "Ben"], "nobody has begun");
    let page = stranger.get(&format!("/again/{}", past.token)).await;
    assert!(page.status == 200 && page.text().contains("This quiz is closed"), "{}", page.text());
    // A later deadline: the same link, and both go on.
    assert_eq!(open(&past.world, DAY, true).await, past.token);
    assert_eq!(turn_of(&past.step(&ada).await).view.me.score, 950);
    assert!(matches!(turn_of(&past.step(&ben).await).view.phase, PlayerPhase::LeadIn { .. }));
}
