//! The socket's life as a pure state machine: when to open, ping, give up, wait and come back, and what was not
//! acknowledged yet. Time and randomness are passed in, so that it is tested without a browser.

mod channels;
#[cfg(test)]
mod model;
mod outbox;
mod pause;
#[cfg(test)]
mod tests;

use crate::protocol::{Channel, ClientFrame, Command, Refused, SILENCE_MS, ServerFrame, close};
use channels::{Channels, Verdict};
use outbox::{Outbox, Pending};
use pause::pause_ms;
use uuid::Uuid;

/// A handshake and its hello may take this long.
const CONNECT_MS: u64 = 10_000;
/// A ping may stay unanswered this long.
const PROBE_MS: u64 = 3_000;
/// A command or subscription without an answer for this long makes us doubt the line.
const ANSWER_MS: u64 = 4_000;
/// Only a connection that lasted this long starts the back-off anew.
const STEADY_MS: u64 = 5_000;
/// A connection that nobody needs closes after this long: the next page may need it.
const LINGER_MS: u64 = 10_000;
/// A subscription that the server could not serve for the moment is asked for again after this long.
const RESUBSCRIBE_MS: u64 = 2_000;

/// Where the connection stands. Times are milliseconds of the caller's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody has subscribed to anything.
    Idle,
    /// The socket is opening, or the hello is on its way.
    Connecting {
        since: u64,
    },
    Open,
    /// The line may be dead: a ping is out.
    Stale {
        until: u64,
    },
    /// Lost; the next try is at `until`.
    Waiting {
        until: u64,
    },
    /// Lost, and the browser says that there is no network; tried again at `until` all the same.
    Offline {
        until: u64,
    },
    /// Closed for good; comes back only by [`Input::Retry`].
    Closed {
        reason: Gone,
    },
}

/// Why the connection does not come back by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// The sign-in or the seat has ended.
    SignedOut,
    /// The same seat was opened somewhere else.
    Replaced,
    /// The two sides do not understand each other: the page is older than the server.
    Outdated,
}

/// What happened to the connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    Subscribe(Channel),
    Unsubscribe(Channel),
    Command {
        id: u32,
        key: Uuid,
        command: Command,
    },
    /// The handshake succeeded.
    Opened,
    Frame(ServerFrame),
    /// The socket closed by itself or by the server; never after [`Output::Close`].
    Closed {
        code: u16,
    },
    /// Time passed: [`Connection::wake_at`] has come.
    Tick,
    Online,
    Offline,
    /// The page is looked at again.
    Visible,
    /// The person asks for it now.
    Retry,
    /// The cookies changed, and the server reads them at the handshake.
    Reconnect,
}

/// What the caller has to do, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Open a new socket.
    Open,
    Send(ClientFrame),
    /// Close the socket and hear nothing more from it.
    Close,
    /// For whoever subscribed or commanded.
    Deliver(ServerFrame),
}

/// The connection of one tab.
#[derive(Clone, Debug)]
pub struct Connection {
    tab: Uuid,
    state: State,
    /// Failures in a row.
    attempt: u32,
    welcomed_at: Option<u64>,
    heard_at: u64,
    /// Since when nobody has needed it.
    unused_since: Option<u64>,
    network: bool,
    nonce: u32,
    channels: Channels,
    outbox: Outbox,
}

impl Connection {
    /// `tab` names this tab in the hello.
    pub fn new(tab: Uuid) -> Self {
        Self {
            tab,
            state: State::Idle,
            attempt: 0,
            welcomed_at: None,
            heard_at: 0,
            unused_since: None,
            network: true,
            nonce: 0,
            channels: Channels::default(),
            outbox: Outbox::default(),
        }
    }

    pub fn state(&self) -> State {
        self.state
    }

    /// Whether commands wait for their acknowledgement.
    pub fn has_unacknowledged(&self) -> bool {
        !self.outbox.is_empty()
    }

    /// When [`Input::Tick`] is due.
    pub fn wake_at(&self) -> Option<u64> {
        match self.state {
            State::Idle | State::Closed { .. } => None,
            State::Connecting { since } => Some(since + CONNECT_MS),
            State::Stale { until } | State::Waiting { until } | State::Offline { until } => Some(until),
            State::Open => {
                let silence = self.heard_at + u64::from(SILENCE_MS);
                let answer = self.outbox.oldest().map(|at| at + ANSWER_MS);
                let entry = self.channels.oldest_question().map(|at| at + ANSWER_MS);
                let again = self.channels.next_try();
                let unused = self.unused_since.map(|at| at + LINGER_MS);
                [answer, entry, again, unused].into_iter().flatten().chain([silence]).min()
            }
        }
    }

