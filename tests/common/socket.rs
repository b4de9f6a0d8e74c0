//! A client of the real socket: speaks the binary subprotocol and waits for what it expects.

use super::Browser;
use futures::{SinkExt, StreamExt};
use std::{collections::VecDeque, time::Duration};
use studyhall::{
    domain::live::blitz::{HostView, PlayerView},
    protocol::{Channel, ChannelEvent, ClientFrame, Command, Outcome, POSTCARD, Refused, ServerFrame, Subscription},
};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest, http::Response},
};
use uuid::Uuid;

/// Longer than anything may take; only a test that fails waits so long.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// Everything that came, as it came: what a curious player could read.
    pub received: Vec<ServerFrame>,
    unread: VecDeque<ServerFrame>,
    next_id: u32,
}

impl Socket {
    /// Everything that was sent before has been carried out.
    pub async fn settle(&mut self) {
        self.send(&ClientFrame::Ping { nonce: 4711 }).await;
        self.wait(|frame| matches!(frame, ServerFrame::Ponged { nonce: 4711, .. }).then_some(())).await;
    }

    /// Opens the socket as a page of the server would, with the browser's cookies. No hello yet.
    pub async fn open(browser: &Browser) -> Self {
        Self::try_open(&browser.url, &browser.cookies(), &browser.url, POSTCARD).await.unwrap()
    }

    /// Opens with chosen headers; the error carries the refusal's status.
    pub async fn try_open(url: &str, cookies: &str, origin: &str, protocol: &str) -> Result<Self, Box<Error>> {
        let mut request = format!("{}/ws", url.replace("http:", "ws:")).into_client_request().unwrap();
        let headers = request.headers_mut();
        headers.insert("origin", origin.parse().unwrap());
        headers.insert("sec-websocket-protocol", protocol.parse().unwrap());
        if !cookies.is_empty() {
            headers.insert("cookie", cookies.parse().unwrap());
        }
        let (stream, _): (_, Response<_>) = connect_async(request).await.map_err(Box::new)?;
        Ok(Self { stream, received: vec![], unread: VecDeque::new(), next_id: 0 })
    }

    /// Opens, greets and subscribes.
    pub async fn subscribed(browser: &Browser, channels: &[Channel]) -> Self {
        let mut socket = Self::open(browser).await;
        let subscriptions = channels.iter().map(|channel| Subscription { channel: *channel, position: None }).collect();
        socket.send(&ClientFrame::Hello { tab: Uuid::nil(), subscriptions }).await;
        socket.wait(|frame| matches!(frame, ServerFrame::Welcomed { .. }).then_some(())).await;
        socket
    }

    pub async fn send(&mut self, frame: &ClientFrame) {
        self.send_raw(Message::from(postcard::to_stdvec(frame).unwrap())).await;
    }

    pub async fn send_raw(&mut self, message: Message) {
        self.stream.send(message).await.unwrap();
    }

    /// Sends a command and waits for its acknowledgement or refusal.
    pub async fn command(&mut self, command: Command) -> Result<Outcome, Refused> {
        self.command_with(Uuid::new_v4(), command).await
    }

    /// Like [`Self::command`] with a key, as a re-sent command has.
    pub async fn command_with(&mut self, key: Uuid, command: Command) -> Result<Outcome, Refused> {
        let id = self.next_id;
        self.next_id += 1;
        self.send(&ClientFrame::Command { id, key, command }).await;
        // News that come before the answer are still unread afterwards.
        let mut earlier = VecDeque::new();
        let answer = self
            .wait(|frame| match frame {
                ServerFrame::Acknowledged { id: answered, outcome } if *answered == id => Some(Ok(outcome.clone())),
                ServerFrame::CommandRefused { id: answered, reason } if *answered == id => Some(Err(reason.clone())),
                other => {
                    earlier.push_back(other.clone());
                    None
                }
            })
            .await;
        self.unread.append(&mut earlier);
        answer
    }

    /// The next player's view that `wanted` accepts.
    pub async fn player(&mut self, wanted: impl Fn(&PlayerView) -> bool) -> PlayerView {
        self.wait(|frame| match frame {
            ServerFrame::Changed { event: ChannelEvent::PlayerSaw(view), .. } if wanted(view) => Some((**view).clone()),
            _ => None,
        })
        .await
    }

    /// The next host's view that `wanted` accepts.
    pub async fn host(&mut self, wanted: impl Fn(&HostView) -> bool) -> HostView {
        self.wait(|frame| match frame {
            ServerFrame::Changed { event: ChannelEvent::HostSaw(view), .. } if wanted(view) => Some((**view).clone()),
            _ => None,
        })
        .await
    }

    /// Reads until `wanted` finds what it looks for. What came before is dropped.
    pub async fn wait<T>(&mut self, mut wanted: impl FnMut(&ServerFrame) -> Option<T>) -> T {
        while let Some(frame) = self.unread.pop_front() {
            if let Some(found) = wanted(&frame) {
                return found;
            }
        }
        loop {
            let message = timeout(PATIENCE, self.stream.next()).await;
            let message = message.unwrap_or_else(|_| panic!("nothing came; before it: {:?}", self.received.last()));
            match message {
                Some(Ok(Message::Binary(bytes))) => {
                    let frame: ServerFrame = postcard::from_bytes(&bytes).unwrap();
                    self.received.push(frame.clone());
                    if let ServerFrame::Pinged { nonce, .. } = frame {
                        self.send(&ClientFrame::Pong { nonce }).await;
                    }
                    if let Some(found) = wanted(&frame) {
                        return found;
                    }
                }
                other => panic!("instead of a frame: {other:?}"),
            }
        }
    }

    /// Reads until the server closes; the close code, 1006 when it just went away.
    pub async fn closed(&mut self) -> u16 {
        loop {
            match timeout(PATIENCE, self.stream.next()).await.expect("the server closes") {
                Some(Ok(Message::Close(frame))) => return frame.map_or(1005, |frame| frame.code.into()),
                Some(Ok(Message::Binary(bytes))) => {
                    self.received.extend(postcard::from_bytes::<ServerFrame>(&bytes).ok())
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return 1006,
            }
        }
    }

    /// Like [`Self::send`], for a line that may be closed.
    pub async fn try_send(&mut self, frame: &ClientFrame) -> Result<(), Box<Error>> {
        self.stream.send(Message::from(postcard::to_stdvec(frame).unwrap())).await.map_err(Box::new)
    }

    /// Says goodbye and goes.
    pub async fn leave(mut self) {
        // The server may have closed first.
        let _ = self.stream.close(None).await;
    }

    /// Goes away without a word, as a phone in a tunnel does.
    pub fn vanish(self) {
        drop(self.stream);
    }
}
