//! What every request handler, actor and job shares.

use super::{
    auth::Auth,
    clock::Clock,
    config::Config,
    flags::Flags,
    kept_forms::KeptForms,
    live::{Live, Rooms, self_paced::Rounds},
    rate_limit::Limits,
    realtime::{hub::Hub, members::Members, presence::Presence, replies::Replies},
    shutdown::Shutdown,
    storage::{Db, StoreError},
    taught::Taught,
};
use axum::extract::FromRef;
use leptos::prelude::LeptosOptions;
use std::{ops::Deref, sync::Arc};

/// A handle to what is shared. Every page takes a dozen of them, so it is one pointer.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

pub struct Shared {
    /// Read once at start.
    pub config: Arc<Config>,
    pub db: Db,
    pub clock: Clock,
    /// Passwords and the memory of who is signed in.
    pub auth: Auth,
    /// How often somebody may try.
    pub limits: Arc<Limits>,
    /// What people typed into forms that came back to them.
    pub kept_forms: KeptForms,
    /// Which feature is on for whom.
    pub flags: Flags,
    /// Fan-out to connections by channel, and who is connected.
    pub hub: Hub,
    /// Who is in which group, for those who come back at once.
    pub members: Members,
    /// Who teaches which groups, for the list of decks.
    pub taught: Taught,
    /// What commands were answered, for those who ask again.
    pub replies: Replies,
    /// Who is there.
    pub presence: Presence,
    /// The running live sessions.
    pub live: Live,
    /// Quizzes that are over and played later, as read from their logs.
    pub rounds: Rounds,
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
        let presence = Presence::new(db.clone(), clock.clone(), hub.clone(), flags.clone(), shutdown.clone());
        Ok(Self(Arc::new(Shared {
            presence,
            rooms: Rooms::new(db.clone(), clock.clone(), hub.clone(), shutdown.clone()),
            live: Live::new(db.clone(), clock.clone(), hub.clone(), shutdown.clone()),
            members: Members::new(hub.clone()),
            hub,
            config: Arc::new(config),
            db,
            clock,
            auth: Auth::default(),
            limits: Arc::default(),
            kept_forms: KeptForms::default(),
            flags,
            rounds: Rounds::default(),
            taught: Taught::default(),
            replies: Replies::default(),
            leptos,
            shutdown,
        })))
    }
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
