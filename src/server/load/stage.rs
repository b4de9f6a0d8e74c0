//! A server to measure: the real one, with people and groups made in advance, and a line on which news are ordered.
//! `serve` has no such line. News of its groups are kept in files, so that they outlive a killed process.

use super::Failure;
use crate::{
    domain::{
        ids::{GroupId, UserId},
        role::{GroupRole, UserRole},
    },
    protocol::{Channel, ChannelEvent, Position},
    server::{
        clock::Clock,
        config::Config,
        random,
        realtime::source::{Fetch, Snapshot, Source, Tail},
        serve,
        state::AppState,
        storage::{Db, NewUser, StoreError},
    },
};
use clap::Args;
use std::{
    fs::{File, OpenOptions},
    io::{Read, Write},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};

/// Members of one group have consecutive numbers; each has this many connections at most.
pub const PER_USER: usize = 10;
/// Bytes of an event in a log: its number and its stamp.
const RECORD: usize = 8;

#[derive(Debug, Args)]
pub struct Stage {
    /// Where the database, the logs and the list of people are.
    #[arg(long)]
    folder: PathBuf,
    #[arg(long)]
    port: u16,
    /// The line on which news are ordered; loopback only.
    #[arg(long)]
    orders: u16,
    #[arg(long, default_value_t = 50)]
    rooms: usize,
    #[arg(long, default_value_t = 5000)]
    connections: usize,
}

/// A group's log in a file: complete after a crash of the process.
#[derive(Debug)]
struct Log {
    file: Mutex<File>,
}

impl Log {
    fn open(path: PathBuf) -> std::io::Result<Self> {
        let file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        Ok(Self { file: Mutex::new(file) })
    }

    fn append(&self, number: u32, stamp: u32) -> std::io::Result<()> {
        let record = [number.to_le_bytes(), stamp.to_le_bytes()].concat();
        self.file.lock().unwrap_or_else(PoisonError::into_inner).write_all(&record)
    }

    fn events(&self) -> std::io::Result<Vec<ChannelEvent>> {
        use std::io::Seek;
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let mut bytes = Vec::new();
        file.rewind()?;
        file.read_to_end(&mut bytes)?;
        let number = |bytes: &[u8]| bytes.try_into().map_or(0, u32::from_le_bytes);
        Ok(bytes.chunks_exact(RECORD).map(|record| event(number(&record[..4]), number(&record[4..]))).collect())
    }
}

impl Source for Log {
    fn tail(&self, limit: usize) -> Fetch<'_, Tail> {
        Box::pin(async move {
            let mut events = self.events().map_err(|error| StoreError::Other(error.to_string()))?;
            let offset = events.len() as u64;
            let events = events.split_off(events.len().saturating_sub(limit));
            Ok(Tail { position: Position { epoch: 1, offset }, events })
        })
    }

    fn snapshot(&self, _: Option<UserId>) -> Fetch<'_, Snapshot> {
        Box::pin(async {
            let Tail { position, mut events } = self.tail(1).await?;
            Ok(Snapshot { position, event: events.pop() })
        })
    }
}

/// An event of a measurement: its number in its room, and when it was due.
pub fn event(number: u32, stamp: u32) -> ChannelEvent {
    ChannelEvent::AnswersCounted { revision: number, answered: stamp, expected: 0 }
}

impl Stage {
    pub async fn run(self) -> Result<(), Failure> {
        let say = |error: &dyn std::fmt::Display| error.to_string();
        let mut env: std::collections::BTreeMap<String, String> = std::env::vars().collect();
        env.insert("DATABASE_URL".into(), format!("sqlite://{}/stage.db", self.folder.display()));
        let config = Config::read(None, &env).map_err(|error| say(&error))?;
        crate::server::telemetry::start(&config);
        let db = Db::open(&config.database_url).await.map_err(|error| say(&error))?;
        db.migrate().await.map_err(|error| say(&error))?;
        let state = AppState::new(config, db, Clock::System).await.map_err(|error| say(&error))?;
        let list = self.folder.join("people");
        if !list.exists() {
            self.invite(&state, &list).await?;
        }
        let groups = groups(&std::fs::read_to_string(&list).map_err(|error| say(&error))?);
        let mut logs = vec![];
        for group in &groups {
            let log = Arc::new(Log::open(self.folder.join(format!("log-{group}"))).map_err(|error| say(&error))?);
            state.hub.keep_log(Channel::Group(*group), log.clone());
            let offset = log.events().map_err(|error| say(&error))?.len() as u64;
            logs.push((*group, log, offset));
        }
        let orders = TcpListener::bind(("127.0.0.1", self.orders)).await.map_err(|error| say(&error))?;
        tokio::spawn(obey(orders, state.clone(), logs));
        let listener = serve::listen(([0, 0, 0, 0], self.port).into()).await.map_err(|error| say(&error))?;
        serve::serve(listener, state).await.map_err(|error| say(&error))
    }

    /// Makes the people, signs them in and writes the list: one line `group token` each.
    async fn invite(&self, state: &AppState, list: &std::path::Path) -> Result<(), Failure> {
        let (db, now) = (&state.db, state.clock.now());
        let say = |error: StoreError| error.to_string();
        let each = self.connections.div_ceil(self.rooms).div_ceil(PER_USER);
        let mut lines = String::new();
        for room in 0..self.rooms {
            let group: GroupId = random::id(now);
            for number in 0..each {
                let user: UserId = random::id(now);
                let email = format!("{room}-{number}@load.test");
                let password_hash = "unusable";
                let new = NewUser {
                    id: user,
                    email: &email,
                    display_name: &email,
                    password_hash,
                    role: UserRole::Learner,
                    now,
                };
                db.create_user(new).await.map_err(say)?;
                if number == 0 {
                    db.create_group(group, "Measured", user, now).await.map_err(say)?;
                } else {
                    db.add_member(group, user, GroupRole::Member, now).await.map_err(say)?;
                }
                let token = state.auth.sessions.begin(db, user, password_hash, "load", now).await.map_err(say)?;
                lines.push_str(&format!("{group} {}\n", token.ok_or("an account vanished")?));
            }
        }
        std::fs::write(list, lines).map_err(|error| error.to_string())
    }
}

/// The groups of a list of people, in order.
pub fn groups(list: &str) -> Vec<GroupId> {
    let mut groups: Vec<GroupId> = list.lines().filter_map(|line| line.split(' ').next()?.parse().ok()).collect();
    groups.dedup();
    groups
}

/// Takes lines `room number stamp` and tells the room.
async fn obey(listener: TcpListener, state: AppState, mut logs: Vec<(GroupId, Arc<Log>, u64)>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            let mut words = line.split(' ').map(|word| word.parse::<u32>().unwrap_or(0));
            let (Some(room), Some(number), Some(stamp)) = (words.next(), words.next(), words.next()) else {
                // Anything else asks whether the stage is there, and how much is remembered.
                let (connections, devices) = (state.hub.connections().count(), state.presence.sizes()[0]);
                let (channels, subscriptions) = (state.hub.channels(), state.hub.subscriptions());
                let answer = format!("{channels} {subscriptions} {connections} {devices}\n");
                if write.write_all(answer.as_bytes()).await.is_err() {
                    break;
                }
                continue;
            };
            if let Some((group, log, offset)) = logs.get_mut(room as usize)
                && log.append(number, stamp).is_ok()
            {
                *offset += 1;
                let position = Position { epoch: 1, offset: *offset };
                state.hub.publish(Channel::Group(*group), position, event(number, stamp));
            }
        }
    }
}
