//! The server process is killed at random moments of a game with fifty phones: nothing that was acknowledged is lost,
//! nothing is there twice. `STUDYHALL_FAULT_RUNS` plays more games than one, each from a seed of its own.

use super::game::Game;
use crate::common::{Browser, ServerProcess};
use futures::{SinkExt, StreamExt, future::join_all};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sqlx::{Connection, SqliteConnection};
use std::{
    collections::{BTreeMap, BTreeSet},
    process::Stdio,
    time::Duration,
};
use studyhall::{
    domain::{
        ids::{DeckId, LiveSessionId, ParticipantId},
        live::{
            blitz::{HostPhase, PlayerPhase},
            question::Answer,
        },
    },
    protocol::{Channel, ChannelEvent, ClientFrame, Command, Outcome, POSTCARD, Refused, ServerFrame, Subscription},
    server::storage::Db,
};
use tempfile::TempDir;
use tokio::{
    net::TcpStream,
    process::{Child, Command as Process},
    sync::watch,
    time::{Instant, timeout},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};
use uuid::Uuid;

const PHONES: usize = 50;
const QUESTIONS: u32 = 8;
/// Only a run that fails takes so long.
const PATIENCE: Duration = Duration::from_secs(240);

/// The server as a process of its own, on a disk that can be full.
struct Server {
    folder: TempDir,
    url: String,
    process: Child,
}

impl Server {
    /// `output`: where its words go.
    async fn start_with(output: fn() -> Stdio) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = spawn(&folder, port, output);
        let server = Self { folder, url: format!("http://127.0.0.1:{port}"), process };
        server.ready().await;
        server
    }

    async fn ready(&self) {
        let url = format!("{}/readyz", self.url);
        let ready = async {
            while !reqwest::get(&url).await.is_ok_and(|answer| answer.status().is_success()) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(PATIENCE, ready).await.expect("the server gets ready");
    }

    /// From here on the operating system lets the process write no file beyond so many bytes.
    async fn limit_files(&self, bytes: &str) {
        let pid = self.process.id().unwrap().to_string();
        // The soft limit alone, which can be raised again.
        let limit = format!("--fsize={bytes}:");
        assert!(Process::new("prlimit").args(["--pid", &pid, &limit]).status().await.unwrap().success());
    }

    fn database(&self) -> String {
        format!("sqlite://{}/studyhall.db", self.folder.path().display())
    }
}

