//! The hub's promise: all that was missed, once and in order, or a snapshot.

use super::super::{
    codec::Codec,
    hub::{Hub, Subscriber as Hearer},
    outbox::Outbox,
    source::{Fetch, Origin, Snapshot, Source, Tail},
};
use super::*;
use crate::{
    domain::{
        ids::{GroupId, MessageId},
        live::study_room::RoomMessage,
    },
    server::storage::StoreError,
};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use tokio_tungstenite::tungstenite::protocol::frame::FrameHeader;

const EPOCH: u64 = 5;

fn channel() -> Channel {
    Channel::Group(GroupId(Uuid::nil()))
}

fn event(offset: u64) -> ChannelEvent {
    ChannelEvent::AnswersCounted { revision: offset as u32, answered: 0, expected: 0 }
}

fn at(offset: u64) -> Position {
    Position { epoch: EPOCH, offset }
}

/// What a frame carries behind its head.
fn payload(frame: &[u8]) -> &[u8] {
    let mut cursor = std::io::Cursor::new(frame);
    FrameHeader::parse(&mut cursor).unwrap().unwrap();
    &frame[cursor.position() as usize..]
}

/// A log of numbered events that outlives the hub.
#[derive(Debug, Default)]
struct Log {
    end: AtomicU64,
    reads: AtomicUsize,
    /// Told to this hub while a snapshot is being made.
    meanwhile: Option<Hub>,
    broken: bool,
}

impl Log {
    fn append(&self, hub: &Hub) {
        let offset = self.end.fetch_add(1, Ordering::SeqCst) + 1;
        hub.publish(channel(), at(offset), event(offset));
    }
}

impl Source for Log {
    fn tail(&self, limit: usize) -> Fetch<'_, Tail> {
        Box::pin(async move {
            self.reads.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            let end = self.end.load(Ordering::SeqCst);
            let events = (end.saturating_sub(limit as u64) + 1..=end).map(event).collect();
            Ok(Tail { position: at(end), events })
        })
    }

    fn snapshot(&self, _: Option<UserId>) -> Fetch<'_, Snapshot> {
        Box::pin(async move {
            if self.broken {
                return Err(StoreError::Unavailable("gone".into()));
            }
            let position = at(self.end.load(Ordering::SeqCst));
            if let Some(hub) = &self.meanwhile {
                self.append(hub);
                hub.publish_latest(channel(), Latest::Tally, event(1_000));
            }
            Ok(Snapshot { position, event: Some(event(position.offset)) })
        })
    }
}

#[derive(Clone)]
struct Client {
    id: Uuid,
    outbox: Arc<Outbox>,
}

impl Client {
    fn new(number: u128) -> Self {
        Self { id: Uuid::from_u128(number), outbox: Arc::new(Outbox::detached(Codec::Postcard)) }
    }

    async fn join(&self, hub: &Hub, from: Option<Position>, log: &Arc<Log>) -> Result<(), StoreError> {
        let hearer = Hearer { connection: self.id, user: Some(UserId(self.id)), outbox: &self.outbox };
        hub.subscribe(channel(), hearer, from, Origin::Log(log.clone())).await
    }

    /// What came: `=n` goes on from n, `!n` begins anew at n, `n` happened, `~` changed, `x` was refused.
    fn heard(&self) -> String {
        let frames = self.outbox.drain();
        let words = frames.iter().map(|bytes| match postcard::from_bytes(payload(bytes)).unwrap() {
            ServerFrame::Subscribed { position, .. } => format!("={}", position.offset),
            ServerFrame::Resynced { position, .. } => format!("!{}", position.offset),
            ServerFrame::Happened { position, .. } => position.offset.to_string(),
            ServerFrame::Changed { .. } => "~".to_owned(),
            ServerFrame::SubscriptionRefused { .. } => "x".to_owned(),
            other => panic!("{other:?}"),
        });
        words.collect::<Vec<_>>().join(" ")
    }
}

