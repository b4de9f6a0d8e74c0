//! Presence against the real server: who comes and goes, on how many devices, and what others may know.
//! Batches are told when the clock has moved by a second.

use crate::common::{Browser, Role, Socket, TestServer, World};
use std::time::Duration;
use studyhall::{
    api::groups::GroupPage,
    domain::{
        flag_table::Setting,
        flags::Flag,
        ids::{GroupId, UserId},
        presence::{Activity, GRACE, Present, State, Status},
        role::UserRole,
    },
    protocol::{Channel, ChannelEvent, ClientFrame, Command, Outcome, Refused, ServerFrame, Subscription},
    server::{clock::Clock, serve, state::AppState, storage::NewUser},
};
use tokio::{net::TcpListener, time::timeout};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;

/// Somebody who looks at a group.
struct Watcher {
    socket: Socket,
    state: State,
}

impl Watcher {
    async fn of(browser: &Browser, group: GroupId) -> Self {
        let mut socket = Socket::subscribed(browser, &[Channel::Presence(group)]).await;
        let state = socket
            .wait(|frame| match frame {
                ServerFrame::Resynced { snapshot: Some(event), .. } => match &**event {
                    ChannelEvent::PresenceShown(state) => Some((**state).clone()),
                    _ => None,
                },
                _ => None,
            })
            .await;
        Self { socket, state }
    }

    /// Reads on until the group looks so.
    async fn until(&mut self, wanted: impl Fn(&State) -> bool) -> &State {
        while !wanted(&self.state) {
            let state = &mut self.state;
            self.socket
                .wait(|frame| match frame {
                    ServerFrame::Happened { event: ChannelEvent::PresenceChanged(diff), .. } => {
                        state.apply((**diff).clone());
                        Some(())
                    }
                    _ => None,
                })
                .await;
        }
        &self.state
    }

    async fn sees(&mut self, user: UserId, status: Option<Status>) -> Option<Present> {
        self.until(|state| state.find(user).map(|one| one.status) == status).await.find(user).cloned()
    }

    /// How many presence frames have come, after everything that was sent until now.
    async fn frames(&mut self) -> usize {
        settle(&mut self.socket).await;
        let told = |frame: &&ServerFrame| {
            matches!(frame, ServerFrame::Happened { event: ChannelEvent::PresenceChanged(_), .. })
        };
        self.socket.received.iter().filter(told).count()
    }
}

/// Everything that was sent before has been carried out.
async fn settle(socket: &mut Socket) {
    socket.send(&ClientFrame::Ping { nonce: 4711 }).await;
    socket.wait(|frame| matches!(frame, ServerFrame::Ponged { nonce: 4711, .. }).then_some(())).await;
}

/// One more device of the role's person, which the server knows of.
async fn device(world: &World, role: Role) -> Socket {
    let mut socket = Socket::subscribed(&world.browser(role), &[]).await;
    settle(&mut socket).await;
    socket
}

/// Waits for something that the server does by itself.
async fn eventually(what: &str, mut done: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !done().await {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(20), waiting).await.unwrap_or_else(|_| panic!("never: {what}"));
}

/// Lets the server's next batch happen.
async fn batch(server: &TestServer) {
    let ticks = server.state.presence.ticks();
    server.advance(SECOND);
    eventually("a tick", async || server.state.presence.ticks() > ticks).await;
}

async fn connections(server: &TestServer, count: usize) {
    eventually("the lost line is noticed", async || server.state.presence.connections() == count).await;
}

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
async fn who_is_invisible_is_in_no_frame() {
    let world = World::new().await;
    let server = &world.server;
    let member = world.user(Role::Member);
    let chosen = world.browser(Role::Member).post("/api/set_presence_status", &[("status", "invisible")]).await;
    assert_eq!(chosen.status, 200);
    let mut teacher = Watcher::of(&world.browser(Role::Teacher), world.group).await;
    let mut hidden = Watcher::of(&world.browser(Role::Member), world.group).await;
    let activity = Some(Activity::Studying(world.deck));
    hidden.socket.command(Command::SetPresenceActivity { activity }).await.unwrap();
    let _second = device(&world, Role::Member).await;
    batch(server).await;
    hidden.until(|state| state.find(world.user(Role::Teacher)).is_some()).await;
    // Somebody who joins later gets nothing of them either, nor does a page.
    let mut owner = Watcher::of(&world.browser(Role::Owner), world.group).await;
    batch(server).await;
    owner.until(|state| state.there == 2).await;
    teacher.until(|state| state.there == 2).await;
    settle(&mut teacher.socket).await;
    let page = world.browser(Role::Teacher).call("/api/group_presence", &format!("?group={}", world.group)).await;
    let told = [&owner.socket, &teacher.socket].map(|socket| format!("{:?}", socket.received)).concat() + &page.text();
    assert!(told.contains(&world.user(Role::Teacher).to_string()), "what is searched does hold people");
    assert!(!told.contains(&member.to_string()) && !told.contains("\"member\""), "{told}");
    let bytes =
        owner.socket.received.iter().map(|frame| postcard::to_stdvec(frame).unwrap()).collect::<Vec<_>>().concat();
    assert!(!bytes.windows(16).any(|window| window == member.0.as_bytes()));
    // They go without a trace, and were last seen when they were seen last: never.
    let (first, second) = (hidden.socket, _second);
    first.vanish();
    second.vanish();
    connections(server, 2).await;
    let before = teacher.frames().await;
    server.advance(GRACE);
    batch(server).await;
    assert_eq!(teacher.frames().await, before);
    let page: GroupPage =
        world.browser(Role::Teacher).call("/api/group", &format!("?group={}", world.group)).await.json();
    let row = page.members.iter().find(|one| one.user == member).unwrap();
    assert_eq!(row.last_seen, None);
}

