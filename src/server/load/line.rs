//! One socket to the server, as a browser opens it: subprotocol, Origin, frames in postcard.

use super::Failure;
use crate::{
    protocol::{ClientFrame, POSTCARD, ServerFrame, Subscription},
    server::{clock::Clock, random},
};
use futures::{SinkExt, StreamExt};
use std::net::{IpAddr, SocketAddr};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue, protocol::WebSocketConfig},
};

#[derive(Debug)]
pub struct Line {
    socket: WebSocketStream<TcpStream>,
}

/// `host:port` of `http://host:port/`.
pub fn authority(url: &str) -> Result<&str, Failure> {
    let rest = url.strip_prefix("http://").ok_or("the address must begin with http://")?;
    Ok(rest.trim_end_matches('/'))
}

/// The server's address, looked up once.
pub async fn resolve(url: &str) -> Result<SocketAddr, Failure> {
    let authority = authority(url)?;
    let with_port = if authority.contains(':') { authority.to_owned() } else { format!("{authority}:80") };
    let mut found = tokio::net::lookup_host(&with_port).await.map_err(|error| format!("{authority}: {error}"))?;
    found.next().ok_or_else(|| format!("{authority} has no address"))
}

/// A connection to `to`. On the same machine the `number`-th caller has an address of its own, like people at home:
/// a server counts attempts by address.
pub async fn connect(to: SocketAddr, number: usize) -> std::io::Result<TcpStream> {
    let socket = if to.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    if let (IpAddr::V4(host), Ok(n)) = (to.ip(), u32::try_from(number))
        && host.is_loopback()
    {
        let own = u32::from(std::net::Ipv4Addr::new(127, 0, 1, 1)) + (n / 250 % 200) * 256 + n % 250;
        socket.bind(SocketAddr::new(IpAddr::V4(own.into()), 0))?;
    }
    let stream = socket.connect(to).await?;
    stream.set_nodelay(true)?;
    // Else a packet of its own acknowledges each piece of news as soon as it is read: over a third of what a visitor
    // does, and no part of what the server does for it.
    #[cfg(target_os = "linux")]
    stream.set_quickack(false)?;
    Ok(stream)
}

impl Line {
    /// Opens the socket and greets. `cookie` is empty for guests.
    pub async fn open(
        url: &str,
        to: SocketAddr,
        number: usize,
        cookie: &str,
        subscriptions: Vec<Subscription>,
    ) -> Result<Self, Failure> {
        let stream = connect(to, number).await.map_err(|error| format!("cannot connect: {error}"))?;
        let mut request = format!("ws://{}/ws", authority(url)?)
            .into_client_request()
            .map_err(|error| format!("not an address: {error}"))?;
        let value = |text: &str| HeaderValue::from_str(text).map_err(|error| error.to_string());
        let head = request.headers_mut();
        head.insert("origin", value(url.trim_end_matches('/'))?);
        head.insert("sec-websocket-protocol", HeaderValue::from_static(POSTCARD));
        if !cookie.is_empty() {
            head.insert("cookie", value(cookie)?);
        }
        // Small buffers: there are many of these.
        let config = WebSocketConfig::default().read_buffer_size(8 * 1024).write_buffer_size(0);
        let (socket, _) = client_async_with_config(request, stream, Some(config))
            .await
            .map_err(|error| format!("the socket was not opened: {error}"))?;
        let mut line = Self { socket };
        line.send(&ClientFrame::Hello { tab: random::id(Clock::System.now()), subscriptions }).await?;
        Ok(line)
    }

    pub async fn send(&mut self, frame: &ClientFrame) -> Result<(), Failure> {
        let bytes = postcard::to_stdvec(frame).map_err(|error| error.to_string())?;
        self.socket.send(Message::binary(bytes)).await.map_err(|error| format!("the line broke: {error}"))
    }

    /// The next frame. Can be dropped while it waits.
    pub async fn next(&mut self) -> Result<ServerFrame, Failure> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Binary(bytes))) => {
                    return postcard::from_bytes(&bytes).map_err(|error| format!("not a frame: {error}"));
                }
                Some(Ok(Message::Close(frame))) => return Err(format!("the server closed: {frame:?}")),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(format!("the line broke: {error}")),
                None => return Err("the server hung up".to_owned()),
            }
        }
    }
}
