//! The layer that finds out who sends a request, and where a request comes from.

use super::{Actor, session};
use crate::server::{
    config::{Config, SecureCookies},
    security,
    state::AppState,
    storage::StoreError,
};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// axum middleware: puts the [`Actor`] into the request's extensions and prolongs the cookie while it is in use.
/// Register with `axum::middleware::from_fn_with_state(state, sign_in_layer)`.
pub async fn sign_in_layer(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let token = session::token(request.headers()).map(str::to_owned);
    let found = match &token {
        Some(token) => state.auth.sessions.find(&state.db, token, state.clock.now()).await,
        None => Ok(None),
    };
    let found = match found {
        Ok(found) => found,
        // Neither signed in nor signed out: nobody knows, so nobody is served the wrong page.
        Err(error) => {
            tracing::warn!(error.cause = %error, "sign-in could not be looked up");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let secure = over_tls(&state.config, request.headers());
    let prolonged = found.as_ref().is_some_and(|found| found.prolonged);
    request.extensions_mut().insert(found.map_or(Actor::Anonymous, |found| Actor::User(found.who)));
    let mut response = next.run(request).await;
    if let Some(token) = token.filter(|_| prolonged)
        && !sets_session_cookie(response.headers())
        && let Ok(value) = HeaderValue::from_str(&session::cookie(&token, secure))
    {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// Who sends a request with these headers, for the socket's upgrade. A database that does not answer is an error.
pub async fn find_actor(state: &AppState, headers: &HeaderMap) -> Result<Actor, StoreError> {
    let Some(token) = session::token(headers) else { return Ok(Actor::Anonymous) };
    let found = state.auth.sessions.glance(&state.db, token, state.clock.now()).await?;
    Ok(found.map_or(Actor::Anonymous, |found| Actor::User(found.who)))
}

/// Like [`find_actor`], anonymous when the database does not answer.
pub async fn actor_from_headers(state: &AppState, headers: &HeaderMap) -> Actor {
    find_actor(state, headers).await.unwrap_or_else(|error| {
        tracing::warn!(error.cause = %error, "sign-in could not be looked up");
        Actor::Anonymous
    })
}

/// The address a request comes from: the connection's, or what the trusted proxy in front reports
/// (the last entry of `X-Forwarded-For`: earlier ones are the client's own claim).
pub fn client_ip(config: &Config, parts: &Parts) -> IpAddr {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    address(config.trust_proxy, peer, &parts.headers)
}

/// [`client_ip`] from its pieces. Without a connection (never in a served request) it is the unspecified address.
pub fn address(trust_proxy: bool, peer: Option<IpAddr>, headers: &HeaderMap) -> IpAddr {
    let forwarded = || {
        let line = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
        line.rsplit(',').next()?.trim().parse().ok()
    };
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    if trust_proxy { forwarded().unwrap_or(peer) } else { peer }
}

/// Whether cookies are sent over TLS only: as configured, else when the browser reached us over TLS.
pub fn over_tls(config: &Config, headers: &HeaderMap) -> bool {
    match config.secure_cookies {
        SecureCookies::Always => true,
        SecureCookies::Never => false,
        SecureCookies::Auto => security::is_tls(headers, config),
    }
}

fn sets_session_cookie(headers: &HeaderMap) -> bool {
    headers.get_all(header::SET_COOKIE).iter().any(|value| value.as_bytes().starts_with(session::COOKIE.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_trusted_proxy_names_the_client() {
        let peer = Some(IpAddr::from([10, 0, 0, 1]));
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "1.1.1.1, 2.2.2.2".parse().unwrap());
        assert_eq!(address(false, peer, &headers), IpAddr::from([10, 0, 0, 1]));
        assert_eq!(address(true, peer, &headers), IpAddr::from([2, 2, 2, 2]));
        headers.insert("x-forwarded-for", "nonsense".parse().unwrap());
        assert_eq!(address(true, peer, &headers), IpAddr::from([10, 0, 0, 1]));
    }
}
