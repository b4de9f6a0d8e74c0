//! A labelled text of several lines with its error beside it.

use crate::view::view;
use crate::{api::error::AppError, words::use_words};
use leptos::prelude::*;

#[component]
pub fn TextArea(
    #[prop(into)] label: String,
    /// The input's name in the form; also its id and the key of its errors.
    name: &'static str,
    #[prop(into, default = String::new())] value: String,
    #[prop(into, default = String::new())] note: String,
    #[prop(default = 3)] rows: u32,
    #[prop(default = false)] required: bool,
    #[prop(into)] error: Signal<Option<AppError>>,
    /// Called at each change.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
) -> impl IntoView {
    let words = use_words();
    let problem = move || error.with(|e| e.as_ref().and_then(|e| e.problem(name)).map(|p| (words.common.problem)(p)));
    let input = move |event| {
        if let Some(on_input) = on_input {
            on_input.run(event_target_value(&event));
        }
    };
    view! {
        <div class="field">
            <label for=name>{label}</label>
            {(!note.is_empty()).then(|| view! { <p class="field-note" id=format!("{name}-note")>{note}</p> })}
            <textarea
                class="textarea"
                id=name
                name=name
                rows=rows
                required=required
                aria-describedby=format!("{name}-note {name}-error")
                aria-invalid=move || problem().is_some().then_some("true")
                on:input=input
            >
                {value}
            </textarea>
            <p class="field-error" id=format!("{name}-error") role="alert">{problem}</p>
        </div>
    }
}
