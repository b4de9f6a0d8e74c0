//! An actor without its loop: a test hands it each round, and sees what it answers, tells and writes.

mod keys_tests;
mod life_tests;
mod news_tests;

use super::*;
use crate::{
    domain::{
        ids::{CardId, DeckId, LiveSessionId, UserId},
        live::{
            LiveSessionType,
            blitz::{BlitzConfig, Control, LEAD_IN_MS, Rules},
            draw::AnswerMode,
            player_name::PlayerName,
            question::{Answer, Key, Question, Rich},
        },
        role::UserRole,
    },
    server::{
        clock::Clock,
        live::engine::{
            handle::{JoinRequest, Joined, Outcome},
            watchers::Role,
        },
        random,
        realtime::{codec::Codec, hub::Hub, outbox::Outbox},
        shutdown::Shutdown,
        storage::{Db, NewLiveSession, NewUser},
    },
};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use tokio::sync::oneshot;
use uuid::Uuid;

const T: i64 = 1_000_000_000;
const LIMIT: i64 = 20_000;

/// The actor of a quiz of two questions, on a database of its own.
struct Stage {
    live: Live,
    session: LiveSessionId,
    actor: Actor,
    clock: Arc<AtomicI64>,
    _folder: tempfile::TempDir,
}

fn question(n: u128) -> Question {
    Question {
        card: CardId(Uuid::from_u128(n)),
        prompt: Rich::plain("Albania"),
        key: Key::Choice { options: ["Kabul", "Tirana"].map(Rich::plain).to_vec(), correct: 1 },
        hint: None,
        explanation: None,
        points: 1000,
        adjusted: Default::default(),
    }
}

fn lock(yes: bool) -> Command {
    Command::Control { seen: 0, control: if yes { Control::Lock } else { Control::Unlock } }
}

fn submit(participant: ParticipantId, option: u8) -> Command {
    Command::Submit { participant, index: 0, answer: Answer::Choice(option) }
}

type Answered<T> = oneshot::Receiver<Result<T, Outcome>>;

fn command(key: Uuid, command: Command, at: i64) -> (Message, Answered<()>) {
    let (reply, answer) = oneshot::channel();
    (Message::Command { key, command, at, reply }, answer)
}

fn join(key: Uuid, name: &str, secret: u8, at: i64) -> (Message, Answered<Joined>) {
    let (reply, answer) = oneshot::channel();
    let request = JoinRequest {
        key,
        participant: random::id(at),
        user: None,
        name: PlayerName::parse(name, |_| false).unwrap(),
        secret_hash: [secret; 32],
        crowd: false,
        before: None,
    };
    (Message::Join { request, at, reply }, answer)
}

impl Stage {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&format!("sqlite://{}/test.db", folder.path().display())).await.unwrap();
        db.migrate().await.unwrap();
        let (host, deck): (UserId, DeckId) = (random::id(T), random::id(T));
        let (email, role) = ("host@school.test", UserRole::Teacher);
        let user = NewUser { id: host, email, display_name: "Host", password_hash: "", role, now: T };
        db.create_user(user).await.unwrap();
        db.create_deck(deck, None, host, "Capitals", T).await.unwrap();
        let config = BlitzConfig {
            card_count: 2,
            time_limit_ms: LIMIT as u32,
            hints: false,
            answers: AnswerMode::Choice,
            rules: Rules::default(),
            teams: None,
            carried: vec![],
        };
        let questions = vec![question(1), question(2)];
        let created = Event::Created { host, title: "Capitals".into(), config, questions };
        let new = NewLiveSession {
            id: random::id(T),
            session_type: LiveSessionType::BlitzQuiz,
            group: None,
            host,
            deck,
            category: None,
            config: "{}".into(),
            selected_flashcards: vec![],
            pin: Pin::nth(1),
            idempotency_key: random::id(T),
            created: json(&created).unwrap(),
            at: T,
        };
        db.create_live_session(&new).await.unwrap();
        let clock = Arc::new(AtomicI64::new(T));
        let live = Live::new(db, Clock::Set(clock.clone()), Hub::default(), Shutdown::default());
        let actor = recovery::owner(&live, new.id).await.unwrap();
        Self { live, session: new.id, actor, clock, _folder: folder }
    }

    fn now(&self) -> i64 {
        self.clock.load(Ordering::SeqCst)
    }

    /// Lets time pass; the actor looks at the clock.
    async fn pass(&mut self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
        self.actor.round(vec![], None).await;
    }

    async fn command(&mut self, command: Command) -> Result<(), Outcome> {
        self.command_with(Uuid::new_v4(), command).await
    }

    async fn command_with(&mut self, key: Uuid, what: Command) -> Result<(), Outcome> {
        let (message, answer) = command(key, what, self.now());
        self.actor.round(vec![message], None).await;
        answer.await.unwrap()
    }

    async fn join(&mut self, key: Uuid, name: &str, secret: u8) -> Result<ParticipantId, Outcome> {
        let (message, answer) = join(key, name, secret, self.now());
        self.actor.round(vec![message], None).await;
        answer.await.unwrap().map(|joined| joined.participant)
    }

    /// A connection of this role that has read its first view.
    async fn watch(&mut self, role: Role) -> (Uuid, Arc<Outbox>) {
        let (connection, outbox) = (Uuid::new_v4(), Arc::new(Outbox::detached(Codec::Postcard)));
        let message = Message::Watch { connection, outbox: outbox.clone(), role };
        self.actor.round(vec![message], None).await;
        assert!(!outbox.drain().is_empty(), "the first view");
        (connection, outbox)
    }

    /// Two players on line, and the first question open to them.
    async fn opened(&mut self) -> [(ParticipantId, Uuid, Arc<Outbox>); 2] {
        let mut players = vec![];
        for (name, secret) in [("Ada", 1), ("Ben", 2)] {
            let participant = self.join(Uuid::new_v4(), name, secret).await.unwrap();
            let (connection, outbox) = self.watch(Role::Player(participant)).await;
            players.push((participant, connection, outbox));
        }
        self.command(Command::Start { seen: 0 }).await.unwrap();
        self.pass(LEAD_IN_MS).await;
        assert!(matches!(self.actor.state.phase, Phase::Answering { index: 0, .. }));
        players.iter().for_each(|(.., outbox)| assert!(!outbox.drain().is_empty(), "the question"));
        players.try_into().unwrap()
    }

    /// As after the process was killed: another one, which knows what the database says.
    async fn killed(&mut self) {
        self.actor = recovery::owner(&self.live, self.session).await.unwrap();
    }
}
