//! The browser's files, embedded in the binary and served under `/assets/<build id>/…`, compressed beforehand
//! and cacheable for good: another build has another id.

use axum::{
    body::{Body, Bytes},
    extract::Path,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};
use std::{borrow::Cow, sync::LazyLock};

/// What the build put into the site folder; empty when only the server was built.
#[derive(rust_embed::Embed)]
#[folder = "target/site"]
#[allow_missing = true]
struct Site;

/// Changes whenever the build changes a file of the site, so that cargo embeds it anew.
const _STAMP: Option<&str> = option_env!("STUDYHALL_SITE_STAMP");

/// Twelve hexadecimal digits that stand for the content of all files.
pub fn build_id() -> &'static str {
    static ID: LazyLock<String> = LazyLock::new(|| {
        let mut names: Vec<_> = Site::iter().collect();
        names.sort();
        let mut hash = Sha256::new();
        for name in names {
            hash.update(name.as_bytes());
            if let Some(file) = Site::get(&name) {
                hash.update(file.metadata.sha256_hash());
            }
        }
        super::random::hex(&hash.finalize()[..6])
    });
    &ID
}

/// The prefix of all files of this build: `/assets/<build id>`.
pub fn prefix() -> &'static str {
    static PREFIX: LazyLock<String> = LazyLock::new(|| format!("/assets/{}", build_id()));
    &PREFIX
}

/// Whether the site has this file.
pub fn contains(name: &str) -> bool {
    Site::get(name).is_some()
}

/// Answers `/assets/{build}/{*file}`.
pub async fn immutable(Path((build, file)): Path<(String, String)>, headers: HeaderMap) -> Response {
    if build != build_id() {
        return StatusCode::NOT_FOUND.into_response();
    }
    serve(&file, &headers, "public, max-age=31536000, immutable")
        .unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())
}

/// A file that must have a fixed address (`/favicon.ico`, `/robots.txt`, …), if there is one at `path`.
pub fn at_root(path: &str, headers: &HeaderMap) -> Option<Response> {
    let name = path.trim_start_matches('/');
    if name.starts_with("pkg/") { None } else { serve(name, headers, "public, max-age=3600") }
}

fn serve(name: &str, headers: &HeaderMap, cache: &'static str) -> Option<Response> {
    if name.ends_with(".br") || name.ends_with(".gz") {
        return None;
    }
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let compressed = [("br", "br"), ("gz", "gzip")]
        .into_iter()
        .filter(|(_, coding)| accepts(accepted, coding))
        .find_map(|(ending, coding)| Site::get(&format!("{name}.{ending}")).map(|file| (file, Some(coding))));
    let (file, coding) = compressed.or_else(|| Site::get(name).map(|file| (file, None)))?;
    let bytes = match file.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    };
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let mut response = Response::new(Body::from(bytes));
    let head = response.headers_mut();
    let kind = if kind.type_() == "text" { format!("{kind}; charset=utf-8") } else { kind.to_string() };
    head.insert(header::CONTENT_TYPE, kind.parse().ok()?);
    head.insert(header::CACHE_CONTROL, header::HeaderValue::from_static(cache));
    head.insert(header::VARY, header::HeaderValue::from_static("accept-encoding"));
    if let Some(coding) = coding {
        head.insert(header::CONTENT_ENCODING, header::HeaderValue::from_static(coding));
    }
    Some(response)
}

/// Whether `Accept-Encoding` names `coding` without refusing it by `q=0`.
fn accepts(accepted: &str, coding: &str) -> bool {
    accepted.split(',').any(|part| {
        let mut words = part.split(';').map(str::trim);
        words.next() == Some(coding)
            && !words.any(|word| word.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0f32)))
    })
}
