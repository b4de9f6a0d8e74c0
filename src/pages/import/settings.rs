//! How an uploaded file was read, to be changed.

use crate::{
    components::get_form::GetForm,
    domain::{
        ids::{DeckId, ImportId},
        import::{ENCODINGS, ImportSettings, RowEnd, Separator},
    },
    view::view,
    words::use_words,
};
use leptos::prelude::*;

/// The settings as inputs nobody sees, with the columns or without.
pub fn hidden(settings: &ImportSettings, columns: bool) -> impl IntoView + use<> {
    let fields = settings.fields().into_iter().filter(|field| columns || field.0 != "columns");
    fields.map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect_view()
}

/// How the file was read, to be changed. The columns are guessed again then.
#[component]
pub fn Settings(deck: DeckId, import: ImportId, settings: ImportSettings) -> impl IntoView {
    let words = use_words();
    let custom = match &settings.separator {
        Separator::Custom(text) => text.clone(),
        _ => String::new(),
    };
    let separators = [
        Separator::Tab,
        Separator::Comma,
        Separator::Semicolon,
        Separator::Pipe,
        Separator::Dash,
        Separator::Custom(custom.clone()),
    ];
    let option = |value: String, label: String, selected: bool| {
        view! { <option value=value selected=selected>{label}</option> }
    };
    let separators = separators
        .into_iter()
        .map(|separator| {
            let name = match &separator {
                Separator::Custom(_) => "custom".to_owned(),
                other => other.name(),
            };
            let label = (words.import.separator_name)(&separator).to_owned();
            option(name, label, separator == settings.separator)
        })
        .collect_view();
    let mut encodings: Vec<String> = ENCODINGS.iter().map(|&label| label.to_owned()).collect();
    if !encodings.contains(&settings.encoding) {
        encodings.push(settings.encoding.clone());
    }
    let encodings = encodings
        .into_iter()
        .map(|label| {
            let selected = label == settings.encoding;
            option(label.clone(), label, selected)
        })
        .collect_view();
    let row_ends = [RowEnd::Line, RowEnd::Semicolon]
        .map(|end| option(end.name().to_owned(), (words.import.row_end_name)(end).to_owned(), end == settings.row_end));
    let headers = [("yes", words.import.yes, true), ("no", words.import.no, false)]
        .map(|(value, label, is)| option(value.to_owned(), label.to_owned(), is == settings.header));
    view! {
        <details class="panel">
            <summary>{words.import.settings}</summary>
            <GetForm action=format!("/decks/{deck}/import/{import}") attr:class="form">
                <div class="field">
                    <label for="separator">{words.import.separator}</label>
                    <select class="select" id="separator" name="separator">
                        {separators}
                    </select>
                </div>
                <div class="field">
                    <label for="custom">{words.import.custom}</label>
                    <input class="input" id="custom" name="custom" value=custom maxlength="10" autocomplete="off" />
                </div>
                <div class="field">
                    <label for="row_end">{words.import.row_end}</label>
                    <select class="select" id="row_end" name="row_end">
                        {row_ends}
                    </select>
                </div>
                <div class="field">
                    <label for="header">{words.import.header}</label>
                    <select class="select" id="header" name="header">
                        {headers}
                    </select>
                </div>
                <div class="field">
                    <label for="encoding">{words.import.encoding}</label>
                    <select class="select" id="encoding" name="encoding">
                        {encodings}
                    </select>
                </div>
                <div>
                    <button class="button">{words.import.apply}</button>
                </div>
            </GetForm>
        </details>
    }
}
