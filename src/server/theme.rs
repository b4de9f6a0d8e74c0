//! The cookie that remembers light or dark, read before the page is rendered, so that nothing flashes.

use crate::domain::theme::Theme;
use axum::http::{HeaderMap, HeaderValue, header, request::Parts};
use leptos::{
    prelude::{provide_context, use_context},
    reactive::owner::with_context,
};
use leptos_axum::ResponseOptions;

const COOKIE: &str = "studyhall_theme";
/// 400 days, the longest that browsers keep a cookie.
const MAX_AGE_SECONDS: u32 = 400 * 24 * 60 * 60;

/// Gives the request's theme to the shell and the pages by context.
pub fn provide() {
    if let Some(theme) = with_context::<Parts, _>(|parts| chosen(&parts.headers)).flatten() {
        provide_context(theme);
    }
}

/// The theme in the request's cookies.
fn chosen(headers: &HeaderMap) -> Option<Theme> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .and_then(|(_, value)| Theme::parse(value))
}

/// Puts the cookie into the response; `None` takes it away.
pub fn remember(theme: Option<Theme>) {
    let (value, age) = theme.map_or(("", 0), |theme| (theme.as_str(), MAX_AGE_SECONDS));
    let cookie = format!("{COOKIE}={value}; Path=/; Max-Age={age}; SameSite=Lax; HttpOnly");
    if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(&cookie)) {
        response.append_header(header::SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookie: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(cookie))])
    }

    #[test]
    fn the_cookie_is_found_among_others_and_odd_values_mean_none() {
        assert_eq!(chosen(&headers("a=b; studyhall_theme=dark; c=d")), Some(Theme::Dark));
        assert_eq!(chosen(&headers("studyhall_theme=light")), Some(Theme::Light));
        assert_eq!(chosen(&headers("studyhall_theme=\"><script>")), None);
        assert_eq!(chosen(&headers("studyhall_theme")), None);
        assert_eq!(chosen(&HeaderMap::new()), None);
    }
}