#[tokio::test]
async fn who_comes_back_hears_all_that_was_missed_and_then_what_happens() {
    let (hub, log, ada) = (Hub::default(), Arc::new(Log::default()), Client::new(1));
    ada.join(&hub, None, &log).await.unwrap();
    log.append(&hub);
    log.append(&hub);
    assert_eq!(ada.heard(), "!0 1 2");
    hub.unsubscribe(channel(), ada.id);
    (0..3).for_each(|_| log.append(&hub));
    ada.join(&hub, Some(at(2)), &log).await.unwrap();
    log.append(&hub);
    assert_eq!(ada.heard(), "=2 3 4 5 6");
    assert_eq!(log.reads.load(Ordering::SeqCst), 0, "from memory");
}

#[tokio::test]
async fn after_a_restart_a_class_comes_back_with_one_look_at_the_log() {
    let log = Arc::new(Log::default());
    (0..7).for_each(|_| log.append(&Hub::default()));
    let hub = Hub::default();
    let class: Vec<Client> = (0..50).map(Client::new).collect();
    futures::future::join_all(class.iter().map(|client| async { client.join(&hub, Some(at(4)), &log).await.unwrap() }))
        .await;
    log.append(&hub);
    for client in &class {
        assert_eq!(client.heard(), "=4 5 6 7 8");
    }
    assert_eq!(log.reads.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_cannot_be_resumed_whole_begins_anew() {
    let log = Arc::new(Log::default());
    (0..1_000).for_each(|_| log.append(&Hub::default()));
    let hub = Hub::default();
    for (from, expected) in [
        (at(699), "!1000"),
        // A position ahead of the log, and one of another life of it: the database was restored.
        (at(1_001), "!1000"),
        (Position { epoch: EPOCH + 1, offset: 999 }, "!1000"),
        (at(1_000), "=1000"),
        (at(998), "=998 999 1000"),
    ] {
        let client = Client::new(u128::from(from.offset));
        client.join(&hub, Some(from), &log).await.unwrap();
        assert_eq!(client.heard(), expected, "{from:?}");
    }
    let client = Client::new(9);
    client.join(&hub, Some(at(700)), &log).await.unwrap();
    assert_eq!(client.heard().split(' ').count(), 301, "the longest that is sent again");
}

#[tokio::test]
async fn what_happens_while_the_snapshot_is_made_follows_it() {
    let hub = Hub::default();
    let log = Arc::new(Log { meanwhile: Some(hub.clone()), ..Log::default() });
    let ada = Client::new(1);
    ada.join(&hub, None, &log).await.unwrap();
    assert_eq!(ada.heard(), "!0 1 ~");
}

#[tokio::test]
async fn a_snapshot_that_fails_leaves_nobody_behind() {
    let (hub, ada) = (Hub::default(), Client::new(1));
    let log = Arc::new(Log { broken: true, ..Log::default() });
    assert!(ada.join(&hub, None, &log).await.is_err());
    assert_eq!(hub.subscriptions(), 0);
}

#[tokio::test]
async fn a_channel_without_a_log_remembers_within_its_life() {
    let (hub, ada) = (Hub::default(), Client::new(1));
    let hearer = Hearer { connection: ada.id, user: None, outbox: &ada.outbox };
    hub.subscribe(channel(), hearer, None, Origin::Memory).await.unwrap();
    hub.announce(channel(), event(0));
    assert_eq!(ada.heard(), "=0 1");
    let elsewhere = Some(Position { epoch: 1, offset: 1 });
    hub.subscribe(channel(), hearer, elsewhere, Origin::Memory).await.unwrap();
    assert_eq!(ada.heard(), "!1", "a position of another process");
}

#[tokio::test]
async fn a_revoked_channel_is_silent_at_once_and_for_its_person_alone() {
    let (hub, log, ada, ben) = (Hub::default(), Arc::new(Log::default()), Client::new(1), Client::new(2));
    for client in [&ada, &ben] {
        client.join(&hub, None, &log).await.unwrap();
    }
    hub.revoke(channel(), UserId(ada.id), &Refused::NotFound);
    log.append(&hub);
    assert_eq!((ada.heard(), ben.heard()), ("!0 x".to_owned(), "!0 1".to_owned()));
}

#[tokio::test]
async fn channels_that_nobody_hears_are_forgotten() {
    let (hub, log, ada) = (Hub::default(), Arc::new(Log::default()), Client::new(1));
    ada.join(&hub, None, &log).await.unwrap();
    let later = Instant::now() + 2 * KEPT_FOR;
    hub.sweep(later);
    assert_eq!(hub.channels(), 1);
    hub.unsubscribe(channel(), ada.id);
    hub.sweep(Instant::now());
    assert_eq!(hub.channels(), 1, "somebody may come back");
    hub.sweep(later);
    assert_eq!(hub.channels(), 0);
}

impl Client {
    fn joining(&self, from: Option<Position>) -> Joining<'_> {
        Joining { connection: self.id, user: None, outbox: &self.outbox, from }
    }
}

#[test]
fn what_is_older_than_five_minutes_is_not_told_again() {
    let (began, stream) = (Instant::now(), Stream::new(channel(), Some(at(0)), Instant::now()));
    stream.publish(at(1), event(1), began);
    stream.publish(at(2), event(2), began + KEPT_FOR - Duration::from_secs(1));
    assert_eq!(stream.resume(Client::new(1).joining(Some(at(0)))), Join::Done);
    stream.publish(at(3), event(3), began + KEPT_FOR);
    assert_eq!(stream.resume(Client::new(2).joining(Some(at(0)))), Join::TooOld);
    let ada = Client::new(3);
    assert_eq!(stream.resume(ada.joining(Some(at(1)))), Join::Done);
    assert_eq!(ada.heard(), "=1 2 3");
}

#[test]
fn what_would_fill_the_queue_is_not_told_again() {
    let (now, stream) = (Instant::now(), Stream::new(channel(), Some(at(0)), Instant::now()));
    for offset in 1..=20 {
        let id = Uuid::from_u128(u128::from(offset));
        let said = RoomMessage {
            id: MessageId(id),
            number: 1,
            changed: 1,
            user: UserId(id),
            name: "Ada".into(),
            at: 0,
            text: "x".repeat(MAX_REPLAY_BYTES / 16),
            edited: false,
            deleted_by: None,
        };
        stream.publish(at(offset), ChannelEvent::RoomSaid(Box::new(said)), now);
    }
    assert_eq!(stream.resume(Client::new(1).joining(Some(at(4)))), Join::TooOld, "sixteen, and their heads");
    assert_eq!(stream.resume(Client::new(2).joining(Some(at(5)))), Join::Done);
}

#[test]
fn a_snapshot_that_takes_too_long_ends_the_connection() {
    let (now, stream, ada) = (Instant::now(), Stream::new(channel(), Some(at(0)), Instant::now()), Client::new(1));
    assert_eq!(stream.await_snapshot(ada.joining(None)), Some(at(0)));
    let tell = |offset: usize| stream.publish(at(offset as u64), event(1), now);
    (1..=MAX_HELD).for_each(tell);
    assert_eq!(ada.outbox.closed_with(), None);
    tell(MAX_HELD + 1);
    assert_eq!(ada.outbox.closed_with(), Some(close::SLOW));
}

#[tokio::test]
async fn a_new_life_of_a_living_channel_is_heard_from_its_first_event_on() {
    let (hub, log, ada) = (Hub::default(), Arc::new(Log::default()), Client::new(1));
    (0..7).for_each(|_| log.append(&hub));
    ada.join(&hub, None, &log).await.unwrap();
    log.append(&hub);
    // The owner was taken over: its successor counts anew.
    hub.publish(channel(), Position { epoch: EPOCH + 1, offset: 1 }, event(1));
    assert_eq!(ada.heard(), "!7 8 1");
}
