//! The socket: who is connected, what each connection still has to be told, and fan-out by channel.

pub mod codec;
mod connection;
pub mod gateway;
pub mod hub;
mod limit;
pub mod outbox;
