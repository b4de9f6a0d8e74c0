//! The socket: who is connected, what each connection still has to be told, and fan-out by channel.

pub mod bus;
mod channels;
pub mod codec;
mod commands;
mod connection;
pub mod connections;
mod door;
pub mod frame;
pub mod gateway;
pub mod hub;
mod limit;
pub mod members;
pub mod outbox;
pub mod presence;
pub mod replies;
mod socket;
pub mod source;
mod stream;
mod wheel;
mod wire;
pub mod writer;
