//! Opens a database by its URL, brings its schema up to date, and refuses what it does not know.

use super::{Db, Sqlite, readers::Readers};
use sqlx::{
    ConnectOptions, PgPool,
    migrate::{MigrateError, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{path::Path, str::FromStr, time::Duration};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// The newest schema this program knows.
pub static SCHEMA_VERSION: std::sync::LazyLock<i64> =
    std::sync::LazyLock::new(|| SQLITE.iter().map(|m| m.version).max().unwrap_or(0));

/// Why a database could not be opened, in words for the operator.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(
        "DATABASE_URL starts with “{0}”, which is not known. Allowed: sqlite://<file> or postgres://<user>@<host>/<name>"
    )]
    Scheme(String),
    #[error(
        "the database has schema {found}, this program knows {known}. Start the newer program that wrote it, or restore a backup of schema {known}"
    )]
    Newer { found: i64, known: i64 },
    #[error(
        "the database file {file} cannot be written: {cause}. Give the user that runs studyhall the right to write it and its folder"
    )]
    ReadOnly { file: String, cause: String },
    #[error("the database is locked by another program: {0}. Stop the other program, or use Postgres for several")]
    Locked(String),
    #[error("the database cannot be opened: {0}")]
    Other(String),
}

impl Db {
    /// Opens `url` (`sqlite://file`, `sqlite::memory:` is refused; `postgres://…`) without touching the schema.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        match url.split(':').next().unwrap_or_default() {
            "sqlite" => open_sqlite(url).await.map(Self::Sqlite),
            "postgres" | "postgresql" => open_postgres(url).await.map(Self::Postgres),
            other => Err(OpenError::Scheme(other.to_owned())),
        }
    }

    /// Brings the schema up to date; refuses a newer one.
    pub async fn migrate(&self) -> Result<(), OpenError> {
        let done = match self {
            Self::Sqlite(sqlite) => SQLITE.run(&sqlite.write).await,
            Self::Postgres(pool) => POSTGRES.run(pool).await,
        };
        match done {
            Ok(()) => self.fill_user_search().await.map_err(|error| OpenError::Other(error.to_string())),
            Err(MigrateError::VersionMissing(found) | MigrateError::VersionTooNew(found, _)) => {
                Err(OpenError::Newer { found, known: *SCHEMA_VERSION })
            }
            Err(error) => Err(explain(&error.to_string(), "")),
        }
    }

    /// Closes all connections; writes still running are finished first.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(sqlite) => {
                sqlite.read.close().await;
                sqlite.write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }

    /// Whether the database answers, for `/readyz`.
    pub async fn ping(&self) -> Result<(), super::StoreError> {
        read!(self, conn => { sqlx::query("SELECT 1").execute(conn).await?; Ok(()) })
    }
}

async fn open_sqlite(url: &str) -> Result<Sqlite, OpenError> {
    let options = SqliteConnectOptions::from_str(url)
        .map_err(|e| OpenError::Other(e.to_string()))?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // An acknowledged answer survives a power cut.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        // A page of a list in one go: where the buffer is full, the connection's thread sleeps until it is read.
        .row_buffer_size(512)
        .disable_statement_logging();
    let file = options.get_filename().to_owned();
    if let Some(folder) = file.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| read_only(&file, &e.to_string()))?;
    }
    let name = file.display().to_string();
    // One writer: SQLite has one write lock, and waiting in our queue beats waiting on it.
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        // A file does not go away; asking costs two changes of thread for each query.
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options.clone())
        .await
        .map_err(|e| explain(&e.to_string(), &name))?;
    let read = Readers::new(options.create_if_missing(false), 4, Duration::from_secs(10));
    Ok(Sqlite { read, write, commits: Default::default() })
}

async fn open_postgres(url: &str) -> Result<PgPool, OpenError> {
    let options =
        PgConnectOptions::from_str(url).map_err(|e| OpenError::Other(e.to_string()))?.disable_statement_logging();
    PgPoolOptions::new()
        .max_connections(16)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options)
        .await
        .map_err(|e| explain(&e.to_string(), ""))
}

fn read_only(file: &Path, cause: &str) -> OpenError {
    OpenError::ReadOnly { file: file.display().to_string(), cause: cause.to_owned() }
}

fn explain(cause: &str, file: &str) -> OpenError {
    let lower = cause.to_lowercase();
    if lower.contains("readonly")
        || lower.contains("read-only")
        || lower.contains("permission denied")
        || lower.contains("unable to open")
    {
        OpenError::ReadOnly { file: file.to_owned(), cause: cause.to_owned() }
    } else if lower.contains("locked") {
        OpenError::Locked(cause.to_owned())
    } else {
        OpenError::Other(cause.to_owned())
    }
}
