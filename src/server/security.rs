//! What protects a browser: headers with a nonce per answer, and the refusal of requests that another site sent.

use super::{config::Config, random, state::AppState};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

/// The nonce that this answer's scripts carry; in the request's extensions.
#[derive(Clone, Debug)]
pub struct CspNonce(pub Arc<str>);

/// Adds the security headers to every answer, and keeps pages out of caches.
pub async fn headers(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let nonce: Arc<str> = random::hex(&random::bytes::<16>()).into();
    let host = host(request.headers()).map(str::to_owned);
    let tls = is_tls(request.headers(), &state.config);
    let personal = request.headers().contains_key(header::COOKIE);
    request.extensions_mut().insert(CspNonce(nonce.clone()));
    let mut response = next.run(request).await;
    let head = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        head.insert(name, HeaderValue::from_static(value));
    };
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "strict-origin-when-cross-origin");
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    );
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    if tls {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    if let Ok(policy) = HeaderValue::from_str(&policy(&nonce, host.as_deref())) {
        head.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    }
    if !head.contains_key(header::CACHE_CONTROL) {
        // A page of somebody signed in must not be found again by the next person at the same machine.
        let value = if personal { "no-store" } else { "no-cache" };
        head.insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
    }
    response
}

fn policy(nonce: &str, host: Option<&str>) -> String {
    // Not every browser counts a socket of the same host as 'self'.
    let sockets = host.map(|host| format!(" ws://{host} wss://{host}")).unwrap_or_default();
    format!(
        "default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'{sockets}; object-src 'none'; \
         frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )
}

/// Refuses requests that change something and that this site's own pages did not send.
pub async fn same_origin(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || sent_by_us(request.headers(), &state.config) {
        return next.run(request).await;
    }
    tracing::info!("refused a request of another site");
    let text = "This request did not come from a page of this site, so it was refused. Nothing was changed.\n\
        Open the page here and try again. If Studyhall runs behind a proxy, pass on the Host header, \
        or set STUDYHALL_ORIGINS.\n";
    (StatusCode::FORBIDDEN, text).into_response()
}

fn sent_by_us(headers: &HeaderMap, config: &Config) -> bool {
    match headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
        Some(b"same-origin" | b"none") => true,
        _ => origin_allowed(headers, config),
    }
}

/// Whether the `Origin` header names this site, or one of the configured origins. False without the header.
/// For requests that change something and for the socket's upgrade.
pub fn origin_allowed(headers: &HeaderMap, config: &Config) -> bool {
    let Some(origin) = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok()) else { return false };
    let origin = origin.to_ascii_lowercase();
    if config.origins.is_empty() {
        let sender = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        sender.is_some() && sender == host(headers).map(str::to_ascii_lowercase).as_deref()
            || config.public_url.as_ref() == Some(&origin)
    } else {
        config.origins.contains(&origin)
    }
}

/// The `Host` header, when it looks like one.
pub fn host(headers: &HeaderMap) -> Option<&str> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    (!host.is_empty() && host.chars().all(plain)).then_some(host)
}

/// Whether the person's browser speaks TLS with us or with our proxy.
pub fn is_tls(headers: &HeaderMap, config: &Config) -> bool {
    let forwarded = config.trust_proxy && headers.get("x-forwarded-proto").is_some_and(|value| value == "https");
    forwarded || config.public_url.as_ref().is_some_and(|url| url.starts_with("https://"))
}

/// `https://host` as people see it: configured, or as the request came.
pub fn public_origin(headers: &HeaderMap, config: &Config) -> String {
    config.public_url.clone().unwrap_or_else(|| {
        let scheme = if is_tls(headers, config) { "https" } else { "http" };
        format!("{scheme}://{}", host(headers).map_or_else(|| config.site_addr.to_string(), str::to_owned))
    })
}
