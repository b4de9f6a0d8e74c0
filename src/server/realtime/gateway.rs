//! The door to the socket: origin, sign-in and subprotocol are checked before the upgrade. The handshake is done here
//! and not by axum, so that the connection is a bare TCP stream afterwards.

use super::{codec::Codec, connection, door::Door, socket::Socket};
use crate::{
    domain::flags::Flag,
    protocol::{JSON, POSTCARD},
    server::{
        auth::layer::{address, find_actor},
        live::caller::Caller,
        metrics, random, security,
        state::AppState,
    },
};
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::any,
};
use hyper_util::{rt::TokioIo, server::conn::auto::upgrade::downcast};
use std::{net::SocketAddr, sync::Arc};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// The route, with a state of its own. It stands beside the layers of the pages: none of them is for it.
pub fn routes(state: AppState) -> Router {
    Router::new().route("/ws", any(upgrade)).with_state(Door::new(state))
}

async fn upgrade(
    State(door): State<Arc<Door>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    match admit(&door, peer, request.headers(), request.method()).await {
        Ok((codec, key, caller)) => {
            metrics::WS_ACCEPTED.add(1);
            switch(door, request, codec, &key, caller)
        }
        Err(refusal) => {
            let crowded = refusal.status() == StatusCode::SERVICE_UNAVAILABLE;
            if crowded {
                metrics::WS_CROWDED.add(1)
            } else {
                metrics::WS_REFUSED.add(1)
            }
            *refusal
        }
    }
}

/// Everything that is checked while this is still HTTP.
async fn admit(
    door: &Door,
    peer: SocketAddr,
    headers: &HeaderMap,
    method: &Method,
) -> Result<(Codec, HeaderValue, Caller), Box<Response>> {
    let state = &door.state;
    let refuse = |status: StatusCode, text: &'static str| Err(Box::new((status, text).into_response()));
    if !security::origin_allowed(headers, &state.config) {
        return refuse(StatusCode::FORBIDDEN, "This origin may not connect. Set STUDYHALL_ORIGINS.");
    }
    let names = |name: header::HeaderName, wanted: &str| {
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|word| word.trim().eq_ignore_ascii_case(wanted))
    };
    let version = headers.get(header::SEC_WEBSOCKET_VERSION).is_some_and(|version| version == "13");
    let key = headers.get(header::SEC_WEBSOCKET_KEY).cloned();
    let (true, true, true, true, Some(key)) = (
        method == Method::GET,
        names(header::CONNECTION, "upgrade"),
        names(header::UPGRADE, "websocket"),
        version,
        key,
    ) else {
        let text = "This address speaks the WebSocket protocol, version 13.";
        return Err(Box::new((StatusCode::UPGRADE_REQUIRED, [(header::UPGRADE, "websocket")], text).into_response()));
    };
    // The first that is known, in the order of the client's wishes.
    let offered = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|value| value.to_str().ok());
    let codec = offered.flat_map(|value| value.split(',')).find_map(|name| Codec::of(name.trim().as_bytes()));
    let Some(codec) = codec else {
        let text = format!("Offer one of the subprotocols {POSTCARD}, {JSON}.");
        return Err(Box::new((StatusCode::BAD_REQUEST, text).into_response()));
    };
    let ip = address(state.config.trust_proxy, Some(peer.ip()), headers);
    let handshake = door.knock();
    if handshake.is_none() || !door.connections.admits(ip) || state.shutdown.token.is_cancelled() {
        let later = door.retry_after().as_secs().to_string();
        return Err(Box::new((StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, later)]).into_response()));
    }
    let Ok(actor) = find_actor(state, headers).await else {
        return Err(Box::new(StatusCode::SERVICE_UNAVAILABLE.into_response()));
    };
    let caller = Caller::new(actor, headers, ip);
    if state.flags.check(Flag::Realtime, caller.user(), None).is_err() {
        return refuse(StatusCode::FORBIDDEN, "The feature REALTIME is switched off.");
    }
    Ok((codec, key, caller))
}

/// Answers with 101 and takes the stream over once that is written.
fn switch(door: Arc<Door>, mut request: Request, codec: Codec, key: &HeaderValue, caller: Caller) -> Response {
    let upgraded = hyper::upgrade::on(&mut request);
    let tasks = door.state.shutdown.tasks.clone();
    tasks.spawn(async move {
        // Fails when the other side has gone before the answer.
        let Ok(upgraded) = upgraded.await else { return };
        let Ok(parts) = downcast::<TokioIo<TcpStream>>(upgraded) else {
            tracing::error!("an upgraded connection is not a TCP stream");
            return;
        };
        let stream = parts.io.into_inner();
        let Some(writer) = door.writers.pick() else { return };
        let id = random::id(door.state.clock.now());
        let socket = Socket::new(id, stream, codec, writer, &caller);
        writer.watch(&socket);
        let early = parts.read_buf.to_vec();
        // A task of its own: this one is large, and would stay so for as long as the connection lives.
        let tasks = door.state.shutdown.tasks.clone();
        tasks.spawn(connection::serve(socket, codec, door, caller, early));
    });
    let accepted = Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(header::CONNECTION, "upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_ACCEPT, derive_accept_key(key.as_bytes()))
        .header(header::SEC_WEBSOCKET_PROTOCOL, codec.name())
        .body(Body::empty());
    accepted.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::{clock::Clock, config::Config, storage::Db};
    use futures::FutureExt;
    use std::collections::BTreeMap;

    async fn door(folder: &tempfile::TempDir) -> Arc<Door> {
        let url = format!("sqlite://{}/test.db", folder.path().display());
        let config = Config::read(None, &BTreeMap::from([("DATABASE_URL".to_owned(), url.clone())])).unwrap();
        let db = Db::open(&url).await.unwrap();
        db.migrate().await.unwrap();
        Door::new(AppState::new(config, db, Clock::System).await.unwrap())
    }

    async fn knocks(door: &Door) -> Result<(), (StatusCode, Option<String>)> {
        let lines = [
            ("host", "studyhall.test"),
            ("origin", "http://studyhall.test"),
            ("connection", "upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ("sec-websocket-protocol", POSTCARD),
        ];
        let headers =
            lines.map(|(name, value)| (header::HeaderName::from_static(name), HeaderValue::from_static(value)));
        let peer = SocketAddr::from(([10, 0, 0, 1], 5_000));
        let admitted = admit(door, peer, &headers.into_iter().collect(), &Method::GET).await;
        admitted.map(|_| ()).map_err(|refusal| {
            let later = refusal.headers().get(header::RETRY_AFTER);
            (refusal.status(), later.map(|seconds| seconds.to_str().unwrap().to_owned()))
        })
    }

    #[tokio::test]
    async fn a_storm_is_asked_to_come_a_second_later_and_its_hellos_take_turns() {
        let folder = tempfile::tempdir().unwrap();
        let door = door(&folder).await;
        let crowd: Vec<_> = (0..511).filter_map(|_| door.knock()).collect();
        assert_eq!((crowd.len(), knocks(&door).await), (511, Ok(())));
        let last = door.knock();
        assert!(last.is_some());
        let later = Err((StatusCode::SERVICE_UNAVAILABLE, Some("1".to_owned())));
        assert_eq!(knocks(&door).await, later);
        drop(last);
        assert_eq!(knocks(&door).await, Ok(()), "whoever was refused is not counted");

        let mut served = futures::future::join_all((0..64).map(|_| door.greeting())).await;
        assert!(door.greeting().now_or_never().is_none());
        served.pop();
        assert!(door.greeting().await.is_some());
    }
}
