//! What was typed into a form that came back.

use super::{error::AppError, wire::Get};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Typed texts by the names of their fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed(pub Vec<(String, String)>);

impl Typed {
    /// What was typed into the field; empty when nothing is known.
    pub fn get(&self, name: &str) -> String {
        self.0.iter().find(|(field, _)| field == name).map(|(_, text)| text.clone()).unwrap_or_default()
    }
}

/// What the asking user typed into the form that is kept under this number; 404 for everybody else.
#[server(protocol = Get)]
pub async fn kept_form(kept: Uuid) -> Result<Typed, AppError> {
    use crate::server::call::handle;
    handle(async |call| {
        let user = call.user()?.user;
        call.state.kept_forms.find(kept, user).await.map(Typed).ok_or(AppError::NotFound)
    })
    .await
}
