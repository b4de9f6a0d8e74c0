//! The example client of the documentation against the real server: it follows a channel, resumes after a loss, and
//! after its process was stopped.

use crate::common::{Log, Proxy, Role, World};
use std::{process::Stdio, time::Duration};
use studyhall::protocol::Channel;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

async fn line(lines: &mut Lines<BufReader<ChildStdout>>) -> String {
    let line = timeout(Duration::from_secs(20), lines.next_line()).await.expect("it says something");
    line.unwrap().expect("it goes on")
}

/// The client, following the channel through the proxy until so many events came.
fn follow(world: &World, url: &str, channel: Channel, events: u32) -> (Child, Lines<BufReader<ChildStdout>>) {
    let mut client = Command::new("node")
        .args(["--no-warnings", "--experimental-websocket"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/example-client.mjs"))
        .args([url, &world.browser(Role::Member).cookies(), &serde_json::to_string(&channel).unwrap()])
        .arg(events.to_string())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("node, which the build needs as well");
    let lines = BufReader::new(client.stdout.take().unwrap()).lines();
    (client, lines)
}

async fn signal(client: &Child, name: &str) {
    let process = client.id().unwrap().to_string();
    assert!(Command::new("kill").args([name, &process]).status().await.unwrap().success());
}

/// The offset of an event's line.
fn offset(line: &str, kind: &str) -> Option<u32> {
    line.strip_prefix(kind)?.split(' ').next()?.parse().ok()
}

#[tokio::test]
async fn a_client_whose_process_was_stopped_goes_on_with_every_event() {
    let world = World::new().await;
    let (state, channel) = (&world.server.state, Channel::Group(world.group));
    let log = Log::new(channel);
    log.serve(state);
    let (client, mut lines) = follow(&world, &world.server.url, channel, 1_000);
    assert!(line(&mut lines).await.starts_with("resynced 0"));
    signal(&client, "-STOP").await;
    for _ in 0..50 {
        log.publish(state);
    }
    assert_eq!(state.hub.connections().count(), 1);
    signal(&client, "-CONT").await;
    for number in 1..=50 {
        assert_eq!(offset(&line(&mut lines).await, "happened "), Some(number), "on the same line, in order");
    }
}

#[tokio::test]
async fn a_client_that_was_stopped_for_too_long_is_closed_and_begins_anew_at_the_newest() {
    let world = World::new().await;
    let (state, channel) = (&world.server.state, Channel::Group(world.group));
    let log = Log::new(channel);
    log.serve(state);
    let (client, mut lines) = follow(&world, &world.server.url, channel, u32::MAX);
    assert!(line(&mut lines).await.starts_with("resynced 0"));
    signal(&client, "-STOP").await;
    // Nobody reads: the network's buffers fill, then the queue, and that is the end of it.
    let mut most = 0;
    while most < 200 * 1024 || state.hub.connections().waiting().most > 0 {
        for _ in 0..200 {
            log.publish(state);
        }
        assert!(log.newest() < 5_000_000, "a client that never reads is closed");
        most = most.max(state.hub.connections().waiting().most);
        // Whoever writes gets its turn.
        tokio::task::yield_now().await;
    }
    // More than the server tells again.
    for _ in 0..400 {
        log.publish(state);
    }
    signal(&client, "-CONT").await;
    let (mut newest, mut anew) = (0, 0);
    while newest < log.newest() {
        let line = line(&mut lines).await;
        if let Some(number) = offset(&line, "happened ") {
            assert_eq!(number, newest + 1);
            newest = number;
        } else if let Some(number) = offset(&line, "resynced ") {
            (newest, anew) = (number, anew + 1);
        }
    }
    assert_eq!(anew, 1);
}

#[tokio::test]
async fn a_client_in_another_language_follows_a_channel_and_misses_nothing() {
    let world = World::new().await;
    let (state, channel) = (&world.server.state, Channel::Group(world.group));
    let log = Log::new(channel);
    log.serve(state);
    let proxy = Proxy::to(&world.server.url).await;
    let (mut client, mut lines) = follow(&world, &proxy.url, channel, 3);
    assert!(line(&mut lines).await.starts_with("resynced 0"));
    log.publish(state);
    assert!(line(&mut lines).await.starts_with("happened 1 "));
    // Nothing passes any more, and what is told now is missed.
    proxy.cut_after(0);
    proxy.reset();
    log.publish(state);
    proxy.heal();
    assert_eq!(line(&mut lines).await, "subscribed 1");
    assert!(line(&mut lines).await.starts_with("happened 2 "));
    log.publish(state);
    assert!(line(&mut lines).await.starts_with("happened 3 "));
    assert!(client.wait().await.unwrap().success());
}
