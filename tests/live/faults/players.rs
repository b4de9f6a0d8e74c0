//! A phone and a host who play on through every crash of the server.

use super::{
    PHONES,
    line::{Line, event},
};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use studyhall::{
    domain::{
        ids::{LiveSessionId, ParticipantId},
        live::{
            blitz::{HostPhase, PlayerPhase},
            question::Answer,
        },
    },
    protocol::{Channel, ChannelEvent, ClientFrame, Command, Outcome, ServerFrame, Subscription},
};
use tokio::sync::watch;
use uuid::Uuid;

/// One phone over all its connections.
pub struct Phone {
    pub url: String,
    pub pin: String,
    pub name: String,
    pub rng: ChaCha8Rng,
    pub join: Uuid,
    pub seat: Option<(LiveSessionId, ParticipantId, String)>,
    /// What is not acknowledged yet, with its key.
    pub pending: Option<(u32, Answer, Uuid)>,
    pub acknowledged: BTreeMap<u32, Answer>,
    pub views: u32,
}

impl Phone {
    /// Plays until `over`, in all lives of the server.
    pub async fn play(mut self, mut over: watch::Receiver<bool>, mut lives: watch::Receiver<u64>) -> Self {
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

/// Goes on as soon as it can; the game ends with the podium.
pub async fn host(url: String, cookies: String, session: LiveSessionId, mut lives: watch::Receiver<u64>) {
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
