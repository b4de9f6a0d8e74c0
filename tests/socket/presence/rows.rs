//! The rows, the sweep below them, and what a crowd costs.

use super::{MINUTE, SECOND, Watcher, batch, connections, device, eventually, settle};
use crate::common::{Browser, Role, Socket, TestServer, World};
use studyhall::{
    domain::{
        ids::UserId,
        presence::{GRACE, Status},
        role::UserRole,
    },
    protocol::{Channel, Command},
    server::storage::NewUser,
};

#[tokio::test]
async fn last_seen_is_written_every_five_minutes_at_most() {
    let world = World::new().await;
    let server = &world.server;
    let (member, db) = (world.user(Role::Member), &server.state.db);
    let mut phone = device(&world, Role::Member).await;
    let came = server.now();
    batch(server).await;
    let row = async || db.presence_of(member).await.unwrap();
    eventually("the first row", async || row().await.is_some()).await;
    assert_eq!(row().await, Some((Status::Online, came + SECOND)));
    for _ in 0..4 {
        server.advance(MINUTE - SECOND);
        phone.command(Command::Touch).await.unwrap();
        batch(server).await;
    }
    assert_eq!(row().await, Some((Status::Online, came + SECOND)), "nothing is written in between");
    server.advance(MINUTE - SECOND);
    batch(server).await;
    eventually("the row is confirmed", async || row().await == Some((Status::Online, server.now()))).await;
}

#[tokio::test]
async fn the_sweep_leaves_a_record_and_finds_nothing() {
    let server = TestServer::start().await;
    let runs = async || server.state.db.job_runs("cleanup-stale-presence", 9).await.unwrap();
    let done = async |count: usize| {
        let runs = runs().await;
        runs.len() == count && runs.iter().all(|run| run.result == "done" && run.detail == "0 stale rows")
    };
    eventually("the first run", async || done(1).await).await;
    server.advance(5 * MINUTE);
    eventually("the second run", async || done(2).await).await;
    assert_eq!(server.state.presence.figures().swept.load(std::sync::atomic::Ordering::Relaxed), 0);
}

#[tokio::test]
async fn the_sweep_takes_nobody_who_is_there() {
    let world = World::new().await;
    let server = &world.server;
    let (member, db) = (world.user(Role::Member), &server.state.db);
    // Between two runs, so that the row is not confirmed in the moment of the next one.
    server.advance(2 * MINUTE);
    let _phone = device(&world, Role::Member).await;
    batch(server).await;
    eventually("the row", async || db.presence_of(member).await.unwrap().is_some()).await;
    server.advance(3 * MINUTE - SECOND);
    eventually("the run of five past", async || {
        let runs = db.job_runs("cleanup-stale-presence", 9).await.unwrap();
        runs.len() == 2 && runs.iter().all(|run| run.result == "done")
    })
    .await;
    assert_eq!(db.presence_of(member).await.unwrap().unwrap().0, Status::Online);
    assert_eq!(server.state.presence.figures().swept.load(std::sync::atomic::Ordering::Relaxed), 0);
}

#[tokio::test]
async fn two_hundred_who_come_and_go_cost_batches_times_members() {
    const PEOPLE: usize = 200;
    const BATCHES: usize = 10;
    let world = World::new().await;
    let server = &world.server;
    let db = &server.state.db;
    let mut browsers = Vec::new();
    for n in 0..PEOPLE {
        let (id, email): (UserId, _) = (server.id(), format!("p{n}@school.test"));
        let user = NewUser {
            id,
            email: &email,
            display_name: &format!("P{n}"),
            password_hash: "unusable",
            role: UserRole::Learner,
            now: server.now(),
        };
        db.create_user(user).await.unwrap();
        db.add_member(world.group, id, studyhall::domain::role::GroupRole::Member, server.now()).await.unwrap();
        let token = server.state.auth.sessions.begin(db, id, "unusable", "test", server.now()).await.unwrap().unwrap();
        browsers.push(Browser::with_token(&server.url, &token));
    }
    let mut teacher = Watcher::of(&world.browser(Role::Teacher), world.group).await;
    let mut sockets = Vec::new();
    for crowd in browsers.chunks(PEOPLE / BATCHES) {
        for browser in crowd {
            let mut socket = Socket::subscribed(browser, &[Channel::Presence(world.group)]).await;
            settle(&mut socket).await;
            sockets.push(socket);
        }
        batch(server).await;
    }
    let expected = u32::try_from(PEOPLE).unwrap();
    teacher.until(|state| state.there == expected).await;
    assert!(teacher.state.people.len() <= 51, "a crowd is a sample");
    for crowd in (0..BATCHES).map(|_| PEOPLE / BATCHES) {
        for _ in 0..crowd {
            sockets.remove(0).vanish();
        }
        connections(server, sockets.len() + 1).await;
        batch(server).await;
    }
    server.advance(GRACE);
    batch(server).await;
    teacher.until(|state| state.there == 1).await;
    // The teacher's own coming, ten batches of joins, and at most one batch of leaves a second.
    let frames = teacher.frames().await;
    assert!(frames <= 1 + 2 * BATCHES + 1, "{frames} frames for {PEOPLE} people who came and went");
    drop(teacher);
    connections(server, 0).await;
    server.advance(GRACE);
    batch(server).await;
    eventually("nothing is kept", async || server.state.presence.sizes() == [0, 0, 0]).await;
}
