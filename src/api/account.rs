//! Accounts: signing up, in and out, the password, the name, the signed-in browsers.

use super::{
    error::AppError,
    wire::{Get, Post},
};
use crate::domain::{
    ids::{SignInId, UserId},
    presence::Status,
    role::UserRole,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Who is signed in, for the frame and for pages that depend on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    pub id: UserId,
    pub display_name: String,
    pub email: String,
    pub role: UserRole,
    /// What they chose to be for others; `None` where nobody sees who is there.
    pub presence: Option<Status>,
}

/// One signed-in browser of the own account. Times in Unix milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedInBrowser {
    pub id: SignInId,
    /// Names of browser and system; empty where the browser did not say.
    pub browser: String,
    pub system: String,
    pub created_at: i64,
    pub last_seen_at: i64,
    /// The list is read in this one.
    pub current: bool,
}

/// Makes an account and signs it in. `role` is learner or teacher; the first account becomes admin.
/// Answers with the path to load next.
#[server(protocol = Post)]
pub async fn sign_up(
    email: String,
    display_name: String,
    password: String,
    #[server(default)] role: Option<UserRole>,
    #[server(default)] next: String,
) -> Result<String, AppError> {
    use crate::api::error::Problem;
    use crate::domain::account as rules;
    use crate::server::form::Mistakes;
    use crate::server::{
        auth::browser::Browser,
        call::handle,
        random,
        storage::{NewUser, StoreError},
    };
    use leptos::server_fn::ServerFn;
    let result = handle(async |call| {
        let browser = Browser::of(&call);
        let role = role.unwrap_or(UserRole::Learner);
        let mut mistakes = Mistakes::default();
        let email = mistakes.check("email", rules::email(&email), 0, rules::EMAIL_MAX);
        let name = mistakes.check("display_name", rules::name(&display_name, rules::NAME_MAX), 1, rules::NAME_MAX);
        mistakes.check(
            "password",
            rules::password(&password, email.as_deref().unwrap_or_default()),
            rules::PASSWORD_MIN,
            rules::PASSWORD_MAX,
        );
        if role == UserRole::Admin {
            mistakes.add("role", Problem::NotAllowed);
        }
        let (Some(email), Some(display_name)) = (email, name) else { return Err(mistakes.into_error()) };
        mistakes.none()?;
        call.state.limits.sign_up(browser.ip)?;
        let taken = || AppError::field("email", Problem::Taken { suggestion: None });
        if call.state.db.user_by_email(&email).await?.is_some() {
            return Err(taken());
        }
        let hash = call.state.auth.passwords.hash(password).await?;
        let id: UserId = random::id(call.now);
        let new = NewUser { id, email: &email, display_name: &display_name, password_hash: &hash, role, now: call.now };
        call.state.db.create_user(new).await.map_err(|error| match error {
            StoreError::Conflict(_) => taken(),
            other => other.into(),
        })?;
        browser.sign_in(&call, id, &hash).await?;
        let next = rules::local_path(&next).unwrap_or("/").to_owned();
        browser.go(&next);
        Ok(next)
    })
    .await;
    crate::server::form::keep(
        <SignUp as ServerFn>::PATH,
        &result,
        &[("email", &email), ("display_name", &display_name), ("role", role.map_or("", UserRole::as_str))],
    );
    result
}

/// Signs in. One answer for a wrong password and an unknown account. Answers with the path to load next.
#[server(protocol = Post)]
pub async fn sign_in(email: String, password: String, #[server(default)] next: String) -> Result<String, AppError> {
    use crate::api::error::Problem;
    use crate::domain::account as rules;
    use crate::server::form::Mistakes;
    use crate::server::{auth::browser::Browser, call::handle};
    use leptos::server_fn::ServerFn;
    let result = handle(async |call| {
        let browser = Browser::of(&call);
        let mut mistakes = Mistakes::default();
        if email.trim().is_empty() {
            mistakes.add("email", Problem::Required);
        }
        if password.is_empty() {
            mistakes.add("password", Problem::Required);
        }
        mistakes.none()?;
        let wrong = || AppError::field("password", Problem::Wrong);
        // What cannot be an e-mail or a password belongs to nobody; the hashing would only cost time.
        let Ok(email) = rules::email(&email) else { return Err(wrong()) };
        if password.len() > 4 * rules::PASSWORD_MAX as usize {
            return Err(wrong());
        }
        call.state.limits.sign_in(&email, browser.ip)?;
        let user = call.state.db.user_by_email(&email).await?;
        let hash = user.as_ref().map(|user| user.password_hash.clone());
        let right = call.state.auth.passwords.verify(password, hash).await?;
        let Some(user) = user.filter(|_| right) else { return Err(wrong()) };
        browser.sign_in(&call, user.id, &user.password_hash).await?;
        let next = rules::local_path(&next).unwrap_or("/").to_owned();
        browser.go(&next);
        Ok(next)
    })
    .await;
    crate::server::form::keep(<SignIn as ServerFn>::PATH, &result, &[("email", &email)]);
    result
}

