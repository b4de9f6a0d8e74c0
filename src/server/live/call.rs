//! A server function's call as a live session sees it: with the seats and the address of the browser.

use super::caller::Caller;
use crate::{
    api::error::AppError,
    server::{
        auth::{
            Actor,
            layer::{client_ip, over_tls},
        },
        call::{self, Call, internal},
    },
};
use axum::http::{HeaderValue, header, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// The browser behind the call.
#[derive(Clone, Debug)]
pub struct Screen {
    /// Reached over TLS.
    pub secure: bool,
    /// The address that people type, without scheme: from the configuration, else the one this request came to.
    pub host: String,
}

impl Screen {
    pub fn set_cookie(&self, value: &str) {
        if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(value)) {
            response.append_header(header::SET_COOKIE, value);
        }
    }
}

/// Like [`call::handle`], with who asks and the browser.
pub async fn handle<T>(body: impl AsyncFnOnce(Call, Caller, Screen) -> Result<T, AppError>) -> Result<T, AppError> {
    call::handle(async |call| {
        let parts = use_context::<Parts>().ok_or_else(|| internal("a server function without a request"))?;
        let config = &call.state.config;
        let actor = parts.extensions.get::<Actor>().cloned().unwrap_or(Actor::Anonymous);
        let caller = Caller::new(actor, &parts.headers, client_ip(config, &parts));
        let public = config.public_url.as_deref().map(|url| url.trim_end_matches('/'));
        let asked = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host = public.map(|url| url.split_once("://").map_or(url, |(_, host)| host)).or(asked).unwrap_or_default();
        let screen = Screen { secure: over_tls(config, &parts.headers), host: host.to_owned() };
        body(call, caller, screen).await
    })
    .await
}
