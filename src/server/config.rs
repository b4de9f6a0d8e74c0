//! Run-time configuration: defaults, then `Leptos.toml`, then the environment; checked at start.
//! A mistake names the key, the value and what is allowed.

mod source;

pub use source::ConfigError;

use crate::domain::flags::Flag;
use source::Source;
use std::{collections::BTreeMap, net::SocketAddr, path::Path, time::Duration};

/// The annotated file that `studyhall admin default-config` prints; its values are the defaults.
pub const DEFAULT_FILE: &str = include_str!("../../Leptos.toml");

/// All settings of a running server.
#[derive(Clone, Debug)]
pub struct Config {
    /// `sqlite://file` or `postgres://…`.
    pub database_url: Secret,
    /// Address to listen on.
    pub site_addr: SocketAddr,
    /// What learners type, for join links and QR codes; `None`: the address the request came to.
    pub public_url: Option<String>,
    /// Origins that may send forms and open sockets; empty: only the origin the page came from.
    pub origins: Vec<String>,
    pub secure_cookies: SecureCookies,
    /// Whether `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trust_proxy: bool,
    /// Directives of `tracing_subscriber::EnvFilter`.
    pub log: String,
    pub log_format: LogFormat,
    /// How long a request may take before it is answered with 503.
    pub request_timeout: Duration,
    /// How long a stop waits for running requests and sockets.
    pub shutdown_timeout: Duration,
    /// Threads that serve; 0: one for each core.
    pub worker_threads: usize,
    /// Where Prometheus reads figures; `None`: nowhere.
    pub metrics_addr: Option<SocketAddr>,
    pub limits: Limits,
    /// The flags' defaults. Complete: one entry for each flag.
    pub features: BTreeMap<Flag, bool>,
}

/// A text that must not be printed, because it may carry a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl std::ops::Deref for Secret {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(secret)")
    }
}

/// Upper bounds that protect the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a form or server function call.
    pub body: u64,
    /// Bytes of an uploaded file.
    pub upload: u64,
}

/// Whether the sign-in cookie is marked `Secure`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecureCookies {
    /// When the request came over TLS, as far as one can tell.
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

impl Config {
    /// Reads the file (`LEPTOS_CONFIG`, else `Leptos.toml` in the current folder, where it may be missing) and the
    /// process's environment.
    pub fn load() -> Result<Self, ConfigError> {
        let env: BTreeMap<String, String> = std::env::vars_os()
            .filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let named = env.get("LEPTOS_CONFIG").map(String::as_str);
        let path = Path::new(named.unwrap_or("Leptos.toml"));
        let file = match std::fs::read_to_string(path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => None,
            Err(error) => return Err(ConfigError::unreadable(path, &error)),
        };
        Self::read(file.as_deref(), &env)
    }

    /// Reads the text of a file and an environment.
    pub fn read(file: Option<&str>, env: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let mut from = Source::new(file.unwrap_or_default(), env)?;
        let seconds = |n| Duration::from_secs(n);
        let config = Self {
            database_url: from.text("database", "url", "DATABASE_URL", "sqlite://data/studyhall.db").map(Secret)?,
            site_addr: from.parsed(
                "leptos",
                "site-addr",
                "LEPTOS_SITE_ADDR",
                "127.0.0.1:3000",
                "an address and a port, as in 0.0.0.0:3000",
                |text| text.parse().ok(),
            )?,
            public_url: from.parsed(
                "server",
                "public_url",
                "STUDYHALL_PUBLIC_URL",
                "",
                "an address as in https://quiz.school.example, without a path",
                |text| if text.is_empty() { Some(None) } else { origin(text).map(Some) },
            )?,
            origins: from.parsed(
                "server",
                "origins",
                "STUDYHALL_ORIGINS",
                "",
                "addresses as in https://quiz.school.example, separated by commas",
                |text| text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(origin).collect(),
            )?,
            secure_cookies: from.choice(
                "server",
                "secure_cookies",
                "STUDYHALL_SECURE_COOKIES",
                "auto",
                &[("auto", SecureCookies::Auto), ("true", SecureCookies::Always), ("false", SecureCookies::Never)],
            )?,
            trust_proxy: from.boolean("server", "trust_proxy", "STUDYHALL_TRUST_PROXY", false)?,
            log: from.parsed(
                "server",
                "log",
                "STUDYHALL_LOG",
                "info",
                "levels as in info or info,studyhall=debug",
                |text| tracing_subscriber::EnvFilter::try_new(text).is_ok().then(|| text.to_owned()),
            )?,
            log_format: from.choice(
                "server",
                "log_format",
                "STUDYHALL_LOG_FORMAT",
                "text",
                &[("text", LogFormat::Text), ("json", LogFormat::Json)],
            )?,
            request_timeout: seconds(from.number(
                "server",
                "request_timeout_seconds",
                "STUDYHALL_REQUEST_TIMEOUT_SECONDS",
                30,
                1..=600,
            )?),
            shutdown_timeout: seconds(from.number(
                "server",
                "shutdown_timeout_seconds",
                "STUDYHALL_SHUTDOWN_TIMEOUT_SECONDS",
                10,
                0..=600,
            )?),
            worker_threads: usize::try_from(from.number(
                "server",
                "worker_threads",
                "STUDYHALL_WORKER_THREADS",
                0,
                0..=256,
            )?)
            .unwrap_or(0),
            metrics_addr: from.parsed(
                "server",
                "metrics_addr",
                "STUDYHALL_METRICS_ADDR",
                "",
                "an address and a port, as in 127.0.0.1:9464, or nothing",
                |text| if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) },
            )?,
            limits: Limits {
                body: 1024 * from.number("limits", "body_kib", "STUDYHALL_LIMIT_BODY_KIB", 64, 16..=10_240)?,
                upload: 1024
                    * 1024
                    * from.number("limits", "upload_mib", "STUDYHALL_LIMIT_UPLOAD_MIB", 16, 1..=1024)?,
            },
            features: features(&mut from)?,
        };
        from.finish()?;
        Ok(config)
    }
}

fn features(from: &mut Source) -> Result<BTreeMap<Flag, bool>, ConfigError> {
    let mut features = BTreeMap::new();
    for flag in Flag::ALL {
        let on = from.boolean("features", flag.name(), &format!("FEATURE_{}", flag.name()), flag.is_built())?;
        if on && !flag.is_built() {
            return Err(ConfigError::feature_not_built(flag));
        }
        features.insert(flag, on);
    }
    for (flag, on) in &features {
        if let Some(missing) = flag.needs().iter().find(|needed| *on && !features[needed]) {
            return Err(ConfigError::feature_needs(*flag, *missing));
        }
    }
    Ok(features)
}

/// `scheme://host[:port]` in lower case, without a slash at the end; `None` when it is something else.
fn origin(text: &str) -> Option<String> {
    let text = text.trim_end_matches('/').to_ascii_lowercase();
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    (!host.is_empty() && host.chars().all(plain)).then_some(text)
}
