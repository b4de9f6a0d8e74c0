//! The player: a seat, the phone's first view, a team, an answer.

use crate::{
    api::{error::AppError, wire::Post},
    domain::{ids::LiveSessionId, live::blitz::PlayerView},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The phone's first view, with what its account has taken along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlayerScreen {
    pub view: PlayerView,
    /// Somebody is signed in.
    pub account: bool,
    /// Numbers of the questions shown so far whose cards are in an own deck.
    pub taken: Vec<u32>,
}

/// Takes a seat; the seat's secret goes into a cookie that scripts cannot read.
#[server(protocol = Post)]
pub async fn join_live_session(pin: String, name: String, key: Option<Uuid>) -> Result<LiveSessionId, AppError> {
    use crate::{
        api::error::Problem,
        protocol::Refused,
        server::{
            live::{commands::JoinLiveSession, seat},
            random,
        },
    };
    use leptos::server_fn::ServerFn;
    let (typed_pin, typed_name) = (pin.clone(), name.clone());
    let result = crate::server::live::call::handle(async |call, caller, browser| {
        // Without JavaScript there is no key, and each try is a new one.
        let key = key.filter(|key| !key.is_nil()).unwrap_or_else(|| random::id(call.now));
        let taken =
            match (JoinLiveSession { pin, name, key, at: call.state.clock.steady() }).run(&call.state, &caller).await {
                Err(Refused::NotFound) => return Err(AppError::field("pin", Problem::Wrong)),
                other => other?,
            };
        if let Some(secret) = &taken.secret {
            browser.set_cookie(&seat::cookie(taken.session, secret, browser.secure));
        }
        leptos_axum::redirect(&format!("/live/{}/play", taken.session));
        Ok(taken.session)
    })
    .await;
    // By its path: the command has the same name.
    let path = <self::JoinLiveSession as ServerFn>::PATH;
    crate::server::form::keep(path, &result, &[("pin", &typed_pin), ("name", &typed_name)]);
    result
}

/// The phone's view now, for who has a seat.
#[server(protocol = Post)]
pub async fn live_player_view(session: LiveSessionId) -> Result<PlayerScreen, AppError> {
    use crate::server::live::commands::TakeLiveCard;
    crate::server::live::call::handle(async |call, caller, _| {
        let handle = call.state.live.session(session).await?;
        let participant = caller.seat(&handle).await?;
        let view = handle.player_view(participant).await?;
        let taken = TakeLiveCard::taken(&call.state, &caller, session).await?;
        Ok(PlayerScreen { view, account: caller.user().is_some(), taken })
    })
    .await
}

/// Goes along to the session in which the host plays again.
#[server(protocol = Post)]
pub async fn follow_live_session(session: LiveSessionId) -> Result<LiveSessionId, AppError> {
    use crate::server::live::{commands::FollowLiveSession, seat};
    crate::server::live::call::handle(async |call, caller, browser| {
        let follow = FollowLiveSession { session, at: call.state.clock.steady() };
        let taken = follow.run(&call.state, &caller).await?;
        if let Some(secret) = &taken.secret {
            browser.set_cookie(&seat::cookie(taken.session, secret, browser.secure));
        }
        leptos_axum::redirect(&format!("/live/{}/play", taken.session));
        Ok(taken.session)
    })
    .await
}

/// Picks a team in the lobby; `team` is its number, as the host named them.
#[server(protocol = Post)]
pub async fn choose_live_team(session: LiveSessionId, team: u8) -> Result<(), AppError> {
    use crate::server::live::commands::ChooseLiveTeam;
    crate::server::live::call::handle(async |call, caller, _| {
        ChooseLiveTeam { session, team, at: call.state.clock.steady() }.run(&call.state, &caller).await?;
        leptos_axum::redirect(&format!("/live/{session}/play"));
        Ok(())
    })
    .await
}

/// An answer by form: `choice` for options, `text` for typed answers.
#[server(protocol = Post)]
pub async fn submit_live_answer(
    session: LiveSessionId,
    card_index: u32,
    choice: Option<u8>,
    text: Option<String>,
) -> Result<(), AppError> {
    use crate::{
        api::error::Problem,
        domain::live::question::Answer,
        server::{live::commands::SubmitLiveAnswer, random},
    };
    crate::server::live::call::handle(async |call, caller, _| {
        let answer = match (choice, text) {
            (Some(index), _) => Answer::Choice(index),
            (None, Some(text)) => Answer::Text(text),
            (None, None) => return Err(AppError::field("text", Problem::Required)),
        };
        let key = random::id(call.now);
        SubmitLiveAnswer { session, card_index, answer, key, at: call.state.clock.steady() }
            .run(&call.state, &caller)
            .await?;
        leptos_axum::redirect(&format!("/live/{session}/play"));
        Ok(())
    })
    .await
}
