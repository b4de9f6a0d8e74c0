//! The socket: who is connected, what each connection still has to be told, and fan-out by channel.

mod channels;
pub mod codec;
mod commands;
mod connection;
pub mod frame;
pub mod gateway;
pub mod hub;
mod limit;
pub mod outbox;
pub mod presence;
pub mod replies;
pub mod source;
mod stream;
