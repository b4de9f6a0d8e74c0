//! Everything that only the server does. Decides through `domain`, persists through `storage`.

pub mod assets;
pub mod auth;
pub mod call;
pub mod clock;
pub mod config;
pub mod flags;
pub mod form;
pub mod groups;
pub mod health;
pub mod images;
pub mod import;
pub mod live;
pub mod load;
pub mod markdown;
pub mod qr;
pub mod random;
pub mod rate_limit;
pub mod realtime;
pub mod router;
pub mod security;
pub mod serve;
pub mod shutdown;
pub mod state;
pub mod storage;
pub mod telemetry;
pub mod theme;
