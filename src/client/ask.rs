//! Asking the server from the browser. Everything but the arguments is the same code for all server functions.

use crate::api::{
    error::AppError,
    wire::{Answer, Ask, Carries, PACKED},
};
use js_sys::{Uint8Array, futures::JsFuture};
use leptos::{
    prelude::*, server::codee::string::FromToStringCodec, server_fn::redirect, task::spawn_local, wasm_bindgen::JsCast,
    wasm_bindgen::JsValue,
};
use send_wrapper::SendWrapper;
use std::{pin::Pin, sync::Arc};
use web_sys::{Headers, RequestInit, Response};

/// One call, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    path: &'static str,
    get: bool,
    /// The arguments, as a form writes them.
    arguments: String,
}

impl Question {
    pub fn of<S: Ask>(arguments: &S) -> Self {
        // Fails only for types that no form could hold.
        let arguments = serde_qs::to_string(arguments).unwrap_or_default();
        Self { path: S::PATH, get: <S::Protocol as Carries>::GET, arguments }
    }

    /// The fields of a form, to be sent to the server function at `path`.
    pub fn of_form(path: &'static str, fields: String) -> Self {
        Self { path, get: false, arguments: fields }
    }
}

/// Sends the question and hands on the answer.
pub fn ask(question: Question, then: Box<dyn FnOnce(Answer)>) {
    spawn_local(async move { then(send(question).await) });
}

/// A resource whose value is the answer to the question that `source` asks now.
pub fn answers<S: Ask>(
    again: impl Fn() -> usize + Send + Sync + 'static,
    source: impl Fn() -> Option<S> + Send + Sync + 'static,
    _blocking: bool,
) -> Resource<Answer, FromToStringCodec> {
    follow(Arc::new(move || (again(), source().as_ref().map(Question::of))))
}

type Source = Arc<dyn Fn() -> (usize, Option<Question>) + Send + Sync>;
type Pending = Pin<Box<dyn Future<Output = Answer> + Send>>;

fn follow(source: Source) -> Resource<Answer, FromToStringCodec> {
    Resource::new_str(
        move || source(),
        |(_, question)| -> Pending {
            Box::pin(SendWrapper::new(async move {
                match question {
                    Some(question) => send(question).await,
                    None => Answer::error(&AppError::NotFound),
                }
            }))
        },
    )
}

/// What the network swallowed is an answer too: try again.
async fn send(question: Question) -> Answer {
    fetch(question).await.unwrap_or_else(|_| Answer::error(&AppError::Unavailable))
}

async fn fetch(question: Question) -> Result<Answer, JsValue> {
    let (headers, options) = (Headers::new()?, RequestInit::new());
    headers.set("Accept", PACKED)?;
    let url = if question.get {
        [question.path, "?", &question.arguments].concat()
    } else {
        options.set_method("POST");
        headers.set("Content-Type", "application/x-www-form-urlencoded")?;
        options.set_body(&question.arguments.into());
        question.path.to_owned()
    };
    options.set_headers(&headers);
    let response: Response = JsFuture::from(window().fetch_with_str_and_init(&url, &options)).await?.unchecked_into();
    let headers = response.headers();
    let packed = headers.get("Content-Type")?.as_deref() == Some(PACKED);
    let body = JsFuture::from(response.array_buffer()?).await?;
    if !packed {
        // Something on the way answered in the server's place.
        return Ok(Answer::error(&refused(response.status())));
    }
    if headers.get(redirect::REDIRECT_HEADER)?.is_some() {
        redirect::call_redirect_hook(&headers.get("Location")?.unwrap_or_default());
    }
    Ok(Answer::from(Uint8Array::new(&body).to_vec()))
}

fn refused(status: u16) -> AppError {
    match status {
        401 => AppError::SignInRequired,
        403 => AppError::Forbidden,
        404 => AppError::NotFound,
        400..=499 => AppError::Invalid { fields: Vec::new() },
        _ => AppError::Unavailable,
    }
}