fn spawn(folder: &TempDir, port: u16, output: fn() -> Stdio) -> Child {
    // Writing beyond a limit is an error, as on a full disk, and not the end.
    Process::new("/bin/sh")
        .args(["-c", "trap '' XFSZ; exec \"$0\" serve", env!("CARGO_BIN_EXE_studyhall")])
        .current_dir(folder.path())
        .env_clear()
        .env("DATABASE_URL", format!("sqlite://{}/studyhall.db", folder.path().display()))
        .env("LEPTOS_SITE_ADDR", format!("127.0.0.1:{port}"))
        .env("STUDYHALL_LOG", "error")
        .stdout(output())
        .stderr(output())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// A socket that may break at any moment.
struct Line(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Line {
    async fn open(url: &str, cookies: &str, channels: &[Channel]) -> Option<Self> {
        let mut request = format!("{}/ws", url.replace("http:", "ws:")).into_client_request().unwrap();
        let head = request.headers_mut();
        head.insert("origin", url.parse().unwrap());
        head.insert("sec-websocket-protocol", POSTCARD.parse().unwrap());
        if !cookies.is_empty() {
            head.insert("cookie", cookies.parse().unwrap());
        }
        let (stream, _) = connect_async(request).await.ok()?;
        let mut line = Self(stream);
        let subscriptions = channels.iter().map(|channel| Subscription { channel: *channel, position: None }).collect();
        line.send(&ClientFrame::Hello { tab: Uuid::new_v4(), subscriptions }).await?;
        Some(line)
    }

    async fn send(&mut self, frame: &ClientFrame) -> Option<()> {
        self.0.send(Message::from(postcard::to_stdvec(frame).unwrap())).await.ok()
    }

    async fn next(&mut self) -> Option<ServerFrame> {
        loop {
            match self.0.next().await?.ok()? {
                Message::Binary(bytes) => return postcard::from_bytes(&bytes).ok(),
                Message::Close(_) => return None,
                _ => {}
            }
        }
    }
}

impl Line {
    /// Sends a command and waits for what comes of it.
    async fn ask(&mut self, command: Command) -> Result<Outcome, Refused> {
        let frame = ClientFrame::Command { id: 9, key: Uuid::new_v4(), command };
        self.send(&frame).await.expect("the line holds");
        loop {
            match timeout(PATIENCE, self.next()).await.expect("an answer").expect("the line holds") {
                ServerFrame::Acknowledged { id: 9, outcome } => return Ok(outcome),
                ServerFrame::CommandRefused { id: 9, reason } => return Err(reason),
                ServerFrame::Pinged { nonce, .. } => self.send(&ClientFrame::Pong { nonce }).await.expect("holds"),
                _ => {}
            }
        }
    }
}

/// One phone over all its connections.
struct Phone {
    url: String,
    pin: String,
    name: String,
    rng: ChaCha8Rng,
    join: Uuid,
    seat: Option<(LiveSessionId, ParticipantId, String)>,
    /// What is not acknowledged yet, with its key.
    pending: Option<(u32, Answer, Uuid)>,
    acknowledged: BTreeMap<u32, Answer>,
    views: u32,
}

impl Phone {
    /// Plays until `over`, in all lives of the server.
    async fn play(mut self, mut over: watch::Receiver<bool>, mut lives: watch::Receiver<u64>) -> Self {
        loop {
            let life = *lives.borrow_and_update();
            let playing = async {
                self.connected().await;
                lives.wait_for(|now| *now > life).await.is_ok()
            };
            tokio::select! {
                _ = playing => {}
                _ = over.wait_for(|over| *over) => return self,
            }
        }
    }

    /// Until the line breaks.
    async fn connected(&mut self) -> Option<()> {
        let mut line = Line::open(&self.url, "", &[]).await?;
        match &self.seat {
            None => {
                let command = Command::JoinLiveSession { pin: self.pin.clone(), name: self.name.clone() };
                line.send(&ClientFrame::Command { id: 0, key: self.join, command }).await?;
            }
            Some((session, _, secret)) => {
                let command = Command::TakeSeat { session: *session, secret: secret.clone() };
                line.send(&ClientFrame::Command { id: 1, key: Uuid::new_v4(), command }).await?;
            }
        }
        loop {
            match line.next().await? {
                ServerFrame::Acknowledged { id: 0, outcome: Outcome::Joined { session, participant, secret } } => {
                    let before = self.seat.replace((session, participant, secret));
                    assert!(before.is_none());
                    self.follow(&mut line, session).await?;
                }
                ServerFrame::Acknowledged { id: 1, .. } => {
                    let session = self.seat.as_ref()?.0;
                    self.follow(&mut line, session).await?;
                }
                ServerFrame::Acknowledged { .. } => {
                    if let Some((index, answer, _)) = self.pending.take() {
                        self.acknowledged.insert(index, answer);
                    }
                }
                ServerFrame::CommandRefused { id: 0 | 1, reason } => panic!("{}: {reason:?}", self.name),
                // Closed in the meantime, or not written: either way it was not acknowledged.
                ServerFrame::CommandRefused { .. } => self.pending = None,
                ServerFrame::Pinged { nonce, .. } => line.send(&ClientFrame::Pong { nonce }).await?,
                frame => self.look(frame, &mut line).await?,
            }
        }
    }

    async fn follow(&mut self, line: &mut Line, session: LiveSessionId) -> Option<()> {
        let channel = Channel::LivePlayer(session);
        line.send(&ClientFrame::Subscribe(Subscription { channel, position: None })).await?;
        self.send_pending(line).await
    }

    async fn look(&mut self, frame: ServerFrame, line: &mut Line) -> Option<()> {
        let Some(ChannelEvent::PlayerSaw(view)) = event(frame) else { return Some(()) };
        self.views += 1;
        if let PlayerPhase::Answering { progress, my_answer, question, .. } = view.phase {
            // What was acknowledged is on the screen again after each restart.
            if let Some(mine) = self.acknowledged.get(&progress.index) {
                assert_eq!(my_answer.as_ref(), Some(mine), "{} in question {}", self.name, progress.index);
            } else if my_answer.is_none() && self.pending.as_ref().is_none_or(|pending| pending.0 != progress.index) {
                let option = self.rng.random_range(0..question.options.len() as u8);
                self.pending = Some((progress.index, Answer::Choice(option), Uuid::new_v4()));
                self.send_pending(line).await?;
            }
        }
        Some(())
    }

    async fn send_pending(&mut self, line: &mut Line) -> Option<()> {
        if let (Some((index, answer, key)), Some((session, ..))) = (&self.pending, &self.seat) {
            let command = Command::SubmitLiveAnswer { session: *session, card_index: *index, answer: answer.clone() };
            line.send(&ClientFrame::Command { id: 2, key: *key, command }).await?;
        }
        Some(())
    }
}

fn event(frame: ServerFrame) -> Option<ChannelEvent> {
    match frame {
        ServerFrame::Happened { event, .. } | ServerFrame::Changed { event, .. } => Some(event),
        ServerFrame::Resynced { snapshot, .. } => snapshot.map(|snapshot| *snapshot),
        _ => None,
    }
}

/// Goes on as soon as it can; the game ends with the podium.
async fn host(url: String, cookies: String, session: LiveSessionId, mut lives: watch::Receiver<u64>) {
    loop {
        let life = *lives.borrow_and_update();
        if let Some(line) = Line::open(&url, &cookies, &[Channel::LiveHost(session)]).await
            && lead(line, session).await.is_some()
        {
            return;
        }
        lives.wait_for(|now| *now > life).await.unwrap();
    }
}

/// `None` when the line breaks before the end.
async fn lead(mut line: Line, session: LiveSessionId) -> Option<()> {
    let mut sent = None;
    loop {
        let frame = line.next().await?;
        if let ServerFrame::Pinged { nonce, .. } = frame {
            line.send(&ClientFrame::Pong { nonce }).await?;
            continue;
        }
        let Some(ChannelEvent::HostSaw(view)) = event(frame) else { continue };
        let seen = view.revision;
        let command = match view.phase {
            HostPhase::Ended { .. } => return Some(()),
            HostPhase::Lobby { .. } if (view.players as usize) < PHONES => continue,
            HostPhase::Lobby { .. } => Command::StartLiveSession { session, seen },
            // Closes by itself when all have answered, or when its time is up.
            HostPhase::Answering { .. } => continue,
            _ => Command::AdvanceLiveSession { session, seen },
        };
        if sent != Some(seen) {
            sent = Some(seen);
            let frame = ClientFrame::Command { id: seen, key: Uuid::new_v4(), command };
            line.send(&frame).await?;
        }
    }
}

/// A teacher, and a quiz on a deck of sevens that waits for its players.
async fn lobby(url: &str) -> (Browser, LiveSessionId) {
    let teacher = Browser::new(url);
    let account =
        [("email", "a@b.test"), ("display_name", "T"), ("password", "calm river under bridge"), ("role", "teacher")];
    assert_eq!(teacher.post("/api/sign_up", &account).await.status, 200);
    let deck: DeckId = teacher.post("/api/create_deck", &[("title", "Sevens"), ("group", "")]).await.json();
    for n in 1..=QUESTIONS + 4 {
        let card = [("deck", deck.to_string()), ("front", format!("{n} · 7")), ("back", (n * 7).to_string())];
        assert_eq!(teacher.post("/api/add_card", &card).await.status, 200);
    }
    let form = [
        ("deck", deck.to_string()),
        ("category", String::new()),
        ("card_count", QUESTIONS.to_string()),
        ("time_limit_s", "20".into()),
        ("answers", "choice".into()),
        ("key", Uuid::new_v4().to_string()),
    ];
    let session: LiveSessionId = teacher.post("/api/create_live_session", &form).await.json();
    (teacher, session)
}

async fn game(seed: u64) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut server = ServerProcess::start().await;
    let (teacher, session) = lobby(&server.url).await;
    let db = server.database().await;
    let pin = db.live_session(session).await.unwrap().pin.unwrap();

    let (ended, over) = watch::channel(false);
    let phones: Vec<_> = (0..PHONES)
        .map(|n| {
            let phone = Phone {
                url: server.url.clone(),
                pin: pin.clone(),
                name: format!("Phone {n}"),
                rng: ChaCha8Rng::seed_from_u64(seed * 1_000 + n as u64),
                join: Uuid::new_v4(),
                seat: None,
                pending: None,
                acknowledged: BTreeMap::new(),
                views: 0,
            };
            tokio::spawn(phone.play(over.clone(), server.lives()))
        })
        .collect();
    let mut playing = tokio::spawn(host(server.url.clone(), teacher.cookies(), session, server.lives()));
    let deadline = Instant::now() + PATIENCE;
    let mut crashes = 0;
    while !playing.is_finished() {
        assert!(Instant::now() < deadline, "seed {seed}: the game does not end");
        // The first one early, so that no machine is too quick for it.
        let pause = Duration::from_millis(rng.random_range(if crashes == 0 { 20..120 } else { 100..2_500 }));
        if timeout(pause, &mut playing).await.is_err() && crashes < 6 {
            server.crash().await;
            crashes += 1;
        }
    }
    ended.send(true).unwrap();
    let phones: Vec<Phone> = join_all(phones).await.into_iter().map(Result::unwrap).collect();

    let rows = db.live_session_answers(session).await.unwrap();
    let participants = db.live_session_participants(session).await.unwrap();
    assert_eq!(participants.len(), PHONES, "seed {seed}: each phone has one seat");
    let different: BTreeSet<_> = rows.iter().map(|row| (row.participant_id, row.card_index)).collect();
    assert_eq!(different.len(), rows.len());
    let mut acknowledged = 0;
    for phone in &phones {
        let (_, participant, _) = phone.seat.as_ref().unwrap();
        for (index, answer) in &phone.acknowledged {
            let stored = rows.iter().find(|r| r.participant_id == participant.0 && r.card_index == i64::from(*index));
            let stored = stored.unwrap_or_else(|| panic!("seed {seed}: {} lost its answer {index}", phone.name));
            assert_eq!(stored.answer, serde_json::to_string(answer).unwrap());
            acknowledged += 1;
        }
    }
    for row in &participants {
        let sums = db.live_session_answer_sums(row.id.into()).await.unwrap();
        assert_eq!((row.total_answers, row.total_score), sums, "seed {seed}: totals are the sums of the rows");
    }
    assert!(crashes > 0 && acknowledged > PHONES, "seed {seed}: {crashes} crashes, {acknowledged} acknowledged");
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a03_nothing_acknowledged_is_lost_or_doubled_when_the_server_is_killed() {
    let runs = std::env::var("STUDYHALL_FAULT_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(1);
    for seed in 0..runs {
        game(seed).await;
    }
}

#[tokio::test]
async fn a03_a_locked_database_takes_no_answer_and_says_so() {
    let mut game = Game::new().await;
    game.start().await;
    game.open(0).await;
    let mut other = SqliteConnection::connect(&game.world.server.state.config.database_url).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    assert_eq!(game.answer(0, 0, 0).await, Err(Refused::Unavailable), "not stored, so not acknowledged");
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    assert_eq!(game.answer(0, 0, 1).await, Ok(Outcome::Done), "as if the first had never come");
    let rows = game.world.server.state.db.live_session_answers(game.world.session).await.unwrap();
    let stored: Vec<&str> = rows.iter().map(|row| row.answer.as_str()).collect();
    assert_eq!(stored, ["{\"choice\":1}"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a03_a_full_disk_takes_no_answer_and_says_so_and_the_game_goes_on() {
    // Its words go to a file on the same disk.
    let server = Server::start_with(|| tempfile::tempfile().unwrap().into()).await;
    let (teacher, session) = lobby(&server.url).await;
    let db = Db::open(&server.database()).await.unwrap();
    let pin = db.live_session(session).await.unwrap().pin.unwrap();
    let mut phones = vec![];
    for name in ["Ada", "Ben"] {
        let mut phone = Line::open(&server.url, "", &[]).await.unwrap();
        let joined = phone.ask(Command::JoinLiveSession { pin: pin.clone(), name: name.into() }).await;
        assert!(matches!(joined, Ok(Outcome::Joined { .. })), "{joined:?}");
        let channel = Channel::LivePlayer(session);
        phone.send(&ClientFrame::Subscribe(Subscription { channel, position: None })).await.unwrap();
        phones.push(phone);
    }
    let mut host = Line::open(&server.url, &teacher.cookies(), &[]).await.unwrap();
    assert_eq!(host.ask(Command::StartLiveSession { session, seen: 0 }).await, Ok(Outcome::Done));
    assert_eq!(host.ask(Command::AdvanceLiveSession { session, seen: 1 }).await, Ok(Outcome::Done));
    let submit = |option| Command::SubmitLiveAnswer { session, card_index: 0, answer: Answer::Choice(option) };

    server.limit_files("0").await;
    for _ in 0..3 {
        assert_eq!(phones[0].ask(submit(0)).await, Err(Refused::Unavailable), "not stored, so not acknowledged");
    }
    assert_eq!(host.ask(Command::AdvanceLiveSession { session, seen: 2 }).await, Err(Refused::Unavailable));
    assert!(db.live_session_answers(session).await.unwrap().is_empty());

    server.limit_files("unlimited").await;
    assert_eq!(phones[0].ask(submit(1)).await, Ok(Outcome::Done), "as if the first had never come");
    assert_eq!(phones[1].ask(submit(0)).await, Ok(Outcome::Done));
    // Both have answered: the question was revealed, and the host goes on from there.
    assert_eq!(host.ask(Command::AdvanceLiveSession { session, seen: 3 }).await, Ok(Outcome::Done));
    let rows = db.live_session_answers(session).await.unwrap();
    let stored: BTreeSet<&str> = rows.iter().map(|row| row.answer.as_str()).collect();
    assert_eq!(stored, BTreeSet::from(["{\"choice\":0}", "{\"choice\":1}"]));
    for row in db.live_session_participants(session).await.unwrap() {
        let sums = db.live_session_answer_sums(row.id.into()).await.unwrap();
        assert_eq!((row.total_answers, row.total_score), sums);
    }
    db.close().await;
}
