//! Many connections in one thread, each driven by the browser's own state machine: what they hear is counted, and
//! when.

use super::{Failure, figures::Times, line};
use crate::{
    client::connection::{Connection, Input, Output, State},
    domain::ids::GroupId,
    protocol::{Channel, ChannelEvent, POSTCARD, ServerFrame},
    server::random,
};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::{
    cell::RefCell, collections::HashMap, future::poll_fn, io::ErrorKind, net::SocketAddr, pin::pin, rc::Rc,
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, sleep_until},
};
use tokio_tungstenite::tungstenite::protocol::frame::{
    FrameHeader,
    coding::{Control, Data, OpCode},
};

/// What all members see together.
#[derive(Debug)]
pub struct Scene {
    started: Instant,
    chance: ChaCha8Rng,
    pub open: usize,
    /// Subscribed, or gone on, or begun anew, on the connection of now.
    pub settled: usize,
    pub resynced: usize,
    pub resumed: usize,
    pub delivered: u64,
    /// Events that were not the next one.
    pub wrong: u64,
    pub times: Times,
    /// To the last member of a room, one for each event.
    pub last: Times,
    pub room_size: usize,
    missing: HashMap<(usize, u32), usize>,
    /// The newest number in each room, and how many members have it.
    newest: Vec<(u32, usize)>,
    pub measuring: bool,
    pub failures: Vec<String>,
    pub closes: HashMap<u16, usize>,
}

impl Scene {
    pub fn new(rooms: usize, room_size: usize) -> Rc<RefCell<Self>> {
        Rc::new(RefCell::new(Self {
            started: Instant::now(),
            chance: ChaCha8Rng::seed_from_u64(random::seed()),
            open: 0,
            settled: 0,
            resynced: 0,
            resumed: 0,
            delivered: 0,
            wrong: 0,
            times: Times::default(),
            last: Times::default(),
            room_size,
            missing: HashMap::new(),
            newest: vec![(0, 0); rooms],
            measuring: false,
            failures: vec![],
            closes: HashMap::new(),
        }))
    }

    /// Microseconds, as stamps carry them.
    pub fn now(&self) -> u32 {
        // Wraps after an hour; differences stay right.
        self.started.elapsed().as_micros() as u32
    }

    fn hear(&mut self, room: usize, seen: &mut u32, event: &ChannelEvent) {
        let ChannelEvent::AnswersCounted { revision, answered, .. } = event else { return };
        if *seen != 0 && *revision != *seen + 1 {
            self.wrong += 1;
        }
        *seen = *revision;
        self.delivered += 1;
        self.reach(room, *revision);
        if self.measuring {
            let took = Duration::from_micros(self.now().wrapping_sub(*answered).into());
            self.times.record(took);
            let missing = self.missing.entry((room, *revision)).or_insert(self.room_size);
            *missing -= 1;
            if *missing == 0 {
                self.missing.remove(&(room, *revision));
                self.last.record(took);
            }
        }
    }

    /// A member has seen this far.
    fn reach(&mut self, room: usize, number: u32) {
        if let Some(newest) = self.newest.get_mut(room) {
            if number > newest.0 {
                *newest = (number, 0);
            }
            newest.1 += usize::from(number == newest.0);
        }
    }

    /// Whether all members of each room have its newest of these numbers.
    pub fn up_to_date(&self, numbers: &[u32]) -> bool {
        self.newest.iter().zip(numbers).all(|(newest, number)| newest.0 == *number && newest.1 >= self.room_size)
    }

    /// Events that not everybody has heard.
    pub fn outstanding(&self) -> usize {
        self.missing.len()
    }
}

/// Who somebody is.
#[derive(Clone, Debug)]
pub struct Member {
    pub number: usize,
    pub room: usize,
    pub group: GroupId,
    pub cookie: Rc<str>,
    pub url: Rc<str>,
    pub to: SocketAddr,
}

impl Member {
    /// Lives until the task is dropped.
    pub async fn live(self, scene: Rc<RefCell<Scene>>) {
        let mut machine = Connection::new(uuid::Uuid::from_u128(self.number as u128));
        let (mut stream, mut rest, mut seen) = (None::<TcpStream>, Vec::new(), 0);
        let mut settled = false;
        let mut inputs = std::collections::VecDeque::from([Input::Subscribe(Channel::Group(self.group))]);
        // Rings early rather than being set anew with each piece of news, which put the machine's own time off.
        let mut alarm = pin!(sleep_until(scene.borrow().started));
        loop {
            while let Some(input) = inputs.pop_front() {
                match &input {
                    Input::Closed { code } => {
                        *scene.borrow_mut().closes.entry(*code).or_default() += 1;
                        if stream.take().is_some() {
                            scene.borrow_mut().open -= 1;
                        }
                        leave(&scene, &mut settled);
                    }
                    Input::Frame(ServerFrame::Subscribed { .. }) => {
                        enter(&scene, &mut settled);
                        scene.borrow_mut().resumed += 1;
                    }
                    Input::Frame(ServerFrame::Resynced { snapshot, .. }) => {
                        enter(&scene, &mut settled);
                        scene.borrow_mut().resynced += 1;
                        if let Some(ChannelEvent::AnswersCounted { revision, .. }) = snapshot.as_deref() {
                            seen = *revision;
                            scene.borrow_mut().reach(self.room, seen);
                        }
                    }
                    _ => {}
                }
                let now = scene.borrow().started.elapsed();
                let random = scene.borrow_mut().chance.random::<f64>();
                for output in machine.step(input, now.as_millis() as u64, random) {
                    match output {
                        Output::Open => match self.open().await {
                            Ok((opened, early)) => {
                                scene.borrow_mut().open += 1;
                                (stream, rest) = (Some(opened), early);
                                inputs.push_back(Input::Opened);
                                parse(&mut rest, &mut inputs);
                            }
                            Err(failure) => {
                                if scene.borrow().failures.len() < 5 {
                                    scene.borrow_mut().failures.push(failure);
                                }
                                inputs.push_back(Input::Closed { code: 1006 });
                            }
                        },
                        Output::Close => {
                            if stream.take().is_some() {
                                scene.borrow_mut().open -= 1;
                            }
                            leave(&scene, &mut settled);
                        }
                        Output::Send(frame) => {
                            let sent = match (&mut stream, postcard::to_stdvec(&frame)) {
                                (Some(stream), Ok(bytes)) => stream.write_all(&masked(&bytes)).await.is_ok(),
                                _ => true,
                            };
                            if !sent {
                                inputs.push_back(Input::Closed { code: 1006 });
                            }
                        }
                        Output::Deliver(ServerFrame::Happened { event, .. }) => {
                            scene.borrow_mut().hear(self.room, &mut seen, &event);
                        }
                        Output::Deliver(_) => {}
                    }
                }
            }
            let closed = matches!(machine.state(), State::Closed { .. });
            let wake = machine.wake_at().map(|at| scene.borrow().started + Duration::from_millis(at));
            if let Some(at) = wake
                && (alarm.is_elapsed() || at < alarm.deadline())
            {
                alarm.as_mut().reset(at);
            }
            tokio::select! {
                readable = readable(stream.as_ref()) => match readable.and_then(|()| read(stream.as_ref(), &mut rest)) {
                    Ok(()) => parse(&mut rest, &mut inputs),
                    Err(_) => inputs.push_back(Input::Closed { code: 1006 }),
                },
                () = alarm.as_mut(), if wake.is_some() && !closed => inputs.push_back(Input::Tick),
            }
        }
    }

