//! A seat in a live session: its secret is 256 bits in an HttpOnly cookie of its own, its SHA-256 is stored,
//! and it is never told to anybody but the one who took the seat.

use crate::{domain::ids::LiveSessionId, server::random};
use axum::http::{HeaderMap, header};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Seats that one request may show.
const MAX_SEATS: usize = 8;
/// A day: long enough for any lesson.
const MAX_AGE_S: u32 = 24 * 60 * 60;
const PREFIX: &str = "studyhall_seat_";
/// Attempts that one request may show: they live longer than seats.
const MAX_ATTEMPTS: usize = 32;
/// Longer than any deadline, and a month to look at the result.
const ATTEMPT_AGE_S: u32 = 120 * 24 * 60 * 60;
const ATTEMPT: &str = "studyhall_again_";

/// SHA-256 of a seat's secret.
pub type SecretHash = [u8; 32];

/// A new secret and its hash.
pub fn secret() -> (String, SecretHash) {
    let secret = random::token();
    let hash = hash(&secret);
    (secret, hash)
}

pub fn hash(secret: &str) -> SecretHash {
    Sha256::digest(secret.as_bytes()).into()
}

/// The cookie that keeps the seat in this browser.
pub fn cookie(session: LiveSessionId, secret: &str, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{PREFIX}{}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={MAX_AGE_S}{secure}", session.0.simple())
}

/// The cookie that keeps an attempt at a quiz that is over in this browser.
pub fn attempt_cookie(session: LiveSessionId, secret: &str, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{ATTEMPT}{}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={ATTEMPT_AGE_S}{secure}", session.0.simple())
}

/// The seats that a request shows.
pub fn seats(headers: &HeaderMap) -> Vec<(LiveSessionId, SecretHash)> {
    shown(headers, PREFIX, MAX_SEATS)
}

/// The attempts that a request shows.
pub fn attempts(headers: &HeaderMap) -> Vec<(LiveSessionId, SecretHash)> {
    shown(headers, ATTEMPT, MAX_ATTEMPTS)
}

fn shown(headers: &HeaderMap, prefix: &str, most: usize) -> Vec<(LiveSessionId, SecretHash)> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().strip_prefix(prefix)?.split_once('='))
        .filter_map(|(session, secret)| Some((LiveSessionId(Uuid::try_parse(session).ok()?), hash(secret))))
        .take(most)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_that_was_set_is_read_back_as_its_hash() {
        let session = LiveSessionId(Uuid::from_u128(7));
        let (secret, expected) = secret();
        let cookie = cookie(session, &secret, true);
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Secure"));
        let mut headers = HeaderMap::new();
        let pair = cookie.split(';').next().unwrap_or_default();
        headers.insert(header::COOKIE, format!("a=b; {pair}; studyhall_seat_x=1").parse().unwrap());
        assert_eq!(seats(&headers), vec![(session, expected)]);
    }
}
