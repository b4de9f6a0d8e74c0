//! A quiz that is over, played later: the teacher's link and its deadline, and each press of whoever plays alone.

use super::{
    error::AppError,
    wire::{Get, Post},
};
use crate::domain::{
    ids::LiveSessionId,
    live::{blitz::PlayerView, self_paced::Refusal},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the link shows to whoever opened it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Later {
    pub token: String,
    /// Of the page.
    pub title: String,
    /// HTML of the line above the question.
    pub head: String,
    /// HTML of everything below the question, or of the whole page where there is none.
    pub html: String,
    /// A question, its reveal or the end, as on the phone in the room.
    pub view: Option<Box<PlayerView>>,
    /// Why the last press did nothing.
    pub refusal: Option<Refusal>,
}

/// The teacher's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    pub title: String,
    /// HTML above the link.
    pub head: String,
    /// The address that learners open, while they may.
    pub link: Option<String>,
    /// HTML that shows it.
    pub way_in: String,
    /// HTML below the link.
    pub html: String,
}

/// The page of a link. For whoever knows it.
#[server(protocol = Post)]
pub async fn self_paced_play(token: String) -> Result<Later, AppError> {
    use crate::{
        domain::live::self_paced::Command,
        server::live::{
            call::handle,
            self_paced::{Page, PlaySelfPaced},
        },
    };
    handle(async |call, caller, _| {
        let look =
            PlaySelfPaced { token, command: Command::Look, at: call.state.clock.steady(), page: Page::of_request() };
        Ok(look.run(&call.state, &caller).await?)
    })
    .await
}

/// Begins an attempt: an account under its own name, a guest under `name`. The secret goes into a cookie that scripts
/// cannot read.
#[server(protocol = Post)]
pub async fn join_self_paced(token: String, name: Option<String>) -> Result<Later, AppError> {
    use crate::{
        domain::live::{blitz, self_paced::Command},
        protocol::Refused,
        server::live::{seat, self_paced},
    };
    use leptos::server_fn::ServerFn;
    let typed = name.unwrap_or_default();
    let name = typed.clone();
    let result = crate::server::live::call::handle(async |call, mut caller, browser| {
        let at = call.state.clock.steady();
        let join = self_paced::JoinSelfPaced { token: token.clone(), name, at };
        match join.run(&call.state, &caller).await {
            Ok(begun) => {
                if let Some(secret) = &begun.secret {
                    browser.set_cookie(&seat::attempt_cookie(begun.session, secret, browser.secure));
                    caller.attempts.push((begun.session, seat::hash(secret)));
                }
            }
            // The page says itself that it is closed.
            Err(Refused::Live(blitz::Refusal::Ended)) => {}
            Err(refused) => return Err(refused.into()),
        }
        leptos_axum::redirect(&format!("/again/{token}"));
        let look = self_paced::PlaySelfPaced { token, command: Command::Look, at, page: Default::default() };
        Ok(look.run(&call.state, &caller).await?)
    })
    .await;
    crate::server::form::keep(<self::JoinSelfPaced as ServerFn>::PATH, &result, &[("name", &typed)]);
    result
}

/// To what comes next: the first question, the next one, the end. `seen` is the revision on the screen.
#[server(protocol = Post)]
pub async fn step_self_paced(token: String, seen: u32) -> Result<Later, AppError> {
    use crate::{
        domain::live::self_paced::Command,
        server::live::{call::handle, self_paced::PlaySelfPaced},
    };
    handle(async |call, caller, _| {
        let at = call.state.clock.steady();
        let step = PlaySelfPaced { token, command: Command::Step { seen }, at, page: Default::default() };
        let later = step.run(&call.state, &caller).await?;
        leptos_axum::redirect(&later.address());
        Ok(later)
    })
    .await
}

