//! The application over HTTP, one file per concern.

mod authorization;
mod pages;
mod security;
