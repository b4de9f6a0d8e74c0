//! A labelled text of several lines with its error beside it.

use crate::view::view;
use crate::{api::error::AppError, client::IN_BROWSER, domain::text::html_escape, words::use_words};
use leptos::prelude::*;

/// What stands in a `<textarea>`. Leptos escapes nothing inside one, so that on the server a text could end it.
pub fn content(text: String) -> String {
    if IN_BROWSER {
        return text;
    }
    let mut html = String::with_capacity(text.len());
    html_escape(&mut html, &text);
    html
}

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
                {content(value)}
            </textarea>
            <p class="field-error" id=format!("{name}-error") role="alert">{problem}</p>
        </div>
    }
}
