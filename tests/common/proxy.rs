//! A bad network: a TCP proxy that delays, throttles, goes silent, resets and cuts.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    time::sleep,
};

/// Passes everything on until it is told otherwise.
pub struct Proxy {
    /// `http://127.0.0.1:<port>`.
    pub url: String,
    faults: Arc<Faults>,
}

struct Faults {
    delay_ms: AtomicU64,
    /// Bytes a second; 0: no limit.
    rate: AtomicU64,
    /// Both sides stay open and hear nothing.
    silent: AtomicBool,
    /// Bytes until the connection is cut; negative: never.
    left: AtomicI64,
    /// Raised to cut all connections.
    cut: watch::Sender<u64>,
}

impl Proxy {
    pub async fn to(url: &str) -> Self {
        let to = url.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let faults = Arc::new(Faults {
            delay_ms: AtomicU64::new(0),
            rate: AtomicU64::new(0),
            silent: AtomicBool::new(false),
            left: AtomicI64::new(-1),
            cut: watch::channel(0).0,
        });
        let shared = Arc::clone(&faults);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                // While the server is gone, whoever calls is hung up on.
                let Ok(server) = TcpStream::connect(&to).await else { continue };
                tokio::spawn(pass(client, server, Arc::clone(&shared)));
            }
        });
        Self { url, faults }
    }

    pub fn delay(&self, ms: u64) {
        self.faults.delay_ms.store(ms, SeqCst);
    }

    pub fn throttle(&self, bytes_per_second: u64) {
        self.faults.rate.store(bytes_per_second, SeqCst);
    }

    pub fn silence(&self, on: bool) {
        self.faults.silent.store(on, SeqCst);
    }

    pub fn cut_after(&self, bytes: i64) {
        self.faults.left.store(bytes, SeqCst);
    }

    /// Whether [`Self::cut_after`] has cut a connection.
    pub fn has_cut(&self) -> bool {
        self.faults.left.load(SeqCst) == 0 || self.faults.left.load(SeqCst) < -1
    }

    /// Resets all connections.
    pub fn reset(&self) {
        self.faults.cut.send_modify(|cut| *cut += 1);
    }

    /// A good network again.
    pub fn heal(&self) {
        self.delay(0);
        self.throttle(0);
        self.silence(false);
        self.cut_after(-1);
    }
}

async fn pass(client: TcpStream, server: TcpStream, faults: Arc<Faults>) {
    let mut cut = faults.cut.subscribe();
    for stream in [&client, &server] {
        stream.set_nodelay(true).unwrap();
        // Closing resets.
        stream.set_zero_linger().unwrap();
    }
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    tokio::select! {
        () = copy(from_client, to_server, &faults) => {}
        () = copy(from_server, to_client, &faults) => {}
        _ = cut.changed() => {}
    }
}

async fn copy(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, faults: &Faults) {
    let mut buffer = vec![0; 4096];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        sleep(Duration::from_millis(faults.delay_ms.load(SeqCst))).await;
        let rate = faults.rate.load(SeqCst);
        if rate > 0 {
            sleep(Duration::from_secs_f64(count as f64 / rate as f64)).await;
        }
        if faults.silent.load(SeqCst) {
            continue;
        }
        let mut end = count;
        if faults.left.load(SeqCst) >= 0 {
            let left = faults.left.fetch_sub(count as i64, SeqCst);
            end = end.min(usize::try_from(left).unwrap_or(0));
        }
        if to.write_all(&buffer[..end]).await.is_err() || end < count {
            return;
        }
    }
}
