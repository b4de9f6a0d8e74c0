//! Group commit: what several live sessions append at the same time is one transaction, since SQLite has one writer and
//! each commit waits for the disk. Nobody waits for company: who comes while a transaction runs is in the next one.

use super::{
    Append, Db, StoreError,
    live_log::{fence, portions, write_entry},
};
use crate::domain::ids::LiveSessionId;
use sqlx::QueryBuilder;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// What one session's owner appends.
#[derive(Debug)]
pub(super) struct Entry {
    session: LiveSessionId,
    owner_epoch: i64,
    offset: i64,
    append: Append,
}

/// An entry, and who wants to know how it went.
type Waiting = (Entry, oneshot::Sender<Result<(), StoreError>>);

/// Entries that wait for the transaction that is under way.
#[derive(Debug, Default)]
pub(super) struct Commits {
    waiting: Mutex<Vec<Waiting>>,
    /// Held by whoever writes for all.
    turn: tokio::sync::Mutex<()>,
}

impl Commits {
    fn waiting(&self) -> MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Db {
    /// Appends to the log from `offset` on, with all projections, all of it or nothing.
    /// `Conflict("owner_epoch")` when the session was taken over in the meantime: nothing is written then.
    pub async fn append_live_session(
        &self,
        session: LiveSessionId,
        owner_epoch: i64,
        offset: i64,
        append: &Append,
    ) -> Result<(), StoreError> {
        let entry = Entry { session, owner_epoch, offset, append: append.clone() };
        let Self::Sqlite(sqlite) = self else { return self.append_alone(entry).await };
        let (reply, mut answer) = oneshot::channel();
        sqlite.commits.waiting().push((entry, reply));
        let _turn = sqlite.commits.turn.lock().await;
        if let Ok(result) = answer.try_recv() {
            return result;
        }
        let (entries, replies): (Vec<_>, Vec<_>) = std::mem::take(&mut *sqlite.commits.waiting()).into_iter().unzip();
        match self.append_all(&entries).await {
            Ok(results) => {
                for (reply, result) in replies.into_iter().zip(results) {
                    // Whoever asked may have gone; what was written stands.
                    let _ = reply.send(result);
                }
            }
            // One of them cannot be written, and took all along: each on its own finds out which.
            Err(_) => {
                for (reply, entry) in replies.into_iter().zip(entries) {
                    let _ = reply.send(self.append_alone(entry).await);
                }
            }
        }
        answer.try_recv().unwrap_or_else(|_| Err(StoreError::Unavailable("the write was given up".into())))
    }

    async fn append_alone(&self, entry: Entry) -> Result<(), StoreError> {
        self.append_all(&[entry]).await?.pop().unwrap_or(Ok(()))
    }

    /// In one transaction: for each entry whether it was written or its owner has lost the session. With any other error
    /// nothing of any entry is written.
    async fn append_all(&self, entries: &[Entry]) -> Result<Vec<Result<(), StoreError>>, StoreError> {
        transaction!(self, tx => {
            let mut results = Vec::with_capacity(entries.len());
            for entry in entries {
                let written: Result<(), StoreError> = async { write_entry!(tx, entry) }.await;
                match written {
                    // It is found before anything is written.
                    Err(StoreError::Conflict(name)) if name == "owner_epoch" => {
                        results.push(Err(StoreError::Conflict(name)));
                    }
                    Err(error) => return Err(error),
                    Ok(()) => results.push(Ok(())),
                }
            }
            Ok(results)
        })
    }
}
