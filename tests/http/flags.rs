//! Feature flags at run time: refused when off, changed at once, never without what they need.

use crate::common::{Browser, Role, TestServer, World};
use studyhall::{
    api::{
        admin::FlagList,
        error::{AppError, Problem},
    },
    domain::{flag_table::Source, flags::Flag},
};

async fn set(browser: &Browser, flag: &str, enabled: &str, percent: &str) -> crate::common::Answer {
    browser.post("/api/set_flag", &[("flag", flag), ("group", ""), ("enabled", enabled), ("percent", percent)]).await
}

async fn active(browser: &Browser) -> Vec<Flag> {
    browser.call("/api/active_flags", "").await.json()
}

#[tokio::test]
async fn what_is_built_is_on_and_an_admin_turns_it_off_at_once() {
    let world = World::new().await;
    let (admin, member) = (world.browser(Role::Admin), world.browser(Role::Member));
    assert_eq!(active(&member).await, [Flag::Realtime, Flag::Presence, Flag::BlitzQuiz, Flag::LiveSessions]);
    assert_eq!(set(&admin, "BLITZ_QUIZ", "false", "100").await.status, 200);
    assert_eq!(active(&member).await, [Flag::Realtime, Flag::Presence, Flag::LiveSessions]);
    let list: FlagList = admin.call("/api/list_flags", "").await.json();
    let blitz = list.flags.iter().find(|state| state.flag == Flag::BlitzQuiz).unwrap();
    assert_eq!((blitz.setting.enabled, blitz.source), (false, Source::Admin));
    assert_eq!(admin.post("/api/clear_flag", &[("flag", "BLITZ_QUIZ"), ("group", "")]).await.status, 200);
    assert_eq!(active(&member).await.len(), 4);
}

#[tokio::test]
async fn a_flag_does_not_go_off_below_one_that_needs_it() {
    let world = World::new().await;
    let admin = world.browser(Role::Admin);
    let refused = set(&admin, "LIVE_SESSIONS", "false", "100").await;
    assert_eq!(refused.status, 422);
    let expected = Problem::FlagNeeds { flag: Flag::BlitzQuiz, needs: Flag::LiveSessions };
    assert_eq!(refused.error().problem("enabled"), Some(&expected));
    assert_eq!(set(&admin, "BLITZ_QUIZ", "false", "100").await.status, 200);
    assert_eq!(set(&admin, "LIVE_SESSIONS", "false", "100").await.status, 200);
    let refused = set(&admin, "BLITZ_QUIZ", "true", "100").await;
    assert_eq!(refused.error().problem("enabled"), Some(&expected));
}

#[tokio::test]
async fn what_is_not_built_cannot_be_turned_on() {
    let world = World::new().await;
    let refused = set(&world.browser(Role::Admin), "AI_COACH", "true", "100").await;
    assert_eq!(refused.error(), AppError::field("enabled", Problem::NotBuilt));
}

#[tokio::test]
async fn shares_and_unknown_values_are_checked() {
    let world = World::new().await;
    let admin = world.browser(Role::Admin);
    assert_eq!(set(&admin, "REALTIME", "true", "101").await.status, 422);
    for (flag, enabled, percent) in
        [("REALTIM", "true", "100"), ("REALTIME", "maybe", "100"), ("REALTIME", "true", "x")]
    {
        let refused = set(&admin, flag, enabled, percent).await;
        assert!((400..500).contains(&refused.status), "{flag} {enabled} {percent}: {}", refused.status);
    }
    // Nobody is in a share of nothing; everybody in the full one.
    assert_eq!(set(&admin, "BLITZ_QUIZ", "true", "0").await.status, 200);
    assert!(!active(&admin).await.contains(&Flag::BlitzQuiz));
}

#[tokio::test]
async fn a_change_outlives_a_restart() {
    let world = World::new().await;
    assert_eq!(set(&world.browser(Role::Admin), "BLITZ_QUIZ", "false", "100").await.status, 200);
    let state = &world.server.state;
    let again = studyhall::server::flags::Flags::load(&state.db, state.config.features.clone()).await.unwrap();
    assert!(!again.table().is_on(Flag::BlitzQuiz, None, None));
}

#[tokio::test]
async fn configuration_sets_the_default() {
    let server = TestServer::start_with(&[("FEATURE_BLITZ_QUIZ", "false")]).await;
    assert_eq!(active(&server.browser()).await, [Flag::Realtime, Flag::Presence, Flag::LiveSessions]);
}

#[tokio::test]
async fn switched_off_a_running_quiz_takes_no_command_but_its_end() {
    let world = World::new().await;
    let (admin, teacher, guest) =
        (world.browser(Role::Admin), world.browser(Role::Teacher), world.browser(Role::Anonymous));
    let (deck, key) = (world.deck.to_string(), world.server.id::<uuid::Uuid>().to_string());
    let options = [
        ("deck", deck.as_str()),
        ("category", ""),
        ("card_count", "1"),
        ("time_limit_s", "20"),
        ("answers", "typed"),
        ("key", &key),
    ];
    let created = teacher.post("/api/create_live_session", &options).await;
    assert_eq!(created.status, 200, "{}", created.text());
    let session: String = created.json();
    assert_eq!(set(&admin, "BLITZ_QUIZ", "false", "100").await.status, 200);
    let off = AppError::FlagOff { flag: Flag::BlitzQuiz };
    let command = [("session", session.as_str()), ("seen", "0")];
    let started = teacher.post("/api/start_live_session", &command).await;
    assert_eq!((started.status, started.error()), (403, off.clone()));
    let answer = [("session", session.as_str()), ("card_index", "0"), ("text", "Vienna")];
    assert_eq!(guest.post("/api/submit_live_answer", &answer).await.error(), off);
    assert_eq!(teacher.post("/api/create_live_session", &options).await.error(), off);
    let ended = teacher.post("/api/end_live_session", &command).await;
    assert!(ended.status < 400, "{} {}", ended.status, ended.text());
}
