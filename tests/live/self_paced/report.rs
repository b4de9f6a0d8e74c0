//! One learner from the link to the report: played against the room, and in the same figures as the room.

use super::{DAY, Past, open, option, turn_of, worlds};
use crate::common::{Role, World, join};
use studyhall::{
    api::{
        live_reports::{OwnResult, PastSessions},
        self_paced::{Later, Setup},
    },
    domain::live::blitz::{LEAD_IN_MS, PlayerPhase},
};

#[tokio::test]
async fn a_learner_plays_later_against_the_room_and_stands_in_the_same_report() {
    for world in worlds().await {
        let past = Past::of(world).await;
        let server = &past.world.server;
        let before = past.report("").await;
        assert_eq!((before.report.learners.len(), before.self_paced), (2, 0));
        server.advance(DAY);
        let ada = server.browser();
        let door = past.look(&ada).await;
        assert!(door.view.is_none() && door.html.contains("Your name") && !door.html.contains("for practice"));
        for fact in ["3 questions, 20 s each", "Geography 8b · hosted by owner", "datetime=\"2026-01-08T00:00:00Z\""] {
            assert!(door.html.contains(fact), "{fact} in {}", door.html);
        }
        let ready: Later = past.begin(&ada, "Ada").await.json();
        assert!(ready.view.is_none() && ready.html.contains("Ready, Ada?") && !ready.html.contains("Practice"));
        // The first as fast as the guest in the room, the second wrong, the third not at all.
        let first = past.play(&ada, 0, true, 2_000).await;
        let PlayerPhase::Reveal { mine: Some(mine), solution, distribution, .. } = &first.view.phase else { panic!() };
        assert_eq!((mine.points, mine.correct, mine.response_time_ms), (950, true, 2_000));
        assert!(solution.explanation.is_some());
        assert_eq!((first.view.me.rank, first.view.players), (Some(1), 3), "level with the guest");
        assert!(first.html.contains("In the room 1 of 2 were right."), "{}", first.html);
        assert_eq!(distribution.iter().sum::<u32>(), 2, "the room's answers, not the own one");
        let second = past.play(&ada, 1, false, 3_000).await;
        assert_eq!(second.view.me.rank, Some(2));
        assert_eq!(second.view.me.ahead.map(|ahead| (ahead.name, ahead.points)), Some(("Gulliver".into(), 950)));
        past.step(&ada).await;
        server.advance(LEAD_IN_MS + 20_501);
        let third = turn_of(&past.look(&ada).await);
        assert!(matches!(third.view.phase, PlayerPhase::Reveal { mine: None, .. }), "{:?}", third.view.phase);
        assert!(!third.goes_on() && third.html.contains("To the result"));
        let end = turn_of(&past.step(&ada).await);
        let PlayerPhase::Ended { completed: true, rows } = end.view.phase else { panic!("{:?}", end.view.phase) };
        let rows: Vec<_> = rows.iter().map(|row| (row.rank, row.name.as_str(), row.score)).collect();
        assert_eq!(rows, [(1, "Gulliver", 2_850), (2, "Ada", 950), (3, "member", 0)]);
        assert_eq!((end.view.me.rank, end.view.me.score), (Some(2), 950));

        // The same report, with the mark of who played later; the figures of the room are there as they were.
        let all = past.report("").await;
        assert_eq!((all.report.learners.len(), all.self_paced), (3, 1));
        let row = all.report.learners.iter().find(|learner| learner.name == "Ada").unwrap();
        assert_eq!(
            (row.rank, row.score, row.correct, row.answered, row.self_paced),
            (2, 950, 1, 2, Some(server.now()))
        );
        assert_eq!(all.report.questions.iter().map(|q| q.answered).collect::<Vec<_>>(), [3, 3, 2]);
        let live = past.report("&who=live").await;
        assert_eq!(live.report, before.report, "reproducible");
        let owner = past.world.browser(Role::Owner);
        let csv = owner.get(&format!("/live/{}/report.csv", past.session)).await.text();
        assert_eq!(csv.lines().count(), 1 + 3 * 3);
        assert_eq!(csv.matches("self-paced 2026-01-02 ").count(), 3, "{csv}");
        assert_eq!(csv.matches(",live").count(), 6, "{csv}");
        let csv = owner.get(&format!("/live/{}/report.csv?who=live", past.session)).await.text();
        assert!(csv.lines().count() == 1 + 2 * 3 && !csv.contains("self-paced"), "{csv}");
        let xlsx = owner.get(&format!("/live/{}/report.xlsx", past.session)).await;
        assert!(xlsx.status == 200 && xlsx.body.starts_with(b"PK"));
        let page = owner.get(&format!("/live/{}/report", past.session)).await.text();
        assert!(page.contains(">self-paced<") && page.contains("Live only"));
        // The teacher sees who has played, and the group's list how many.
        let setup: Setup = owner.call("/api/self_paced_setup", &format!("?session={}", past.session)).await.json();
        let row = "Ada <span class=\"muted small\">guest</span></th><td>finished</td><td>950</td><td>2</td>";
        assert!(setup.html.contains(row), "{}", setup.html);
        let page = owner.get(&format!("/live/{}/self-paced", past.session)).await.text();
        assert!(page.contains("class=\"button needs-script\""), "the link can be copied: {page}");
        let list: PastSessions =
            owner.call("/api/past_live_sessions", &format!("?page=1&group={}", past.world.group)).await.json();
        assert_eq!((list.sessions[0].players, list.sessions[0].self_paced), (2, 1));
        // The own answers, at the address of every result.
        let own: OwnResult = ada.call("/api/live_result", &format!("?session={}", past.session)).await.json();
        assert_eq!((own.name.as_str(), own.score, own.rank, own.rows.len(), own.guest), ("Ada", 950, Some(2), 3, true));
    }
}

