//! What every request handler, actor and job shares. Cloning it is cheap.

use super::{
    auth::Auth,
    clock::Clock,
    config::Config,
    flags::Flags,
    live::{Live, Rooms},
    rate_limit::Limits,
    realtime::{hub::Hub, replies::Replies},
    shutdown::Shutdown,
    storage::{Db, StoreError},
};
use axum::extract::FromRef;
use leptos::prelude::LeptosOptions;
use std::sync::Arc;

#[derive(Clone)]
pub struct AppState {
    /// Read once at start.
    pub config: Arc<Config>,
    pub db: Db,
    pub clock: Clock,
    /// Passwords and the memory of who is signed in.
    pub auth: Auth,
    /// How often somebody may try.
    pub limits: Arc<Limits>,
    /// Which feature is on for whom.
    pub flags: Flags,
    /// Fan-out to connections by channel.
    pub hub: Hub,
    /// What commands were answered, for those who ask again.
    pub replies: Replies,
    /// The running live sessions.
    pub live: Live,
    /// The open study rooms.
    pub rooms: Rooms,
    pub leptos: LeptosOptions,
    /// Watched and counted by everything that outlives a request.
    pub shutdown: Shutdown,
}

impl AppState {
    /// The state of a fresh process on an open and migrated database.
    pub async fn new(config: Config, db: Db, clock: Clock) -> Result<Self, StoreError> {
        let flags = Flags::load(&db, config.features.clone()).await?;
        let leptos = LeptosOptions::builder().output_name("studyhall").site_addr(config.site_addr).build();
        let (hub, shutdown) = (Hub::default(), Shutdown::default());
        Ok(Self {
            rooms: Rooms::new(db.clone(), clock.clone(), hub.clone(), shutdown.clone()),
            live: Live::new(db.clone(), clock.clone(), hub.clone(), shutdown.clone()),
            hub,
            config: Arc::new(config),
            db,
            clock,
            auth: Auth::default(),
            limits: Arc::default(),
            flags,
            replies: Replies::default(),
            leptos,
            shutdown,
        })
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
