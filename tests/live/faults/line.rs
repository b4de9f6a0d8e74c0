//! A socket that may break at any moment, and says so instead of failing.

use super::PATIENCE;
use futures::{SinkExt, StreamExt};
use studyhall::protocol::{
    Channel, ChannelEvent, ClientFrame, Command, Outcome, POSTCARD, Refused, ServerFrame, Subscription,
};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};
use uuid::Uuid;

/// A socket that may break at any moment.
pub struct Line(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Line {
    pub async fn open(url: &str, cookies: &str, channels: &[Channel]) -> Option<Self> {
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

    pub async fn send(&mut self, frame: &ClientFrame) -> Option<()> {
        self.0.send(Message::from(postcard::to_stdvec(frame).unwrap())).await.ok()
    }

    pub async fn next(&mut self) -> Option<ServerFrame> {
        loop {
            match self.0.next().await?.ok()? {
                Message::Binary(bytes) => return postcard::from_bytes(&bytes).ok(),
                Message::Close(_) => return None,
                _ => {}
            }
        }
    }

    /// Sends a command and waits for what comes of it.
    pub async fn ask(&mut self, command: Command) -> Result<Outcome, Refused> {
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

pub fn event(frame: ServerFrame) -> Option<ChannelEvent> {
    match frame {
        ServerFrame::Happened { event, .. } | ServerFrame::Changed { event, .. } => Some(event),
        ServerFrame::Resynced { snapshot, .. } => snapshot.map(|snapshot| *snapshot),
        _ => None,
    }
}
