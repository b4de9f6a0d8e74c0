//! What is wrong with a form, collected so that all of it is shown at once.

use super::{auth::Actor, call::wants_page, state::AppState};
use crate::{
    api::error::{AppError, FieldError, Problem},
    domain::account::Flaw,
};
use axum::http::{HeaderValue, header, request::Parts};
use leptos::{prelude::use_context, reactive::owner::with_context, server_fn::error::ServerFnUrlError};

/// The mistakes of a form.
#[derive(Default)]
pub struct Mistakes(Vec<FieldError>);

impl Mistakes {
    /// Notes a problem of a field.
    pub fn add(&mut self, field: &str, problem: Problem) {
        self.0.push(FieldError { field: field.to_owned(), problem });
    }

    /// The checked value, or its flaw noted under `field`.
    pub fn check<T>(&mut self, field: &str, checked: Result<T, Flaw>, min: u32, max: u32) -> Option<T> {
        let problem = match checked {
            Ok(value) => return Some(value),
            Err(Flaw::Empty) => Problem::Required,
            Err(Flaw::TooShort) => Problem::TooShort { min },
            Err(Flaw::TooLong) => Problem::TooLong { max },
            Err(Flaw::Malformed) => Problem::Malformed,
            Err(Flaw::TooEasy) => Problem::TooWeak,
        };
        self.add(field, problem);
        None
    }

    /// `Ok` when there are none.
    pub fn none(self) -> Result<(), AppError> {
        AppError::from_fields(self.0)
    }

    /// The error that shows them.
    pub fn into_error(self) -> AppError {
        AppError::Invalid { fields: self.0 }
    }
}

/// Like [`keep`] for texts of any length and of somebody signed in: they stay here, and the address has only their
/// number, as `kept`. `part` is the page's part with the form, by its id; empty for none.
pub async fn keep_texts<T>(path: &str, result: &Result<T, AppError>, part: &str, typed: &[(&str, &str)]) {
    let (Err(_), Some(Actor::User(user)), Some(state)) = (result, use_context::<Actor>(), use_context::<AppState>())
    else {
        return;
    };
    if !with_context::<Parts, _>(wants_page).unwrap_or(false) {
        return;
    }
    let fields = typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let kept = state.kept_forms.keep(user.user, fields, state.clock.now()).await;
    keep_at(path, result, part, &[("kept", &kept.to_string())]);
}

/// Keeps what was typed when a form that was sent without JavaScript has a mistake: its page is loaded again, and
/// finds the error and `typed` in its address. `path` is the server function's. Never for passwords.
pub fn keep<T>(path: &str, result: &Result<T, AppError>, typed: &[(&str, &str)]) {
    keep_at(path, result, "", typed);
}

fn keep_at<T>(path: &str, result: &Result<T, AppError>, part: &str, typed: &[(&str, &str)]) {
    let (Err(error), Some(parts), Some(response)) =
        (result, use_context::<Parts>(), use_context::<leptos_axum::ResponseOptions>())
    else {
        return;
    };
    if !wants_page(&parts) {
        return;
    }
    let referer = parts.headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let mut page = referer.unwrap_or_default().to_owned();
    ServerFnUrlError::<AppError>::strip_error_info(&mut page);
    let Ok(mut url) = ServerFnUrlError::new(path, error.clone()).to_url(&page) else { return };
    let others: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| typed.iter().all(|(typed, _)| name != typed))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let short = typed.iter().filter(|(_, value)| value.len() <= 500);
    url.query_pairs_mut().clear().extend_pairs(others).extend_pairs(short);
    // Only the path: whatever the Referer claims, the way back leads to this site.
    let part = if part.is_empty() { String::new() } else { format!("#{part}") };
    let back = format!("{}?{}{part}", url.path(), url.query().unwrap_or_default());
    if let (true, Ok(back)) = (back.starts_with('/') && !back.starts_with("//"), HeaderValue::from_str(&back)) {
        response.insert_header(header::LOCATION, back);
    }
}
