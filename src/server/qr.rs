//! QR codes as SVG: the way into a group and into a live session without typing.

use super::{security, state::AppState};
use crate::domain::invite;
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use qrcode::{EcLevel, QrCode, render::svg};

/// `/qr/invite/CODE.svg`, `/qr/join/PIN.svg` and `/qr/again/TOKEN.svg`. They say only what their address says, so they are open to all.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/qr/invite/{file}", get(of_invite))
        .route("/qr/join/{file}", get(of_join))
        .route("/qr/again/{file}", get(of_again))
}

async fn of_invite(State(state): State<AppState>, Path(file): Path<String>, headers: HeaderMap) -> Response {
    let code = file.strip_suffix(".svg").and_then(invite::parse);
    answer(&state, &headers, code.map(|code| format!("/invite/{code}")))
}

async fn of_join(State(state): State<AppState>, Path(file): Path<String>, headers: HeaderMap) -> Response {
    let pin = file
        .strip_suffix(".svg")
        .filter(|pin| (4..=10).contains(&pin.len()) && pin.bytes().all(|byte| byte.is_ascii_digit()));
    answer(&state, &headers, pin.map(|pin| format!("/join/{pin}")))
}

async fn of_again(State(state): State<AppState>, Path(file): Path<String>, headers: HeaderMap) -> Response {
    let token =
        file.strip_suffix(".svg").filter(|token| token.len() == 32 && token.bytes().all(|b| b.is_ascii_hexdigit()));
    answer(&state, &headers, token.map(|token| format!("/again/{token}")))
}

fn answer(state: &AppState, headers: &HeaderMap, path: Option<String>) -> Response {
    let Some(path) = path else { return StatusCode::NOT_FOUND.into_response() };
    match picture(&format!("{}{path}", security::public_origin(headers, &state.config))) {
        Some(svg) => {
            // The address in it follows the Host header, so it is not for shared caches.
            let kind = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "private, max-age=3600")];
            (kind, svg).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Black on white in dark mode too: many readers do not see the reverse. `None` when the text is too long.
fn picture(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let svg = code
        .render::<svg::Color<'_>>()
        .min_dimensions(320, 320)
        .quiet_zone(true)
        .dark_color(svg::Color("#000000"))
        .light_color(svg::Color("#ffffff"))
        .build();
    Some(svg)
}

#[cfg(test)]
mod tests {
    use super::picture;

    #[test]
    fn dark_on_light() {
        let svg = picture("https://study.school.test/join/123456").unwrap();
        assert!(svg.contains("#000000") && svg.contains("#ffffff") && svg.contains("<svg"));
        assert_eq!(picture(&"x".repeat(5000)), None);
    }
}
