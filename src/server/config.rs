//! Run-time configuration: `Leptos.toml`, environment over file, checked at start.

/// All settings of a running server.
#[derive(Clone, Debug)]
pub struct Config {
    /// `sqlite://file` or `postgres://…`.
    pub database_url: String,
    /// Address to listen on.
    pub site_addr: std::net::SocketAddr,
    /// Whether cookies are sent over TLS only.
    pub secure_cookies: bool,
    /// Whether `X-Forwarded-For` is the word of our own proxy.
    pub trust_proxy: bool,
    /// How the site is reached from outside (`https://study.school.example`); unset: as each request says.
    pub public_url: Option<String>,
}
