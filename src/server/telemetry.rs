//! Logs: one line per event on stderr, and a span around each request with its id, route, status and duration.
//! Never in a log: cookies, tokens, bodies, query strings.

use super::{
    config::{Config, LogFormat},
    random,
};
use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use std::time::Instant;
use tracing::Instrument;
use tracing_subscriber::EnvFilter;

/// Starts logging as configured. Called once, by the binary.
pub fn start(config: &Config) {
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    // What cannot be written is left out. To say so on the same full disk would end the task that had something to say.
    let lines =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).log_internal_errors(false);
    let lines = lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()));
    // An error means that somebody else has set up logging in this process; theirs is as good.
    let _ = match config.log_format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
}

/// Gives each request an id (also in the answer's `x-request-id`), a span and a log line.
/// Ordinary answers are logged at `debug`, refusals at `info`, failures at `error`.
pub async fn trace(request: Request, next: Next) -> Response {
    let id = random::hex(&random::bytes::<8>());
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let started = Instant::now();
    let span = tracing::info_span!("request", id, %method, route);
    let mut response = next.run(request).instrument(span.clone()).await;
    let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    span.in_scope(|| match status {
        500.. => tracing::error!(target: "studyhall::http", status, ms, "failed"),
        400.. => tracing::info!(target: "studyhall::http", status, ms, "refused"),
        _ => tracing::debug!(target: "studyhall::http", status, ms, "served"),
    });
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    response
}
