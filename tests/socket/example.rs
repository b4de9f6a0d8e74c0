//! The example client of the documentation against the real server: it follows a channel, and resumes after a loss.

use crate::common::{Log, Proxy, Role, World};
use std::{process::Stdio, time::Duration};
use studyhall::protocol::Channel;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{ChildStdout, Command},
    time::timeout,
};

async fn line(lines: &mut Lines<BufReader<ChildStdout>>) -> String {
    let line = timeout(Duration::from_secs(20), lines.next_line()).await.expect("it says something");
    line.unwrap().expect("it goes on")
}

#[tokio::test]
async fn a_client_in_another_language_follows_a_channel_and_misses_nothing() {
    let world = World::new().await;
    let (state, channel) = (&world.server.state, Channel::Group(world.group));
    let log = Log::new(channel);
    log.serve(state);
    let proxy = Proxy::to(&world.server.url).await;
    let mut client = Command::new("node")
        .args(["--no-warnings", "--experimental-websocket"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/example-client.mjs"))
        .args([&proxy.url, &world.browser(Role::Member).cookies(), &serde_json::to_string(&channel).unwrap(), "3"])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("node, which the build needs as well");
    let mut lines = BufReader::new(client.stdout.take().unwrap()).lines();
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
