//! Uploading pictures for cards, and showing them to those who may read the deck.

use super::{auth::Actor, call::Call, live::caller::Caller, random, state::AppState, storage::NewImage};
use crate::{
    api::error::{AppError, Problem},
    domain::ids::{DeckId, ImageId},
};
use axum::{
    Extension, Json, Router,
    extract::{DefaultBodyLimit, Multipart, Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};

/// Bytes of one picture.
pub const IMAGE_MAX: usize = 2 * 1024 * 1024;
/// Pixels of a side.
const SIDE_MAX: usize = 4096;
/// Bytes of all pictures of one deck.
pub const DECK_MAX: i64 = 200 * 1024 * 1024;

pub fn routes() -> Router<AppState> {
    Router::new()
        // Room for the form around the picture, so that a picture just over the limit gets our answer.
        .route("/decks/{deck}/images", post(upload).layer(DefaultBodyLimit::max(IMAGE_MAX * 2)))
        .route("/images/{image}", get(show))
}

/// Somebody who asks by a plain route.
pub(super) fn call(state: AppState, actor: Option<Extension<Actor>>) -> Call {
    let now = state.clock.now();
    Call { state, actor: actor.map_or(Actor::Anonymous, |Extension(actor)| actor), now }
}

/// The answer for a plain route: JSON for programs, a sentence for people.
pub(super) fn refused(error: &AppError, json: bool) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if json {
        (status, Json(error.clone())).into_response()
    } else {
        (status, (crate::words::en::WORDS.common.error)(error)).into_response()
    }
}

pub(super) fn wants_json(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains("json"))
}

/// The fields of the card's form around a picture's.
const TYPED: [&str; 7] = ["front", "back", "hint", "explanation", "aliases", "tags", "category"];

/// `POST /decks/:deck/images`, multipart with `image` and optionally `next`, the page to go back to, and what is typed
/// there and not saved yet.
async fn upload(
    State(state): State<AppState>,
    actor: Option<Extension<Actor>>,
    Path(deck): Path<DeckId>,
    headers: HeaderMap,
    multipart: Multipart,
) -> Response {
    let json = wants_json(&headers);
    let call = call(state, actor);
    let (mut next, mut typed) = (None, Vec::new());
    let stored = store(&call, deck, multipart, &mut next, &mut typed).await;
    // Only back into this deck: an address from a form must not lead elsewhere.
    let next = next
        .filter(|next| next.starts_with(&format!("/decks/{deck}/")) && !next.contains(['\r', '\n', '\\', '?', '#']));
    let kept = match call.user() {
        Ok(user) if !typed.is_empty() => {
            format!("&kept={}", call.state.kept_forms.keep(user.user, typed, call.now).await)
        }
        _ => String::new(),
    };
    match (stored, json, next) {
        (Ok(id), true, _) => Json(id).into_response(),
        (Ok(id), false, Some(next)) => Redirect::to(&format!("{next}?image={id}{kept}#images")).into_response(),
        (Ok(id), false, None) => Redirect::to(&format!("/images/{id}")).into_response(),
        (Err(AppError::Invalid { .. } | AppError::TooLarge { .. }), false, Some(next)) => {
            Redirect::to(&format!("{next}?image=refused{kept}#images")).into_response()
        }
        (Err(error), json, _) => refused(&error, json),
    }
}

