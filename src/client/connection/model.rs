//! The connection against a model of the server on a line that delays, loses, doubles and breaks: every event counts
//! once and in order, every command is carried out once and answered once.

use super::*;
use crate::{
    domain::ids::LiveSessionId,
    protocol::{ChannelEvent, Outcome, Position, Subscription},
};
use proptest::prelude::*;
use std::collections::{HashSet, VecDeque};

/// What is sent again at most; small, so that gaps beyond it are met as well.
const REPLAY: u64 = 4;

fn channel() -> Channel {
    Channel::LiveHost(LiveSessionId(Uuid::from_u128(7)))
}

/// The event at `offset`, recognisable.
fn event(epoch: u64, offset: u64) -> ChannelEvent {
    ChannelEvent::AnswersCounted { revision: epoch as u32, answered: offset as u32, expected: 0 }
}

fn read(event: &ChannelEvent) -> (u64, u64) {
    match event {
        ChannelEvent::AnswersCounted { revision, answered, .. } => (u64::from(*revision), u64::from(*answered)),
        other => panic!("not of this model: {other:?}"),
    }
}

/// The log and the keys outlive everything; the rest dies with the process.
#[derive(Debug)]
struct Server {
    at: Position,
    keys: HashSet<Uuid>,
    carried_out: u32,
    subscribed: bool,
    greeted: bool,
}

/// The one socket between the two, if there is one.
#[derive(Debug, Default)]
struct Wire {
    exists: bool,
    opened: bool,
    up: VecDeque<ClientFrame>,
    down: VecDeque<ServerFrame>,
}

#[derive(Debug)]
struct World {
    client: Connection,
    server: Server,
    wire: Wire,
    now: u64,
    random: f64,
    /// What the page shows: all events of this epoch up to this offset.
    page: Option<Position>,
    sent: u32,
    answered: HashSet<u32>,
}

#[derive(Clone, Copy, Debug)]
enum Op {
    Wait(u64),
    /// The handshake succeeds.
    Accept,
    Up,
    Down,
    /// The next frame to the client is lost, or comes twice.
    Lose,
    Double,
    Break,
    Restart,
    /// The database is put back to an older state.
    Restore,
    Event,
    Command,
    Wake,
    Offline,
    Return,
}

impl World {
    fn new() -> Self {
        let at = Position { epoch: 1, offset: 0 };
        let server = Server { at, keys: HashSet::new(), carried_out: 0, subscribed: false, greeted: false };
        let mut world = Self {
            client: Connection::new(Uuid::nil()),
            server,
            wire: Wire::default(),
            now: 0,
            random: 0.5,
            page: None,
            sent: 0,
            answered: HashSet::new(),
        };
        world.feed(Input::Subscribe(channel()));
        world
    }

    fn feed(&mut self, input: Input) {
        for output in self.client.step(input, self.now, self.random) {
            match output {
                Output::Open => {
                    assert!(!self.wire.exists, "two sockets");
                    self.wire = Wire { exists: true, ..Wire::default() };
                }
                Output::Close => self.cut(),
                Output::Send(frame) => self.wire.up.push_back(frame),
                Output::Deliver(frame) => self.deliver(frame),
            }
        }
    }

    fn deliver(&mut self, frame: ServerFrame) {
        match frame {
            ServerFrame::Resynced { position, snapshot, .. } => {
                let told = snapshot.as_deref().map(read);
                assert_eq!(told, Some((position.epoch, position.offset)));
                self.page = Some(position);
            }
            ServerFrame::Happened { event, .. } => {
                let page = self.page.expect("a snapshot came first");
                assert_eq!(read(&event), (page.epoch, page.offset + 1), "once and in order");
                self.page = Some(Position { offset: page.offset + 1, ..page });
            }
            ServerFrame::Acknowledged { id, .. } => assert!(self.answered.insert(id), "answered twice"),
            other => panic!("unexpected: {other:?}"),
        }
    }

    fn cut(&mut self) {
        self.wire = Wire::default();
        (self.server.subscribed, self.server.greeted) = (false, false);
    }

    fn lose_line(&mut self) {
        if self.wire.exists {
            self.cut();
            self.feed(Input::Closed { code: 1006 });
        }
    }

    fn publish(&mut self) {
        self.server.at.offset += 1;
        if self.server.subscribed {
            let position = self.server.at;
            let event = event(position.epoch, position.offset);
            self.wire.down.push_back(ServerFrame::Happened { channel: channel(), position, event });
        }
    }

    fn enter(&mut self, subscription: Subscription) {
        let at = self.server.at;
        self.server.subscribed = true;
        let resumed = subscription
            .position
            .filter(|from| from.epoch == at.epoch && from.offset <= at.offset && at.offset - from.offset <= REPLAY);
        match resumed {
            Some(from) => {
                self.wire.down.push_back(ServerFrame::Subscribed { channel: channel(), position: from });
                for offset in from.offset + 1..=at.offset {
                    let position = Position { epoch: at.epoch, offset };
                    let event = event(at.epoch, offset);
                    self.wire.down.push_back(ServerFrame::Happened { channel: channel(), position, event });
                }
            }
            None => {
                let snapshot = Some(Box::new(event(at.epoch, at.offset)));
                self.wire.down.push_back(ServerFrame::Resynced { channel: channel(), position: at, snapshot });
            }
        }
    }

