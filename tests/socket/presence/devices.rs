//! Devices of one person: they come, go, fall silent, and are shown as one.

use super::{MINUTE, SECOND, Watcher, batch, connections, device, eventually, settle};
use crate::common::{NOW, Role, Socket, World};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering::SeqCst},
};
use studyhall::{
    domain::presence::{Activity, GRACE, Status},
    protocol::{Channel, ChannelEvent, Command, Outcome, Refused, ServerFrame},
    server::{clock::Clock, serve, state::AppState},
};
use tokio::net::TcpListener;

#[tokio::test]
async fn two_devices_are_one_person_who_comes_and_goes_once() {
    let world = World::new().await;
    let server = &world.server;
    let member = world.user(Role::Member);
    let mut teacher = Watcher::of(&world.browser(Role::Teacher), world.group).await;
    let laptop = device(&world, Role::Member).await;
    batch(server).await;
    let seen = teacher.sees(member, Some(Status::Online)).await.unwrap();
    assert_eq!((seen.name.as_str(), seen.doing), ("member", None));
    let phone = device(&world, Role::Member).await;
    batch(server).await;
    laptop.vanish();
    connections(server, 2).await;
    server.advance(GRACE);
    batch(server).await;
    let before = teacher.frames().await;
    assert!(teacher.state.find(member).is_some(), "the phone is still there");
    phone.vanish();
    connections(server, 1).await;
    server.advance(GRACE - SECOND);
    batch(server).await;
    teacher.sees(member, None).await;
    assert_eq!(teacher.frames().await, before + 1, "one frame for one leave");
    eventually("the row", async || {
        let row = server.state.db.presence_of(member).await.unwrap();
        row.is_some_and(|(status, seen)| status == Status::Offline && seen == server.now())
    })
    .await;
}

#[tokio::test]
async fn a_blip_of_three_seconds_shows_nothing() {
    let world = World::new().await;
    let server = &world.server;
    let mut teacher = Watcher::of(&world.browser(Role::Teacher), world.group).await;
    let mut phone = device(&world, Role::Member).await;
    let activity = Some(Activity::Studying(world.deck));
    assert_eq!(phone.command(Command::SetPresenceActivity { activity }).await, Ok(Outcome::Done));
    batch(server).await;
    let member = world.user(Role::Member);
    teacher.sees(member, Some(Status::Online)).await;
    let before = teacher.frames().await;
    phone.vanish();
    connections(server, 1).await;
    for _ in 0..3 {
        batch(server).await;
    }
    let _phone = device(&world, Role::Member).await;
    server.advance(GRACE);
    batch(server).await;
    assert_eq!(teacher.frames().await, before);
    let seen = teacher.state.find(member).and_then(|one| one.doing.clone()).unwrap();
    assert_eq!((seen.activity, seen.title.as_str()), (Activity::Studying(world.deck), "Capitals"));
}

#[tokio::test]
async fn who_does_nothing_is_away_after_five_minutes_and_back_with_a_touch() {
    let world = World::new().await;
    let server = &world.server;
    let member = world.user(Role::Member);
    let mut teacher = Watcher::of(&world.browser(Role::Teacher), world.group).await;
    let mut phone = device(&world, Role::Member).await;
    let _laptop = device(&world, Role::Member).await;
    batch(server).await;
    teacher.sees(member, Some(Status::Online)).await;
    server.advance(4 * MINUTE);
    assert_eq!(phone.command(Command::Touch).await, Ok(Outcome::Done));
    server.advance(4 * MINUTE);
    batch(server).await;
    assert_eq!(teacher.state.find(member).unwrap().status, Status::Online, "one device is enough");
    server.advance(MINUTE);
    batch(server).await;
    teacher.sees(member, Some(Status::Away)).await;
    phone.command(Command::Touch).await.unwrap();
    batch(server).await;
    teacher.sees(member, Some(Status::Online)).await;
}

