//! The connections that read SQLite. sqlx' own pool asks each connection on its way back whether it still lives, which
//! costs two changes of thread for each query and says nothing about a file; so these go back at once.

use futures::{
    StreamExt as _, TryFutureExt as _, TryStreamExt as _,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use sqlx::{
    ConnectOptions as _, Connection as _, Either, Error, Execute, Executor, SqlStr, Sqlite, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteQueryResult, SqliteRow, SqliteStatement, SqliteTypeInfo},
};
use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// Up to a number of connections, opened when they are needed and kept. An [`Executor`] by reference; cloning is cheap.
#[derive(Clone)]
pub struct Readers(Arc<Inner>);

struct Inner {
    options: SqliteConnectOptions,
    most: u32,
    patience: Duration,
    permits: Arc<Semaphore>,
    free: Mutex<Vec<SqliteConnection>>,
}

impl Readers {
    /// None is opened yet. Who finds all `most` in use for longer than `patience` gets [`Error::PoolTimedOut`].
    pub fn new(options: SqliteConnectOptions, most: u32, patience: Duration) -> Self {
        let permits = Arc::new(Semaphore::new(usize::try_from(most).unwrap_or(1)));
        Self(Arc::new(Inner { options, most, patience, permits, free: Mutex::default() }))
    }

    /// Waits for the queries that run and closes all connections; later queries get [`Error::PoolClosed`].
    pub async fn close(&self) {
        let _all = self.0.permits.acquire_many(self.0.most).await;
        self.0.permits.close();
        let free = std::mem::take(&mut *self.0.free());
        for connection in free {
            // Nothing is lost by a reader that does not say goodbye.
            let _ = connection.close().await;
        }
    }

    async fn borrow(&self) -> Result<Borrowed, Error> {
        let inner = Arc::clone(&self.0);
        let permit = match Arc::clone(&inner.permits).try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => timeout(inner.patience, Arc::clone(&inner.permits).acquire_owned())
                .await
                .map_err(|_| Error::PoolTimedOut)?
                .map_err(|_| Error::PoolClosed)?,
        };
        let kept = inner.free().pop();
        let connection = match kept {
            Some(connection) => connection,
            None => inner.options.connect().await?,
        };
        Ok(Borrowed { connection: Some(connection), inner, _permit: permit })
    }
}

impl Inner {
    fn free(&self) -> std::sync::MutexGuard<'_, Vec<SqliteConnection>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that goes back when it is dropped, also when a query on it was given up: its thread finishes or stops
/// that before it takes the next.
struct Borrowed {
    connection: Option<SqliteConnection>,
    inner: Arc<Inner>,
    _permit: OwnedSemaphorePermit,
}

impl Borrowed {
    fn connection(&mut self) -> Result<&mut SqliteConnection, Error> {
        self.connection.as_mut().ok_or(Error::WorkerCrashed)
    }

    /// Passes `result` on; a connection whose thread is gone does not go back.
    fn checked<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        if matches!(result, Err(Error::WorkerCrashed)) {
            self.connection = None;
        }
        result
    }
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        self.inner.free().extend(self.connection.take());
    }
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readers").field("most", &self.0.most).finish_non_exhaustive()
    }
}

