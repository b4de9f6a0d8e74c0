//! Questions of the same kind that come at once are asked together: a thousand people who come back after a restart
//! cost the database a few queries, and who comes alone costs one, as before.

use super::storage::StoreError;
use std::{
    collections::{HashMap, hash_map::Entry},
    fmt,
    future::Future,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::oneshot;

/// Questions of one query.
const MOST: usize = 256;

type Answer<V> = oneshot::Sender<Result<Option<V>, String>>;

/// Cloning it is cheap.
pub struct Gather<K, V> {
    waiting: Arc<Mutex<Waiting<K, V>>>,
}

struct Waiting<K, V> {
    asked: HashMap<K, Vec<Answer<V>>>,
    /// A task reads, and goes on until nothing waits.
    reading: bool,
}

impl<K, V> Gather<K, V>
where
    K: Clone + Eq + Hash + Send + 'static,
    V: Clone + Send + 'static,
{
    /// The value of `key`, by a query that begins after this call: what was committed before is in the answer.
    /// `read` answers many keys at once; keys that it leaves out have no value.
    pub async fn get<F>(&self, key: K, read: impl Fn(Vec<K>) -> F + Send + 'static) -> Result<Option<V>, StoreError>
    where
        F: Future<Output = Result<HashMap<K, V>, StoreError>> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let begin = {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.asked.entry(key).or_default().push(answer);
            !std::mem::replace(&mut waiting.reading, true)
        };
        if begin {
            // A task of its own: who asked may go away, and others wait for the same answer.
            tokio::spawn(read_all(Arc::clone(&self.waiting), read));
        }
        match answered.await {
            Ok(answer) => answer.map_err(StoreError::Unavailable),
            Err(_) => Err(StoreError::Unavailable("the server stops".into())),
        }
    }
}

async fn read_all<K, V, F>(waiting: Arc<Mutex<Waiting<K, V>>>, read: impl Fn(Vec<K>) -> F)
where
    K: Clone + Eq + Hash,
    V: Clone,
    F: Future<Output = Result<HashMap<K, V>, StoreError>>,
{
    loop {
        // Everybody who can ask already does so: they are read together.
        tokio::task::yield_now().await;
        let batch = {
            let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
            let keys: Vec<K> = waiting.asked.keys().take(MOST).cloned().collect();
            if keys.is_empty() {
                waiting.reading = false;
                return;
            }
            let take = |key: K| match waiting.asked.entry(key) {
                Entry::Occupied(asked) => Some(asked.remove_entry()),
                Entry::Vacant(_) => None,
            };
            keys.into_iter().filter_map(take).collect::<Vec<_>>()
        };
        let found = read(batch.iter().map(|(key, _)| key.clone()).collect()).await;
        for (key, answers) in batch {
            let answer = match &found {
                Ok(values) => Ok(values.get(&key).cloned()),
                Err(error) => Err(error.to_string()),
            };
            for asked in answers {
                // Whoever asked may have gone.
                let _ = asked.send(answer.clone());
            }
        }
    }
}

impl<K, V> Default for Gather<K, V> {
    fn default() -> Self {
        Self { waiting: Arc::new(Mutex::new(Waiting { asked: HashMap::new(), reading: false })) }
    }
}

impl<K, V> Clone for Gather<K, V> {
    fn clone(&self) -> Self {
        Self { waiting: Arc::clone(&self.waiting) }
    }
}

impl<K, V> fmt::Debug for Gather<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gather")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering::SeqCst};
    use tokio::sync::Semaphore;

    /// Squares of the even numbers; counts the queries.
    async fn read(keys: Vec<u32>, queries: &AtomicUsize) -> Result<HashMap<u32, u32>, StoreError> {
        queries.fetch_add(1, SeqCst);
        Ok(keys.into_iter().filter(|key| key % 2 == 0).map(|key| (key, key * key)).collect())
    }

    #[tokio::test]
    async fn a_crowd_costs_few_queries_and_everybody_gets_their_own_answer() {
        let (gather, queries) = (Gather::<u32, u32>::default(), Arc::new(AtomicUsize::new(0)));
        let asking = (0..1_000_u32).map(|key| {
            let queries = Arc::clone(&queries);
            let gather = &gather;
            async move {
                let read = move |keys| {
                    let queries = Arc::clone(&queries);
                    async move { read(keys, &queries).await }
                };
                (key, gather.get(key % 500, read).await.unwrap())
            }
        });
        for (key, answer) in futures::future::join_all(asking).await {
            let key = key % 500;
            assert_eq!(answer, (key % 2 == 0).then_some(key * key));
        }
        assert_eq!(queries.load(SeqCst), 2, "500 keys in two queries");
    }

    #[tokio::test]
    async fn an_answer_is_never_older_than_the_question() {
        let (gather, value) = (Gather::<(), u32>::default(), Arc::new(AtomicU32::new(1)));
        let (begun, go) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
        let ask = || {
            let (gather, value, begun, go) = (gather.clone(), value.clone(), begun.clone(), go.clone());
            let read = move |_| {
                let (value, begun, go) = (value.clone(), begun.clone(), go.clone());
                async move {
                    let read = value.load(SeqCst);
                    begun.add_permits(1);
                    go.acquire().await.unwrap().forget();
                    Ok(HashMap::from([((), read)]))
                }
            };
            tokio::spawn(async move { gather.get((), read).await.unwrap() })
        };
        let first = ask();
        begun.acquire().await.unwrap().forget();
        // The first query has read what is old by now.
        value.store(2, SeqCst);
        let second = ask();
        go.add_permits(2);
        assert_eq!((first.await.unwrap(), second.await.unwrap()), (Some(1), Some(2)));
    }

    #[tokio::test]
    async fn a_failure_reaches_everybody_and_the_next_question_is_asked_anew() {
        let (gather, queries) = (Gather::<u32, u32>::default(), Arc::new(AtomicUsize::new(0)));
        let ask = |key| {
            let queries = Arc::clone(&queries);
            gather.get(key, move |keys| {
                let queries = Arc::clone(&queries);
                async move {
                    if queries.load(SeqCst) == 0 {
                        queries.fetch_add(1, SeqCst);
                        return Err(StoreError::Unavailable("locked".into()));
                    }
                    read(keys, &queries).await
                }
            })
        };
        let (one, two) = tokio::join!(ask(1), ask(2));
        assert!(matches!((one, two), (Err(StoreError::Unavailable(_)), Err(StoreError::Unavailable(_)))));
        assert_eq!((ask(2).await.unwrap(), queries.load(SeqCst)), (Some(4), 2));
    }
}
