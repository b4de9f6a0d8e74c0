//! How often somebody may try: signing in and up, joining by PIN, invitation codes.
//! A school shares one address, so limits by address are generous and limits by account are tight.

use crate::{api::error::AppError, domain::ids::LiveSessionId};
use governor::{
    DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hash},
    net::IpAddr,
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

/// All limits of a server.
#[derive(Debug)]
pub struct Limits {
    sign_in_account: Keyed,
    sign_in_account_and_ip: Keyed,
    sign_in_ip: Keyed,
    sign_up_ip: Keyed,
    join_ip: Keyed,
    wrong_pin_ip: Keyed,
    join_session: Keyed,
    crowd: Keyed,
    door: Keyed,
    invite_ip: Keyed,
    password_user: Keyed,
    join_all: DefaultDirectRateLimiter,
    /// Addresses that tried too many wrong PINs, until when.
    guessing: dashmap::DashMap<IpAddr, std::time::Instant>,
}

impl Default for Limits {
    fn default() -> Self {
        let keyed = |burst, every| Keyed::new(burst, every);
        Self {
            sign_in_account: keyed(60, Duration::from_secs(30)),
            sign_in_account_and_ip: keyed(10, Duration::from_secs(20)),
            sign_in_ip: keyed(1000, Duration::from_millis(200)),
            sign_up_ip: keyed(200, Duration::from_secs(2)),
            join_ip: keyed(2000, Duration::from_millis(50)),
            wrong_pin_ip: keyed(60, Duration::from_secs(3)),
            join_session: keyed(6_000, Duration::from_millis(20)),
            crowd: keyed(150, Duration::from_secs(1)),
            door: keyed(150, Duration::from_secs(2)),
            invite_ip: keyed(300, Duration::from_secs(1)),
            password_user: keyed(10, Duration::from_secs(20)),
            join_all: RateLimiter::direct(quota(10_000, Duration::from_millis(5))),
            guessing: dashmap::DashMap::new(),
        }
    }
}

impl Limits {
    /// Before a password is looked at. `email` in lower case.
    pub fn sign_in(&self, email: &str, ip: IpAddr) -> Result<(), AppError> {
        self.sign_in_ip.check(&ip)?;
        // Tight for one browser, wider for the account as a whole: a stranger shall not lock its owner out.
        self.sign_in_account_and_ip.check(&(email, ip))?;
        self.sign_in_account.check(&email)
    }

    pub fn sign_up(&self, ip: IpAddr) -> Result<(), AppError> {
        self.sign_up_ip.check(&ip)
    }

    /// Before the current password of a signed-in account is looked at.
    pub fn current_password(&self, user: crate::domain::ids::UserId) -> Result<(), AppError> {
        self.password_user.check(&user)
    }

    /// Before an invitation's code is looked up.
    pub fn invite_code(&self, ip: IpAddr) -> Result<(), AppError> {
        self.invite_ip.check(&ip)
    }

    /// Before a PIN is looked up: by address, over the whole installation, and not while the address is guessing.
    pub fn join_by_pin(&self, ip: IpAddr) -> Result<(), AppError> {
        let until = self.guessing.get(&ip).map(|until| *until);
        if let Some(until) = until {
            let left = until.saturating_duration_since(std::time::Instant::now());
            if !left.is_zero() {
                return Err(too_many(left));
            }
            self.guessing.remove(&ip);
        }
        self.join_ip.check(&ip)?;
        self.join_all.check().map_err(|refused| too_many(refused.wait_time_from(DefaultClock::default().now())))
    }

    /// Before somebody new takes a seat in a session. `true`: so many guests came from this address that the host should
    /// look at the next ones first. A class behind one address is far below, a lecture hall is let in with one press;
    /// a script stands at the door, and is stopped there.
    pub fn join_session(&self, session: LiveSessionId, ip: IpAddr, guest: bool) -> Result<bool, AppError> {
        self.join_session.check(&session)?;
        if !guest || self.crowd.check(&(session, ip)).is_ok() {
            return Ok(false);
        }
        self.door.check(&(session, ip))?;
        Ok(true)
    }

    /// After a PIN that does not exist. From its error on the address waits, even with the right PIN:
    /// a million PINs cannot be tried while a quiz runs.
    pub fn wrong_pin(&self, ip: IpAddr) -> Result<(), AppError> {
        let checked = self.wrong_pin_ip.check(&ip);
        if let Err(AppError::TooMany { retry_after }) = &checked {
            let until = std::time::Instant::now() + Duration::from_secs(u64::from(*retry_after));
            self.guessing.insert(ip, until);
        }
        checked
    }
}

/// A limit per key. Keys are kept as 64-bit hashes: small, and no e-mail stays in memory.
#[derive(Debug)]
struct Keyed {
    limiter: DefaultKeyedRateLimiter<u64>,
    hasher: RandomState,
    checks: AtomicU32,
}

