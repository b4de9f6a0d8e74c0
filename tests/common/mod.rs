//! What tests share: the real server on port 0, a browser that talks to it, and a small world of people.

mod browser;
mod log;
mod process;
mod proxy;
mod robot;
mod server;
mod socket;
mod world;

pub use browser::{Answer, Browser};
pub use log::Log;
pub use process::ServerProcess;
pub use proxy::Proxy;
pub use robot::Robot;
pub use server::{NOW, TestServer};
pub use socket::Socket;
pub use world::{Role, World, capitals, join, start_lobby};

use std::time::Duration;
use tokio::time::timeout;

/// Waits for something that the server does by itself.
pub async fn eventually(what: &str, mut done: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !done().await {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(20), waiting).await.unwrap_or_else(|_| panic!("never: {what}"));
}