    /// The next state and what to do. `now` in milliseconds, never falling; `random` in 0.0..1.0.
    pub fn step(&mut self, input: Input, now: u64, random: f64) -> Vec<Output> {
        let mut out = vec![];
        match input {
            Input::Subscribe(channel) => self.subscribe(channel, now, &mut out),
            Input::Unsubscribe(channel) => {
                self.channels.remove(channel);
                if self.is_welcomed() {
                    out.push(Output::Send(ClientFrame::Unsubscribe { channel }));
                }
            }
            Input::Command { id, key, command } => {
                let mut pending = Pending::new(id, key, command);
                if self.is_welcomed() {
                    out.push(Output::Send(pending.send(now)));
                }
                self.outbox.push(pending);
                self.begin(now, &mut out);
            }
            Input::Opened => {
                let subscriptions = self.channels.ask_all(now);
                out.push(Output::Send(ClientFrame::Hello { tab: self.tab, subscriptions }));
            }
            Input::Frame(frame) => self.receive(frame, now, &mut out),
            Input::Closed { code } => self.lost(code, now, random, &mut out),
            Input::Tick => self.tick(now, random, &mut out),
            Input::Online => {
                self.network = true;
                self.check_or_hurry(now, &mut out);
            }
            Input::Offline => {
                self.network = false;
                match self.state {
                    // Browsers err here: ask the line itself.
                    State::Open => self.probe(now, &mut out),
                    State::Waiting { until } => self.state = State::Offline { until },
                    _ => {}
                }
            }
            Input::Visible => self.check_or_hurry(now, &mut out),
            Input::Retry => match self.state {
                State::Closed { .. } => self.open(now, &mut out),
                _ => self.check_or_hurry(now, &mut out),
            },
            Input::Reconnect => {
                if matches!(self.state, State::Connecting { .. } | State::Open | State::Stale { .. }) {
                    out.push(Output::Close);
                }
                self.unsent();
                self.open(now, &mut out);
            }
        }
        self.note_use(now);
        out
    }

    fn is_welcomed(&self) -> bool {
        matches!(self.state, State::Open | State::Stale { .. })
    }

    fn is_needed(&self) -> bool {
        !self.channels.is_empty() || !self.outbox.is_empty()
    }

    fn note_use(&mut self, now: u64) {
        self.unused_since = if self.is_needed() { None } else { self.unused_since.or(Some(now)) };
    }

    fn subscribe(&mut self, channel: Channel, now: u64, out: &mut Vec<Output>) {
        if !self.channels.add(channel) {
            return;
        }
        self.ask(channel, now, out);
        self.begin(now, out);
    }

    /// Asks for the channel from where we are in it.
    fn ask(&mut self, channel: Channel, now: u64, out: &mut Vec<Output>) {
        if self.is_welcomed()
            && let Some(subscription) = self.channels.ask(channel, now)
        {
            out.push(Output::Send(ClientFrame::Subscribe(subscription)));
        }
    }

    fn begin(&mut self, now: u64, out: &mut Vec<Output>) {
        if self.state == State::Idle {
            self.open(now, out);
        }
    }

    fn open(&mut self, now: u64, out: &mut Vec<Output>) {
        self.state = State::Connecting { since: now };
        self.welcomed_at = None;
        out.push(Output::Open);
    }

