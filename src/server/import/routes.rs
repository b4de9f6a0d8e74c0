//! The plain routes around imports: the upload of a file or paste, and the download of a deck as CSV.

use crate::{
    api::error::{AppError, Problem},
    domain::{
        ids::{DeckId, ImportId},
        import::{Column, FILE_MAX},
        text::clean_line,
    },
    server::{
        auth::Actor,
        call::{Call, internal},
        images::{call, refused, wants_json},
        random,
        state::AppState,
    },
};
use axum::{
    Extension, Json, Router,
    extract::{DefaultBodyLimit, Multipart, Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};

pub fn routes() -> Router<AppState> {
    Router::new()
        // Room for the form around the file, so that a file just over the limit gets our answer.
        .route("/decks/{deck}/import", post(upload).layer(DefaultBodyLimit::max(FILE_MAX + FILE_MAX / 2)))
        .route("/decks/{deck}/export.csv", get(export))
}

/// `POST /decks/:deck/import`, multipart with `file` or `paste`. Goes to the preview; nothing is added yet.
async fn upload(
    State(state): State<AppState>,
    actor: Option<Extension<Actor>>,
    Path(deck): Path<DeckId>,
    headers: HeaderMap,
    multipart: Multipart,
) -> Response {
    let json = wants_json(&headers);
    match store(&call(state, actor), deck, multipart).await {
        Ok(import) if json => Json(import).into_response(),
        Ok(import) => Redirect::to(&format!("/decks/{deck}/import/{import}")).into_response(),
        Err(AppError::Invalid { .. }) if !json => {
            Redirect::to(&format!("/decks/{deck}/import?problem=empty")).into_response()
        }
        Err(AppError::TooLarge { .. }) if !json => {
            Redirect::to(&format!("/decks/{deck}/import?problem=large")).into_response()
        }
        Err(error) => refused(&error, json),
    }
}

async fn store(call: &Call, deck: DeckId, mut multipart: Multipart) -> Result<ImportId, AppError> {
    call.deck_edit(deck).await?;
    let too_large = AppError::TooLarge { limit: FILE_MAX as u64 };
    let (mut bytes, mut file_name) = (Vec::new(), String::new());
    while let Some(field) = multipart.next_field().await.map_err(|_| too_large.clone())? {
        if !matches!(field.name(), Some("file" | "paste")) {
            continue;
        }
        let name = field.file_name().map(clean_line).unwrap_or_default();
        let content = field.bytes().await.map_err(|_| too_large.clone())?;
        // A form sends both; the empty one does not count.
        if bytes.is_empty() && !content.is_empty() {
            bytes = content.to_vec();
            file_name = name.chars().take(120).collect();
        }
    }
    if bytes.is_empty() {
        return Err(AppError::field("file", Problem::Required));
    }
    if bytes.len() > FILE_MAX {
        return Err(too_large);
    }
    let id = random::id(call.now);
    call.state.db.create_import(id, deck, call.user()?.user, &file_name, &bytes, call.now).await?;
    Ok(id)
}

/// `GET /decks/:deck/export.csv`: everything that an import can read again.
async fn export(State(state): State<AppState>, actor: Option<Extension<Actor>>, Path(deck): Path<DeckId>) -> Response {
    let call = call(state, actor);
    match table(&call, deck).await {
        Ok((title, text)) => {
            // RFC 5987: the title may be in any script.
            let name: String = title
                .bytes()
                .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
                .collect();
            (
                [
                    (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                    (
                        header::CONTENT_DISPOSITION,
                        format!("attachment; filename=\"deck.csv\"; filename*=UTF-8''{name}.csv"),
                    ),
                    (header::CACHE_CONTROL, "no-store".to_owned()),
                ],
                text,
            )
                .into_response()
        }
        Err(error) => refused(&error, false),
    }
}

/// The title of a deck and its cards as CSV.
async fn table(call: &Call, deck: DeckId) -> Result<(String, Vec<u8>), AppError> {
    let access = call.deck_read(deck).await?;
    let categories = call.state.db.categories(deck).await?;
    let cards = call.state.db.all_cards(deck).await?;
    let rows = cards.into_iter().map(|card| {
        let name = card.category_id.and_then(|id| categories.iter().find(|category| category.id == id));
        (card.text, name.map(|category| category.name.clone()))
    });
    Ok((access.title, super::write::csv(rows).map_err(|error| internal(&error))?))
}

/// The columns of an export, in order.
pub const COLUMNS: [Column; 7] =
    [Column::Front, Column::Back, Column::Hint, Column::Explanation, Column::Category, Column::Tags, Column::Aliases];
