//! Run-time configuration: `Leptos.toml`, environment over file, checked at start.

/// All settings of a running server.
#[derive(Clone, Debug)]
pub struct Config {
    /// `sqlite://file` or `postgres://…`.
    pub database_url: String,
    /// Address to listen on.
    pub site_addr: std::net::SocketAddr,
}
