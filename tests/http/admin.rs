//! The admin's page and the accounts on it.

use crate::common::{NOW, Role, World, eventually};
use studyhall::{
    api::{
        admin::{JobLine, UserList},
        error::{AppError, Problem},
    },
    domain::role::UserRole,
};

#[tokio::test]
async fn only_admins_find_the_page() {
    let world = World::new().await;
    for role in [Role::Anonymous, Role::Member, Role::Owner] {
        let page = world.browser(role).get("/admin").await;
        assert_eq!(page.status, 404, "{role:?}");
        assert!(!page.text().contains("BLITZ_QUIZ"), "{role:?}");
    }
    let page = world.browser(Role::Admin).get("/admin").await;
    assert_eq!(page.status, 200);
    let html = page.text();
    assert!(html.contains("BLITZ_QUIZ") && html.contains("member@school.test"), "complete without JavaScript");
    assert_eq!(html.matches("<h1").count(), 1);
}

#[tokio::test]
async fn the_jobs_are_listed_with_what_they_did_and_when_they_run_next() {
    let world = World::new().await;
    let (admin, db) = (world.browser(Role::Admin), &world.server.state.db);
    let jobs = async || admin.call("/api/list_jobs", "").await.json::<Vec<JobLine>>();
    let mut last = None;
    eventually("the run of the server's start", async || {
        last = jobs().await.remove(0).last.filter(|last| last.took_ms.is_some());
        last.is_some()
    })
    .await;
    let last = last.unwrap();
    assert_eq!((last.failed, last.detail.as_str(), last.started_at), (false, "0 stale rows", NOW));
    world.server.clock.fetch_add(90_000, std::sync::atomic::Ordering::SeqCst);
    let html = admin.get("/admin").await.text();
    for part in ["cleanup-stale-presence", "0 stale rows", "in 4 min, every 5 min"] {
        assert!(html.contains(part), "{part}");
    }
    assert!(!html.contains("badge-negative"), "nothing failed");
    assert!(db.begin_job_run("cleanup-stale-presence", NOW + 1, NOW + 1).await.unwrap());
    assert_eq!(jobs().await[0].last.as_ref().map(|last| last.took_ms), Some(None), "it runs");
    db.end_job_run("cleanup-stale-presence", NOW + 1, Err("database gone"), NOW + 8, 0).await.unwrap();
    let html = admin.get("/admin").await.text();
    for part in ["badge-negative", "database gone", "7 ms"] {
        assert!(html.contains(part), "{part}");
    }
}

#[tokio::test]
async fn people_are_searched_and_paged() {
    let world = World::new().await;
    let admin = world.browser(Role::Admin);
    let find = async |query: &str| admin.call("/api/list_users", query).await.json::<UserList>();
    assert_eq!(find("?search=&page=1").await.total, 5);
    let found = find("?search=OTHER-teach&page=1").await;
    assert_eq!(found.users.iter().map(|user| user.display_name.as_str()).collect::<Vec<_>>(), ["other-teacher"]);
    assert_eq!(find("?search=%25&page=1").await.total, 0, "a wildcard is an ordinary character");
    assert_eq!(find("?search=&page=900").await.page, 1);
}

#[tokio::test]
async fn a_new_role_holds_at_the_next_request_and_the_last_admin_stays() {
    let world = World::new().await;
    let (admin, member) = (world.browser(Role::Admin), world.browser(Role::Member));
    let set = async |who: Role, role: &str| {
        admin.post("/api/set_user_role", &[("user", world.user(who).to_string().as_str()), ("role", role)]).await
    };
    let refused = set(Role::Admin, "learner").await;
    assert_eq!(refused.error(), AppError::field("role", Problem::LastAdmin));
    assert_eq!(member.call("/api/list_users", "").await.status, 404);
    assert_eq!(set(Role::Member, "admin").await.status, 200);
    assert_eq!(member.call("/api/list_users", "").await.status, 200);
    assert_eq!(set(Role::Admin, "learner").await.status, 200);
    assert_eq!(admin.call("/api/list_users", "").await.status, 404);
    let user = world.server.state.db.user(world.user(Role::Admin)).await.unwrap().unwrap();
    assert_eq!(user.role, UserRole::Learner);
}

#[tokio::test]
async fn forms_work_without_javascript() {
    let world = World::new().await;
    let admin = world.browser(Role::Admin);
    let form = [("flag", "LIVE_SESSIONS"), ("group", ""), ("enabled", "false"), ("percent", "100")];
    let answer = admin.submit("/api/set_flag", "/admin", &form).await;
    assert_eq!(answer.status, 302);
    let back = answer.header("location").to_owned();
    let path = back.strip_prefix(&world.server.url).unwrap_or(&back);
    let page = admin.get(path).await;
    assert!(page.text().contains("BLITZ_QUIZ needs LIVE_SESSIONS"), "the reason is on the page: {path}");
}
