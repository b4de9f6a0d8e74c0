//! The one error type that reaches a page: small, typed, without internals.
//! The sentences for it are in `words`, so that the same error reads well in every language.

pub use crate::domain::problem::Problem;
use crate::domain::{flags::Flag, text::Mistake};
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// Why a request was not carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppError {
    /// 401: nobody is signed in (or the sign-in has ended).
    SignInRequired,
    /// 403: signed in, but this is not for you.
    Forbidden,
    /// 404: it does not exist, or you may not know that it does.
    NotFound,
    /// 422: the form has mistakes; each names its field.
    Invalid { fields: Vec<FieldError> },
    /// 409: somebody else was faster, or the thing is no longer in that state.
    Conflict,
    /// 413: the upload is larger than `limit` bytes.
    TooLarge { limit: u64 },
    /// 429: too many tries; allowed again in `retry_after` seconds.
    TooMany { retry_after: u32 },
    /// 403: the feature is switched off here.
    FlagOff { flag: Flag },
    /// 503: storage is busy or gone; trying again may help.
    Unavailable,
    /// 500: our mistake. The log line carries the same reference.
    Internal { reference: String },
}

/// A mistake in one field of a form. `field` is the input's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    pub field: String,
    pub problem: Problem,
}

impl AppError {
    /// One mistake in one field.
    pub fn field(field: &str, problem: Problem) -> Self {
        Self::Invalid { fields: vec![FieldError { field: field.to_owned(), problem }] }
    }

    /// `Ok` when no field has a mistake.
    pub fn from_fields(fields: Vec<FieldError>) -> Result<(), Self> {
        if fields.is_empty() { Ok(()) } else { Err(Self::Invalid { fields }) }
    }

    /// The mistakes that the domain found in a form.
    pub fn mistakes(mistakes: impl IntoIterator<Item = Mistake>) -> Self {
        let fields = mistakes.into_iter().map(|(field, problem)| FieldError { field: field.to_owned(), problem });
        Self::Invalid { fields: fields.collect() }
    }

    /// The problem of the named field, if it has one.
    pub fn problem(&self, field: &str) -> Option<&Problem> {
        match self {
            Self::Invalid { fields } => fields.iter().find(|f| f.field == field).map(|f| &f.problem),
            _ => None,
        }
    }

    /// The HTTP status that goes with it.
    pub fn status(&self) -> u16 {
        match self {
            Self::SignInRequired => 401,
            Self::Forbidden | Self::FlagOff { .. } => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::TooLarge { .. } => 413,
            Self::Invalid { .. } => 422,
            Self::TooMany { .. } => 429,
            Self::Internal { .. } => 500,
            Self::Unavailable => 503,
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            // The network failed, not the server: the page says "try again".
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => Self::Unavailable,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                Self::Invalid { fields: vec![] }
            }
            _ => Self::Internal { reference: "transport".to_owned() },
        }
    }
}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", serde_json::to_string(self).unwrap_or_default())
    }
}
impl std::error::Error for AppError {}
