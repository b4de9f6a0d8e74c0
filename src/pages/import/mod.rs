//! Importing cards: the upload, then a look at what would be added and how it was read, then the confirmation.

mod rows;
mod settings;

use self::{
    rows::{Refused, Rows},
    settings::{Settings, hidden},
};
use crate::view::view;
use crate::{
    api::{
        decks::GetDeck,
        error::AppError,
        imports::{ConfirmImport, PreviewImport},
    },
    client::{
        action::ServerAction,
        load::{load_first, once},
    },
    components::{
        action_form::ActionForm,
        error_view::ErrorView,
        field::FormError,
        icon::{Glyph, Icon},
        page_title::PageTitle,
        pager::Pager,
        skeleton::SkeletonList,
        suspended::suspended,
        suspense::{Suspense, Transition},
    },
    domain::{
        ids::{DeckId, ImportId},
        import::{COLUMNS_MAX, ImportPreview, REFUSED_PER_PAGE},
        text::query_escape,
    },
    words::use_words,
};
use leptos::prelude::*;
use leptos_router::{
    components::A,
    hooks::{use_params_map, use_query_map},
};

#[component]
pub fn Import() -> impl IntoView {
    let params = use_params_map();
    let import = move || params.read().get("import").and_then(|id| id.parse::<ImportId>().ok());
    view! {
        <main id="main" class="page">
            {move || match import() {
                Some(import) => view! { <Look import=import /> }.into_any(),
                None => view! { <Upload /> }.into_any(),
            }}
        </main>
    }
}

#[component]
fn Upload() -> impl IntoView {
    let words = use_words();
    let (params, query) = (use_params_map(), use_query_map());
    let id = move || params.read().get("deck").and_then(|id| id.parse::<DeckId>().ok());
    let deck = load_first(once, move || Some(GetDeck { deck: id()? }));
    let problem = move || match query.read().get("problem").as_deref() {
        Some("empty") => Some(words.import.upload_empty),
        Some("large") => Some(words.import.upload_large),
        _ => None,
    };
    view! {
        <Suspense fallback=|| view! { <SkeletonList /> }>
            {suspended(deck, move |deck| {
                let access = match deck {
                    Ok(view) if view.access.can_edit => view.access,
                    Ok(_) => return view! { <ErrorView error=AppError::Forbidden /> }.into_any(),
                    Err(error) => return view! { <ErrorView error=error /> }.into_any(),
                };
                let id = access.deck;
                view! {
                    <PageTitle title=words.import.title subtitle=(words.import.into)(&access.title)>
                        <A href=format!("/decks/{id}") attr:class="button">
                            <Icon glyph=Glyph::Left />
                            {words.deck.to_deck}
                        </A>
                    </PageTitle>
                    <form
                        method="post"
                        action=format!("/decks/{id}/import")
                        enctype="multipart/form-data"
                        class="panel form"
                    >
                        {move || problem().map(|text| view! { <p class="form-error" role="alert">{text}</p> })}
                        <div class="field">
                            <label for="file">{words.import.file}</label>
                            <p class="field-note" id="file-note">
                                {words.import.file_note}
                            </p>
                            <input
                                class="input-file dropzone"
                                type="file"
                                id="file"
                                name="file"
                                accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
                                aria-describedby="file-note"
                            />
                        </div>
                        <p class="muted">{words.import.or}</p>
                        <div class="field">
                            <label for="paste">{words.import.paste}</label>
                            <p class="field-note" id="paste-note">
                                {words.import.paste_note}
                            </p>
                            <textarea class="textarea" id="paste" name="paste" rows="8" aria-describedby="paste-note"></textarea>
                        </div>
                        <div>
                            <button class="button button-primary">{words.import.look}</button>
                        </div>
                    </form>
                }
                    .into_any()
            })}
        </Suspense>
    }
}

/// The settings as the address carries them; empty ones are detected.
#[derive(Clone, PartialEq, Eq, Default)]
struct Wishes {
    encoding: String,
    separator: String,
    row_end: String,
    header: String,
    columns: String,
    page: u32,
}

