//! What a run measured, as a table for people or as lines of JSON.

use hdrhistogram::Histogram;
use std::time::Duration;

/// The figures of one run, in the order in which they are printed.
#[derive(Debug, Default)]
pub struct Figures(Vec<(String, f64, &'static str)>);

impl Figures {
    pub fn add(&mut self, name: &str, value: f64, unit: &'static str) {
        self.0.push((name.to_owned(), value, unit));
    }

    /// Median, tail and worst of the times in `times`.
    pub fn add_times(&mut self, name: &str, times: &Times) {
        for (part, value) in
            [("p50", times.at(0.5)), ("p95", times.at(0.95)), ("p99", times.at(0.99)), ("max", times.at(1.0))]
        {
            self.add(&format!("{name}_{part}"), value, "ms");
        }
    }

    pub fn print(&self, json: bool) {
        for (name, value, unit) in &self.0 {
            if json {
                println!("{}", serde_json::json!({ "name": name, "value": rounded(*value), "unit": unit }));
            } else {
                println!("{name:<28} {:>12} {unit}", rounded(*value));
            }
        }
    }
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// Many durations.
#[derive(Debug)]
pub struct Times(Histogram<u64>);

impl Default for Times {
    fn default() -> Self {
        // Microseconds up to two minutes with three digits; these bounds are valid for any histogram.
        let histogram = Histogram::new_with_max(120_000_000, 3);
        Self(histogram.unwrap_or_else(|_| unreachable!("three digits up to two minutes")))
    }
}

impl Times {
    pub fn record(&mut self, time: Duration) {
        self.0.saturating_record(u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
    }

    pub fn join(&mut self, other: &Self) {
        // Both have the same bounds.
        let _ = self.0.add(&other.0);
    }

    /// Milliseconds that the share `quantile` of all does not exceed.
    pub fn at(&self, quantile: f64) -> f64 {
        self.0.value_at_quantile(quantile) as f64 / 1000.0
    }
}

/// Milliseconds with fractions.
pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_of_a_hundred_times_is_the_99th() {
        let mut times = Times::default();
        (1..=100).for_each(|n| times.record(Duration::from_millis(n)));
        assert_eq!((times.at(0.5).round(), times.at(0.99).round(), times.at(1.0).round()), (50.0, 99.0, 100.0));
    }
}
