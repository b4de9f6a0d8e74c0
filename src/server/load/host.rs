//! The host's projector: keeps the newest view and sends the host's commands.

use super::{Failure, line::Line};
use crate::{
    domain::{ids::LiveSessionId, live::blitz::HostView},
    protocol::{Channel, ChannelEvent, ClientFrame, Command, ServerFrame, Subscription},
    server::{clock::Clock, random},
};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    sync::{mpsc, watch},
    time::timeout,
};

/// Whatever the server is asked for must come within this time.
pub const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub struct Host {
    session: LiveSessionId,
    view: watch::Receiver<Option<HostView>>,
    commands: mpsc::Sender<Command>,
}

impl Host {
    pub async fn open(url: &str, to: SocketAddr, cookie: &str, session: LiveSessionId) -> Result<Self, Failure> {
        let channel = Channel::LiveHost(session);
        let subscription = Subscription { channel, position: None };
        let line = Line::open(url, to, 0, cookie, vec![subscription]).await?;
        let (seen, view) = watch::channel(None);
        let (commands, inbox) = mpsc::channel(8);
        tokio::spawn(async move {
            if let Err(failure) = watch(line, inbox, &seen).await {
                eprintln!("host: {failure}");
            }
        });
        let mut host = Self { session, view, commands };
        host.until(|_| true).await?;
        Ok(host)
    }

    /// The PIN on the projector.
    pub fn pin(&self) -> Result<String, Failure> {
        let pin = self.view.borrow().as_ref().and_then(|view| view.pin);
        Ok(pin.ok_or("the projector shows no PIN")?.to_string())
    }

    pub async fn start(&mut self) -> Result<(), Failure> {
        self.press(|session, seen| Command::StartLiveSession { session, seen }).await
    }

    pub async fn advance(&mut self) -> Result<(), Failure> {
        self.press(|session, seen| Command::AdvanceLiveSession { session, seen }).await
    }

    /// Sends a command for the revision that is shown and waits until another one is.
    async fn press(&mut self, command: impl FnOnce(LiveSessionId, u32) -> Command) -> Result<(), Failure> {
        let revision = self.view.borrow().as_ref().map_or(0, |view| view.revision);
        self.commands.send(command(self.session, revision)).await.map_err(|_| "the host's line broke")?;
        self.until(|view| view.revision > revision).await
    }

    async fn until(&mut self, condition: impl Fn(&HostView) -> bool) -> Result<(), Failure> {
        let shown = self.view.wait_for(|view| view.as_ref().is_some_and(&condition));
        match timeout(PATIENCE, shown).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) => Err("the host's line broke".to_owned()),
            Err(_) => Err("the projector does not change".to_owned()),
        }
    }
}

async fn watch(
    mut line: Line,
    mut inbox: mpsc::Receiver<Command>,
    seen: &watch::Sender<Option<HostView>>,
) -> Result<(), Failure> {
    let mut id = 0;
    loop {
        tokio::select! {
            frame = line.next() => match frame? {
                ServerFrame::Changed { event: ChannelEvent::HostSaw(view), .. } => {
                    seen.send_replace(Some(*view));
                }
                ServerFrame::Pinged { nonce, .. } => line.send(&ClientFrame::Pong { nonce }).await?,
                ServerFrame::CommandRefused { reason, .. } => return Err(format!("a command was refused: {reason:?}")),
                ServerFrame::SubscriptionRefused { reason, .. } => return Err(format!("may not host: {reason:?}")),
                _ => {}
            },
            command = inbox.recv() => {
                let Some(command) = command else { return Ok(()) };
                id += 1;
                line.send(&ClientFrame::Command { id, key: random::id(Clock::System.now()), command }).await?;
            }
        }
    }
}