#[tokio::test]
async fn hosting_is_busy_and_a_choice_goes_over_everything() {
    let world = World::new().await;
    let server = &world.server;
    let owner = world.user(Role::Owner);
    let mut teacher = Watcher::of(&world.browser(Role::Teacher), world.group).await;
    let mut desk = Socket::subscribed(&world.browser(Role::Owner), &[Channel::User(owner)]).await;
    let activity = Some(Activity::Hosting(world.session));
    desk.command(Command::SetPresenceActivity { activity }).await.unwrap();
    batch(server).await;
    let seen = teacher.sees(owner, Some(Status::Busy)).await.unwrap();
    assert_eq!(seen.doing.unwrap().title, "Capitals");
    // By the menu of another page.
    let answer = world.browser(Role::Owner).post("/api/set_presence_status", &[("status", "away")]).await;
    assert_eq!(answer.status, 200);
    batch(server).await;
    assert_eq!(teacher.sees(owner, Some(Status::Away)).await.unwrap().doing, None);
    desk.wait(|frame| match frame {
        ServerFrame::Happened { event: ChannelEvent::PresenceStatusChosen { status }, .. } => Some(*status),
        _ => None,
    })
    .await;
    assert_eq!(world.browser(Role::Owner).post("/api/set_presence_status", &[("status", "offline")]).await.status, 422);
}

#[tokio::test]
async fn who_signs_out_is_gone_with_the_next_batch() {
    let world = World::new().await;
    let member = world.user(Role::Member);
    let mut teacher = Watcher::of(&world.browser(Role::Teacher), world.group).await;
    let _phone = device(&world, Role::Member).await;
    batch(&world.server).await;
    teacher.sees(member, Some(Status::Online)).await;
    assert_eq!(world.browser(Role::Member).post("/api/sign_out", &[("", "")]).await.status, 200);
    batch(&world.server).await;
    teacher.sees(member, None).await;
}

#[tokio::test]
async fn a_connection_says_five_things_in_thirty_seconds() {
    let world = World::new().await;
    let mut phone = device(&world, Role::Member).await;
    for _ in 0..5 {
        assert_eq!(phone.command(Command::Touch).await, Ok(Outcome::Done));
    }
    assert_eq!(phone.command(Command::Touch).await, Err(Refused::TooMany { retry_after: 31 }));
    world.server.advance(30 * SECOND);
    assert_eq!(phone.command(Command::Touch).await, Ok(Outcome::Done));
}

#[tokio::test]
async fn a_machines_clock_that_is_set_makes_nobody_away_and_keeps_nobody() {
    let world = World::new().await;
    let (config, db) = (&world.server.state.config, world.server.state.db.clone());
    let [step, steady] = [0, NOW].map(|at| Arc::new(AtomicI64::new(at)));
    let clock = Clock::Stepped(steady.clone(), step.clone());
    let state = AppState::new((**config).clone(), db, clock).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(serve::serve(listener, state.clone()));
    let browser = |role| {
        let mut browser = world.browser(role);
        browser.url.clone_from(&url);
        browser
    };
    let pass = async |milliseconds: i64| {
        let ticks = state.presence.ticks();
        steady.fetch_add(milliseconds, SeqCst);
        eventually("a tick", async || state.presence.ticks() > ticks).await;
    };
    let member = world.user(Role::Member);
    let mut teacher = Watcher::of(&browser(Role::Teacher), world.group).await;
    let mut phone = Socket::subscribed(&browser(Role::Member), &[]).await;
    settle(&mut phone).await;
    pass(SECOND).await;
    teacher.sees(member, Some(Status::Online)).await;
    let before = teacher.frames().await;
    step.fetch_add(3_600_000, SeqCst);
    pass(SECOND).await;
    assert_eq!(teacher.frames().await, before, "an hour that did not pass");
    step.fetch_sub(7_200_000, SeqCst);
    phone.vanish();
    eventually("the lost line is noticed", async || state.presence.connections() == 1).await;
    pass(GRACE + SECOND).await;
    teacher.sees(member, None).await;
    state.shutdown.token.cancel();
}
