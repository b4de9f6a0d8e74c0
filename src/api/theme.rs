//! Light or dark, kept in a cookie of the browser. Open to all: it concerns nobody else.

use super::{error::AppError, wire::Post};
use leptos::prelude::*;

/// Remembers the theme; anything but `light` and `dark` follows the system again.
/// Without JavaScript the browser comes back to the page it was on.
#[server(protocol = Post)]
pub async fn set_theme(#[server(default)] theme: String) -> Result<(), AppError> {
    crate::server::theme::remember(crate::domain::theme::Theme::parse(&theme));
    Ok(())
}
