//! Who plays: an account, a guest who keeps the result, a script that fills the list.

use super::{DAY, Past, turn_of};
use crate::common::{Browser, Role};
use sqlx::{Connection, SqliteConnection};
use studyhall::{
    api::{
        error::{AppError, Problem},
        live_reports::{OwnResult, PastSessions},
    },
    domain::{flag_table::Setting, flags::Flag, live::self_paced::MOST_ATTEMPTS},
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

#[tokio::test]
async fn switched_off_the_link_leads_nowhere() {
    let past = Past::new().await;
    let (state, ada) = (&past.world.server.state, past.world.server.browser());
    past.begin(&ada, "Ada").await;
    let (by, off) = (past.world.user(Role::Admin), Some(Setting { enabled: false, percent: 100 }));
    state.flags.change(&state.db, Flag::BlitzQuiz, None, off, by, past.world.server.now()).await.unwrap();
    let refused = AppError::FlagOff { flag: Flag::BlitzQuiz };
    let look = ada.post("/api/self_paced_play", &[("token", &past.token)]).await;
    for answer in [look, past.begin(&past.world.server.browser(), "Ben").await, past.step_from(&ada, 0).await] {
        assert_eq!((answer.status, answer.error()), (403, refused.clone()));
    }
    assert_eq!(state.db.self_paced_attempts(past.session).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_list_of_attempts_has_an_end() {
    let past = Past::new().await;
    let server = &past.world.server;
    let mut raw = SqliteConnection::connect(&server.state.config.database_url).await.unwrap();
    // All but one, as no test could begin them.
    let attempts = "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < $2) \
                    INSERT INTO self_paced_attempts (id, session_id, name, name_key, secret_hash, practice, extra, \
                    joined_at, last_at, total_score, correct_answers, total_answers, average_response_time) \
                    SELECT randomblob(16), $1, 'Robot ' || i, 'robot' || i, randomblob(32), 0, 'none', 0, 0, 0, 0, 0, 0 \
                    FROM n";
    let attempts = sqlx::query(attempts).bind(past.session.0).bind(MOST_ATTEMPTS as i64);
    assert_eq!(attempts.execute(&mut raw).await.unwrap().rows_affected(), MOST_ATTEMPTS as u64 - 1);
    assert_eq!(past.begin(&server.browser(), "Ada").await.status, 200);
    let refused = past.begin(&server.browser(), "Ben").await;
    assert_eq!((refused.status, refused.error()), (422, AppError::field("name", Problem::Crowded)));
}
