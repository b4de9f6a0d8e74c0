//! Everything that only the server does. Decides through `domain`, persists through `storage`.

pub mod auth;
pub mod call;
pub mod clock;
pub mod config;
pub mod random;
pub mod rate_limit;
pub mod state;
pub mod storage;
