//! How long to wait before the next try.

/// The longest pause between two tries.
pub const CAP_MS: u64 = 20_000;

/// Full jitter, drawn after the cap, so that a class does not come back at the same moment.
pub fn pause_ms(attempt: u32, random: f64) -> u64 {
    let longest = if attempt == 0 { 1000 } else { (500u64 << attempt.min(6)).min(CAP_MS) };
    // Below 20,000: exact in a double.
    (random.clamp(0.0, 1.0) * longest as f64) as u64
}
