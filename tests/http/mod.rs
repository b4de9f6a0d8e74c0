//! The application over HTTP, one file per concern.

mod admin;
mod authorization;
mod configuration;
mod flags;
mod account;
mod authorization;
mod groups;
mod pages;
mod security;
mod start;
