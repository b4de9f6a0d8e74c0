//! A tab without a browser: the client's own state machine on a real socket. Remembers what it was told, and fails
//! when something came twice or out of order.

use super::log::read;
use futures::{SinkExt, StreamExt};
use std::{collections::VecDeque, time::Duration};
use studyhall::{
    client::connection::{Connection, Input, Output},
    protocol::{Channel, ClientFrame, POSTCARD, ServerFrame},
};
use tokio::{
    net::TcpStream,
    sync::{mpsc, watch},
    task::JoinHandle,
    time::{Instant, sleep_until, timeout},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};
use uuid::Uuid;

type Wire = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// What it knows of its channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The number of the newest event; all before it were told as well, or were in a snapshot.
    pub newest: u32,
    /// What was wrong, if anything.
    pub wrong: Option<String>,
    /// How often it began anew.
    pub resynced: u32,
    pub refused: bool,
}

pub struct Robot {
    seen: watch::Receiver<Seen>,
    inputs: mpsc::UnboundedSender<Input>,
    running: JoinHandle<()>,
}

impl Robot {
    /// Hears `channel`, whose events are those of a [`super::log::Log`].
    pub fn start(url: &str, cookies: &str, channel: Channel) -> Self {
        let (inputs, inbox) = mpsc::unbounded_channel();
        inputs.send(Input::Subscribe(channel)).unwrap();
        let (tell, seen) = watch::channel(Seen::default());
        let running = tokio::spawn(live(url.to_owned(), cookies.to_owned(), inbox, tell));
        Self { seen, inputs, running }
    }

    pub fn seen(&self) -> Seen {
        self.seen.borrow().clone()
    }

    /// The browser says something.
    pub fn tell(&self, input: Input) {
        self.inputs.send(input).unwrap();
    }

    /// Waits until `condition` holds.
    pub async fn until(&self, what: &str, condition: impl Fn(&Seen) -> bool) {
        let mut seen = self.seen.clone();
        let waiting = timeout(Duration::from_secs(40), seen.wait_for(condition));
        let seen = waiting.await.map(|seen| seen.is_ok());
        assert!(matches!(seen, Ok(true)), "never: {what}; {:?}", self.seen());
    }
}

impl Drop for Robot {
    fn drop(&mut self) {
        self.running.abort();
    }
}

impl Seen {
    fn hear(&mut self, frame: &ServerFrame) {
        match frame {
            ServerFrame::Happened { event, .. } => {
                let number = read(event);
                if number != self.newest + 1 {
                    self.wrong.get_or_insert(format!("{number} after {}", self.newest));
                }
                self.newest = number;
            }
            ServerFrame::Resynced { snapshot, .. } => {
                self.resynced += 1;
                self.newest = snapshot.as_deref().map_or(0, read);
            }
            ServerFrame::SubscriptionRefused { .. } => self.refused = true,
            _ => {}
        }
    }
}

async fn live(url: String, cookies: String, mut inbox: mpsc::UnboundedReceiver<Input>, seen: watch::Sender<Seen>) {
    let mut machine = Connection::new(Uuid::new_v4());
    let started = Instant::now();
    let (mut wire, mut inputs) = (None::<Wire>, VecDeque::new());
    // Different for each robot, the same in each run.
    let mut random = 0.37;
    loop {
        while let Some(input) = inputs.pop_front() {
            if let Input::Closed { .. } = input {
                wire = None;
            }
            random = (random * 997.0_f64 + 0.123).fract();
            // A twentieth of the pauses, so that tests do not wait long.
            for output in machine.step(input, started.elapsed().as_millis() as u64, random / 20.0) {
                match output {
                    Output::Open => {
                        wire = open(&url, &cookies).await;
                        inputs.push_back(if wire.is_some() { Input::Opened } else { Input::Closed { code: 1006 } });
                    }
                    Output::Close => wire = None,
                    Output::Send(frame) => {
                        if !send(wire.as_mut(), &frame).await {
                            inputs.push_back(Input::Closed { code: 1006 });
                        }
                    }
                    Output::Deliver(frame) => seen.send_modify(|seen| seen.hear(&frame)),
                }
            }
        }
        let wake = machine.wake_at().map(|at| started + Duration::from_millis(at));
        tokio::select! {
            input = inbox.recv() => match input {
                Some(input) => inputs.push_back(input),
                None => return,
            },
            message = next(wire.as_mut()) => match message {
                Some(Ok(Message::Binary(bytes))) => {
                    inputs.push_back(Input::Frame(postcard::from_bytes(&bytes).unwrap()));
                }
                Some(Ok(Message::Close(frame))) => {
                    inputs.push_back(Input::Closed { code: frame.map_or(1005, |frame| frame.code.into()) });
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => inputs.push_back(Input::Closed { code: 1006 }),
            },
            () = sleep_until(wake.unwrap_or_else(Instant::now)), if wake.is_some() => inputs.push_back(Input::Tick),
        }
    }
}

async fn next(wire: Option<&mut Wire>) -> Option<Result<Message, tokio_tungstenite::tungstenite::Error>> {
    match wire {
        Some(wire) => wire.next().await,
        None => std::future::pending().await,
    }
}

async fn send(wire: Option<&mut Wire>, frame: &ClientFrame) -> bool {
    let Some(wire) = wire else { return true };
    let message = Message::from(postcard::to_stdvec(frame).unwrap());
    timeout(Duration::from_secs(1), wire.send(message)).await.is_ok_and(|sent| sent.is_ok())
}

async fn open(url: &str, cookies: &str) -> Option<Wire> {
    let mut request = format!("{}/ws", url.replace("http:", "ws:")).into_client_request().unwrap();
    let headers = request.headers_mut();
    headers.insert("origin", url.parse().unwrap());
    headers.insert("cookie", cookies.parse().unwrap());
    headers.insert("sec-websocket-protocol", POSTCARD.parse().unwrap());
    let opened = timeout(Duration::from_secs(1), connect_async(request)).await;
    opened.ok()?.ok().map(|(wire, _)| wire)
}
