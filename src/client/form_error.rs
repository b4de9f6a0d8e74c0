//! Why a form that was sent without JavaScript was refused: the redirect back to its page carries it in the address.

use super::IN_BROWSER;
use crate::api::{error::AppError, wire::Answer};
use leptos::{prelude::*, server_fn::error::ServerFnUrlError};
use leptos_router::location::Url;

/// The refusal, by context: the server function's path and its answer.
#[derive(Clone)]
struct Refusal(String, Answer);

/// Lets the page's `ServerAction`s begin with the error in this query string (without its question mark), if any.
pub fn provide(query: &str) {
    let value = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| Url::unescape(value))
    };
    if let (Some(path), Some(error)) = (value("__path"), value("__err")) {
        let error = ServerFnUrlError::<AppError>::decode_err(&error);
        provide_context(Refusal(path, Answer::error(&error)));
    }
}

/// Hands the refusal on to the browser with the page, so that hydration finds what the server rendered.
pub fn hand_over() {
    let write = || use_context::<Refusal>().map(|Refusal(path, answer)| format!("{path} {answer}")).unwrap_or_default();
    let text = SharedValue::new_str(write).into_inner();
    if let Some((path, answer)) = text.split_once(' ').filter(|_| IN_BROWSER)
        && let Ok(answer) = answer.parse()
    {
        provide_context(Refusal(path.to_owned(), answer));
    }
}

/// The refusal of the server function at `path`.
pub fn of(path: &str) -> Option<Answer> {
    use_context::<Refusal>().filter(|refusal| refusal.0 == path).map(|refusal| refusal.1)
}