async fn store(
    call: &Call,
    deck: DeckId,
    mut multipart: Multipart,
    next: &mut Option<String>,
    typed: &mut Vec<(String, String)>,
) -> Result<ImageId, AppError> {
    call.deck_edit(deck).await?;
    let too_large = AppError::TooLarge { limit: IMAGE_MAX as u64 };
    let mut bytes = None;
    while let Some(field) = multipart.next_field().await.map_err(|_| too_large.clone())? {
        match field.name() {
            Some("next") => *next = field.text().await.ok(),
            Some("image") => bytes = Some(field.bytes().await.map_err(|_| too_large.clone())?),
            Some(name) if TYPED.contains(&name) => {
                let name = name.to_owned();
                typed.push((name, field.text().await.map_err(|_| too_large.clone())?));
            }
            _ => {}
        }
    }
    let bytes = bytes.filter(|bytes| !bytes.is_empty()).ok_or_else(|| AppError::field("image", Problem::Required))?;
    if bytes.len() > IMAGE_MAX {
        return Err(too_large);
    }
    let (media_type, width, height) = inspect(&bytes).map_err(|problem| AppError::field("image", problem))?;
    has_room(call.state.db.image_bytes(deck).await?, bytes.len())?;
    let image = NewImage {
        id: random::id(call.now),
        deck,
        uploaded_by: call.user()?.user,
        media_type,
        width,
        height,
        bytes: bytes.to_vec(),
    };
    call.state.db.create_image(&image, call.now).await?;
    Ok(image.id)
}

/// Whether a deck with so many bytes of pictures takes one of so many more.
fn has_room(stored: i64, more: usize) -> Result<(), AppError> {
    if stored.saturating_add_unsigned(more as u64) > DECK_MAX {
        return Err(AppError::TooLarge { limit: DECK_MAX as u64 });
    }
    Ok(())
}

/// Media type, width and height, by content. The file's name and the sender's claim count for nothing.
fn inspect(bytes: &[u8]) -> Result<(&'static str, i64, i64), Problem> {
    let media_type = match imagesize::image_type(bytes) {
        Ok(imagesize::ImageType::Png) => "image/png",
        Ok(imagesize::ImageType::Jpeg) => "image/jpeg",
        Ok(imagesize::ImageType::Gif) => "image/gif",
        Ok(imagesize::ImageType::Webp) => "image/webp",
        _ => return Err(Problem::Malformed),
    };
    let size = imagesize::blob_size(bytes).map_err(|_| Problem::Malformed)?;
    let bound = |pixels: usize| i64::try_from(pixels).unwrap_or(i64::MAX);
    if !(1..=SIDE_MAX).contains(&size.width) || !(1..=SIDE_MAX).contains(&size.height) {
        return Err(Problem::OutOfRange { min: 1, max: bound(SIDE_MAX) });
    }
    Ok((media_type, bound(size.width), bound(size.height)))
}

/// Whether the browser has a seat in a running session on the deck: its questions may show the deck's pictures.
async fn plays(call: &Call, headers: &HeaderMap, deck: DeckId) -> bool {
    let caller = Caller::new(call.actor.clone(), headers, std::net::Ipv4Addr::UNSPECIFIED.into());
    for (session, _) in &caller.seats {
        let Ok(session) = call.state.live.session(*session).await else { continue };
        if session.deck == deck && caller.seat(&session).await.is_ok() {
            return true;
        }
    }
    false
}

/// `GET /images/:image`. A picture never changes under its id.
async fn show(
    State(state): State<AppState>,
    actor: Option<Extension<Actor>>,
    headers: HeaderMap,
    Path(id): Path<ImageId>,
) -> Response {
    let call = call(state, actor);
    let image = async {
        let deck = call.state.db.image_deck(id).await?.ok_or(AppError::NotFound)?;
        if let Err(refused) = call.deck_read(deck).await
            && !plays(&call, &headers, deck).await
        {
            return Err(refused);
        }
        call.state.db.image(id).await?.ok_or(AppError::NotFound)
    };
    match image.await {
        Ok(image) => (
            [
                (header::CONTENT_TYPE, image.media_type),
                (header::CACHE_CONTROL, "private, max-age=31536000, immutable".to_owned()),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
                (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
            ],
            image.bytes,
        )
            .into_response(),
        Err(error) => refused(&error, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pictures_of_a_deck_have_an_end() {
        let full = AppError::TooLarge { limit: 200 * 1024 * 1024 };
        assert_eq!(has_room(DECK_MAX - 1_000, 1_000), Ok(()));
        assert_eq!(has_room(DECK_MAX - 1_000, 1_001), Err(full.clone()));
        assert_eq!(has_room(i64::MAX, IMAGE_MAX), Err(full));
    }
}
