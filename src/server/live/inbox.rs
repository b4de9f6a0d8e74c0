//! How a message gets to an actor, and its answer back.

use crate::server::storage::StoreError;
use tokio::sync::{mpsc, oneshot};

/// Waits for the answer. `Unavailable` when the actor has ended.
pub async fn ask<M, T>(
    inbox: &mpsc::Sender<M>,
    message: impl FnOnce(oneshot::Sender<T>) -> M,
) -> Result<T, StoreError> {
    let (reply, answer) = oneshot::channel();
    tell(inbox, message(reply)).await?;
    answer.await.map_err(|_| ended())
}

/// Waits for room in the inbox. `Unavailable` when the actor has ended.
pub async fn tell<M>(inbox: &mpsc::Sender<M>, message: M) -> Result<(), StoreError> {
    inbox.send(message).await.map_err(|_| ended())
}

fn ended() -> StoreError {
    StoreError::Unavailable("the live session is being moved".into())
}
