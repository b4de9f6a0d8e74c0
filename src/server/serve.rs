//! `studyhall serve`: database, listener, requests, graceful stop.

use super::{
    clock::Clock,
    config::Config,
    jobs,
    router::router,
    shutdown,
    state::AppState,
    storage::{Db, StoreError},
};
use axum::serve::ListenerExt;
use std::net::SocketAddr;
use tokio::net::{TcpListener, TcpSocket};

/// How often the hub forgets what is old.
const SWEEP: std::time::Duration = std::time::Duration::from_secs(10);

/// Connections that wait to be accepted: after a restart everybody comes back in the same second.
const BACKLOG: u32 = 4_096;
/// The longest that sockets are closed over.
const DRAIN: std::time::Duration = std::time::Duration::from_secs(30);

/// Why a command could not do its work: a sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("{0}")]
    Config(#[from] super::config::ConfigError),
    #[error("{0}")]
    Open(#[from] super::storage::OpenError),
    #[error(
        "The address {addr} is taken: another program listens there, perhaps another Studyhall. Stop it, or choose another port with LEPTOS_SITE_ADDR"
    )]
    Taken { addr: SocketAddr },
    #[error("Cannot listen on {addr}: {cause}. Choose another address with LEPTOS_SITE_ADDR")]
    Listen { addr: SocketAddr, cause: std::io::Error },
    #[error("The server stopped: {0}")]
    Io(#[from] std::io::Error),
    #[error("The database did not answer: {0}")]
    Store(#[from] super::storage::StoreError),
    #[error("Nothing was changed: {0}")]
    Account(#[from] super::auth::admin::AdminError),
    #[error("{0}")]
    Other(String),
}

/// Serves until SIGTERM or SIGINT.
pub async fn run(config: Config) -> Result<(), StartError> {
    // The address first: a second start must not touch the first one's database.
    let listener = listen(config.site_addr).await?;
    let db = Db::open(&config.database_url).await?;
    db.migrate().await?;
    let state = AppState::new(config, db, Clock::System).await?;
    let stop = state.shutdown.token.clone();
    tokio::spawn(async move {
        shutdown::signal().await;
        tracing::info!("stopping");
        stop.cancel();
    });
    tracing::info!("listening on http://{}", listener.local_addr()?);
    serve(listener, state).await
}

/// Binds `addr`.
pub async fn listen(addr: SocketAddr) -> Result<TcpListener, StartError> {
    let bind = || {
        let socket = if addr.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        // The address of a process that has just ended is free.
        socket.set_reuseaddr(true)?;
        socket.bind(addr)?;
        socket.listen(BACKLOG)
    };
    bind().map_err(|cause| match cause.kind() {
        std::io::ErrorKind::AddrInUse => StartError::Taken { addr },
        _ => StartError::Listen { addr, cause },
    })
}

/// Serves `state`'s application on `listener` until its token is cancelled, then lets running work finish for the
/// configured time and closes the database.
pub async fn serve(listener: TcpListener, state: AppState) -> Result<(), StartError> {
    let recovered = async { Ok(state.live.recover().await? + state.rooms.recover().await?) };
    let recovered = recovered.await.map_err(|error: StoreError| StartError::Other(error.to_string()))?;
    if recovered > 0 {
        tracing::info!(live_sessions = recovered, "live sessions go on");
    }
    state.presence.start().await?;
    jobs::start(&state);
    let token = state.shutdown.token.clone();
    let app = router(state.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let listener = listener.tap_io(|stream| {
        // Answers and frames are written whole; waiting for more would only delay them.
        let _ = stream.set_nodelay(true);
    });
    if let Some(addr) = state.config.metrics_addr {
        let (listener, stopping) = (listen(addr).await?, token.clone());
        tracing::info!("figures for Prometheus on http://{}/metrics", listener.local_addr()?);
        let app = super::metrics::router(state.clone());
        let serving = axum::serve(listener, app).with_graceful_shutdown(async move { stopping.cancelled().await });
        state.shutdown.tasks.spawn(serving.into_future());
    }
    let (hub, sweeping) = (state.hub.clone(), token.clone());
    state.shutdown.tasks.spawn(async move {
        let mut every = tokio::time::interval(SWEEP);
        while sweeping.run_until_cancelled(every.tick()).await.is_some() {
            hub.sweep(tokio::time::Instant::now());
        }
    });
    let stopping = token.clone();
    let serving = axum::serve(listener, app).with_graceful_shutdown(async move { stopping.cancelled().await });
    let mut serving = tokio::spawn(serving.into_future());
    tokio::select! {
        // First: with no request under way, serving ends at once when the token says so, and all that follows here
        // would be left out.
        biased;
        () = token.cancelled() => {}
        ended = &mut serving => return Ok(ended.map_err(|error| StartError::Other(error.to_string()))??),
    }
    state.shutdown.tasks.close();
    // The window leaves time for what the clients still have to say.
    state.hub.connections().drain(DRAIN.min(state.config.shutdown_timeout.mul_f64(0.8))).await;
    let rest = async {
        state.shutdown.tasks.wait().await;
        (&mut serving).await
    };
    if tokio::time::timeout(state.config.shutdown_timeout, rest).await.is_err() {
        tracing::warn!("some requests did not finish in time");
        serving.abort();
    }
    state.shutdown.writers.cancel();
    // A connection that hangs must not keep the process alive.
    let _ = tokio::time::timeout(std::time::Duration::from_secs(3), state.db.close()).await;
    tracing::info!("stopped");
    Ok(())
}
