//! Form parts: a labelled input with its error beside it, and the form's own error.

use crate::view::view;
use crate::{api::error::AppError, words::use_words};
use leptos::prelude::*;

/// A labelled text input. `error` is the form's last error; this field shows its own part of it.
#[component]
pub fn Field(
    #[prop(into)] label: String,
    /// The input's name in the form; also its id and the key of its errors.
    name: &'static str,
    #[prop(default = "text")] kind: &'static str,
    #[prop(into, default = String::new())] value: String,
    /// A sentence under the label.
    #[prop(into, default = String::new())]
    note: String,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(default = true)] required: bool,
    #[prop(into)] error: Signal<Option<AppError>>,
) -> impl IntoView {
    let words = use_words();
    let problem = move || error.with(|e| e.as_ref().and_then(|e| e.problem(name)).map(|p| (words.common.problem)(p)));
    let described = format!("{name}-note {name}-error");
    view! {
        <div class="field">
            <label for=name>{label}</label>
            {(!note.is_empty()).then(|| view! { <p class="field-note" id=format!("{name}-note")>{note}</p> })}
            <input
                class="input"
                id=name
                name=name
                type=kind
                value=value
                autocomplete=autocomplete
                required=required
                aria-describedby=described
                aria-invalid=move || problem().is_some().then_some("true")
            />
            <p class="field-error" id=format!("{name}-error") role="alert">{problem}</p>
        </div>
    }
}

/// The error of a form as a whole, above its button. Empty while there is none.
#[component]
pub fn FormError(#[prop(into)] error: Signal<Option<AppError>>) -> impl IntoView {
    let words = use_words();
    move || error.get().map(|e| view! { <p class="form-error" role="alert">{(words.common.error)(&e)}</p> })
}
