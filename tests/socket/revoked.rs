//! What ends a right ends it on open sockets at once: sign-outs, lost memberships, switched-off features, stops.

use crate::common::{Browser, Role, Socket, TestServer, World};
use std::time::Duration;
use studyhall::protocol::{Channel, Refused, ServerFrame, close};
use tokio::time::timeout;

/// The reason for which the channel was taken away, within a second.
async fn lost(socket: &mut Socket, channel: Channel) -> Refused {
    let waiting = socket.wait(|frame| match frame {
        ServerFrame::SubscriptionRefused { channel: lost, reason } if *lost == channel => Some(reason.clone()),
        _ => None,
    });
    timeout(Duration::from_secs(1), waiting).await.expect("within a second")
}

/// A socket that hears the channel.
async fn hearing(browser: &Browser, channel: Channel) -> Socket {
    let mut socket = Socket::subscribed(browser, &[channel]).await;
    socket
        .wait(|frame| matches!(frame, ServerFrame::Subscribed { .. } | ServerFrame::Resynced { .. }).then_some(()))
        .await;
    socket
}

#[tokio::test]
async fn a_member_who_is_taken_out_hears_nothing_more() {
    let world = World::new().await;
    let channel = Channel::Group(world.group);
    let (owner, member) = (world.browser(Role::Owner), world.browser(Role::Member));
    let mut removed = hearing(&member, channel).await;
    let mut other = hearing(&world.browser(Role::Teacher), channel).await;
    let form = [("group", world.group.to_string()), ("user", world.user(Role::Member).to_string())];
    assert_eq!(owner.post("/api/remove_member", &form).await.status, 200);
    assert_eq!(lost(&mut removed, channel).await, Refused::NotFound);
    let ping = studyhall::protocol::ClientFrame::Ping { nonce: 5 };
    other.send(&ping).await;
    other.wait(|frame| matches!(frame, ServerFrame::Ponged { nonce: 5, .. }).then_some(())).await;
    assert!(!other.received.iter().any(|frame| matches!(frame, ServerFrame::SubscriptionRefused { .. })));
}

#[tokio::test]
async fn a_teacher_who_becomes_a_member_hosts_nothing_more() {
    let world = World::new().await;
    let channel = Channel::LiveHost(world.session);
    let mut socket = hearing(&world.browser(Role::Teacher), channel).await;
    let form = [
        ("group", world.group.to_string()),
        ("user", world.user(Role::Teacher).to_string()),
        ("role", "member".into()),
    ];
    assert_eq!(world.browser(Role::Owner).post("/api/change_member_role", &form).await.status, 200);
    assert_eq!(lost(&mut socket, channel).await, Refused::Forbidden);
}

#[tokio::test]
async fn a_feature_that_is_switched_off_is_gone_at_once() {
    let world = World::new().await;
    let admin = world.browser(Role::Admin);
    let channel = Channel::LiveHost(world.session);
    let mut host = hearing(&world.browser(Role::Owner), channel).await;
    let off = |flag: &'static str| [("flag", flag), ("group", ""), ("enabled", "false"), ("percent", "100")];
    for flag in ["BLITZ_QUIZ", "LIVE_SESSIONS", "PRESENCE"] {
        let answer = admin.post("/api/set_flag", &off(flag)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    assert!(matches!(lost(&mut host, channel).await, Refused::FlagOff { .. }));
    let answer = admin.post("/api/set_flag", &off("REALTIME")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(host.closed().await, close::SIGNED_OUT);
}

#[tokio::test]
async fn whoever_signs_out_is_disconnected_there_and_only_there() {
    let server = TestServer::start().await;
    let (desk, phone) = (server.browser(), server.browser());
    assert_eq!(desk.sign_up("mina@school.test", "Mina").await.status, 200);
    assert_eq!(phone.sign_in("mina@school.test", Browser::PASSWORD).await.status, 200);
    let (mut at_desk, mut on_phone) = (Socket::subscribed(&desk, &[]).await, Socket::subscribed(&phone, &[]).await);
    assert_eq!(phone.post("/api/sign_out", &[("", "")]).await.status, 200);
    assert_eq!(on_phone.closed().await, close::SIGNED_OUT);
    assert_eq!(phone.sign_in("mina@school.test", Browser::PASSWORD).await.status, 200);
    let mut on_phone = Socket::subscribed(&phone, &[]).await;
    let change = [("current", Browser::PASSWORD), ("password", "another calm river under a bridge")];
    let answer = desk.post("/api/change_password", &change).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(on_phone.closed().await, close::SIGNED_OUT, "its sign-in ended with the old password");
    at_desk.send(&studyhall::protocol::ClientFrame::Ping { nonce: 1 }).await;
    at_desk.wait(|frame| matches!(frame, ServerFrame::Ponged { .. }).then_some(())).await;
}

#[tokio::test]
async fn the_eleventh_connection_of_an_account_closes_its_first() {
    let world = World::new().await;
    let browser = world.browser(Role::Member);
    let mut sockets = vec![];
    for _ in 0..11 {
        sockets.push(Socket::subscribed(&browser, &[]).await);
    }
    assert_eq!(sockets.remove(0).closed().await, close::REPLACED);
    sockets[0].send(&studyhall::protocol::ClientFrame::Ping { nonce: 1 }).await;
    sockets[0].wait(|frame| matches!(frame, ServerFrame::Ponged { .. }).then_some(())).await;
}

#[tokio::test]
async fn a_stop_says_goodbye_to_everybody_and_leaves_nothing_behind() {
    let server = TestServer::start().await;
    let mut sockets = vec![];
    for _ in 0..30 {
        sockets.push(Socket::subscribed(&server.browser(), &[]).await);
    }
    let hub = server.state.hub.clone();
    assert_eq!(hub.connections().count(), 30);
    let stopping = tokio::spawn(server.stop());
    for socket in &mut sockets {
        assert_eq!(socket.closed().await, close::SHUTDOWN);
    }
    // A busy machine may close somebody before the word is out, but not everybody.
    let told = |socket: &&Socket| socket.received.iter().any(|frame| matches!(frame, ServerFrame::Draining { .. }));
    assert!(sockets.iter().filter(told).count() > 15, "they are told before they are closed");
    drop(sockets);
    stopping.await.unwrap().unwrap();
    assert_eq!(hub.connections().count(), 0);
}
