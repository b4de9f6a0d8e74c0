//! The browser behind a server function's call: its address, its cookie, and where it is sent afterwards.

use super::{layer, session};
use crate::{api::error::AppError, domain::ids::UserId, server::call::Call};
use axum::http::{HeaderValue, header, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use std::net::IpAddr;

/// What a call's request tells about its browser.
#[derive(Clone, Debug)]
pub struct Browser {
    pub ip: IpAddr,
    /// The `User-Agent` header as sent; empty when there is none.
    pub user_agent: String,
    /// Reached over TLS.
    pub secure: bool,
    /// A form was sent without JavaScript: the answer must be a page, so a redirect.
    plain_form: bool,
}

impl Browser {
    /// From the request in context. Take it before anything is awaited.
    pub fn of(call: &Call) -> Self {
        let config = &call.state.config;
        let parts = use_context::<Parts>();
        let text = |name| {
            let value = parts.as_ref().and_then(|parts| parts.headers.get(name)).and_then(|v| v.to_str().ok());
            value.unwrap_or_default()
        };
        Self {
            ip: parts
                .as_ref()
                .map_or_else(|| layer::address(false, None, &Default::default()), |p| layer::client_ip(config, p)),
            user_agent: text(header::USER_AGENT).to_owned(),
            secure: parts.as_ref().is_some_and(|parts| layer::over_tls(config, &parts.headers)),
            plain_form: text(header::ACCEPT).contains("text/html"),
        }
    }

    /// Signs the browser in: a new token, never the one it came with. `Conflict` when the password has just changed.
    pub async fn sign_in(&self, call: &Call, user: UserId, password_hash: &str) -> Result<(), AppError> {
        let state = &call.state;
        let token = state.auth.sessions.begin(&state.db, user, password_hash, &self.user_agent, call.now).await?;
        set_cookie(&session::cookie(&token.ok_or(AppError::Conflict)?, self.secure));
        Ok(())
    }

    /// Takes the browser's cookie away.
    pub fn sign_out(&self) {
        set_cookie(&session::removal(self.secure));
    }

    /// Sends a browser without JavaScript to `path`; the others read it from the answer and load it afresh,
    /// so that nothing of another account stays in memory.
    pub fn go(&self, path: &str) {
        if self.plain_form {
            leptos_axum::redirect(path);
        }
    }
}

fn set_cookie(value: &str) {
    if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(value)) {
        response.append_header(header::SET_COOKIE, value);
    }
}
