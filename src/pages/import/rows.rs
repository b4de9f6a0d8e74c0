//! The first rows of an uploaded file with what each column becomes, and the lines that are refused.

use super::settings::hidden;
use crate::{
    components::get_form::GetForm,
    domain::{
        ids::{DeckId, ImportId},
        import::{Column, ImportSettings, RefusedLine},
    },
    view::view,
    words::use_words,
};
use leptos::prelude::*;

/// The first rows, each column with what it becomes.
#[component]
pub fn Rows(
    deck: DeckId,
    import: ImportId,
    settings: ImportSettings,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
) -> impl IntoView {
    let words = use_words();
    let width = rows.iter().map(Vec::len).chain([header.len(), settings.columns.len()]).max().unwrap_or(0);
    let choices = (0..width)
        .map(|n| {
            let chosen = settings.columns.get(n).copied().unwrap_or(Column::Skip);
            let options = Column::ALL.map(|column| {
                let label = (words.import.column)(column);
                view! { <option value=column.name() selected=column == chosen>{label}</option> }
            });
            view! {
                <th scope="col">
                    <select class="select" name=format!("c{n}") aria-label=(words.import.column_label)(n + 1)>
                        {options}
                    </select>
                    {header.get(n).cloned()}
                </th>
            }
        })
        .collect_view();
    let cell = |text: String| {
        let short: String = text.chars().take(200).collect();
        view! { <td>{short}</td> }
    };
    let rows = rows
        .into_iter()
        .map(|row| {
            let missing = width - row.len().min(width);
            let cells = row.into_iter().chain(std::iter::repeat_n(String::new(), missing)).map(cell).collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    (width > 0).then(|| {
        view! {
            <section class="stack">
                <h2 class="panel-title">{words.import.first_rows}</h2>
                <GetForm action=format!("/decks/{deck}/import/{import}") attr:class="stack">
                    {hidden(&settings, false)}
                    <div class="table-wrap">
                        <table class="table table-text">
                            <caption class="visually-hidden">{words.import.columns}</caption>
                            <thead>
                                <tr>{choices}</tr>
                            </thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                    <div>
                        <button class="button">{words.import.apply_columns}</button>
                    </div>
                </GetForm>
            </section>
        }
    })
}

#[component]
pub fn Refused(lines: Vec<RefusedLine>) -> impl IntoView {
    let words = use_words();
    view! {
        <div class="table-wrap">
            <table class="table table-text">
                <thead>
                    <tr>
                        <th scope="col">{words.import.line}</th>
                        <th scope="col">{words.import.reason}</th>
                        <th scope="col">{words.import.text}</th>
                    </tr>
                </thead>
                <tbody>
                    {lines
                        .into_iter()
                        .map(|line| {
                            view! {
                                <tr>
                                    <td class="number">{line.line}</td>
                                    <td>{(words.import.refusal)(&line.reason)}</td>
                                    <td>{line.text}</td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}
