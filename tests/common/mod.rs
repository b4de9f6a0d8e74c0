//! What tests share: the real server on port 0, a browser that talks to it, and a small world of people.

mod browser;
mod server;
mod socket;
mod world;

pub use browser::{Answer, Browser};
pub use server::{NOW, TestServer};
pub use socket::Socket;
pub use world::{Role, World, capitals, join, start_lobby};