#[tokio::test]
async fn a_group_knows_nothing_of_what_somebody_does_elsewhere() {
    let world = World::new().await;
    let server = &world.server;
    let (db, member) = (&server.state.db, world.user(Role::Member));
    let strangers = world.browser(Role::OtherTeacher);
    db.add_member(world.other_group, member, studyhall::domain::role::GroupRole::Member, server.now()).await.unwrap();
    let mut elsewhere = Watcher::of(&strangers, world.other_group).await;
    let mut here = Watcher::of(&world.browser(Role::Teacher), world.group).await;
    let mut phone = device(&world, Role::Member).await;
    let activity = Some(Activity::Studying(world.deck));
    phone.command(Command::SetPresenceActivity { activity }).await.unwrap();
    batch(server).await;
    assert!(here.sees(member, Some(Status::Online)).await.unwrap().doing.is_some());
    assert!(elsewhere.sees(member, Some(Status::Online)).await.unwrap().doing.is_none());
    // And nobody claims to be where they may not be.
    let mut outsider = device(&world, Role::OtherTeacher).await;
    let refused = outsider.command(Command::SetPresenceActivity { activity }).await;
    assert_eq!(refused, Err(Refused::NotFound));
    let hosting = Some(Activity::Hosting(world.session));
    assert_eq!(phone.command(Command::SetPresenceActivity { activity: hosting }).await, Err(Refused::Forbidden));
    let room = Some(Activity::InRoom(world.session));
    assert_eq!(phone.command(Command::SetPresenceActivity { activity: room }).await, Err(Refused::NotFound));
}

#[tokio::test]
async fn who_is_taken_out_of_the_group_is_gone_from_it() {
    let world = World::new().await;
    let server = &world.server;
    let member = world.user(Role::Member);
    let mut teacher = Watcher::of(&world.browser(Role::Teacher), world.group).await;
    let mut removed = Watcher::of(&world.browser(Role::Member), world.group).await;
    batch(server).await;
    teacher.sees(member, Some(Status::Online)).await;
    let form = [("group", world.group.to_string()), ("user", member.to_string())];
    assert_eq!(world.browser(Role::Owner).post("/api/remove_member", &form).await.status, 200);
    batch(server).await;
    teacher.sees(member, None).await;
    let channel = Channel::Presence(world.group);
    removed.socket.send(&ClientFrame::Unsubscribe { channel }).await;
    removed.socket.send(&ClientFrame::Subscribe(Subscription { channel, position: None })).await;
    let refused = |frame: &ServerFrame| matches!(frame, ServerFrame::SubscriptionRefused { .. }).then_some(());
    removed.socket.wait(refused).await;
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
async fn a_restart_leaves_no_ghosts() {
    let world = World::new().await;
    let server = &world.server;
    let (member, old) = (world.user(Role::Member), &server.state);
    let _phone = device(&world, Role::Member).await;
    batch(server).await;
    eventually("the row", async || {
        old.db.presence_of(member).await.unwrap().is_some_and(|row| row.0 == Status::Online)
    })
    .await;
    let seen = server.now();
    // The first process is not asked to stop: as if it had been killed.
    server.advance(10 * SECOND);
    let clock = Clock::Set(server.clock.clone());
    let state = AppState::new((*old.config).clone(), old.db.clone(), clock).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(serve::serve(listener, state.clone()));
    eventually("the row", async || old.db.presence_of(member).await.unwrap() == Some((Status::Offline, seen))).await;
    let mut browser = world.browser(Role::Teacher);
    browser.url = url;
    let cookies = browser.cookies();
    assert!(!cookies.is_empty());
    let teacher = Watcher::of(&browser, world.group).await;
    assert_eq!(teacher.state.find(member), None);
    state.shutdown.token.cancel();
}

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
async fn where_the_feature_is_off_nobody_is_seen() {
    let world = World::new().await;
    let server = &world.server;
    let mut teacher = Watcher::of(&world.browser(Role::Teacher), world.group).await;
    let mut phone = device(&world, Role::Member).await;
    batch(server).await;
    teacher.sees(world.user(Role::Member), Some(Status::Online)).await;
    let off = Some(Setting { enabled: false, percent: 100 });
    let (state, admin) = (&server.state, world.user(Role::Admin));
    state.flags.change(&state.db, Flag::Presence, None, off, admin, server.now()).await.unwrap();
    batch(server).await;
    teacher.until(|state| state.people.is_empty()).await;
    assert_eq!(phone.command(Command::Touch).await, Err(Refused::FlagOff { flag: Flag::Presence }));
    let channel = Channel::Presence(world.group);
    phone.send(&ClientFrame::Subscribe(Subscription { channel, position: None })).await;
    let reason = phone
        .wait(|frame| match frame {
            ServerFrame::SubscriptionRefused { reason, .. } => Some(reason.clone()),
            _ => None,
        })
        .await;
    assert_eq!(reason, Refused::FlagOff { flag: Flag::Presence });
    let member = world.browser(Role::Member);
    assert_eq!(member.post("/api/set_presence_status", &[("status", "busy")]).await.status, 403);
    let page: GroupPage = member.call("/api/group", &format!("?group={}", world.group)).await.json();
    assert!(page.presence.is_none() && page.members.iter().all(|one| one.last_seen.is_none()));
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
