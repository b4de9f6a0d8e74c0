//! The door to the socket: origin, sign-in and subprotocol are checked before the upgrade.

use super::{codec::Codec, connection};
use crate::{
    domain::flags::Flag,
    protocol::{JSON, MAX_CLIENT_FRAME, POSTCARD},
    server::{
        auth::layer::{address, find_actor},
        live::caller::Caller,
        security,
        state::AppState,
    },
};
use axum::{
    Router,
    extract::{ConnectInfo, State, ws::WebSocketUpgrade},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::any,
};
use std::net::SocketAddr;

/// A frame is small; larger buffers are allocated for every connection whether used or not.
const BUFFER: usize = 4 * 1024;
/// A client that does not read is cut off when this much waits in the socket.
const MAX_BUFFERED: usize = 1024 * 1024;

pub fn routes() -> Router<AppState> {
    Router::new().route("/ws", any(upgrade))
}

async fn upgrade(
    State(state): State<AppState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !security::origin_allowed(&headers, &state.config) {
        return (StatusCode::FORBIDDEN, "This origin may not connect. Set STUDYHALL_ORIGINS.").into_response();
    }
    let actor = match find_actor(&state, &headers).await {
        Ok(actor) => actor,
        Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    let caller = Caller::new(actor, &headers, address(state.config.trust_proxy, Some(peer.ip()), &headers));
    if state.flags.check(Flag::Realtime, caller.user(), None).is_err() {
        return (StatusCode::FORBIDDEN, "The feature REALTIME is switched off.").into_response();
    }
    let upgrade = upgrade
        .protocols([POSTCARD, JSON])
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_write_buffer_size(MAX_BUFFERED)
        .max_frame_size(MAX_CLIENT_FRAME)
        .max_message_size(MAX_CLIENT_FRAME);
    let Some(codec) = upgrade.selected_protocol().and_then(|name| Codec::of(name.as_bytes())) else {
        return (StatusCode::BAD_REQUEST, format!("Offer one of the subprotocols {POSTCARD}, {JSON}.")).into_response();
    };
    let tasks = state.shutdown.tasks.clone();
    upgrade.on_upgrade(move |socket| tasks.track_future(connection::serve(socket, codec, state, caller)))
}
