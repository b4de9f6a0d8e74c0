//! Points for an answer by its speed.

/// Answers faster than this get all points: reaction time is not knowledge.
pub const FULL_POINTS_MS: u32 = 500;

/// Points of a right answer after `response_ms` of `limit_ms`, with `possible` points at most:
/// `round(P · (1 − t/T/2))`, all of `P` below half a second, half of it at the end.
/// Source: Kahoot's published rule (support article 115002303908).
///
/// The result is always within `0..=possible`.
pub fn speed_points(possible: u32, response_ms: u32, limit_ms: u32) -> u32 {
    if response_ms < FULL_POINTS_MS || limit_ms == 0 {
        return possible;
    }
    let (p, t, limit) = (u64::from(possible), u64::from(response_ms.min(limit_ms)), u64::from(limit_ms));
    // round(P − P·t/2T) in integers: (2·P·2T − 2·P·t + 2T) / (2·2T)
    let points = (4 * p * limit - 2 * p * t + 2 * limit) / (4 * limit);
    u32::try_from(points).map_or(possible, |points| points.min(possible))
}

/// The most that a streak adds to one answer.
pub const MOST_STREAK_BONUS: u32 = 500;

/// What the `n`-th right answer in a row earns on top: nothing, 100, 200, … up to 500.
/// Source: Kahoot's answer streak (support article 115002303908, earlier version).
pub fn streak_bonus(n: u32) -> u32 {
    n.saturating_sub(1).saturating_mul(100).min(MOST_STREAK_BONUS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_published_examples() {
        assert_eq!(speed_points(1000, 2_000, 20_000), 950);
        assert_eq!(speed_points(1000, 10_000, 20_000), 750);
        assert_eq!(speed_points(1000, 19_900, 20_000), 503);
        assert_eq!(speed_points(1000, 20_000, 20_000), 500);
        assert_eq!(speed_points(1000, 499, 20_000), 1000);
        assert_eq!(speed_points(0, 3_000, 20_000), 0);
    }

    #[test]
    fn a_streak_earns_up_to_five_hundred() {
        assert_eq!([0, 1, 2, 3, 6, 7, 1000].map(streak_bonus), [0, 0, 100, 200, 500, 500, 500]);
    }

    proptest! {
        #[test]
        fn a17_points_stay_between_half_and_all(p in 0u32..=4000, t in 0u32..=400_000, limit in 1u32..=240_000) {
            let points = speed_points(p, t, limit);
            prop_assert!(points <= p);
            prop_assert!(points >= p / 2);
        }

        #[test]
        fn slower_is_never_better(p in 0u32..=4000, t in 0u32..=240_000, more in 0u32..=10_000, limit in 1u32..=240_000) {
            prop_assert!(speed_points(p, t + more, limit) <= speed_points(p, t, limit));
        }

        #[test]
        fn it_is_the_rounded_formula(p in 0u32..=4000, t in 500u32..=240_000, limit in 500u32..=240_000) {
            let t = t.min(limit);
            let exact = f64::from(p) * (1.0 - f64::from(t) / f64::from(limit) / 2.0);
            prop_assert!((f64::from(speed_points(p, t, limit)) - exact).abs() <= 0.5 + 1e-6);
        }
    }
}
