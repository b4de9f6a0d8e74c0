//! Bad networks and bad clients: what was promised holds, and the server does not suffer.

use crate::common::{Log, Proxy, Robot, Role, Socket, TestServer, World};
use std::time::Duration;
use studyhall::server::storage::Db;
use studyhall::{
    client::connection::Input,
    protocol::{Channel, ClientFrame, POSTCARD, Position, ServerFrame, Subscription, close},
    server::{clock::Clock, realtime::outbox::Latest, serve, state::AppState},
};
use tokio::net::TcpListener;

/// A world whose group has a log, a bad network to it, and a member who hears it through that.
async fn listening() -> (World, Log, Proxy, Robot) {
    let world = World::new().await;
    let channel = Channel::Group(world.group);
    let log = Log::new(channel);
    log.serve(&world.server.state);
    let proxy = Proxy::to(&world.server.url).await;
    let robot = Robot::start(&proxy.url, &world.browser(Role::Member).cookies(), channel);
    log.publish(&world.server.state);
    robot.until("in", |seen| seen.newest == 1).await;
    (world, log, proxy, robot)
}

#[tokio::test]
async fn a_network_that_comes_and_goes_costs_no_event() {
    let (world, log, proxy, robot) = listening().await;
    let faults: [&dyn Fn(); 4] =
        [&|| proxy.reset(), &|| proxy.cut_after(150), &|| proxy.delay(80), &|| proxy.throttle(2_000)];
    for fault in faults {
        fault();
        for _ in 0..20 {
            log.publish(&world.server.state);
        }
        proxy.heal();
        let newest = log.newest();
        robot.until("up to date", |seen| seen.newest == newest).await;
    }
    let seen = robot.seen();
    assert_eq!((seen.wrong, seen.resynced), (None, 1), "resumed each time");
}

