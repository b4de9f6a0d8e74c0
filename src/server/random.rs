//! The one place that draws from the machine's secure random source: ids, tokens, PINs, seeds.

use uuid::{Builder, Uuid};

/// `N` bytes nobody can guess.
///
/// # Panics
/// When the operating system has no random source: nothing could be kept secret then.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system provides random bytes");
    bytes
}

/// A new identifier (UUIDv7: sorts by the time of its making). `now` in Unix milliseconds.
pub fn id<T: From<Uuid>>(now: i64) -> T {
    Builder::from_unix_timestamp_millis(u64::try_from(now).unwrap_or(0), &bytes()).into_uuid().into()
}

/// A secret of 256 bits as 64 hexadecimal digits.
pub fn token() -> String {
    hex(&bytes::<32>())
}

/// A seed for a deterministic shuffle.
pub fn seed() -> u64 {
    u64::from_le_bytes(bytes())
}

/// A uniform number below `bound`, without modulo bias.
pub fn below(bound: u32) -> u32 {
    let zone = u32::MAX - u32::MAX % bound.max(1);
    loop {
        let draw = u32::from_le_bytes(bytes());
        if draw < zone {
            return draw % bound.max(1);
        }
    }
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        use std::fmt::Write as _;
        let _ = write!(out, "{byte:02x}");
        out
    })
}
