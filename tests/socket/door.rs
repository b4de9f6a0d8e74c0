//! The upgrade and the life of a connection.

use crate::common::{Role, Socket, TestServer, World};
use studyhall::protocol::{Channel, ClientFrame, JSON, MAX_CLIENT_FRAME, POSTCARD, ServerFrame, Subscription, close};
use tokio_tungstenite::tungstenite::{Error, Message};
use uuid::Uuid;

fn status(result: Result<Socket, Box<Error>>) -> u16 {
    match result.map(|_| ()) {
        Err(error) => match *error {
            Error::Http(response) => response.status().as_u16(),
            other => panic!("not refused by HTTP: {other}"),
        },
        Ok(()) => 101,
    }
}

#[tokio::test]
async fn only_pages_of_this_server_may_connect() {
    let server = TestServer::start().await;
    let open = async |origin: &str| status(Socket::try_open(&server.url, "", origin, POSTCARD).await);
    assert_eq!(open(&server.url).await, 101);
    for foreign in ["http://evil.test", "null", "http://127.0.0.1", "http://127.0.0.1.evil.test"] {
        assert_eq!(open(foreign).await, 403, "{foreign}");
    }
}

#[tokio::test]
async fn a_client_of_an_unknown_protocol_is_refused_before_the_upgrade() {
    let server = TestServer::start().await;
    let open = async |name: &str| status(Socket::try_open(&server.url, "", &server.url, name).await);
    assert_eq!(open(JSON).await, 101);
    for unknown in ["studyhall.v2+postcard", "chat"] {
        assert_eq!(open(unknown).await, 400, "{unknown}");
    }
}

#[tokio::test]
async fn the_first_frame_is_hello_and_it_comes_once() {
    let server = TestServer::start().await;
    let hello = ClientFrame::Hello { tab: Uuid::nil(), subscriptions: vec![] };
    let mut eager = Socket::open(&server.browser()).await;
    eager.send(&ClientFrame::Ping { nonce: 1 }).await;
    assert_eq!(eager.closed().await, close::MALFORMED);
    let mut polite = Socket::open(&server.browser()).await;
    polite.send(&hello).await;
    polite.send(&ClientFrame::Ping { nonce: 7 }).await;
    polite.wait(|frame| matches!(frame, ServerFrame::Ponged { nonce: 7, .. }).then_some(())).await;
    polite.send(&hello).await;
    assert_eq!(polite.closed().await, close::MALFORMED);
}

#[tokio::test]
async fn what_is_no_frame_closes_the_connection() {
    let server = TestServer::start().await;
    let bad = [
        Message::from(vec![0xFF; 8]),
        Message::from("{\"hello\":{}}"),
        Message::from(Vec::new()),
        // A good frame with something behind it.
        Message::from([postcard::to_stdvec(&ClientFrame::Ping { nonce: 1 }).unwrap(), vec![0]].concat()),
    ];
    for message in bad {
        let mut socket = Socket::open(&server.browser()).await;
        socket.send_raw(message.clone()).await;
        assert_eq!(socket.closed().await, close::MALFORMED, "{message:?}");
    }
    let mut socket = Socket::open(&server.browser()).await;
    socket.send_raw(Message::from(vec![0; MAX_CLIENT_FRAME + 1])).await;
    // The frame is not read to its end: the line is cut.
    assert!(matches!(socket.closed().await, 1006 | 1009));
}

#[tokio::test]
async fn a_flood_is_stopped() {
    let server = TestServer::start().await;
    let mut socket = Socket::subscribed(&server.browser(), &[]).await;
    for nonce in 0..200 {
        let frame = postcard::to_stdvec(&ClientFrame::Ping { nonce }).unwrap();
        socket.send_raw(Message::from(frame)).await;
    }
    assert_eq!(socket.closed().await, close::TOO_MANY);
}

#[tokio::test]
async fn json_carries_the_same_frames() {
    use futures::{SinkExt, StreamExt};
    use tokio_tungstenite::{connect_async, tungstenite::client::IntoClientRequest};
    let server = TestServer::start().await;
    let mut request = format!("{}/ws", server.url.replace("http:", "ws:")).into_client_request().unwrap();
    request.headers_mut().insert("origin", server.url.parse().unwrap());
    request.headers_mut().insert("sec-websocket-protocol", JSON.parse().unwrap());
    let (mut stream, _) = connect_async(request).await.unwrap();
    let hello = r#"{"hello":{"tab":"00000000-0000-0000-0000-000000000000","subscriptions":[]}}"#;
    stream.send(Message::from(hello)).await.unwrap();
    let answer = stream.next().await.unwrap().unwrap().into_text().unwrap();
    assert!(answer.starts_with(r#"{"welcomed":{"connection":""#), "{answer}");
}

#[tokio::test]
async fn a_channel_that_is_not_ones_own_is_refused() {
    let world = World::new().await;
    let owner = world.user(Role::Owner);
    let refused = async |role, channel| {
        let mut socket = Socket::subscribed(&world.browser(role), &[]).await;
        socket.send(&ClientFrame::Subscribe(Subscription { channel, position: None })).await;
        socket
            .wait(|frame| match frame {
                ServerFrame::Subscribed { .. } | ServerFrame::Resynced { .. } => Some(false),
                ServerFrame::SubscriptionRefused { .. } => Some(true),
                _ => None,
            })
            .await
    };
    for (channel, allowed) in [
        (Channel::User(owner), &[Role::Owner][..]),
        (Channel::Group(world.group), &[Role::Member, Role::Teacher, Role::Owner]),
        (Channel::Presence(world.group), &[Role::Member, Role::Teacher, Role::Owner]),
        (Channel::LiveHost(world.session), &[Role::Teacher, Role::Owner]),
        (Channel::LivePlayer(world.session), &[Role::Guest]),
    ] {
        for role in Role::ALL {
            assert_eq!(refused(role, channel).await, !allowed.contains(&role), "{role:?} on {channel:?}");
        }
    }
}
