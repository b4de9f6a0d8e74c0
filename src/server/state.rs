//! What every request handler, actor and job shares. Cloning it is cheap.

use super::{clock::Clock, config::Config, storage::Db};
use axum::extract::FromRef;
use leptos::prelude::LeptosOptions;
use std::sync::Arc;

#[derive(Clone)]
pub struct AppState {
    /// Read once at start.
    pub config: Arc<Config>,
    pub db: Db,
    pub clock: Clock,
    pub leptos: LeptosOptions,
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
