//! Browsers that open one page again and again, each over one connection: closed loop, cheap, and every answer is
//! looked at.

use super::{
    Failure, Target,
    figures::{Figures, Times},
    line::{authority, connect, resolve},
    teacher::Teacher,
};
use clap::Args;
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, timeout},
};

#[derive(Debug, Args)]
pub struct Http {
    #[command(flatten)]
    target: Target,
    #[arg(long, default_value = "/decks")]
    path: String,
    #[arg(long, default_value_t = 32)]
    connections: usize,
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Makes this many decks first.
    #[arg(long, default_value_t = 0)]
    decks: u32,
    /// What every answer must contain.
    #[arg(long, default_value = "")]
    needle: String,
    /// Nobody is signed in.
    #[arg(long)]
    anonymous: bool,
    /// Value of Accept-Encoding; empty: answers are not compressed. With it, the needle is not looked for.
    #[arg(long, default_value = "")]
    encoding: String,
}

impl Http {
    pub async fn run(self) -> Result<(), Failure> {
        let to = resolve(&self.target.url).await?;
        let cookie = if self.anonymous && self.decks == 0 {
            String::new()
        } else {
            let teacher = Teacher::enter(&self.target).await?;
            for n in 1..=self.decks {
                teacher.create_deck(&format!("Deck number {n}")).await?;
            }
            if self.anonymous { String::new() } else { format!("Cookie: {}\r\n", teacher.cookie) }
        };
        let encoding =
            if self.encoding.is_empty() { String::new() } else { format!("Accept-Encoding: {}\r\n", self.encoding) };
        let host = authority(&self.target.url)?;
        let request = Arc::<str>::from(format!(
            "GET {} HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\n{encoding}{cookie}\r\n",
            self.path
        ));
        let needle = Arc::<str>::from(if self.encoding.is_empty() { self.needle.as_str() } else { "" });

        // A second to warm up, not counted.
        let from = Instant::now() + Duration::from_secs(1);
        let until = from + Duration::from_secs(self.seconds);
        let mut browsers = tokio::task::JoinSet::new();
        for number in 0..self.connections {
            browsers.spawn(browse(to, number, Arc::clone(&request), Arc::clone(&needle), from, until));
        }
        let (mut times, mut count, mut served, mut bytes) = (Times::default(), 0, 0, 0);
        while let Some(ended) = browsers.join_next().await {
            let done = ended.map_err(|error| error.to_string())??;
            times.join(&done.times);
            count += done.count;
            served += done.served;
            bytes = done.bytes;
        }
        let mut figures = Figures::default();
        figures.add("requests", count as f64 / self.seconds as f64, "1/s");
        figures.add_times("answer", &times);
        figures.add("served", served as f64, "");
        figures.add("page", bytes as f64 / 1000.0, "kB");
        figures.print(self.target.json);
        Ok(())
    }
}

#[derive(Debug, Default)]
struct Done {
    times: Times,
    count: usize,
    /// With those of the warm-up.
    served: usize,
    /// Of the last answer's body.
    bytes: usize,
}

async fn browse(
    to: SocketAddr,
    number: usize,
    request: Arc<str>,
    needle: Arc<str>,
    from: Instant,
    until: Instant,
) -> Result<Done, Failure> {
    let mut stream = connect(to, number).await.map_err(|error| format!("cannot connect: {error}"))?;
    let mut done = Done::default();
    let (mut buffer, mut body) = (Vec::with_capacity(128 * 1024), Vec::with_capacity(128 * 1024));
    loop {
        let started = Instant::now();
        if started >= until {
            return Ok(done);
        }
        let exchange = async {
            stream.write_all(request.as_bytes()).await.map_err(|error| error.to_string())?;
            answer(&mut stream, &mut buffer, &mut body).await
        };
        timeout(super::host::PATIENCE, exchange).await.map_err(|_| "no answer within a minute")??;
        done.served += 1;
        if started >= from {
            done.times.record(started.elapsed());
            done.count += 1;
        }
        done.bytes = body.len();
        if !needle.is_empty() && !String::from_utf8_lossy(&body).contains(&*needle) {
            return Err(format!("an answer of {} bytes does not contain “{needle}”", body.len()));
        }
    }
}

/// Reads one answer with status 200; its body is then in `body`.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>, body: &mut Vec<u8>) -> Result<(), Failure> {
    buffer.clear();
    body.clear();
    let head = loop {
        if let Some(end) = find(buffer, b"\r\n\r\n", 0) {
            break end + 4;
        }
        more(stream, buffer).await?;
    };
    let text = String::from_utf8_lossy(buffer.get(..head).unwrap_or_default()).to_ascii_lowercase();
    if !text.starts_with("http/1.1 200 ") {
        return Err(format!("the answer is: {}", text.lines().next().unwrap_or_default()));
    }
    let header = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    if let Some(length) = header("content-length:").and_then(|length| length.parse::<usize>().ok()) {
        while buffer.len() < head + length {
            more(stream, buffer).await?;
        }
        body.extend_from_slice(buffer.get(head..head + length).unwrap_or_default());
        return Ok(());
    }
    if header("transfer-encoding:") != Some("chunked") {
        return Err("an answer without length".to_owned());
    }
    let mut at = head;
    loop {
        let end = loop {
            if let Some(end) = find(buffer, b"\r\n", at) {
                break end;
            }
            more(stream, buffer).await?;
        };
        let digits = std::str::from_utf8(buffer.get(at..end).unwrap_or_default()).unwrap_or_default();
        let length = usize::from_str_radix(digits, 16).map_err(|_| "a chunk without length")?;
        let start = end + 2;
        while buffer.len() < start + length + 2 {
            more(stream, buffer).await?;
        }
        if length == 0 {
            return Ok(());
        }
        body.extend_from_slice(buffer.get(start..start + length).unwrap_or_default());
        at = start + length + 2;
    }
}

async fn more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<(), Failure> {
    buffer.reserve(64 * 1024);
    match stream.read_buf(buffer).await {
        Ok(0) => Err("the server hung up".to_owned()),
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

fn find(buffer: &[u8], pattern: &[u8], from: usize) -> Option<usize> {
    let rest = buffer.get(from..)?;
    rest.windows(pattern.len()).position(|window| window == pattern).map(|at| at + from)
}
