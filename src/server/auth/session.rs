//! Sign-ins: a random token in a cookie, its SHA-256 in the database, and a short memory of who it is.

use super::SignedIn;
use crate::{
    domain::ids::{SignInId, UserId},
    server::{
        gather::Gather,
        random,
        storage::{Db, SignInRow, StoreError},
    },
};
use axum::http::{HeaderMap, header};
use moka::future::Cache;
use sha2::{Digest, Sha256};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// The cookie that carries the token.
pub const COOKIE: &str = "studyhall_session";
/// How long a sign-in lives after its last use, in milliseconds: 30 days.
pub const LIFETIME: i64 = 30 * 24 * 3600 * 1000;
/// `last_seen_at` is written at most this often, in milliseconds: 5 minutes.
const TOUCH_EVERY: i64 = 5 * 60 * 1000;

/// SHA-256 of a cookie's token.
pub type TokenHash = [u8; 32];

/// Whose a token is, remembered for a few seconds: every page asks.
#[derive(Clone, Debug)]
pub struct Sessions {
    known: Cache<TokenHash, Arc<Known>>,
    /// Raised by everything that ends a sign-in or changes an account; what was remembered under an older number
    /// no longer counts. Read before the database is asked, so that a slow answer cannot outlive a sign-out.
    generation: Arc<AtomicU64>,
    /// A class that comes back at once is looked up together.
    rows: Gather<TokenHash, SignInRow>,
}

#[derive(Debug)]
struct Known {
    generation: u64,
    expires_at: i64,
    who: SignedIn,
}

/// The result of a look-up.
#[derive(Debug)]
pub struct Found {
    pub who: SignedIn,
    /// The sign-in's life was prolonged just now: the cookie should be as well.
    pub prolonged: bool,
}

impl Default for Sessions {
    fn default() -> Self {
        let known = Cache::builder().max_capacity(20_000).time_to_live(Duration::from_secs(10)).build();
        Self { known, generation: Arc::default(), rows: Gather::default() }
    }
}

impl Sessions {
    /// Signs `user` in and gives the cookie's token. `None` when the account's password is no longer `password_hash`:
    /// it was changed while this sign-in was on its way.
    pub async fn begin(
        &self,
        db: &Db,
        user: UserId,
        password_hash: &str,
        user_agent: &str,
        now: i64,
    ) -> Result<Option<String>, StoreError> {
        let token = random::token();
        let id: SignInId = random::id(now);
        let user_agent: String = user_agent.chars().take(300).collect();
        let begun = db.begin_sign_in(id, user, &hash(&token), password_hash, &user_agent, now, now + LIFETIME).await?;
        Ok(begun.then_some(token))
    }

    /// Whose `token` is, `None` when it is unknown or its time is over.
    pub async fn find(&self, db: &Db, token: &str, now: i64) -> Result<Option<Found>, StoreError> {
        self.look_up(db, token, now, true).await
    }

    /// Like [`Self::find`] without prolonging it: for who cannot be given the cookie anew.
    pub async fn glance(&self, db: &Db, token: &str, now: i64) -> Result<Option<Found>, StoreError> {
        self.look_up(db, token, now, false).await
    }

    async fn look_up(&self, db: &Db, token: &str, now: i64, prolong: bool) -> Result<Option<Found>, StoreError> {
        let key = hash(token);
        let generation = self.generation.load(Ordering::Acquire);
        if let Some(known) = self.known.get(&key).await
            && known.generation == generation
            && known.expires_at > now
        {
            return Ok(Some(Found { who: known.who.clone(), prolonged: false }));
        }
        let own = db.clone();
        let read = move |hashes: Vec<TokenHash>| {
            let db = own.clone();
            async move { db.sign_ins_by_token(&hashes, now).await }
        };
        let Some(row) = self.rows.get(key, read).await? else { return Ok(None) };
        // Whoever read for all may have asked a moment earlier.
        if row.expires_at <= now {
            return Ok(None);
        }
        let prolonged = prolong && now - row.last_seen_at >= TOUCH_EVERY;
        let mut expires_at = row.expires_at;
        if prolonged {
            expires_at = now + LIFETIME;
            // A database that cannot be written right now still lets people read.
            if let Err(error) = db.touch_sign_in(row.who.sign_in, now, expires_at).await {
                tracing::warn!(error.cause = %error, "sign-in not prolonged");
                expires_at = row.expires_at;
            }
        }
        let known = Arc::new(Known { generation, expires_at, who: row.who.clone() });
        self.known.insert(key, known).await;
        Ok(Some(Found { who: row.who, prolonged }))
    }

    /// Call after anything that ends a sign-in or changes an account's name, role or password.
    pub fn forget(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
    }
}

/// SHA-256 of a token.
pub fn hash(token: &str) -> TokenHash {
    Sha256::digest(token.as_bytes()).into()
}

/// The token in a request's cookies.
pub fn token(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, value)| *name == COOKIE && value.len() == 64)
        .map(|(_, value)| value)
}

/// The `Set-Cookie` value that carries `token`; `secure` when the site is reached over TLS.
pub fn cookie(token: &str, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{COOKIE}={token}; HttpOnly; SameSite=Lax; Path=/; Max-Age={}{secure}", LIFETIME / 1000)
}

/// The `Set-Cookie` value that removes the cookie.
pub fn removal(secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{COOKIE}=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let token_text = "a".repeat(64);
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "theme=dark".parse().unwrap());
        headers.append(header::COOKIE, format!("x=1; {COOKIE}={token_text}; y=2").parse().unwrap());
        assert_eq!(token(&headers), Some(token_text.as_str()));
        assert_eq!(token(&HeaderMap::new()), None);
    }

    #[test]
    fn the_cookie_cannot_be_read_by_scripts_or_sent_across_sites() {
        let cookie = cookie("t", true);
        for flag in ["HttpOnly", "SameSite=Lax", "Path=/", "Secure", "Max-Age=2592000"] {
            assert!(cookie.contains(flag), "{flag}");
        }
    }
}
