//! Bad networks and bad clients: what was promised holds, and the server does not suffer.

use crate::common::{Log, Proxy, Robot, Role, Socket, TestServer, World, eventually};
use std::{net::SocketAddr, time::Duration};
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
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the client gives the dead line up");
    proxy.heal();
    robot.until("up to date", |seen| seen.newest == 2).await;
    assert_eq!(robot.seen().wrong, None);
}

type Running = (tokio::task::JoinHandle<Result<(), serve::StartError>>, tokio_util::sync::CancellationToken);

/// The next process of a server that has ended, at the same address.
async fn successor(old: &AppState, addr: SocketAddr, log: &Log, clock: Clock) -> (AppState, Running) {
    let mut listener = None;
    eventually("the address is free", async || {
        listener = TcpListener::bind(addr).await.ok();
        listener.is_some()
    })
    .await;
    let listener = listener.unwrap();
    // The one before has closed its database.
    let db = Db::open(&old.config.database_url).await.unwrap();
    let state = AppState::new((*old.config).clone(), db, clock).await.unwrap();
    log.serve(&state);
    let running = (tokio::spawn(serve::serve(listener, state.clone())), state.shutdown.token.clone());
    (state, running)
}

#[tokio::test]
async fn a_server_that_restarts_while_its_clients_resume_costs_no_event() {
    let (world, log, proxy, robot) = listening().await;
    let old = world.server.state.clone();
    let clock = || Clock::Set(world.server.clock.clone());
    drop((proxy, robot));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let mut state = AppState::new((*old.config).clone(), old.db.clone(), clock()).await.unwrap();
    log.serve(&state);
    let mut running: Running = (tokio::spawn(serve::serve(listener, state.clone())), state.shutdown.token.clone());
    let proxy = Proxy::to(&format!("http://{addr}")).await;
    let robot = Robot::start(&proxy.url, &world.browser(Role::Member).cookies(), Channel::Group(world.group));
    robot.until("in", |seen| seen.newest == 1).await;
    // Bytes of the way back that still pass: within the handshake, the welcome, the events.
    for bytes in [30, 250, 450, 700, 1_000] {
        for _ in 0..30 {
            log.publish(&state);
        }
        proxy.cut_after(bytes);
        proxy.reset();
        log.publish(&state);
        let cut = async {
            while !proxy.has_cut() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), cut).await.expect("it is on the way back");
        running.1.cancel();
        running.0.await.unwrap().unwrap();
        (state, running) = successor(&old, addr, &log, clock()).await;
        proxy.heal();
        log.publish(&state);
        let newest = log.newest();
        robot.until("up to date", |seen| seen.newest == newest).await;
        let seen = robot.seen();
        assert_eq!((seen.wrong, seen.resynced), (None, 1), "cut after {bytes} bytes");
    }
    running.1.cancel();
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
    let mut running: Running = (tokio::spawn(serve::serve(listener, first.clone())), first.shutdown.token.clone());
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
        let state;
        (state, running) = successor(&old, addr, &log, clock()).await;
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
        most = most.max(state.hub.connections().waiting().most);
        // Whoever writes gets its turn.
        tokio::task::yield_now().await;
        if most > 200 * 1024 && state.hub.connections().waiting().most == 0 {
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
async fn a_strangers_command_under_the_same_key_is_the_strangers_own() {
    use studyhall::protocol::{Command, Outcome};
    let world = World::new().await;
    let pin = world.server.state.db.live_session(world.session).await.unwrap().pin.unwrap();
    let key = uuid::Uuid::new_v4();
    let join = async |tab: u128, name: &str| {
        let mut socket = Socket::open(&world.server.browser()).await;
        let hello = ClientFrame::Hello { tab: uuid::Uuid::from_u128(tab), subscriptions: vec![] };
        socket.send(&hello).await;
        let command = Command::JoinLiveSession { pin: pin.clone(), name: name.into() };
        match socket.command_with(key, command).await {
            Ok(Outcome::Joined { participant, secret, .. }) => (participant, secret),
            other => panic!("{name}: {other:?}"),
        }
    };
    let first = join(1, "Robot").await;
    let stranger = join(2, "Stranger").await;
    assert!(first.0 != stranger.0 && first.1 != stranger.1, "neither the seat nor its secret");
    assert_eq!(join(1, "Robot").await, first, "the same tab gets its own again");
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
    assert_eq!(value("studyhall_ws_connections{state=\"open\"}"), 1.0);
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
    // Whoever reads a figure finds out what it means.
    let names = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next());
    let figures = include_str!("../../docs/FIGURES.md");
    let missing: Vec<&str> = names.filter(|name| !figures.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "not in docs/FIGURES.md: {missing:?}");
    let old: Vec<&str> = figures.split('`').filter(|word| word.starts_with("studyhall_")).collect();
    let gone: Vec<&&str> = old.iter().filter(|name| !text.contains(&format!("# TYPE {name} "))).collect();
    assert!(old.len() > 30 && gone.is_empty(), "only in docs/FIGURES.md: {gone:?}");
}

#[tokio::test]
async fn figures_of_presence_count_people_frames_and_rows() {
    let world = World::new().await;
    let figures = async || studyhall::server::metrics::text(&world.server.state).await;
    let value = |text: &str, name: &str| -> f64 {
        let line = text.lines().find(|line| line.starts_with(&format!("{name} "))).unwrap_or_else(|| panic!("{name}"));
        line.rsplit(' ').next().unwrap().parse().unwrap()
    };
    let before = figures().await;
    let group = Channel::Presence(world.group);
    let mut teacher = Socket::subscribed(&world.browser(Role::Teacher), &[group]).await;
    let _member = Socket::subscribed(&world.browser(Role::Member), &[]).await;
    world.server.advance(1_000);
    teacher
        .wait(|frame| matches!(frame, ServerFrame::Happened { channel, .. } if *channel == group).then_some(()))
        .await;
    // A connection has been greeted a moment before it counts.
    eventually("two people", async || {
        let now = figures().await;
        let wanted = [("people", 2.0), ("devices", 2.0), ("connections", 2.0), ("held", 0.0)];
        wanted.iter().all(|(name, expected)| value(&now, &format!("studyhall_presence_{name}")) == *expected)
    })
    .await;
    let after = figures().await;
    // Other tests of this process count as well.
    for name in ["studyhall_presence_diffs_total", "studyhall_presence_frames_total"] {
        assert!(value(&after, name) > value(&before, name), "{name}");
    }
    eventually("two rows", async || {
        let now = figures().await;
        let grew = |name| value(&now, name) >= value(&before, name) + 2.0;
        grew("studyhall_presence_row_writes_total") && grew("studyhall_presence_last_seen_writes_total")
    })
    .await;
    assert_eq!(world.server.state.presence.figures().swept.load(std::sync::atomic::Ordering::Relaxed), 0);
}