    /// The handshake, as short as a browser's. Also gives what came behind it.
    async fn open(&self) -> Result<(TcpStream, Vec<u8>), Failure> {
        let failed = |error: std::io::Error| format!("cannot connect: {error}");
        let mut stream = line::connect(self.to, self.number).await.map_err(failed)?;
        let request = format!(
            "GET /ws HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             Sec-WebSocket-Protocol: {POSTCARD}\r\nCookie: {1}\r\n\r\n",
            self.url, self.cookie
        );
        stream.write_all(request.as_bytes()).await.map_err(failed)?;
        let mut answer = Vec::with_capacity(512);
        loop {
            if stream.read_buf(&mut answer).await.map_err(failed)? == 0 {
                return Err("the server hung up within the handshake".to_owned());
            }
            if let Some(end) = answer.windows(4).position(|part| part == b"\r\n\r\n") {
                if !answer.starts_with(b"HTTP/1.1 101") {
                    return Err(String::from_utf8_lossy(&answer[..answer.len().min(100)]).into_owned());
                }
                return Ok((stream, answer.split_off(end + 4)));
            }
        }
    }
}

fn enter(scene: &Rc<RefCell<Scene>>, settled: &mut bool) {
    if !std::mem::replace(settled, true) {
        scene.borrow_mut().settled += 1;
    }
}

fn leave(scene: &Rc<RefCell<Scene>>, settled: &mut bool) {
    if std::mem::replace(settled, false) {
        scene.borrow_mut().settled -= 1;
    }
}

async fn readable(stream: Option<&TcpStream>) -> std::io::Result<()> {
    match stream {
        Some(stream) => poll_fn(|context| stream.poll_read_ready(context)).await,
        None => std::future::pending().await,
    }
}

thread_local! {
    static READ: RefCell<Vec<u8>> = RefCell::new(vec![0; 64 * 1024]);
}

fn read(stream: Option<&TcpStream>, rest: &mut Vec<u8>) -> std::io::Result<()> {
    let Some(stream) = stream else { return Ok(()) };
    READ.with_borrow_mut(|buffer| match stream.try_read(buffer) {
        Ok(0) => Err(ErrorKind::UnexpectedEof.into()),
        Ok(count) => {
            rest.extend_from_slice(&buffer[..count]);
            Ok(())
        }
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
        Err(error) => Err(error),
    })
}

/// Takes all whole frames.
fn parse(rest: &mut Vec<u8>, inputs: &mut std::collections::VecDeque<Input>) {
    let mut used = 0;
    loop {
        let mut cursor = std::io::Cursor::new(&rest[used..]);
        let Ok(Some((header, length))) = FrameHeader::parse(&mut cursor) else { break };
        let head = cursor.position() as usize;
        let Some(payload) = rest[used + head..].get(..length as usize) else { break };
        match header.opcode {
            OpCode::Data(Data::Binary) => {
                if let Ok(frame) = postcard::from_bytes(payload) {
                    inputs.push_back(Input::Frame(frame));
                }
            }
            OpCode::Control(Control::Close) => {
                let code = payload.get(..2).and_then(|code| code.try_into().ok()).map_or(1005, u16::from_be_bytes);
                inputs.push_back(Input::Closed { code });
            }
            _ => {}
        }
        used += head + length as usize;
    }
    if used == rest.len() {
        // Idle connections keep no memory here either.
        *rest = Vec::new();
    } else {
        rest.drain(..used);
    }
}

/// A client's frame. The mask is zero: it hides nothing on a machine's own loopback.
fn masked(payload: &[u8]) -> Vec<u8> {
    let header = FrameHeader { opcode: OpCode::Data(Data::Binary), mask: Some([0; 4]), ..FrameHeader::default() };
    let mut bytes = Vec::with_capacity(payload.len() + 8);
    // Writing to memory does not fail.
    let _ = header.format(payload.len() as u64, &mut bytes);
    bytes.extend_from_slice(payload);
    bytes
}