    fn serve(&mut self, frame: ClientFrame) {
        match frame {
            ClientFrame::Hello { subscriptions, .. } => {
                assert!(!self.server.greeted);
                self.server.greeted = true;
                self.wire.down.push_back(ServerFrame::Welcomed {
                    connection: Uuid::nil(),
                    server_time: 0,
                    heartbeat_ms: 25_000,
                });
                subscriptions.into_iter().for_each(|subscription| self.enter(subscription));
            }
            ClientFrame::Subscribe(subscription) => self.enter(subscription),
            ClientFrame::Command { id, key, .. } => {
                if self.server.keys.insert(key) {
                    self.server.carried_out += 1;
                    self.publish();
                }
                self.wire.down.push_back(ServerFrame::Acknowledged { id, outcome: Outcome::Done });
            }
            ClientFrame::Ping { nonce } => {
                self.wire.down.push_back(ServerFrame::Ponged { nonce, server_time: 0 });
            }
            ClientFrame::Pong { .. } | ClientFrame::Unsubscribe { .. } => {}
        }
    }

    fn run(&mut self, op: Op) {
        match op {
            Op::Wait(ms) => {
                self.now += ms;
                self.feed(Input::Tick);
            }
            Op::Accept if self.wire.exists && !self.wire.opened => {
                self.wire.opened = true;
                self.feed(Input::Opened);
            }
            Op::Up if self.wire.opened => {
                if let Some(frame) = self.wire.up.pop_front() {
                    self.serve(frame);
                }
            }
            Op::Down => {
                if let Some(frame) = self.wire.down.pop_front() {
                    self.feed(Input::Frame(frame));
                }
            }
            Op::Lose => {
                // Without an answer to its hello the client starts anew; events are what a hole can be made of.
                if matches!(self.wire.down.front(), Some(ServerFrame::Happened { .. })) {
                    self.wire.down.pop_front();
                }
            }
            Op::Double => {
                if let Some(frame @ ServerFrame::Happened { .. }) = self.wire.down.front() {
                    let frame = frame.clone();
                    self.wire.down.push_front(frame);
                }
            }
            Op::Break | Op::Restart => self.lose_line(),
            Op::Restore => {
                self.lose_line();
                self.server.at = Position { epoch: self.server.at.epoch + 1, offset: self.server.at.offset / 2 };
            }
            Op::Event => self.publish(),
            Op::Command => {
                self.sent += 1;
                let command =
                    Command::AdvanceLiveSession { session: LiveSessionId(Uuid::from_u128(7)), seen: self.sent };
                self.feed(Input::Command { id: self.sent, key: Uuid::from_u128(u128::from(self.sent)), command });
            }
            Op::Wake => self.feed(Input::Visible),
            Op::Offline => self.feed(Input::Offline),
            Op::Return => self.feed(Input::Online),
            Op::Accept | Op::Up => {}
        }
    }

    /// The network behaves: everything that can move does.
    fn calm(&mut self) {
        for _ in 0..10_000 {
            if self.is_settled() {
                return;
            }
            let until = self.client.wake_at().unwrap_or(self.now);
            let busy =
                self.wire.exists && (!self.wire.opened || !self.wire.up.is_empty() || !self.wire.down.is_empty());
            if !busy {
                self.now = self.now.max(until);
            }
            for op in [Op::Accept, Op::Up, Op::Down, Op::Wait(0)] {
                self.run(op);
            }
        }
        panic!("never settles: {self:?}");
    }

    fn is_settled(&self) -> bool {
        self.client.state() == State::Open
            && self.page == Some(self.server.at)
            && self.answered.len() == self.sent as usize
    }
}

fn ops() -> impl Strategy<Value = Op> {
    prop_oneof![
        2 => (0u64..40_000).prop_map(Op::Wait),
        6 => Just(Op::Accept),
        12 => Just(Op::Up),
        16 => Just(Op::Down),
        2 => Just(Op::Lose),
        2 => Just(Op::Double),
        1 => Just(Op::Break),
        1 => Just(Op::Restart),
        1 => Just(Op::Restore),
        6 => Just(Op::Event),
        3 => Just(Op::Command),
        1 => Just(Op::Wake),
        1 => Just(Op::Offline),
        1 => Just(Op::Return),
    ]
}

proptest! {
    #[test]
    fn every_event_counts_once_and_every_command_is_carried_out_once(
        ops in proptest::collection::vec((ops(), 0.0f64..1.0), 0..300)
    ) {
        let mut world = World::new();
        for (op, random) in ops {
            world.random = random;
            world.run(op);
        }
        // A lost last event shows when the next one comes, as the line is never silent for long.
        world.run(Op::Event);
        world.calm();
        prop_assert_eq!(world.server.carried_out, world.sent, "none lost, none doubled");
    }
}