    fn receive(&mut self, frame: ServerFrame, now: u64, out: &mut Vec<Output>) {
        self.heard_at = now;
        if matches!(self.state, State::Stale { .. }) {
            self.state = State::Open;
        }
        match frame {
            ServerFrame::Welcomed { .. } => {
                self.state = State::Open;
                self.network = true;
                self.welcomed_at = Some(now);
                out.extend(self.outbox.send_all(now).map(Output::Send));
            }
            ServerFrame::Pinged { nonce, .. } => out.push(Output::Send(ClientFrame::Pong { nonce })),
            ServerFrame::Ponged { .. } => {}
            ServerFrame::Subscribed { channel, position } => self.channels.entered(channel, position),
            ServerFrame::Resynced { channel, position, .. } => {
                if self.channels.restored(channel, position) {
                    out.push(Output::Deliver(frame));
                }
            }
            ServerFrame::Happened { channel, position, .. } => match self.channels.happened(channel, position) {
                Verdict::Apply => out.push(Output::Deliver(frame)),
                Verdict::Drop => {}
                Verdict::Hole => self.ask(channel, now, out),
            },
            ServerFrame::Changed { channel, .. } => {
                if self.channels.has(channel) {
                    out.push(Output::Deliver(frame));
                }
            }
            ServerFrame::Draining { .. } => {}
            ServerFrame::SubscriptionRefused { channel, reason: Refused::Unavailable } => {
                self.channels.try_again(channel, now + RESUBSCRIBE_MS);
            }
            ServerFrame::SubscriptionRefused { channel, reason: Refused::TooMany { retry_after } } => {
                self.channels.try_again(channel, now + 1000 * u64::from(retry_after.max(1)));
            }
            ServerFrame::SubscriptionRefused { channel, .. } => {
                self.channels.remove(channel);
                out.push(Output::Deliver(frame));
            }
            ServerFrame::Acknowledged { id, .. } | ServerFrame::CommandRefused { id, .. } => {
                // A repeated command is answered as often as it was sent.
                if self.outbox.settle(id) {
                    out.push(Output::Deliver(frame));
                }
            }
        }
    }

    fn tick(&mut self, now: u64, random: f64, out: &mut Vec<Output>) {
        if self.wake_at().is_none_or(|at| now < at) {
            return;
        }
        match self.state {
            State::Idle | State::Closed { .. } => {}
            State::Connecting { .. } | State::Stale { .. } => {
                out.push(Output::Close);
                self.wait(now, random);
            }
            State::Waiting { .. } | State::Offline { .. } if self.is_needed() => self.open(now, out),
            State::Waiting { .. } | State::Offline { .. } => self.state = State::Idle,
            State::Open if self.unused_since.is_some_and(|at| now >= at + LINGER_MS) => {
                out.push(Output::Close);
                self.state = State::Idle;
            }
            State::Open => {
                for channel in self.channels.due(now) {
                    self.ask(channel, now, out);
                }
                let oldest = self.outbox.oldest().into_iter().chain(self.channels.oldest_question()).min();
                let unanswered = oldest.is_some_and(|at| now >= at + ANSWER_MS);
                if unanswered || now >= self.heard_at + u64::from(SILENCE_MS) {
                    self.probe(now, out);
                }
            }
        }
    }

    /// Asks the line whether it is alive. Timers sleep in hidden tabs, so silence alone proves nothing.
    fn probe(&mut self, now: u64, out: &mut Vec<Output>) {
        self.nonce = self.nonce.wrapping_add(1);
        self.state = State::Stale { until: now + PROBE_MS };
        // A pong proves the line, not the answer: the next doubt counts from here.
        self.outbox.doubted(now);
        self.channels.doubted(now);
        out.push(Output::Send(ClientFrame::Ping { nonce: self.nonce }));
    }

    fn check_or_hurry(&mut self, now: u64, out: &mut Vec<Output>) {
        match self.state {
            State::Open => self.probe(now, out),
            State::Waiting { .. } | State::Offline { .. } if self.is_needed() => self.open(now, out),
            _ => {}
        }
    }

    fn lost(&mut self, code: u16, now: u64, random: f64, out: &mut Vec<Output>) {
        if !matches!(self.state, State::Connecting { .. } | State::Open | State::Stale { .. }) {
            return;
        }
        let reason = match code {
            close::SIGNED_OUT => Gone::SignedOut,
            close::REPLACED => Gone::Replaced,
            4100..=4999 => Gone::Outdated,
            _ => return self.wait(now, random),
        };
        self.state = State::Closed { reason };
        self.unsent();
        // What waits for an answer is told that none will come.
        for id in self.outbox.give_up() {
            let reason = Refused::Unavailable;
            out.push(Output::Deliver(ServerFrame::CommandRefused { id, reason }));
        }
    }

    fn wait(&mut self, now: u64, random: f64) {
        if self.welcomed_at.is_some_and(|at| now >= at + STEADY_MS) {
            self.attempt = 0;
        }
        let until = now + pause_ms(self.attempt, random);
        self.attempt = self.attempt.saturating_add(1);
        self.state = if self.network { State::Waiting { until } } else { State::Offline { until } };
        self.unsent();
    }

    fn unsent(&mut self) {
        self.welcomed_at = None;
        self.outbox.unsent();
        self.channels.unasked();
    }
}
