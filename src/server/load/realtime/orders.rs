//! The line to the stage. News are ordered by a thread of their own: orders that wait behind what the visitor hears
//! would come in bursts that nobody but the visitor makes.

use super::{Failure, PATIENCE};
use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    time::Duration,
};
use tokio::{
    task::spawn_blocking,
    time::{Instant, sleep},
};

pub(super) struct Orders {
    stream: TcpStream,
}

/// News at a steady rate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    /// News a second, over all rooms in turn.
    pub rate: f64,
    pub seconds: u64,
    /// The visitor's time now, microseconds.
    pub zero: u32,
}

impl Orders {
    pub async fn open(port: u16) -> Result<Self, Failure> {
        let until = Instant::now() + PATIENCE;
        loop {
            match TcpStream::connect(("127.0.0.1", port)) {
                Ok(stream) => {
                    stream.set_nodelay(true).map_err(gone)?;
                    return Ok(Self { stream });
                }
                Err(error) if Instant::now() > until => return Err(format!("the stage is not there: {error}")),
                Err(_) => sleep(Duration::from_millis(5)).await,
            }
        }
    }

    /// Orders news at their due times, however long the ones before took, and tells how many. `numbers` are those of
    /// the newest in each room.
    pub async fn publish(&self, plan: Plan, numbers: &mut Vec<u32>) -> Result<usize, Failure> {
        let (stream, mut own) = (self.stream.try_clone().map_err(gone)?, std::mem::take(numbers));
        let ordering = spawn_blocking(move || {
            let sent = order(stream, plan, &mut own);
            (sent, own)
        });
        let (sent, own) = ordering.await.map_err(|error| error.to_string())?;
        *numbers = own;
        sent
    }

    /// Channels, subscriptions, connections and devices on the server.
    pub async fn remembered(&self) -> Result<String, Failure> {
        let mut stream = self.stream.try_clone().map_err(gone)?;
        let asking = spawn_blocking(move || {
            stream.write_all(b"?\n")?;
            let mut line = String::new();
            BufReader::new(stream).read_line(&mut line)?;
            Ok(line.trim().to_owned())
        });
        asking.await.map_err(|error| error.to_string())?.map_err(gone)
    }
}

fn order(mut stream: TcpStream, plan: Plan, numbers: &mut [u32]) -> Result<usize, Failure> {
    let total = (plan.rate * plan.seconds as f64) as usize;
    let started = Instant::now();
    let (mut sent, mut text) = (0, String::new());
    while sent < total {
        text.clear();
        let due = ((started.elapsed().as_secs_f64() * plan.rate) as usize).min(total);
        while sent < due {
            let room = sent % numbers.len();
            numbers[room] += 1;
            sent += 1;
            // The first is due one period after the start.
            let stamp = plan.zero.wrapping_add((sent as f64 / plan.rate * 1e6) as u32);
            text.push_str(&format!("{room} {} {stamp}\n", numbers[room]));
        }
        stream.write_all(text.as_bytes()).map_err(gone)?;
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(sent)
}

fn gone(error: std::io::Error) -> Failure {
    format!("the stage is gone: {error}")
}