/// An answer: `choice` for options, `text` for what is typed and for the letters of several options. `card_index` counts
/// the questions that are played, from 0.
#[server(protocol = Post)]
pub async fn answer_self_paced(
    token: String,
    card_index: u32,
    choice: Option<u8>,
    text: Option<String>,
) -> Result<Later, AppError> {
    use crate::{
        api::error::Problem,
        domain::live::{question::Answer, self_paced::Command},
        server::live::{call::handle, self_paced::PlaySelfPaced},
    };
    handle(async |call, caller, _| {
        let answer = match (choice, text) {
            (Some(index), _) => Answer::Choice(index),
            (None, Some(text)) => Answer::Text(text),
            (None, None) => return Err(AppError::field("text", Problem::Required)),
        };
        let at = call.state.clock.steady();
        let submit = PlaySelfPaced {
            token,
            command: Command::Submit { turn: card_index, answer },
            at,
            page: Default::default(),
        };
        let later = submit.run(&call.state, &caller).await?;
        leptos_axum::redirect(&later.address());
        Ok(later)
    })
    .await
}

/// The link of a session that has ended, and who plays. For its hosts.
#[server(protocol = Get)]
pub async fn self_paced_setup(session: LiveSessionId) -> Result<Setup, AppError> {
    use crate::server::live::{
        call::handle,
        self_paced::{GetSelfPacedSetup, Page},
    };
    use axum::http::request::Parts;
    handle(async |call, caller, _| {
        let headers = use_context::<Parts>().map(|parts| parts.headers).unwrap_or_default();
        let origin = crate::server::security::public_origin(&headers, &call.state.config);
        let at = call.state.clock.steady();
        let page = Page::of_request();
        Ok(GetSelfPacedSetup { session, origin, at, page }.run(&call.state, &caller).await?)
    })
    .await
}

/// Opens the session for playing alone, or moves its deadline. `closes` is a date with its time in the teacher's zone,
/// `zone` how many minutes that is behind UTC; without it it is UTC.
#[server(protocol = Post)]
pub async fn open_self_paced(
    session: LiveSessionId,
    closes: String,
    zone: Option<String>,
    timed: Option<String>,
) -> Result<(), AppError> {
    use crate::{
        domain::time::parse_minute,
        protocol::Refused,
        server::{form, live::self_paced},
    };
    use leptos::server_fn::ServerFn;
    let typed = closes.clone();
    let result = crate::server::live::call::handle(async |call, caller, _| {
        let minutes = zone.and_then(|zone| zone.parse::<i64>().ok()).filter(|zone| zone.abs() <= 15 * 60).unwrap_or(0);
        let closes_at = parse_minute(&closes).map(|at| at + minutes * 60_000);
        let at = call.state.clock.steady();
        let open = self_paced::OpenSelfPaced { session, closes_at, timed: timed.is_some(), at };
        match open.run(&call.state, &caller).await {
            Err(Refused::Text(problem)) => return Err(AppError::field("closes", problem)),
            other => other?,
        }
        leptos_axum::redirect(&format!("/live/{session}/self-paced"));
        Ok(())
    })
    .await;
    form::keep(<self::OpenSelfPaced as ServerFn>::PATH, &result, &[("closes", &typed)]);
    result
}

/// Closes it now.
#[server(protocol = Post)]
pub async fn close_self_paced(session: LiveSessionId) -> Result<(), AppError> {
    use crate::server::live::{call::handle, self_paced::CloseSelfPaced};
    handle(async |call, caller, _| {
        CloseSelfPaced { session, at: call.state.clock.steady() }.run(&call.state, &caller).await?;
        leptos_axum::redirect(&format!("/live/{session}/self-paced"));
        Ok(())
    })
    .await
}

impl Later {
    /// Its page; says why the last press did nothing to whoever has no script.
    pub fn address(&self) -> String {
        let why = self.refusal.map(|refusal| ["?refused=", refusal.as_str()].concat()).unwrap_or_default();
        ["/again/", &self.token, &why].concat()
    }
}
