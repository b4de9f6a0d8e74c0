//! The host: the projector's first view, and what is pressed there.

use crate::{
    api::{error::AppError, wire::Post},
    domain::{
        ids::{LiveSessionId, ParticipantId},
        live::blitz::HostView,
    },
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The projector's first view, with the way in for the class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostScreen {
    pub view: HostView,
    /// Without scheme: `studyhall.example/join`.
    pub join_address: String,
    /// Address of the QR code's SVG.
    pub qr: String,
}

/// The projector's view now, for who may host the session.
#[server(protocol = Post)]
pub async fn live_host_view(session: LiveSessionId) -> Result<HostScreen, AppError> {
    crate::server::live::call::handle(async |call, caller, browser| {
        let handle = call.state.live.session(session).await?;
        caller.host(&call.state, &handle).await?;
        let view = handle.host_view().await?;
        let pin = view.pin.map(|pin| pin.to_string()).unwrap_or_default();
        Ok(HostScreen { view, join_address: format!("{}/join", browser.host), qr: format!("/qr/join/{pin}.svg") })
    })
    .await
}

/// From the lobby to the first question.
#[server(protocol = Post)]
pub async fn start_live_session(session: LiveSessionId, seen: u32) -> Result<(), AppError> {
    use crate::server::{live::commands::StartLiveSession, random};
    crate::server::live::call::handle(async |call, caller, _| {
        let command = StartLiveSession { session, seen, key: random::id(call.now), at: call.state.clock.steady() };
        command.run(&call.state, &caller).await?;
        leptos_axum::redirect(&format!("/live/{session}/host"));
        Ok(())
    })
    .await
}

/// To the next phase.
#[server(protocol = Post)]
pub async fn advance_live_session(session: LiveSessionId, seen: u32) -> Result<(), AppError> {
    use crate::server::{live::commands::AdvanceLiveSession, random};
    crate::server::live::call::handle(async |call, caller, _| {
        let command = AdvanceLiveSession { session, seen, key: random::id(call.now), at: call.state.clock.steady() };
        command.run(&call.state, &caller).await?;
        leptos_axum::redirect(&format!("/live/{session}/host"));
        Ok(())
    })
    .await
}

/// Stops here and keeps the results.
#[server(protocol = Post)]
pub async fn end_live_session(session: LiveSessionId, seen: u32) -> Result<(), AppError> {
    use crate::server::{live::commands::EndLiveSession, random};
    crate::server::live::call::handle(async |call, caller, _| {
        let command = EndLiveSession { session, seen, key: random::id(call.now), at: call.state.clock.steady() };
        command.run(&call.state, &caller).await?;
        leptos_axum::redirect(&format!("/live/{session}/host"));
        Ok(())
    })
    .await
}

/// What the host does beside going on. `action` is lock, unlock, admit, admit_all, remove, pause, resume, skip or
/// extra_time, with `extra` one of none, quarter, half and no_limit.
#[server(protocol = Post)]
pub async fn control_live_session(
    session: LiveSessionId,
    seen: u32,
    action: String,
    participant: Option<ParticipantId>,
    extra: Option<String>,
) -> Result<(), AppError> {
    use crate::{
        api::error::Problem,
        domain::live::blitz::{Control, ExtraTime},
        server::{live::commands::ControlLiveSession, random},
    };
    use uuid::Uuid;
    crate::server::live::call::handle(async |call, caller, _| {
        let whom = participant.unwrap_or(ParticipantId(Uuid::nil()));
        let control = match action.as_str() {
            "lock" => Control::Lock,
            "unlock" => Control::Unlock,
            "admit" => Control::Admit { participant: whom },
            "admit_all" => Control::AdmitAll,
            "remove" => Control::Remove { participant: whom },
            "pause" => Control::Pause,
            "resume" => Control::Resume,
            "skip" => Control::Skip,
            "remove_all" => Control::RemoveAll,
            "extra_time" => {
                let extra = ExtraTime::parse(extra.as_deref().unwrap_or_default()).unwrap_or_default();
                Control::ExtraTime { participant: whom, extra }
            }
            _ => {
                let handle = call.state.live.session(session).await?;
                caller.host(&call.state, &handle).await?;
                return Err(AppError::field("action", Problem::Malformed));
            }
        };
        let (key, at) = (random::id(call.now), call.state.clock.steady());
        ControlLiveSession { session, seen, control, key, at }.run(&call.state, &caller).await?;
        leptos_axum::redirect(&format!("/live/{session}/host"));
        Ok(())
    })
    .await
}

/// Plays again with the same people: a new lobby, to which their phones are sent.
#[server(protocol = Post)]
pub async fn continue_live_session(session: LiveSessionId, seen: u32) -> Result<LiveSessionId, AppError> {
    use crate::server::{live::commands::ContinueLiveSession, random};
    crate::server::live::call::handle(async |call, caller, _| {
        let (key, at) = (random::id(call.now), call.state.clock.steady());
        let next = ContinueLiveSession { session, seen, key, at }.run(&call, &caller).await?;
        leptos_axum::redirect(&format!("/live/{next}/host"));
        Ok(next)
    })
    .await
}