#[component]
fn Look(import: ImportId) -> impl IntoView {
    let query = use_query_map();
    let wishes = Memo::new(move |_| {
        let query = query.read();
        let get = |key: &str| query.get(key).unwrap_or_default();
        let separator = match get("separator").as_str() {
            "custom" => format!("custom:{}", get("custom")),
            other => other.to_owned(),
        };
        let columns: Vec<String> = (0..COLUMNS_MAX).map_while(|n| query.get(&format!("c{n}"))).collect();
        Wishes {
            encoding: get("encoding"),
            separator,
            row_end: get("row_end"),
            header: get("header"),
            columns: if columns.is_empty() { get("columns") } else { columns.join(",") },
            page: get("page").parse().unwrap_or(1).max(1),
        }
    });
    let preview = load_first(once, move || {
        let Wishes { encoding, separator, row_end, header, columns, page } = wishes.get();
        Some(PreviewImport { import, encoding, separator, row_end, header, columns, page })
    });
    let confirm = ServerAction::<ConfirmImport>::new();
    view! {
        <Transition fallback=|| view! { <SkeletonList /> }>
            {suspended(preview, move |preview| {
                match preview {
                    Ok(preview) => {
                        view! { <Found import=import preview=preview page=wishes.get().page confirm=confirm /> }.into_any()
                    }
                    Err(error) => view! { <ErrorView error=error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Found(import: ImportId, preview: ImportPreview, page: u32, confirm: ServerAction<ConfirmImport>) -> impl IntoView {
    let words = use_words();
    let deck = preview.deck;
    let error = confirm.error();
    let subtitle = match preview.file_name.is_empty() {
        true => (words.import.into)(&preview.deck_title),
        false => format!("{} · {}", (words.import.into)(&preview.deck_title), preview.file_name),
    };
    let head = view! {
        <PageTitle title=words.import.preview_title subtitle=subtitle>
            <A href=format!("/decks/{deck}/import") attr:class="button">
                {words.import.other_file}
            </A>
        </PageTitle>
    };
    if preview.confirmed {
        return view! {
            {head}
            <p class="notice" role="status">
                {words.import.confirmed} " " <A href=format!("/decks/{deck}")>{words.deck.to_deck}</A>
            </p>
        }
        .into_any();
    }
    let settings = preview.settings;
    let pages = preview.refused_total.div_ceil(u32::try_from(REFUSED_PER_PAGE).unwrap_or(50));
    let hidden = hidden(&settings, true);
    let fields = settings.fields().map(|(name, value)| [name, "=", &query_escape(&value), "&"].concat()).concat();
    let base = format!("/decks/{deck}/import/{import}?{fields}page=");
    let summary = match preview.problem {
        Some(problem) => view! { <p class="form-error" role="alert">{(words.import.problem)(problem)}</p> }.into_any(),
        None => view! {
            <p role="status">
                <strong>{(words.import.will_be_added)(preview.will_be_added)}</strong>
                ", "
                {(words.import.refused)(preview.refused_total)}
                ". "
                <span class="muted">{words.import.nothing_yet}</span>
            </p>
        }
        .into_any(),
    };
    view! {
        {head}
        <div class="stack stack-loose">
            <section class="panel stack">
                {summary} <FormError error=error />
                {(preview.will_be_added > 0)
                    .then(|| {
                        view! {
                            <ActionForm action=confirm>
                                <input type="hidden" name="import" value=import.to_string() />
                                {hidden}
                                <button class="button button-primary" disabled=move || confirm.pending().get()>
                                    {(words.import.confirm)(preview.will_be_added)}
                                </button>
                            </ActionForm>
                        }
                    })}
            </section>
            <Settings deck=deck import=import settings=settings.clone() />
            <Rows deck=deck import=import settings=settings header=preview.header_cells rows=preview.rows />
            {(preview.refused_total > 0)
                .then(|| {
                    view! {
                        <section class="stack">
                            <h2 class="panel-title">{words.import.refused_title}</h2>
                            <Refused lines=preview.refused />
                            <Pager page=page pages=pages base=base />
                        </section>
                    }
                })}
        </div>
    }
    .into_any()
}