#[tokio::test]
async fn extra_time_goes_along_and_limits_can_be_off() {
    let world = World::new().await;
    let owner = world.browser(Role::Owner);
    // The member has half as much again, given in the lobby; then stays away.
    let member = world.browser(Role::Member);
    join(&world.server, world.session, &member, "member").await;
    let rows = world.server.state.db.live_session_participants(world.session).await.unwrap();
    let seat = rows.iter().find(|row| row.name == "member").unwrap().id.to_string();
    let form = [
        ("session", world.session.to_string()),
        ("seen", "0".into()),
        ("action", "extra_time".into()),
        ("participant", seat),
        ("extra", "half".into()),
    ];
    assert_eq!(owner.post("/api/control_live_session", &form).await.status, 200);
    let past = Past::of(world).await;
    let now = past.world.server.now();
    // Played in the room: a practice with the same time.
    past.begin(&member, "").await;
    past.step(&member).await;
    past.world.server.advance(LEAD_IN_MS);
    let turn = turn_of(&past.look(&member).await);
    assert!(matches!(turn.view.phase, PlayerPhase::Answering { time_limit_ms: 30_000, .. }), "{:?}", turn.view.phase);
    // Without limits: no lead-in, and half of the usual time costs at most.
    open(&past.world, DAY, false).await;
    let ada = past.world.server.browser();
    past.begin(&ada, "Ada").await;
    let turn = turn_of(&past.step(&ada).await);
    assert!(matches!(turn.view.phase, PlayerPhase::Answering { time_limit_ms: 0, remaining_ms: 0, .. }));
    past.world.server.advance(3_600_000);
    let right = option(&past.questions[0], true);
    let turn = turn_of(&past.answer(&ada, 0, right).await);
    assert_eq!(turn.view.me.score, 750);
    assert!(past.world.server.now() > now);
}

#[tokio::test]
async fn who_has_seen_no_question_to_its_end_is_not_in_the_report() {
    let past = Past::new().await;
    let (before, ada) = (past.report("").await, past.world.server.browser());
    past.begin(&ada, "Ada").await;
    assert_eq!(past.report("").await, before);
    past.step(&ada).await;
    past.world.server.advance(LEAD_IN_MS);
    past.look(&ada).await;
    assert_eq!(past.report("").await, before, "the first one is open");
    past.answer(&ada, 0, 0).await;
    assert_eq!(past.report("").await.self_paced, 1);
}