impl Keyed {
    /// `burst` at once, then one more each `every`.
    fn new(burst: u32, every: Duration) -> Self {
        Self {
            limiter: RateLimiter::dashmap(quota(burst, every)),
            hasher: RandomState::new(),
            checks: AtomicU32::default(),
        }
    }

    fn check(&self, key: &impl Hash) -> Result<(), AppError> {
        // Keys that are at rest need no memory.
        if self.checks.fetch_add(1, Ordering::Relaxed) % 4096 == 4095 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        self.limiter
            .check_key(&self.hasher.hash_one(key))
            .map_err(|refused| too_many(refused.wait_time_from(DefaultClock::default().now())))
    }
}

fn quota(burst: u32, every: Duration) -> Quota {
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(every).unwrap_or(Quota::per_second(burst)).allow_burst(burst)
}

fn too_many(wait: Duration) -> AppError {
    AppError::TooMany { retry_after: u32::try_from(wait.as_secs()).unwrap_or(u32::MAX - 1).saturating_add(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));
    const ELSEWHERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 2));

    #[test]
    fn one_browser_guesses_ten_passwords_and_waits_while_the_owner_signs_in() {
        let limits = Limits::default();
        for _ in 0..10 {
            assert_eq!(limits.sign_in("mina@school.test", HOME), Ok(()));
        }
        assert!(matches!(limits.sign_in("mina@school.test", HOME), Err(AppError::TooMany { retry_after: 1..=21 })));
        assert_eq!(limits.sign_in("mina@school.test", ELSEWHERE), Ok(()));
        assert_eq!(limits.sign_in("omar@school.test", HOME), Ok(()));
    }

    #[test]
    fn a_school_behind_one_address_signs_in() {
        let limits = Limits::default();
        for pupil in 0..900 {
            assert_eq!(limits.sign_in(&format!("{pupil}@school.test"), HOME), Ok(()));
        }
    }

    #[test]
    fn a11_a_class_walks_in_and_a_script_stands_at_the_door_until_it_is_stopped() {
        let limits = Limits::default();
        let [session, other] = [1, 2].map(|n| LiveSessionId(uuid::Uuid::from_u128(n)));
        for _ in 0..35 {
            assert_eq!(limits.join_session(session, HOME, true), Ok(false));
        }
        let tries: Vec<_> = (0..1_000).map(|_| limits.join_session(session, HOME, true)).collect();
        let straight = tries.iter().filter(|try_| **try_ == Ok(false)).count() + 35;
        let at_the_door = tries.iter().filter(|try_| **try_ == Ok(true)).count();
        assert!((150..160).contains(&straight) && (150..160).contains(&at_the_door), "{straight} {at_the_door}");
        assert!(matches!(tries.last(), Some(Err(AppError::TooMany { .. }))));
        // Who is known, who comes from elsewhere, and another class are not the script's business.
        assert_eq!(limits.join_session(session, HOME, false), Ok(false));
        assert_eq!(limits.join_session(session, ELSEWHERE, true), Ok(false));
        assert_eq!(limits.join_session(other, HOME, true), Ok(false));
    }

    #[test]
    fn whoever_guesses_pins_waits_even_for_the_right_one() {
        let limits = Limits::default();
        let misses = (0..200).take_while(|_| limits.wrong_pin(HOME).is_ok()).count();
        assert!((60..70).contains(&misses), "{misses}");
        assert!(matches!(limits.join_by_pin(HOME), Err(AppError::TooMany { .. })));
        assert_eq!(limits.join_by_pin(ELSEWHERE), Ok(()));
    }

    #[test]
    fn accounts_invitations_and_the_own_password_have_limits_of_their_own() {
        let limits = Limits::default();
        let allowed = |attempt: &dyn Fn() -> Result<(), AppError>| (0..1_000).take_while(|_| attempt().is_ok()).count();
        let sign_ups = allowed(&|| limits.sign_up(HOME));
        assert!((200..210).contains(&sign_ups), "{sign_ups}");
        let invitations = allowed(&|| limits.invite_code(HOME));
        assert!((300..310).contains(&invitations), "{invitations}");
        let mina = crate::domain::ids::UserId(uuid::Uuid::from_u128(1));
        let passwords = allowed(&|| limits.current_password(mina));
        assert!((10..12).contains(&passwords), "{passwords}");
        // Whoever is stopped stops nobody else.
        assert_eq!((limits.sign_up(ELSEWHERE), limits.invite_code(ELSEWHERE)), (Ok(()), Ok(())));
        assert_eq!(limits.current_password(crate::domain::ids::UserId(uuid::Uuid::from_u128(2))), Ok(()));
    }
}
