//! What waits for an answer inside a `<Suspense>` or `<Transition>`. The waiting itself is compiled once; each place
//! only adds what it shows.

use crate::{
    api::{error::AppError, wire::Answer},
    client::load::Loaded,
};
use leptos::{prelude::*, server::codee::string::FromToStringCodec};
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// Shows `view` of the answer when it is there, and again when it or what `view` reads changes.
pub fn suspended<T: DeserializeOwned + 'static, V: IntoView + 'static>(
    loaded: Loaded<T>,
    view: impl Fn(Result<T, AppError>) -> V + Send + Sync + 'static,
) -> AnyView {
    waiting(vec![loaded.answer()], Arc::new(move |answers| view(read(answers, 0)).into_any()))
}

/// Like [`suspended`], of two answers.
pub fn suspended2<A: DeserializeOwned + 'static, B: DeserializeOwned + 'static, V: IntoView + 'static>(
    first: Loaded<A>,
    second: Loaded<B>,
    view: impl Fn(Result<A, AppError>, Result<B, AppError>) -> V + Send + Sync + 'static,
) -> AnyView {
    let show = move |answers: &[Answer]| view(read(answers, 0), read(answers, 1)).into_any();
    waiting(vec![first.answer(), second.answer()], Arc::new(show))
}

type Show = Arc<dyn Fn(&[Answer]) -> AnyView + Send + Sync>;

fn waiting(loaded: Vec<Resource<Answer, FromToStringCodec>>, show: Show) -> AnyView {
    let wait = move || {
        let (loaded, show) = (loaded.clone(), Arc::clone(&show));
        Suspend::new(async move {
            let mut answers = Vec::with_capacity(loaded.len());
            for one in loaded {
                answers.push(one.await);
            }
            show(&answers)
        })
    };
    wait.into_any()
}

fn read<T: DeserializeOwned>(answers: &[Answer], index: usize) -> Result<T, AppError> {
    answers.get(index).map_or(Err(AppError::Unavailable), Answer::read)
}
