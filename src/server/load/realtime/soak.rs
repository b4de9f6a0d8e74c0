//! Weeks in minutes: people come and go all the time while news go out. Memory must not grow with the visits, and
//! nothing may be left when the last one has gone.

use super::{Failure, Figures, Orders, PATIENCE, Realtime, Scene};
use std::{cell::RefCell, rc::Rc, time::Duration};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep},
};

/// Each second so many of a hundred go, and others come in their place.
const TURNOVER: usize = 5;

/// What the stage keeps of its visitors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Left {
    subscriptions: usize,
    connections: usize,
    devices: usize,
}

impl Left {
    /// From the stage's answer: channels, subscriptions, connections, devices.
    fn read(answer: &str) -> Result<Self, Failure> {
        let numbers: Vec<usize> = answer.split(' ').filter_map(|word| word.parse().ok()).collect();
        match numbers[..] {
            [_, subscriptions, connections, devices] => Ok(Self { subscriptions, connections, devices }),
            _ => Err(format!("the stage says something else: {answer}")),
        }
    }

    fn sum(self) -> usize {
        self.subscriptions + self.connections + self.devices
    }
}

impl Realtime {
    /// `present` are in by now; `invite` brings one more under a number.
    pub(super) async fn soak(
        &self,
        scene: &Rc<RefCell<Scene>>,
        orders: &Orders,
        rooms: usize,
        mut present: Vec<JoinHandle<()>>,
        invite: impl Fn(usize) -> Result<JoinHandle<()>, Failure>,
        figures: &mut Figures,
    ) -> Result<(), Failure> {
        let (mut numbers, mut samples, mut next, mut visits) = (vec![0; rooms], vec![], 0, present.len());
        let turn = Self { seconds: 1, ..self.copy() };
        let (started, whole) = (Instant::now(), Duration::from_secs_f64(self.minutes * 60.0));
        while started.elapsed() < whole {
            for _ in 0..(self.connections * TURNOVER / 100).max(1) {
                let number = next % self.connections;
                next += 1;
                visits += 1;
                if let Some(one) = present.get_mut(number) {
                    one.abort();
                    *one = invite(number)?;
                }
            }
            turn.publish(scene, orders, &mut numbers).await?;
            samples.push((started.elapsed().as_secs_f64() / 60.0, self.server()?.resident / 1000.0));
        }
        present.iter().for_each(JoinHandle::abort);
        let gone = Instant::now();
        let left = loop {
            let left = Left::read(&orders.remembered().await?)?;
            if left.sum() == 0 || gone.elapsed() > PATIENCE {
                break left;
            }
            sleep(Duration::from_millis(100)).await;
        };
        // The first half fills caches and pools.
        let steady = samples.get(samples.len() / 2..).unwrap_or_default();
        figures.add("visits", visits as f64, "");
        figures.add("delivered", scene.borrow().delivered as f64, "");
        figures.add("memory", samples.last().map_or(0.0, |sample| sample.1 / 1000.0), "MB");
        figures.add("memory_slope", slope(steady), "kB/min");
        figures.add("wrong", scene.borrow().wrong as f64, "");
        figures.add("left_subscriptions", left.subscriptions as f64, "");
        figures.add("left_connections", left.connections as f64, "");
        figures.add("left_devices", left.devices as f64, "");
        Ok(())
    }
}

/// Of the line through these points, by least squares; 0 for fewer than two.
fn slope(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let mean = |part: fn(&(f64, f64)) -> f64| points.iter().map(part).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let spread: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    let common: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    if spread > 0.0 { common / spread } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slope_is_that_of_a_line() {
        let line: Vec<(f64, f64)> = (0..9).map(|n| (f64::from(n), 7.0 - 2.5 * f64::from(n))).collect();
        assert!((slope(&line) + 2.5).abs() < 1e-9);
        assert_eq!((slope(&line[..1]), slope(&[])), (0.0, 0.0));
    }

    #[test]
    fn what_the_stage_keeps_is_read() {
        assert_eq!(Left::read("3 2 1 0"), Ok(Left { subscriptions: 2, connections: 1, devices: 0 }));
        assert!(Left::read("gone").is_err());
    }
}
