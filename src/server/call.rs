//! One server function call: who asks, with what, and how its errors leave the house.

use super::{
    auth::{Actor, SignedIn},
    random,
    state::AppState,
    storage::StoreError,
};
use crate::api::error::AppError;
use crate::domain::{
    deck::DeckAccess,
    flags::Flag,
    ids::{DeckId, GroupId},
    role::{GroupRole, UserRole},
};
use axum::http::request::Parts;
use leptos::{
    prelude::{expect_context, use_context},
    reactive::owner::with_context,
};
use leptos_axum::ResponseOptions;

/// What a server function needs of its request.
#[derive(Clone)]
pub struct Call {
    pub state: AppState,
    pub actor: Actor,
    /// Unix milliseconds at the start of the call.
    pub now: i64,
}

impl Call {
    /// The signed-in account, or 401.
    pub fn user(&self) -> Result<&SignedIn, AppError> {
        match &self.actor {
            Actor::User(user) => Ok(user),
            Actor::Anonymous => Err(AppError::SignInRequired),
        }
    }

    /// The asking user's role in `group`; 404 for everybody else, so that groups cannot be probed.
    pub async fn member(&self, group: GroupId) -> Result<GroupRole, AppError> {
        let user = self.user()?.user;
        self.state.db.group_role(group, user).await?.ok_or(AppError::NotFound)
    }

    /// Like [`Self::member`], and 403 below teacher.
    pub async fn teacher(&self, group: GroupId) -> Result<GroupRole, AppError> {
        let role = self.member(group).await?;
        if role.teaches() { Ok(role) } else { Err(AppError::Forbidden) }
    }

    /// Like [`Self::member`], and 403 below owner.
    pub async fn owner(&self, group: GroupId) -> Result<(), AppError> {
        if self.member(group).await? == GroupRole::Owner { Ok(()) } else { Err(AppError::Forbidden) }
    }

    /// What the asking user may do with `deck`; 404 for everybody who may not read it.
    pub async fn deck_read(&self, deck: DeckId) -> Result<DeckAccess, AppError> {
        let user = self.user()?.user;
        self.state.db.deck_access(deck, user).await?.ok_or(AppError::NotFound)
    }

    /// Like [`Self::deck_read`], and 403 for people who may only read.
    pub async fn deck_edit(&self, deck: DeckId) -> Result<DeckAccess, AppError> {
        let access = self.deck_read(deck).await?;
        if access.can_edit { Ok(access) } else { Err(AppError::Forbidden) }
    }

    /// The installation's admin; 404 for everybody else.
    pub fn admin(&self) -> Result<&SignedIn, AppError> {
        self.user().ok().filter(|user| user.role == UserRole::Admin).ok_or(AppError::NotFound)
    }

    /// Whether the asking user has the feature, in `group` when one is concerned; else `FlagOff` (403).
    /// For a guest, ask `state.flags` with the host's id.
    pub fn flag(&self, flag: Flag, group: Option<GroupId>) -> Result<(), AppError> {
        self.state.flags.check(flag, self.user().ok().map(|user| user.user), group)
    }
}

/// Runs a server function's body with its call, sets the response's status, logs what must not leave.
pub async fn handle<T>(body: impl AsyncFnOnce(Call) -> Result<T, AppError>) -> Result<T, AppError> {
    let state = expect_context::<AppState>();
    let actor = use_context::<Actor>()
        .or_else(|| with_context::<Parts, _>(|parts| parts.extensions.get().cloned()).flatten())
        .unwrap_or(Actor::Anonymous);
    let now = state.clock.now();
    let result = body(Call { state, actor, now }).await;
    let Err(error) = &result else { return result };
    // A form sent without JavaScript is answered by a redirect back to its page, which a status would undo;
    // and a part of a page whose feature is off leaves the rest of the page as good as it is.
    let keeps_status = with_context::<Parts, _>(|parts| {
        let form = parts.method == axum::http::Method::POST && wants_page(parts);
        let part_of_page = !parts.uri.path().starts_with("/api/");
        form || (part_of_page && matches!(error, AppError::FlagOff { .. }))
    });
    if let (Some(response), false) = (use_context::<ResponseOptions>(), keeps_status.unwrap_or(false))
        && let Ok(status) = axum::http::StatusCode::from_u16(error.status())
    {
        response.set_status(status);
    }
    result
}

/// Sends a form that came without JavaScript to `path`; with JavaScript the page stays where it is.
pub fn redirect_form(path: &str) {
    if with_context::<Parts, _>(wants_page).unwrap_or(false) {
        leptos_axum::redirect(path);
    }
}

/// Whether a browser itself reads the answer, not the page's script.
pub fn wants_page(parts: &Parts) -> bool {
    let accept = parts.headers.get("accept").and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

impl From<StoreError> for AppError {
    /// Internals are logged here, once; the client gets a reference to the log line.
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::Conflict(_) => Self::Conflict,
            StoreError::Unavailable(cause) => {
                tracing::warn!(error.cause = cause, "database unavailable");
                Self::Unavailable
            }
            StoreError::Other(cause) => internal(&cause),
        }
    }
}

/// Logs `cause` under a fresh reference and gives the error that carries it.
pub fn internal(cause: &str) -> AppError {
    let reference = random::hex(&random::bytes::<4>());
    tracing::error!(error.reference = reference, error.cause = cause, "request failed");
    AppError::Internal { reference }
}