impl<'p> Executor<'p> for &'_ Readers {
    type Database = Sqlite;

    /// The rows are all read before the first is given: a list is short, and its connection is free sooner.
    fn fetch_many<'e, 'q, E>(self, query: E) -> BoxStream<'e, Result<Either<SqliteQueryResult, SqliteRow>, Error>>
    where
        'p: 'e,
        E: Execute<'q, Self::Database>,
        'q: 'e,
        E: 'q,
    {
        let readers = self.clone();
        let rows = async move {
            let mut borrowed = readers.borrow().await?;
            let rows = borrowed.connection()?.fetch_many(query).try_collect::<Vec<_>>().await;
            borrowed.checked(rows)
        };
        rows.map_ok(|rows| stream::iter(rows).map(Ok::<_, Error>)).try_flatten_stream().boxed()
    }

    fn fetch_optional<'e, 'q, E>(self, query: E) -> BoxFuture<'e, Result<Option<SqliteRow>, Error>>
    where
        'p: 'e,
        E: Execute<'q, Self::Database>,
        'q: 'e,
        E: 'q,
    {
        let readers = self.clone();
        Box::pin(async move {
            let mut borrowed = readers.borrow().await?;
            let row = borrowed.connection()?.fetch_optional(query).await;
            borrowed.checked(row)
        })
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [SqliteTypeInfo],
    ) -> BoxFuture<'e, Result<SqliteStatement, Error>>
    where
        'p: 'e,
    {
        let readers = self.clone();
        Box::pin(async move {
            let mut borrowed = readers.borrow().await?;
            let statement = borrowed.connection()?.prepare_with(sql, parameters).await;
            borrowed.checked(statement)
        })
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<sqlx::Describe<Sqlite>, Error>>
    where
        'p: 'e,
    {
        let readers = self.clone();
        Box::pin(async move {
            let mut borrowed = readers.borrow().await?;
            let described = borrowed.connection()?.describe(sql).await;
            borrowed.checked(described)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt as _;
    use sqlx::{query_scalar, sqlite::SqlitePoolOptions};

    /// Readers of a file with a table `n` of the numbers 1 to 1,000.
    async fn readers(folder: &tempfile::TempDir, most: u32, patience: Duration) -> Readers {
        let options = SqliteConnectOptions::new().filename(folder.path().join("n.db")).create_if_missing(true);
        let pool = SqlitePoolOptions::new().connect_with(options.clone()).await.unwrap();
        let numbers = "CREATE TABLE n AS WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 1000) \
            SELECT n FROM up";
        sqlx::query(numbers).execute(&pool).await.unwrap();
        pool.close().await;
        Readers::new(options, most, patience)
    }

    const SUM: &str = "SELECT SUM(a.n) FROM n a";

    #[tokio::test]
    async fn many_readers_share_a_few_connections() {
        let folder = tempfile::tempdir().unwrap();
        let readers = readers(&folder, 2, Duration::from_secs(60)).await;
        let all = (0..50).map(|_| query_scalar::<_, i64>(SUM).fetch_one(&readers));
        for sum in futures::future::join_all(all).await {
            assert_eq!(sum.unwrap(), 500_500);
        }
        assert!((1..=2).contains(&readers.0.free().len()));
        assert_eq!(query_scalar::<_, i64>("SELECT n FROM n").fetch_all(&readers).await.unwrap().len(), 1000);
    }

    #[tokio::test]
    async fn a_query_that_was_given_up_leaves_a_good_connection() {
        let folder = tempfile::tempdir().unwrap();
        let readers = readers(&folder, 1, Duration::from_secs(60)).await;
        let _: i64 = query_scalar(SUM).fetch_one(&readers).await.unwrap();
        for _ in 0..20 {
            let given_up = query_scalar::<_, i64>("SELECT a.n * b.n FROM n a, n b LIMIT 100000").fetch_all(&readers);
            assert!(given_up.now_or_never().is_none());
            assert_eq!(query_scalar::<_, i64>(SUM).fetch_one(&readers).await.unwrap(), 500_500);
        }
        assert_eq!(readers.0.free().len(), 1);
    }

    #[tokio::test]
    async fn who_waits_too_long_or_comes_after_the_end_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let readers = readers(&folder, 1, Duration::from_millis(1)).await;
        let borrowed = readers.borrow().await.unwrap();
        let waited = query_scalar::<_, i64>(SUM).fetch_one(&readers).await;
        assert!(matches!(waited, Err(Error::PoolTimedOut)), "{waited:?}");
        drop(borrowed);
        readers.close().await;
        let late = query_scalar::<_, i64>(SUM).fetch_one(&readers).await;
        assert!(matches!(late, Err(Error::PoolClosed)), "{late:?}");
    }
}
