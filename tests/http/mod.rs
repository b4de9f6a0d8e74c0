//! The application over HTTP, one file per concern.

mod account;
mod admin;
mod authorization;
mod configuration;
mod decks;
mod flags;
mod forms;
mod groups;
mod load;
mod pages;
mod security;
mod start;
mod wire;
