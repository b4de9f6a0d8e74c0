//! What a page reads from the server: asked while the page is rendered, handed over with it, asked again when the
//! question changes. Holds packed answers, so that all pages share the code that waits for them.

use super::ask;
use crate::api::{
    error::AppError,
    wire::{Answer, Ask},
};
use leptos::{prelude::*, server::codee::string::FromToStringCodec};
use serde::de::DeserializeOwned;
use std::{future::IntoFuture, marker::PhantomData, pin::Pin};

/// An answer of type `T`, now or later. Read it with `.await` inside a `<Suspense>` or `<Transition>`.
pub struct Loaded<T> {
    answer: Resource<Answer, FromToStringCodec>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Loaded<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Loaded<T> {}

/// Asks what `ask` says, again whenever that changes or `again` counts up; `None` is [`AppError::NotFound`].
pub fn load<S: Ask>(
    again: impl Fn() -> usize + Send + Sync + 'static,
    ask: impl Fn() -> Option<S> + Send + Sync + 'static,
) -> Loaded<S::Output> {
    Loaded { answer: ask::answers(again, ask, false), of: PhantomData }
}

/// Like [`load`], and the server sends nothing of the page before it knows: for what decides the page's status.
pub fn load_first<S: Ask>(
    again: impl Fn() -> usize + Send + Sync + 'static,
    ask: impl Fn() -> Option<S> + Send + Sync + 'static,
) -> Loaded<S::Output> {
    Loaded { answer: ask::answers(again, ask, true), of: PhantomData }
}

/// For `again`: only when the question itself changes.
pub fn once() -> usize {
    0
}

impl<T: DeserializeOwned> Loaded<T> {
    /// `None` while it is not known yet.
    pub fn get(self) -> Option<Result<T, AppError>> {
        self.answer.get().map(|answer| answer.read())
    }

    /// What it holds, for code that is the same for all types.
    pub fn answer(self) -> Resource<Answer, FromToStringCodec> {
        self.answer
    }
}

impl<T: DeserializeOwned + 'static> IntoFuture for Loaded<T> {
    type Output = Result<T, AppError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.answer.await.read() })
    }
}
