//! What every request handler, actor and job shares. Cloning it is cheap.

use super::{auth::Auth, clock::Clock, config::Config, rate_limit::Limits, storage::Db};
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
    pub leptos: LeptosOptions,
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
