//! The server as a process of its own, on a database that outlives it: what is killed here is really dead.

use super::Browser;
use std::process::Stdio;
use studyhall::server::storage::Db;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader, Lines},
    process::{Child, Command},
    sync::watch,
    task::JoinHandle,
};

pub struct ServerProcess {
    /// `http://127.0.0.1:<port>`, the same after a restart.
    pub url: String,
    folder: TempDir,
    process: Child,
    metrics: String,
    /// Passes on what the process says.
    log: JoinHandle<()>,
    /// Counts the processes that were ready: whoever lost their line waits for the next.
    lives: watch::Sender<u64>,
}

impl ServerProcess {
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::on(folder).await
    }

    /// On a folder whose database may have been filled before, see [`Self::database_in`].
    pub async fn on(folder: TempDir) -> Self {
        let Spawned { process, url, metrics, log } = spawn(&folder, "127.0.0.1:0").await;
        Self { url, folder, process, metrics, log, lives: watch::channel(1).0 }
    }

    /// A migrated database in the folder, for the time before the server is there. Close it.
    pub async fn database_in(folder: &TempDir) -> Db {
        let db = Db::open(&url_in(folder)).await.unwrap();
        db.migrate().await.unwrap();
        db
    }

    /// The running server's database.
    pub async fn database(&self) -> Db {
        Db::open(&url_in(&self.folder)).await.unwrap()
    }

    /// As `kill -9` does, and a new process on the same data.
    pub async fn crash(&mut self) {
        self.process.kill().await.unwrap();
        self.begin_again().await;
    }

    /// As an operator's restart does. The server says goodbye to everybody first.
    pub async fn restart(&mut self) {
        let id = self.process.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
        assert!(self.process.wait().await.unwrap().success());
        self.begin_again().await;
    }

    async fn begin_again(&mut self) {
        let address = self.url.trim_start_matches("http://").to_owned();
        let Spawned { process, url, metrics, log } = spawn(&self.folder, &address).await;
        (self.process, self.url, self.metrics, self.log) = (process, url, metrics, log);
        self.lives.send_modify(|lives| *lives += 1);
    }

    /// From here on the operating system lets the process write no file beyond so many bytes: as on a full disk.
    pub async fn limit_files(&self, bytes: &str) {
        let id = self.process.id().unwrap().to_string();
        // The soft limit alone, which can be raised again.
        let limit = format!("--fsize={bytes}:");
        assert!(Command::new("prlimit").args(["--pid", &id, &limit]).status().await.unwrap().success());
    }

    /// From here on nobody reads what the process says: each of its log lines is an error to it.
    pub async fn deafen(&mut self) {
        self.log.abort();
        assert!((&mut self.log).await.unwrap_err().is_cancelled());
    }

    /// How many processes have been ready until now.
    pub fn lives(&self) -> watch::Receiver<u64> {
        self.lives.subscribe()
    }

    /// One of the figures for Prometheus.
    pub async fn figure(&self, name: &str) -> f64 {
        let text = Browser::new(&self.metrics).get("/metrics").await.text();
        let line = text.lines().find(|line| line.starts_with(&format!("{name} ")));
        line.unwrap_or_else(|| panic!("{name} is not among the figures")).rsplit(' ').next().unwrap().parse().unwrap()
    }
}

fn url_in(folder: &TempDir) -> String {
    format!("sqlite://{}/studyhall.db", folder.path().display())
}

/// A process that answers, its address and that of its figures.
struct Spawned {
    process: Child,
    url: String,
    metrics: String,
    log: JoinHandle<()>,
}

async fn spawn(folder: &TempDir, address: &str) -> Spawned {
    // Writing beyond a limit is an error then, as on a full disk, and not the end.
    let mut process = Command::new("/bin/sh")
        .args(["-c", "trap '' XFSZ; exec \"$0\" serve", env!("CARGO_BIN_EXE_studyhall")])
        .current_dir(folder.path())
        .env_clear()
        .env("DATABASE_URL", url_in(folder))
        .env("LEPTOS_SITE_ADDR", address)
        .env("STUDYHALL_METRICS_ADDR", "127.0.0.1:0")
        .env("STUDYHALL_LOG", "error,studyhall::server::serve=info")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut log = BufReader::new(process.stderr.take().unwrap()).lines();
    let url = said(&mut log, "listening on ").await;
    let metrics = said(&mut log, "figures for Prometheus on ").await.trim_end_matches("/metrics").to_owned();
    // Whatever it says later is passed on, so that it is seen when a test fails.
    let log = tokio::spawn(async move {
        while let Ok(Some(line)) = log.next_line().await {
            eprintln!("{line}");
        }
    });
    assert_eq!(Browser::new(&url).get("/readyz").await.status, 200);
    Spawned { process, url, metrics, log }
}

/// What the log says behind `words`.
async fn said<R: AsyncRead + Unpin>(log: &mut Lines<BufReader<R>>, words: &str) -> String {
    let mut before = String::new();
    while let Some(line) = log.next_line().await.unwrap() {
        if let Some((_, rest)) = line.split_once(words) {
            return rest.split_whitespace().next().unwrap().trim_matches('"').to_owned();
        }
        before.push_str(&line);
    }
    panic!("the server ended before it said “{words}”: {before}")
}
