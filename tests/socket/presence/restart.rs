//! A new process of the server: nobody vanishes who is on the way back, and nobody stays who is not.

use super::{SECOND, Watcher, batch, device, eventually, settle};
use crate::common::{Browser, Role, ServerProcess, Socket, World};
use studyhall::{
    domain::{
        ids::{DeckId, GroupId, UserId},
        presence::{Activity, DRAIN_GRACE, GRACE, Status},
        role::{GroupRole, UserRole},
    },
    protocol::{Command, Outcome},
    server::{auth::session::Sessions, clock::Clock, random, serve, state::AppState, storage::NewUser},
};
use tokio::net::TcpListener;

/// A world with a member who looks at a deck, whose server was replaced ten seconds later without a goodbye.
struct Replaced {
    world: World,
    /// When the member was seen last.
    seen: i64,
    state: AppState,
    url: String,
    _phone: Socket,
}

impl Replaced {
    async fn new() -> Self {
        let world = World::new().await;
        let (server, member, old) = (&world.server, world.user(Role::Member), &world.server.state);
        let mut phone = device(&world, Role::Member).await;
        let activity = Some(Activity::Studying(world.deck));
        assert_eq!(phone.command(Command::SetPresenceActivity { activity }).await, Ok(Outcome::Done));
        batch(server).await;
        eventually("the row", async || {
            old.db.presence_of(member).await.unwrap().is_some_and(|row| row.0 == Status::Online)
        })
        .await;
        let seen = server.now();
        server.advance(10 * SECOND);
        let clock = Clock::Set(server.clock.clone());
        let state = AppState::new((*old.config).clone(), old.db.clone(), clock).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(serve::serve(listener, state.clone()));
        Self { world, seen, state, url, _phone: phone }
    }

    fn browser(&self, role: Role) -> Browser {
        let mut browser = self.world.browser(role);
        browser.url.clone_from(&self.url);
        browser
    }

    async fn batch(&self) {
        let ticks = self.state.presence.ticks();
        self.world.server.advance(SECOND);
        eventually("a tick", async || self.state.presence.ticks() > ticks).await;
    }

    /// Lets batches pass until the row says so: one that comes while another is written is written with the next.
    async fn written(&self, what: &str, wanted: impl Fn((Status, i64)) -> bool) {
        eventually(what, async || {
            self.batch().await;
            wanted(self.row().await)
        })
        .await;
    }

    async fn row(&self) -> (Status, i64) {
        self.state.db.presence_of(self.world.user(Role::Member)).await.unwrap().unwrap()
    }
}

impl Drop for Replaced {
    fn drop(&mut self) {
        self.state.shutdown.token.cancel();
    }
}

#[tokio::test]
async fn who_does_not_come_back_after_a_restart_is_gone_when_the_grace_ends() {
    let replaced = Replaced::new().await;
    let member = replaced.world.user(Role::Member);
    let mut teacher = Watcher::of(&replaced.browser(Role::Teacher), replaced.world.group).await;
    let held = teacher.state.find(member).expect("still shown").clone();
    assert_eq!(held.status, Status::Online);
    assert_eq!(held.doing.map(|doing| doing.activity), Some(Activity::Studying(replaced.world.deck)));
    replaced.batch().await;
    replaced.written("held", |row| row.0 == Status::Online).await;
    assert_eq!(replaced.row().await.1, replaced.seen, "nobody has seen them since");
    // Their clients look for the way back for longer than a lost line is hidden.
    let before = teacher.frames().await;
    replaced.world.server.advance(2 * GRACE);
    replaced.batch().await;
    assert_eq!(teacher.frames().await, before, "nobody has left");
    replaced.world.server.advance(DRAIN_GRACE - 2 * GRACE);
    replaced.batch().await;
    teacher.sees(member, None).await;
    replaced.written("gone", |row| row == (Status::Offline, replaced.seen)).await;
    drop(teacher);
}

#[tokio::test]
async fn who_comes_back_after_a_restart_was_never_away() {
    let replaced = Replaced::new().await;
    let member = replaced.world.user(Role::Member);
    let mut teacher = Watcher::of(&replaced.browser(Role::Teacher), replaced.world.group).await;
    replaced.batch().await;
    teacher.sees(replaced.world.user(Role::Teacher), Some(Status::Online)).await;
    let before = teacher.frames().await;
    let mut phone = Socket::subscribed(&replaced.browser(Role::Member), &[]).await;
    settle(&mut phone).await;
    replaced.world.server.advance(DRAIN_GRACE);
    replaced.batch().await;
    assert_eq!(teacher.frames().await, before, "the group was told nothing");
    let back = teacher.state.find(member).and_then(|one| one.doing.clone());
    assert_eq!(back.map(|doing| doing.activity), Some(Activity::Studying(replaced.world.deck)));
    replaced.written("seen again", |row| row.0 == Status::Online && row.1 > replaced.seen).await;
}

#[tokio::test]
async fn a_killed_process_and_an_orderly_restart_hide_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let (db, now) = (ServerProcess::database_in(&folder).await, Clock::System.now());
    let (group, deck): (GroupId, DeckId) = (random::id(now), random::id(now));
    let mut people = vec![];
    for name in ["teacher", "member"] {
        let (id, email): (UserId, _) = (random::id(now), format!("{name}@school.test"));
        let user =
            NewUser { id, email: &email, display_name: name, password_hash: "unusable", role: UserRole::Teacher, now };
        db.create_user(user).await.unwrap();
        let token = Sessions::default().begin(&db, id, "unusable", "test", now).await.unwrap().unwrap();
        people.push((id, token));
    }
    let [(teacher, teachers), (member, members)] = &people[..] else { unreachable!() };
    db.create_group(group, "Geography", *teacher, now).await.unwrap();
    assert!(db.add_member(group, *member, GroupRole::Member, now).await.unwrap());
    db.create_deck(deck, Some(group), *teacher, "Capitals", now).await.unwrap();
    db.close().await;
    let mut server = ServerProcess::on(folder).await;
    let db = server.database().await;

    let activity = Some(Activity::Studying(deck));
    let come = async |url: &str| {
        let mut phone = Socket::subscribed(&Browser::with_token(url, members), &[]).await;
        assert_eq!(phone.command(Command::SetPresenceActivity { activity }).await, Ok(Outcome::Done));
        phone
    };
    let phone = come(&server.url).await;
    eventually("the row", async || db.presence_of(*member).await.unwrap().is_some_and(|row| row.0 == Status::Online))
        .await;
    server.crash().await;
    let watcher = Watcher::of(&Browser::with_token(&server.url, teachers), group).await;
    assert_eq!(watcher.state.find(*member).map(|one| one.status), Some(Status::Online));
    drop(phone);

    let phone = come(&server.url).await;
    let mut watcher = watcher;
    watcher.until(|state| state.find(*member).is_some_and(|one| one.doing.is_some())).await;
    server.restart().await;
    let watcher = Watcher::of(&Browser::with_token(&server.url, teachers), group).await;
    let seen = watcher.state.find(*member).expect("still there").clone();
    assert_eq!(seen.doing.map(|doing| doing.activity), activity, "as they were when it stopped");
    drop(phone);
    db.close().await;
}
