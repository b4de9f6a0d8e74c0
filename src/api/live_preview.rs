//! Looking at the drawn questions and adjusting them before the start. For hosts alone: it tells the keys.

use super::{
    error::AppError,
    wire::{Get, Post},
};
use crate::domain::{
    ids::LiveSessionId,
    live::question::{AnswerKind, Rich, Worth},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    pub session: LiveSessionId,
    pub title: String,
    pub revision: u32,
    /// Afterwards nothing can be adjusted.
    pub in_lobby: bool,
    /// For questions without a time of their own, ms.
    pub time_limit_ms: u32,
    pub questions: Vec<PreviewQuestion>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewQuestion {
    /// From 0.
    pub index: u32,
    pub kind: AnswerKind,
    pub prompt: Rich,
    /// The right answer in words.
    pub solution: Rich,
    /// Empty for typed answers.
    pub options: Vec<PreviewOption>,
    /// Texts that could stand in the place of a wrong option.
    pub alternatives: Vec<String>,
    pub worth: Worth,
    pub time_limit_ms: Option<u32>,
    /// Markdown.
    pub explanation: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewOption {
    pub text: Rich,
    pub right: bool,
}

/// The drawn questions with their keys, for who may host the session.
#[server(protocol = Get)]
pub async fn live_preview(session: LiveSessionId) -> Result<Preview, AppError> {
    use crate::server::live::queries::PreviewLiveSession;
    crate::server::live::call::handle(async |call, caller, _| {
        Ok(PreviewLiveSession { session }.run(&call.state, &caller).await?)
    })
    .await
}

/// Changes a question before the start. `worth` is none, single or double; an empty `time_limit_s` is the time for
/// all; `options` has a text for each option, empty where it stays.
#[server(protocol = Post)]
pub async fn adjust_live_question(
    session: LiveSessionId,
    seen: u32,
    index: u32,
    worth: String,
    time_limit_s: String,
    explanation: String,
    options: Option<Vec<String>>,
) -> Result<(), AppError> {
    use crate::{
        api::error::Problem,
        server::{live::commands::AdjustLiveQuestion, random},
    };
    crate::server::live::call::handle(async |call, caller, _| {
        let handle = call.state.live.session(session).await?;
        caller.host(&call.state, &handle).await?;
        let worth = Worth::parse(&worth).ok_or_else(|| AppError::field("worth", Problem::Malformed))?;
        let time_limit_ms = match time_limit_s.as_str() {
            "" => None,
            text => {
                let seconds = text.parse::<u32>().ok().filter(|s| (5..=240).contains(s));
                let range = Problem::OutOfRange { min: 5, max: 240 };
                Some(seconds.ok_or_else(|| AppError::field("time_limit_s", range))? * 1_000)
            }
        };
        let (key, at, options) = (random::id(call.now), call.state.clock.steady(), options.unwrap_or_default());
        let command = AdjustLiveQuestion { session, seen, index, worth, time_limit_ms, explanation, options, key, at };
        command.run(&call.state, &caller).await?;
        leptos_axum::redirect(&format!("/live/{session}/preview?show=1#q{}", index + 1));
        Ok(())
    })
    .await
}

/// Takes a question out before the start; at least one stays.
#[server(protocol = Post)]
pub async fn drop_live_question(session: LiveSessionId, seen: u32, index: u32) -> Result<(), AppError> {
    use crate::server::{live::commands::DropLiveQuestion, random};
    crate::server::live::call::handle(async |call, caller, _| {
        let (key, at) = (random::id(call.now), call.state.clock.steady());
        DropLiveQuestion { session, seen, index, key, at }.run(&call.state, &caller).await?;
        leptos_axum::redirect(&format!("/live/{session}/preview?show=1"));
        Ok(())
    })
    .await
}
