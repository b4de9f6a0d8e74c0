//! How often somebody may try: signing in and up, joining by PIN, invitation codes.
//! A school shares one address, so limits by address are generous and limits by account are tight.

use crate::{
    api::error::AppError,
    domain::{
        ids::{LiveSessionId, UserId},
        live::blitz::{CROWD, MOST_CROWD},
    },
};
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

/// What a guest of the usual crowd costs, of a larger one less: so that one limit serves all sizes.
const SHARES: u32 = MOST_CROWD / CROWD;

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
    take_card_user: Keyed,
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
            // So many that a hall of people who mistype is none who guesses: it makes a guess in an hour no likelier.
            wrong_pin_ip: keyed(200, Duration::from_secs(3)),
            join_session: keyed(6_000, Duration::from_millis(20)),
            crowd: keyed(MOST_CROWD, Duration::from_secs(1) / SHARES),
            door: keyed(MOST_CROWD, Duration::from_secs(2) / SHARES),
            invite_ip: keyed(300, Duration::from_secs(1)),
            password_user: keyed(10, Duration::from_secs(20)),
            take_card_user: keyed(200, Duration::from_secs(2)),
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
    pub fn current_password(&self, user: UserId) -> Result<(), AppError> {
        self.password_user.check(&user)
    }

    /// Before a quiz's card is copied into an own deck.
    pub fn take_card(&self, user: UserId) -> Result<(), AppError> {
        self.take_card_user.check(&user)
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

    /// Before somebody new takes a seat in a session of which `crowd` guests may walk in from one address. `true`: so many
    /// came from this one that the host should look at the next ones first. A class is far below, an assembly is expected
    /// or let in with one press; a script stands at the door, and is stopped there.
    pub fn join_session(&self, session: LiveSessionId, ip: IpAddr, guest: bool, crowd: u32) -> Result<bool, AppError> {
        self.join_session.check(&session)?;
        // A larger crowd begins anew: whoever was stopped as the last of the smaller one walks in now.
        let (key, cost) = ((session, ip, crowd), MOST_CROWD / crowd.clamp(CROWD, MOST_CROWD));
        if !guest || self.crowd.check_at(&key, cost).is_ok() {
            return Ok(false);
        }
        self.door.check_at(&key, cost)?;
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
        self.check_at(key, 1)
    }

    /// At a cost of so many of the limit's units.
    fn check_at(&self, key: &impl Hash, cost: u32) -> Result<(), AppError> {
        // Keys that are at rest need no memory.
        if self.checks.fetch_add(1, Ordering::Relaxed) % 4096 == 4095 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        let cost = NonZeroU32::new(cost).unwrap_or(NonZeroU32::MIN);
        match self.limiter.check_key_n(&self.hasher.hash_one(key), cost) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(refused)) => Err(too_many(refused.wait_time_from(DefaultClock::default().now()))),
            // More than the limit ever has.
            Err(_) => Err(too_many(Duration::MAX)),
        }
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
            assert_eq!(limits.join_session(session, HOME, true, CROWD), Ok(false));
        }
        let tries: Vec<_> = (0..1_000).map(|_| limits.join_session(session, HOME, true, CROWD)).collect();
        let straight = tries.iter().filter(|try_| **try_ == Ok(false)).count() + 35;
        let at_the_door = tries.iter().filter(|try_| **try_ == Ok(true)).count();
        assert!((150..160).contains(&straight) && (150..160).contains(&at_the_door), "{straight} {at_the_door}");
        assert!(matches!(tries.last(), Some(Err(AppError::TooMany { .. }))));
        // Who is known, who comes from elsewhere, and another class are not the script's business.
        assert_eq!(limits.join_session(session, HOME, false, CROWD), Ok(false));
        assert_eq!(limits.join_session(session, ELSEWHERE, true, CROWD), Ok(false));
        assert_eq!(limits.join_session(other, HOME, true, CROWD), Ok(false));
    }

    #[test]
    fn a11_an_assembly_that_is_expected_or_was_let_in_walks_in_and_not_without_end() {
        let limits = Limits::default();
        let walk_in = |session: u128, tries: u32, crowd: u32| {
            let session = LiveSessionId(uuid::Uuid::from_u128(session));
            (0..tries).filter(|_| limits.join_session(session, HOME, true, crowd) == Ok(false)).count()
        };
        let usual = walk_in(1, 400, CROWD);
        assert!((150..160).contains(&usual), "{usual}");
        // The host lets the crowd in with one press: twice as many may come.
        let more = walk_in(1, 1_000, 2 * CROWD);
        assert!((300..320).contains(&more), "{more}");
        // The host said before that a school comes.
        let school = walk_in(2, 2_000, 500);
        assert!((500..530).contains(&school), "{school}");
        let most = walk_in(3, 5_000, u32::MAX);
        assert!((3_000..3_200).contains(&most), "{most}");
    }

    #[test]
    fn whoever_guesses_pins_waits_even_for_the_right_one() {
        let limits = Limits::default();
        let misses = (0..500).take_while(|_| limits.wrong_pin(HOME).is_ok()).count();
        assert!((200..210).contains(&misses), "{misses}");
        assert!(matches!(limits.join_by_pin(HOME), Err(AppError::TooMany { .. })));
        assert_eq!(limits.join_by_pin(ELSEWHERE), Ok(()));
    }

    #[test]
    fn a11_right_pins_are_counted_by_address_and_over_all() {
        let limits = Limits::default();
        let joins = |ip: IpAddr| (0..4_000).take_while(|_| limits.join_by_pin(ip).is_ok()).count();
        let here = joins(HOME);
        assert!((2_000..3_000).contains(&here), "{here}");
        let everywhere: usize = (2..9).map(|n| joins(IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, n)))).sum();
        assert!((8_000..10_000).contains(&everywhere), "{everywhere}");
        assert!(matches!(limits.join_by_pin(ELSEWHERE), Err(AppError::TooMany { .. })));
    }

    #[test]
    fn accounts_invitations_and_the_own_password_have_limits_of_their_own() {
        let limits = Limits::default();
        let allowed = |attempt: &dyn Fn() -> Result<(), AppError>| (0..1_000).take_while(|_| attempt().is_ok()).count();
        let sign_ups = allowed(&|| limits.sign_up(HOME));
        assert!((200..210).contains(&sign_ups), "{sign_ups}");
        let invitations = allowed(&|| limits.invite_code(HOME));
        assert!((300..310).contains(&invitations), "{invitations}");
        let mina = UserId(uuid::Uuid::from_u128(1));
        let passwords = allowed(&|| limits.current_password(mina));
        assert!((10..12).contains(&passwords), "{passwords}");
        // Whoever is stopped stops nobody else.
        assert_eq!((limits.sign_up(ELSEWHERE), limits.invite_code(ELSEWHERE)), (Ok(()), Ok(())));
        let omar = UserId(uuid::Uuid::from_u128(2));
        assert_eq!(limits.current_password(omar), Ok(()));
        let cards = allowed(&|| limits.take_card(mina));
        assert!((200..205).contains(&cards), "{cards}");
        assert_eq!(limits.take_card(omar), Ok(()));
    }
}