#[tokio::test]
async fn a_line_that_is_dead_without_saying_so_is_found_when_the_page_wakes_up() {
    let (world, log, proxy, robot) = listening().await;
    proxy.silence(true);
    log.publish(&world.server.state);
    robot.tell(Input::Visible);
    // Nobody answers the ping; the next line is a good one.
    tokio::time::timeout(Duration::from_secs(20), async {
        while world.server.state.hub.connections().count() != 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .expect("the client gives the dead line up");
    proxy.heal();
    robot.until("up to date", |seen| seen.newest == 2).await;
    assert_eq!(robot.seen().wrong, None);
}

#[tokio::test]
async fn a_restart_costs_no_event_and_a_restored_database_begins_anew() {
    let (world, log, proxy, robot) = listening().await;
    let old = world.server.state.clone();
    let clock = || Clock::Set(world.server.clock.clone());
    drop(proxy);
    drop(robot);
    // A network that leads to whichever server runs.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let first = AppState::new((*old.config).clone(), old.db.clone(), clock()).await.unwrap();
    log.serve(&first);
    let mut running = (tokio::spawn(serve::serve(listener, first.clone())), first.shutdown.token.clone());
    let proxy = Proxy::to(&format!("http://{addr}")).await;
    let robot = Robot::start(&proxy.url, &world.browser(Role::Member).cookies(), Channel::Group(world.group));
    robot.until("in", |seen| seen.newest == 1).await;
    log.publish(&first);
    robot.until("hears", |seen| seen.newest == 2).await;
    for (restored, newest) in [(None, 4), (Some(2), 3)] {
        // Nobody says goodbye, and an event is written that nobody is told.
        proxy.cut_after(0);
        proxy.reset();
        running.1.cancel();
        running.0.await.unwrap().unwrap();
        proxy.heal();
        match restored {
            None => {
                log.append();
            }
            Some(offset) => log.restore(offset),
        }
        let listener = loop {
            if let Ok(listener) = TcpListener::bind(addr).await {
                break listener;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        // The one before has closed its database.
        let db = Db::open(&old.config.database_url).await.unwrap();
        let state = AppState::new((*old.config).clone(), db, clock()).await.unwrap();
        log.serve(&state);
        running = (tokio::spawn(serve::serve(listener, state.clone())), state.shutdown.token.clone());
        log.publish(&state);
        robot.until("up to date", |seen| seen.newest == newest).await;
        let seen = robot.seen();
        let expected = if restored.is_none() { 1 } else { 2 };
        assert_eq!((seen.wrong, seen.resynced), (None, expected), "after {restored:?}");
    }
    running.1.cancel();
}

#[tokio::test]
async fn a13_a_client_that_never_reads_is_closed_and_costs_no_more_than_its_queue() {
    let world = World::new().await;
    let (state, channel) = (&world.server.state, Channel::Group(world.group));
    let log = Log::new(channel);
    log.serve(state);
    let mut deaf = Socket::subscribed(&world.browser(Role::Member), &[channel]).await;
    deaf.wait(|frame| matches!(frame, ServerFrame::Resynced { .. }).then_some(())).await;
    let mut most = 0;
    let mut told = 0;
    while state.hub.connections().count() > 0 && told < 3_000_000 {
        for _ in 0..200 {
            log.publish(state);
        }
        told += 200;
        most = most.max(state.hub.connections().waiting().1);
        // Whoever writes gets its turn.
        tokio::task::yield_now().await;
        if most > 200 * 1024 && state.hub.connections().waiting().1 == 0 {
            break;
        }
    }
    assert!(most > 200 * 1024 && most <= 256 * 1024, "{most} bytes waited after {told} events");
    // The close code comes behind what the network had taken already, unless a frame was cut in two.
    assert!(matches!(deaf.closed().await, close::SLOW | 1006));
    let mut back = Socket::subscribed(&world.browser(Role::Member), &[channel]).await;
    back.wait(|frame| matches!(frame, ServerFrame::Resynced { .. }).then_some(())).await;
}

#[tokio::test]
async fn a13_of_what_is_latest_only_a_slow_reader_gets_the_newest() {
    let world = World::new().await;
    let (state, channel) = (&world.server.state, Channel::Group(world.group));
    let mut slow = Socket::subscribed(&world.browser(Role::Member), &[channel]).await;
    slow.wait(|frame| matches!(frame, ServerFrame::Subscribed { .. }).then_some(())).await;
    let last = 300_000;
    for n in 1..=last {
        let event = studyhall::protocol::ChannelEvent::AnswersCounted { revision: n, answered: 0, expected: 0 };
        state.hub.publish_latest(channel, Latest::Tally, event);
    }
    let mut newest = 0;
    slow.wait(|frame| match frame {
        ServerFrame::Changed { event, .. } => {
            let studyhall::protocol::ChannelEvent::AnswersCounted { revision, .. } = event else { return None };
            assert!(*revision > newest, "never back");
            newest = *revision;
            (newest == last).then_some(())
        }
        _ => None,
    })
    .await;
    assert!(slow.received.len() < last as usize, "some were left out");
}

#[tokio::test]
async fn a_position_of_nowhere_begins_anew_and_unknown_variants_are_refused() {
    let world = World::new().await;
    let channel = Channel::Group(world.group);
    let mut socket = Socket::subscribed(&world.browser(Role::Member), &[]).await;
    for position in [Position { epoch: 0, offset: 0 }, Position { epoch: u64::MAX, offset: u64::MAX }] {
        socket.send(&ClientFrame::Subscribe(Subscription { channel, position: Some(position) })).await;
        socket.wait(|frame| matches!(frame, ServerFrame::Resynced { .. }).then_some(())).await;
    }
    socket.send_raw(tokio_tungstenite::tungstenite::Message::from(vec![200, 1, 2, 3])).await;
    assert_eq!(socket.closed().await, close::MALFORMED);
}

#[tokio::test]
async fn a_command_that_is_sent_again_on_a_new_connection_is_answered_the_same_and_counts_once() {
    use studyhall::protocol::{Command, Outcome};
    let world = World::new().await;
    let pin = world.server.state.db.live_session(world.session).await.unwrap().pin.unwrap();
    let key = uuid::Uuid::new_v4();
    let join = || Command::JoinLiveSession { pin: pin.clone(), name: "Robot".into() };
    let mut first = Socket::subscribed(&world.server.browser(), &[]).await;
    let one = first.command_with(key, join()).await;
    first.vanish();
    let mut second = Socket::subscribed(&world.server.browser(), &[]).await;
    assert!(matches!(one, Ok(Outcome::Joined { .. })));
    assert_eq!(second.command_with(key, join()).await, one, "with the same secret");
    let seats = world.server.state.db.live_session_participants(world.session).await.unwrap();
    assert_eq!(seats.iter().filter(|seat| seat.name == "Robot").count(), 1);
}

#[tokio::test]
async fn figures_for_prometheus_name_what_happened() {
    let server = TestServer::start().await;
    let _socket = Socket::subscribed(&server.browser(), &[]).await;
    let _refused = Socket::try_open(&server.url, "", "http://evil.test", POSTCARD).await;
    let text = studyhall::server::metrics::text(&server.state).await;
    let value = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(&format!("{name} "))).unwrap_or_else(|| panic!("{name}"));
        line.rsplit(' ').next().unwrap().parse::<f64>().unwrap()
    };
    assert_eq!(value("studyhall_ws_connections"), 1.0);
    for name in [
        "studyhall_ws_handshakes_total{result=\"accepted\"}",
        "studyhall_ws_handshakes_total{result=\"refused\"}",
        "studyhall_ws_frames_in_total",
        "studyhall_ws_bytes_out_total",
    ] {
        assert!(value(name) >= 1.0, "{name}");
    }
    assert_eq!(text.matches("# TYPE studyhall_ws_closes_total counter").count(), 1);
    assert!(text.contains("studyhall_channel_broadcast_seconds_bucket{le=\"+Inf\"}"));
    assert_eq!(server.browser().get("/metrics").await.status, 404, "not for pupils");
}
