//! What others may know: nothing of who is invisible, of other groups, after a removal, or where it is off.

use super::{Watcher, batch, connections, device, settle};
use crate::common::{Role, World};
use studyhall::{
    api::groups::GroupPage,
    domain::{
        flag_table::Setting,
        flags::Flag,
        presence::{Activity, GRACE, Status},
    },
    protocol::{Channel, ClientFrame, Command, Refused, ServerFrame, Subscription},
};

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
