//! The macros that run one piece of code on whichever engine is open.
//! The body is compiled once per engine with that engine's native driver and types.

/// Runs `$body` with `$conn` bound to a pool for reading: `read!(self, conn => sqlx::query_as(…).fetch_one(conn).await)`.
macro_rules! read {
    ($db:expr, $conn:ident => $body:expr) => {{
        $crate::server::metrics::DB_CALLS.add(1);
        match $db {
            $crate::server::storage::Db::Sqlite(sqlite) => {
                let $conn = &sqlite.read;
                $body
            }
            $crate::server::storage::Db::Postgres(pool) => {
                let $conn = pool;
                $body
            }
        }
    }};
}

/// Runs one statement that writes, outside an explicit transaction, like [`read!`] on the writer.
macro_rules! change {
    ($db:expr, $conn:ident => $body:expr) => {{
        $crate::server::metrics::DB_CALLS.add(1);
        match $db {
            $crate::server::storage::Db::Sqlite(sqlite) => {
                let $conn = &sqlite.write;
                $body
            }
            $crate::server::storage::Db::Postgres(pool) => {
                let $conn = pool;
                $body
            }
        }
    }};
}

/// Runs `$body` in one write transaction and commits it; any `?` inside rolls everything back.
/// `$body` is a block of type `Result<T, StoreError>`; use `&mut *$tx` as the executor.
macro_rules! transaction {
    ($db:expr, $tx:ident => $body:block) => {{
        $crate::server::metrics::DB_CALLS.add(1);
        match $db {
            $crate::server::storage::Db::Sqlite(sqlite) => {
                let mut conn = sqlite.write.acquire().await?;
                let mut $tx = sqlx::Connection::begin_with(&mut *conn, "BEGIN IMMEDIATE").await?;
                let out: Result<_, $crate::server::storage::StoreError> = async { $body }.await;
                let (out, ended) = match out {
                    Ok(value) => (Ok(value), $tx.commit().await),
                    Err(error) => (Err(error), $tx.rollback().await),
                };
                if ended.is_err() {
                    // After an error of the disk SQLite has ended the transaction itself, and the connection still
                    // counts it as open: it would begin none again.
                    conn.close_on_drop();
                }
                match (out, ended) {
                    (Ok(_), Err(error)) => Err(error.into()),
                    (out, _) => out,
                }
            }
            $crate::server::storage::Db::Postgres(pool) => {
                let mut $tx = pool.begin().await?;
                let out: Result<_, $crate::server::storage::StoreError> = async { $body }.await;
                match out {
                    Ok(value) => {
                        $tx.commit().await?;
                        Ok(value)
                    }
                    Err(error) => {
                        $tx.rollback().await?;
                        Err(error)
                    }
                }
            }
        }
    }};
}
