//! What is wrong with a form, collected so that all of it is shown at once.

use crate::{
    api::error::{AppError, FieldError, Problem},
    domain::account::Flaw,
};

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