/// Ends this browser's sign-in. Harmless when there is none. Answers with the path to load next.
#[server(protocol = Post)]
pub async fn sign_out() -> Result<String, AppError> {
    use crate::server::{auth::browser::Browser, call::handle, realtime::connections::Whose, storage::StoreError};
    handle(async |call| {
        let browser = Browser::of(&call);
        if let Ok(user) = call.user() {
            match call.state.db.end_sign_in(user.user, user.sign_in).await {
                Ok(()) | Err(StoreError::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
            call.state.auth.sessions.forget();
            call.state.presence.signed_out(user.sign_in);
            call.state.hub.sign_out(Whose::SignIn(user.user, user.sign_in));
        }
        browser.sign_out();
        browser.go("/");
        Ok("/".to_owned())
    })
    .await
}

/// Who is signed in, if anybody. Open to all.
#[server(protocol = Get)]
pub async fn current_user() -> Result<Option<Me>, AppError> {
    use crate::{
        domain::flags::Flag,
        server::{auth::Actor, call::handle},
    };
    handle(async |call| {
        Ok(match call.actor {
            Actor::Anonymous => None,
            Actor::User(ref user) => Some(Me {
                id: user.user,
                display_name: user.display_name.clone(),
                email: user.email.clone(),
                role: user.role,
                presence: call.flag(Flag::Presence, None).is_ok().then_some(user.presence),
            }),
        })
    })
    .await
}

/// Whether there is no account yet, so that the next one becomes admin. Open to all.
#[server(protocol = Get)]
pub async fn first_sign_up() -> Result<bool, AppError> {
    use crate::server::call::handle;
    handle(async |call| Ok(call.state.db.no_users().await?)).await
}

/// Changes the own password and ends all other sign-ins.
#[server(protocol = Post)]
pub async fn change_password(current: String, password: String) -> Result<(), AppError> {
    use crate::api::error::Problem;
    use crate::domain::account as rules;
    use crate::server::form::Mistakes;
    use crate::server::{auth::browser::Browser, call::handle};
    handle(async |call| {
        let browser = Browser::of(&call);
        let me = call.user()?;
        let mut mistakes = Mistakes::default();
        if current.is_empty() {
            mistakes.add("current", Problem::Required);
        }
        mistakes.check("password", rules::password(&password, &me.email), rules::PASSWORD_MIN, rules::PASSWORD_MAX);
        mistakes.none()?;
        call.state.limits.current_password(me.user)?;
        let user = call.state.db.user(me.user).await?.ok_or(AppError::SignInRequired)?;
        if !call.state.auth.passwords.verify(current, Some(user.password_hash.clone())).await? {
            return Err(AppError::field("current", Problem::Wrong));
        }
        let hash = call.state.auth.passwords.hash(password).await?;
        call.state.db.change_password(me.user, &user.password_hash, &hash, Some(me.sign_in)).await?;
        call.state.auth.sessions.forget();
        call.state.hub.sign_out(crate::server::realtime::connections::Whose::UserBut(me.user, me.sign_in));
        browser.go("/account?done=password");
        Ok(())
    })
    .await
}

/// Changes the own name.
#[server(protocol = Post)]
pub async fn change_display_name(display_name: String) -> Result<(), AppError> {
    use crate::domain::account as rules;
    use crate::server::form::Mistakes;
    use crate::server::{auth::browser::Browser, call::handle};
    use leptos::server_fn::ServerFn;
    let result = handle(async |call| {
        let browser = Browser::of(&call);
        let me = call.user()?;
        let mut mistakes = Mistakes::default();
        let name = mistakes.check("display_name", rules::name(&display_name, rules::NAME_MAX), 1, rules::NAME_MAX);
        let Some(name) = name else { return Err(mistakes.into_error()) };
        call.state.db.rename_user(me.user, &name).await?;
        call.state.auth.sessions.forget();
        call.state.presence.changed(me.user).await;
        browser.go("/account?done=name");
        Ok(())
    })
    .await;
    crate::server::form::keep(<ChangeDisplayName as ServerFn>::PATH, &result, &[("display_name", &display_name)]);
    result
}

/// The own signed-in browsers, the last used first.
#[server(protocol = Get)]
pub async fn my_sign_ins() -> Result<Vec<SignedInBrowser>, AppError> {
    use crate::server::{auth::device, call::handle};
    handle(async |call| {
        let me = call.user()?;
        let rows = call.state.db.sign_ins(me.user, call.now).await?;
        Ok(rows
            .into_iter()
            .map(|row| SignedInBrowser {
                id: row.id,
                browser: device::browser(&row.user_agent).to_owned(),
                system: device::system(&row.user_agent).to_owned(),
                created_at: row.created_at,
                last_seen_at: row.last_seen_at,
                current: row.id == me.sign_in,
            })
            .collect())
    })
    .await
}

/// Ends one of the own sign-ins; 404 when it is somebody else's or over already.
#[server(protocol = Post)]
pub async fn end_sign_in(sign_in: SignInId) -> Result<(), AppError> {
    use crate::server::call::handle;
    handle(async |call| {
        let me = call.user()?;
        call.state.db.end_sign_in(me.user, sign_in).await?;
        call.state.auth.sessions.forget();
        call.state.presence.signed_out(sign_in);
        call.state.hub.sign_out(crate::server::realtime::connections::Whose::SignIn(me.user, sign_in));
        Ok(())
    })
    .await
}

/// Ends all of the own sign-ins but this one; tells how many.
#[server(protocol = Post)]
pub async fn end_all_other_sign_ins() -> Result<u64, AppError> {
    use crate::server::call::handle;
    handle(async |call| {
        let me = call.user()?;
        let ended = call.state.db.end_other_sign_ins(me.user, me.sign_in).await?;
        call.state.auth.sessions.forget();
        call.state.hub.sign_out(crate::server::realtime::connections::Whose::UserBut(me.user, me.sign_in));
        Ok(ended)
    })
    .await
}
