//! Password hashes: argon2id, few at a time, and as slow for an unknown account as for a known one.

use crate::{api::error::AppError, server::call::internal};
use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version, password_hash::SaltString,
};
use std::{sync::Arc, time::Duration};
use tokio::sync::Semaphore;

/// Memory of one hash in KiB, and passes over it: the first choice of the OWASP password storage sheet for argon2id.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
/// How long a sign-in waits for its turn before the server says that it is busy.
const PATIENCE: Duration = Duration::from_secs(15);

/// Hashes and verifies passwords, at most as many at once as there are processors (and never more than four),
/// so that a storm of sign-ins takes its time and not all memory.
#[derive(Clone, Debug)]
pub struct Passwords {
    turns: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        let turns = std::thread::available_parallelism().map_or(2, |n| n.get().min(4));
        Self { turns: Arc::new(Semaphore::new(turns)) }
    }
}

impl Passwords {
    /// The PHC string of `password`.
    pub async fn hash(&self, password: String) -> Result<String, AppError> {
        self.run(move || hash(&password)).await?.map_err(|error| internal(&error))
    }

    /// Whether `password` belongs to `hash`. Without a hash (no such account) it takes as long and says no.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, AppError> {
        self.run(move || match hash {
            Some(hash) => verify(&password, &hash),
            None => {
                let dummy = dummy();
                let _ = verify(&password, &dummy);
                false
            }
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
        let Ok(Ok(turn)) = tokio::time::timeout(PATIENCE, self.turns.clone().acquire_owned()).await else {
            return Err(AppError::Unavailable);
        };
        tokio::task::spawn_blocking(move || {
            // Held by the work itself: a caller that leaves does not free memory that is still in use.
            let _turn = turn;
            work()
        })
        .await
        .map_err(|error| internal(&error.to_string()))
    }
}

fn argon2() -> Result<Argon2<'static>, String> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|e| e.to_string())?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str) -> Result<String, String> {
    let salt = SaltString::encode_b64(&crate::server::random::bytes::<16>()).map_err(|e| e.to_string())?;
    argon2()?.hash_password(password.as_bytes(), &salt).map(|hash| hash.to_string()).map_err(|e| e.to_string())
}

fn verify(password: &str, hash: &str) -> bool {
    // The parameters come from the hash, so that older hashes stay good when the constants rise.
    PasswordHash::new(hash).is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
}

/// A well-formed hash that no password has: its salt and output are constants, not the result of hashing.
fn dummy() -> String {
    format!(
        "$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p=1$c3R1ZHloYWxsc2FsdDAwMA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_verifies_its_password_only() {
        let stored = hash("correct horse").unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("correct horse", &stored));
        assert!(!verify("correct horsf", &stored));
        assert!(!verify("correct horse", "not a hash"));
    }

    #[test]
    fn the_dummy_costs_as_much_as_a_real_hash() {
        let (real, dummy) = (hash("x").unwrap(), dummy());
        let (real, dummy) = (PasswordHash::new(&real).unwrap(), PasswordHash::new(&dummy).unwrap());
        assert_eq!(real.params, dummy.params);
        assert_eq!(real.algorithm, dummy.algorithm);
        assert_eq!(real.hash.unwrap().len(), dummy.hash.unwrap().len());
    }

    #[tokio::test]
    async fn an_unknown_account_is_refused() {
        assert_eq!(Passwords::default().verify("anything".into(), None).await, Ok(false));
    }
}
