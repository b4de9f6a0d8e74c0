//! The server's side of `ask`: a page that is being rendered calls the function itself; nothing is sent.

use crate::api::{
    error::AppError,
    wire::{Answer, Ask},
};
use leptos::{prelude::*, server::codee::string::FromToStringCodec};
use std::pin::Pin;

/// Never sent: forms and buttons are used in the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question;

impl Question {
    pub fn of<S: Ask>(_arguments: &S) -> Self {
        Self
    }

    pub fn of_form(_path: &'static str, _fields: String) -> Self {
        Self
    }
}

pub fn ask(_question: Question, _then: Box<dyn FnOnce(Answer)>) {}

type Pending = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// A resource whose value is the answer to the call that `source` gives, made in process.
pub fn answers<S: Ask>(
    _again: impl Fn() -> usize + Send + Sync + 'static,
    source: impl Fn() -> Option<S> + Send + Sync + 'static,
    blocking: bool,
) -> Resource<Answer, FromToStringCodec> {
    let fetch = move |()| -> Pending {
        match source() {
            Some(arguments) => Box::pin(async move { Answer::of(&arguments.run_body().await) }),
            None => Box::pin(std::future::ready(Answer::error(&AppError::NotFound))),
        }
    };
    if blocking { Resource::new_str_blocking(|| (), fetch) } else { Resource::new_str(|| (), fetch) }
}
