//! What a page sends to the server: one server function, by its form or by code, and what came of it.
//! Without JavaScript the form is sent by the browser itself, and its error comes back by the page's address.

use super::{
    ask::{self, Question},
    form_error, form_fields,
};
use crate::api::{
    error::AppError,
    wire::{Answer, Ask},
};
use leptos::{prelude::*, web_sys::SubmitEvent};
use serde::de::DeserializeOwned;
use std::marker::PhantomData;

/// A server function that a page's form or button calls. Stands in for Leptos' own, which compiles its machinery
/// for each function anew.
pub struct ServerAction<S> {
    sending: Sending,
    of: PhantomData<fn() -> S>,
}

impl<S> Clone for ServerAction<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for ServerAction<S> {}

impl<S: Ask> Default for ServerAction<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Ask> ServerAction<S> {
    pub fn new() -> Self {
        Self { sending: Sending::new(S::PATH), of: PhantomData }
    }

    /// Calls it.
    pub fn dispatch(self, arguments: S) {
        self.sending.send(Question::of(&arguments));
    }

    /// The last answer.
    pub fn value(self) -> Value<S::Output> {
        Value { last: self.sending.last, of: PhantomData }
    }

    /// Why the last call was refused, if it was.
    pub fn error(self) -> Signal<Option<AppError>> {
        self.sending.error()
    }

    /// Whether an answer is being waited for.
    pub fn pending(self) -> Signal<bool> {
        let under_way = self.sending.under_way;
        Signal::derive(move || under_way.get() > 0)
    }

    /// How many answers there were.
    pub fn version(self) -> RwSignal<usize> {
        self.sending.answers
    }
}

/// The last answer of a [`ServerAction`]; `None` before the first.
pub struct Value<T> {
    last: RwSignal<Option<Answer>>,
    of: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Value<T> {
    pub fn get(&self) -> Option<Result<T, AppError>> {
        self.last.get().map(|answer| answer.read())
    }

    /// Whether the last call did its work.
    pub fn is_done(&self) -> bool {
        self.last.with(|last| last.as_ref().is_some_and(|answer| answer.failure().is_none()))
    }
}

/// The same for all server functions: where a call goes and what came back.
#[derive(Clone, Copy)]
pub struct Sending {
    path: &'static str,
    last: RwSignal<Option<Answer>>,
    under_way: RwSignal<u32>,
    answers: RwSignal<usize>,
}

impl<S> From<ServerAction<S>> for Sending {
    fn from(action: ServerAction<S>) -> Self {
        action.sending
    }
}

impl Sending {
    fn new(path: &'static str) -> Self {
        Self { path, last: RwSignal::new(form_error::of(path)), under_way: RwSignal::new(0), answers: RwSignal::new(0) }
    }

    /// The server function's address.
    pub fn path(self) -> &'static str {
        self.path
    }

    pub fn error(self) -> Signal<Option<AppError>> {
        Signal::derive(move || self.last.with(|last| last.as_ref().and_then(Answer::failure)))
    }

    /// Sends the form in the browser's place.
    pub fn submit(self, event: &SubmitEvent) {
        if let Some(fields) = form_fields::take(event) {
            self.send(Question::of_form(self.path, fields));
        }
    }

    fn send(self, question: Question) {
        self.under_way.update(|n| *n += 1);
        // The page may be gone when the answer comes.
        let then = move |answer| {
            self.under_way.try_update(|n| *n = n.saturating_sub(1));
            self.answers.try_update(|n| *n += 1);
            self.last.try_set(Some(answer));
        };
        ask::ask(question, Box::new(then));
    }
}
