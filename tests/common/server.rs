//! The real server on port 0, with a database of its own and a clock that the test sets.

use super::Browser;
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};
use studyhall::server::{
    clock::Clock,
    config::Config,
    random,
    serve::{self, StartError},
    state::AppState,
    storage::Db,
};
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinHandle};

/// 2026-01-01 00:00 UTC: where a test's clock begins.
pub const NOW: i64 = 1_767_225_600_000;

/// A running server. Dropping it stops it.
pub struct TestServer {
    /// `http://127.0.0.1:<port>`.
    pub url: String,
    /// What the server itself works with.
    pub state: AppState,
    /// The server's time in Unix milliseconds; see [`Self::advance`].
    pub clock: Arc<AtomicI64>,
    /// By how much the machine's clock was set; see [`Self::step`].
    step: Arc<AtomicI64>,
    running: JoinHandle<Result<(), StartError>>,
    _folder: TempDir,
}

impl TestServer {
    /// With default settings, on SQLite.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With environment variables on top, as an operator would set them; `DATABASE_URL` too.
    pub async fn start_with(variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut env =
            BTreeMap::from([("DATABASE_URL".to_owned(), format!("sqlite://{}/test.db", folder.path().display()))]);
        env.extend(variables.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        let config = Config::read(None, &env).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let db = Db::open(&config.database_url).await.unwrap();
        db.migrate().await.unwrap();
        let clock = Arc::new(AtomicI64::new(NOW));
        let step = Arc::new(AtomicI64::new(0));
        let state = AppState::new(config, db, Clock::Stepped(clock.clone(), step.clone())).await.unwrap();
        let running = tokio::spawn(serve::serve(listener, state.clone()));
        Self { url, state, clock, step, running, _folder: folder }
    }

    /// A fresh browser without cookies.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.url)
    }

    /// Lets time pass for the server.
    pub fn advance(&self, milliseconds: i64) {
        self.clock.fetch_add(milliseconds, Ordering::SeqCst);
    }

    /// Somebody sets the machine's clock by so many milliseconds; the even time goes on.
    pub fn step(&self, milliseconds: i64) {
        self.step.fetch_add(milliseconds, Ordering::SeqCst);
    }

    pub fn now(&self) -> i64 {
        self.clock.load(Ordering::SeqCst)
    }

    /// A new id, as the server would draw it now.
    pub fn id<T: From<uuid::Uuid>>(&self) -> T {
        random::id(self.now())
    }

    /// Stops as SIGTERM would and waits for the end.
    pub async fn stop(mut self) -> Result<(), StartError> {
        self.state.shutdown.token.cancel();
        (&mut self.running).await.unwrap()
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.state.shutdown.token.cancel();
    }
}
