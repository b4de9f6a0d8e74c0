//! Counting down what the server said was left, by this browser's own clock alone: two clocks never need to agree.

use super::browser;
use leptos::prelude::*;
use std::time::Duration;

/// How often a countdown is drawn; the ring's transition bridges the gaps.
const DRAW: Duration = Duration::from_millis(200);

/// So much was left when it was heard.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Countdown {
    /// On the clock of [`browser::now`].
    pub heard_at: f64,
    pub remaining_ms: u32,
}

impl Countdown {
    /// Milliseconds left at `now`, never below 0 and never more than were left when it was heard.
    pub fn left_ms(self, now: f64) -> u32 {
        let passed = (now - self.heard_at).max(0.0);
        (f64::from(self.remaining_ms) - passed).max(0.0).ceil() as u32
    }

    /// Seconds as people count them down: 5 until the fifth last second is over, 0 at the end.
    pub fn seconds(self, now: f64) -> u32 {
        self.left_ms(now).div_ceil(1000)
    }
}

/// The time now, drawn anew a few times a second while this owner lives. Starts at `at`, as the server rendered it.
pub fn use_now(at: f64) -> Signal<f64> {
    let now = RwSignal::new(at);
    Effect::new(move || {
        now.set(browser::now());
        let handle = set_interval_with_handle(move || now.set(browser::now()), DRAW);
        on_cleanup(move || {
            if let Ok(handle) = handle {
                handle.clear();
            }
        });
    });
    now.into()
}

/// The whole seconds left, drawn at the moment they change, so that all screens change together.
pub fn use_seconds(countdown: Signal<Countdown>, runs: Signal<bool>) -> Signal<u32> {
    let seconds = RwSignal::new(countdown.get_untracked().remaining_ms.div_ceil(1000));
    let changes = Trigger::new();
    Effect::new(move || {
        changes.track();
        let runs = runs.get();
        let left = countdown.with(|c| if runs { c.left_ms(browser::now()) } else { c.remaining_ms });
        seconds.set(left.div_ceil(1000));
        if runs && left > 0 {
            let pause = Duration::from_millis(u64::from((left - 1) % 1000 + 1));
            let handle = set_timeout_with_handle(move || changes.notify(), pause);
            on_cleanup(move || {
                if let Ok(handle) = handle {
                    handle.clear();
                }
            });
        }
    });
    seconds.into()
}

#[cfg(test)]
mod tests {
    use super::Countdown;
    use proptest::prelude::*;

    #[test]
    fn counts_like_people_do() {
        let c = Countdown { heard_at: 1000.0, remaining_ms: 5000 };
        for (now, seconds) in [(1000.0, 5), (1001.0, 5), (1999.9, 5), (2000.0, 4), (5999.0, 1), (6000.0, 0), (9e9, 0)] {
            assert_eq!(c.seconds(now), seconds, "{now}");
        }
    }

    proptest! {
        #[test]
        fn never_rises_and_stays_within_what_was_heard(
            heard_at in 0.0f64..1e7, remaining_ms in 0u32..300_000, a in 0.0f64..1e8, b in 0.0f64..1e8
        ) {
            let c = Countdown { heard_at, remaining_ms };
            let (early, late) = (a.min(b), a.max(b));
            prop_assert!(c.left_ms(late) <= c.left_ms(early));
            prop_assert!(c.left_ms(early) <= remaining_ms);
        }
    }
}
