//! Who plays: an account, a guest who keeps the result, a script that fills the list.

use super::{DAY, Past, turn_of};
use crate::common::{Browser, Role};
use studyhall::api::{
    error::Problem,
    live_reports::{OwnResult, PastSessions},
};

#[tokio::test]
async fn an_account_plays_once_under_its_name_and_practice_changes_nothing() {
    let past = Past::new().await;
    let (server, session) = (&past.world.server, past.session);
    let before = past.report("").await;
    // Who played in the room practises: by account, and by the seat of a guest.
    let (member, guest) = (past.world.browser(Role::Member), past.world.browser(Role::Guest));
    let door = past.look(&member).await.html;
    assert!(door.contains("You play as member.") && door.contains("This time is for practice."), "{door}");
    assert!(!door.contains("name=\"name\""), "an account has its name");
    past.begin(&member, "Somebody Else").await;
    past.begin(&guest, "Gulliver").await;
    for browser in [&member, &guest] {
        let turn = past.play(browser, 0, true, 1_000).await;
        assert!(turn.html.contains("Practice:") && turn.view.me.score == 975);
    }
    assert_eq!(past.report("").await.report, before.report, "practice counts nowhere");
    let own: OwnResult = member.call("/api/live_result", &format!("?session={session}")).await.json();
    assert_eq!((own.score, own.rank, own.rows.len()), (0, Some(2), 3), "the result of the room stands");
    let list: PastSessions = member.call("/api/past_live_sessions", "?page=1").await.json();
    assert_eq!((list.sessions[0].mine, list.sessions[0].mine_self_paced), (Some((2, 0)), false));

    // Who was not there plays once, under the account's own name, from whatever device.
    let admin = past.world.browser(Role::Admin);
    past.begin(&admin, "Gulliver").await;
    let ready = past.look(&admin).await.html;
    assert!(ready.contains("Ready, admin?") && !ready.contains("Practice"), "{ready}");
    past.play(&admin, 0, true, 1_000).await;
    past.begin(&admin, "Again").await;
    assert_eq!(turn_of(&past.look(&admin).await).view.me.score, 975);
    assert_eq!(server.state.db.self_paced_attempts(session).await.unwrap().len(), 3);
    let list: PastSessions = admin.call("/api/past_live_sessions", "?page=1").await.json();
    assert_eq!((list.sessions[0].mine, list.sessions[0].mine_self_paced), (Some((1, 975)), true));

    // Guests' names are judged as in the room, and are nobody else's.
    for (name, problem) in [
        ("", Problem::Required),
        ("fuck", Problem::NotAllowed),
        ("gulliver", Problem::Taken { suggestion: Some("gulliver 2".into()) }),
        ("ADMIN", Problem::Taken { suggestion: Some("ADMIN 2".into()) }),
    ] {
        let answer = past.begin(&server.browser(), name).await;
        assert_eq!((answer.status, answer.error().problem("name").cloned()), (422, Some(problem)), "{name}");
    }
}

#[tokio::test]
async fn a_guest_keeps_the_result_in_an_account_within_a_day() {
    let past = Past::new().await;
    let (server, session) = (&past.world.server, past.session);
    let sign_up = async |browser: &Browser, email: &str| {
        let form = [("email", email), ("display_name", "Ada L"), ("password", Browser::PASSWORD), ("role", "learner")];
        assert_eq!(browser.post("/api/sign_up", &form).await.status, 200);
    };
    let claim = async |browser: &Browser| browser.post("/api/claim_live_result", &[("session", session)]).await.status;
    let (ada, ben, member) = (server.browser(), server.browser(), past.world.browser(Role::Member));
    for (browser, name) in [(&ada, "Ada"), (&ben, "Ben")] {
        past.begin(browser, name).await;
        past.play(browser, 0, true, 1_000).await;
    }
    assert_eq!(claim(&ada).await, 401);
    sign_up(&ada, "ada@school.test").await;
    for _ in 0..2 {
        assert_eq!(claim(&ada).await, 200);
    }
    let mine: PastSessions = ada.call("/api/past_live_sessions", "?page=1").await.json();
    assert_eq!((mine.sessions.len(), mine.sessions[0].mine), (1, Some((1, 975))));
    assert_eq!(claim(&member).await, 200, "the own seat in the room: nothing to do");
    assert_eq!(claim(&past.world.browser(Role::Teacher)).await, 404);
    server.advance(DAY + 60_000);
    sign_up(&ben, "ben@school.test").await;
    assert_eq!(claim(&ben).await, 409, "a day has gone by");
}

#[tokio::test]
async fn a_script_does_not_fill_the_list() {
    let past = Past::new().await;
    let mut statuses = vec![];
    for n in 0..400 {
        let answer = past.begin(&past.world.server.browser(), &format!("Robot {n}")).await;
        statuses.push(answer.status);
        if answer.status == 429 {
            break;
        }
    }
    assert_eq!(statuses.last(), Some(&429));
    assert!((140..400).contains(&statuses.len()), "{}", statuses.len());
    // Who is signed in comes from the same address and is let in.
    assert_eq!(past.begin(&past.world.browser(Role::Admin), "").await.status, 200);
}
