//! The connection's promises: it comes back, it never loses or doubles a command by itself, it spreads its tries.

use super::{pause::CAP_MS, *};
use crate::{
    domain::ids::LiveSessionId,
    protocol::{Outcome, Position, Subscription},
};
use proptest::prelude::*;

fn session() -> LiveSessionId {
    LiveSessionId(Uuid::from_u128(7))
}
fn channel() -> Channel {
    Channel::LivePlayer(session())
}
fn command(id: u32) -> Input {
    Input::Command {
        id,
        key: Uuid::from_u128(u128::from(id)),
        command: Command::AdvanceLiveSession { session: session(), seen: id },
    }
}
fn welcomed() -> Input {
    Input::Frame(ServerFrame::Welcomed { connection: Uuid::nil(), server_time: 0, heartbeat_ms: 25_000 })
}
fn acknowledged(id: u32) -> Input {
    Input::Frame(ServerFrame::Acknowledged { id, outcome: Outcome::Done })
}
fn open_at(now: u64) -> Connection {
    let mut c = Connection::new(Uuid::nil());
    c.step(Input::Subscribe(channel()), now, 0.5);
    c.step(Input::Opened, now, 0.5);
    c.step(welcomed(), now, 0.5);
    let position = Position { epoch: 3, offset: 4 };
    c.step(Input::Frame(ServerFrame::Subscribed { channel: channel(), position }), now, 0.5);
    assert_eq!(c.state(), State::Open);
    c
}
fn sent_ids(out: &[Output]) -> Vec<u32> {
    out.iter()
        .filter_map(|o| if let Output::Send(ClientFrame::Command { id, .. }) = o { Some(*id) } else { None })
        .collect()
}

#[test]
fn says_hello_with_all_subscriptions_and_their_positions() {
    let mut c = open_at(0);
    let position = Position { epoch: 3, offset: 9 };
    c.step(Input::Frame(ServerFrame::Resynced { channel: channel(), position, snapshot: None }), 10, 0.5);
    c.step(Input::Closed { code: 1006 }, 20, 0.0);
    assert_eq!(c.step(Input::Tick, 20, 0.5), [Output::Open]);
    let hello = c.step(Input::Opened, 30, 0.5);
    let subscriptions = vec![Subscription { channel: channel(), position: Some(position) }];
    assert_eq!(hello, [Output::Send(ClientFrame::Hello { tab: Uuid::nil(), subscriptions })]);
}

#[test]
fn sends_what_was_not_acknowledged_again_in_order_with_the_same_keys() {
    let mut c = open_at(0);
    for id in 1..=3 {
        assert_eq!(sent_ids(&c.step(command(id), 100, 0.5)), [id]);
    }
    c.step(acknowledged(2), 110, 0.5);
    c.step(Input::Closed { code: 4000 }, 120, 0.0);
    assert_eq!(sent_ids(&c.step(command(4), 130, 0.5)), [0u32; 0]);
    c.step(Input::Tick, 200, 0.5);
    c.step(Input::Opened, 210, 0.5);
    let out = c.step(welcomed(), 220, 0.5);
    assert_eq!(sent_ids(&out), [1, 3, 4]);
    assert!(matches!(&out[0], Output::Send(ClientFrame::Command { key, .. }) if *key == Uuid::from_u128(1)));
}

#[test]
fn silence_leads_to_a_ping_and_only_then_to_a_new_socket() {
    let mut c = open_at(0);
    assert_eq!(c.wake_at(), Some(u64::from(SILENCE_MS)));
    let out = c.step(Input::Tick, 35_000, 0.5);
    assert_eq!(out, [Output::Send(ClientFrame::Ping { nonce: 1 })]);
    c.step(Input::Frame(ServerFrame::Ponged { nonce: 1, server_time: 0 }), 35_100, 0.5);
    assert_eq!(c.state(), State::Open);
    c.step(Input::Tick, 70_100, 0.5);
    assert_eq!(c.step(Input::Tick, 73_100, 0.25), [Output::Close]);
    assert_eq!(c.state(), State::Waiting { until: 73_350 });
}

#[test]
fn an_answer_that_never_comes_makes_it_doubt_the_line() {
    let mut c = open_at(0);
    c.step(command(1), 1000, 0.5);
    assert_eq!(c.wake_at(), Some(5000));
    assert!(matches!(c.step(Input::Tick, 5000, 0.5)[..], [Output::Send(ClientFrame::Ping { .. })]));
    assert_eq!(c.step(Input::Tick, 8000, 0.5), [Output::Close]);
}

#[test]
fn a_tab_whose_timers_come_a_minute_late_stays_on_its_line_while_the_server_pings() {
    let mut connection = open_at(0);
    for minute in 1..60_u64 {
        // The socket's own events are not held back, only timers are; the tick that was due long ago comes last.
        for second in [10, 35, 59] {
            let ping = Input::Frame(ServerFrame::Pinged { nonce: 1, server_time: 0 });
            let out = connection.step(ping, (minute - 1) * 60_000 + second * 1_000, 0.5);
            assert!(out.iter().any(|out| matches!(out, Output::Send(ClientFrame::Pong { .. }))), "{out:?}");
        }
        let out = connection.step(Input::Tick, minute * 60_000, 0.5);
        assert!(!out.iter().any(|out| matches!(out, Output::Open | Output::Close)), "minute {minute}: {out:?}");
    }
    assert_eq!(connection.state(), State::Open);
}

#[test]
fn waking_up_checks_the_line_or_opens_at_once() {
    let mut c = open_at(0);
    assert!(matches!(c.step(Input::Visible, 50, 0.5)[..], [Output::Send(ClientFrame::Ping { .. })]));
    c.step(Input::Closed { code: 1006 }, 60, 0.9);
    for wake in [Input::Visible, Input::Online, Input::Retry] {
        let mut c = c.clone();
        assert_eq!(c.step(wake, 61, 0.5), [Output::Open]);
    }
}

#[test]
fn without_network_it_says_so_and_still_tries() {
    let mut c = open_at(0);
    c.step(Input::Offline, 100, 0.5);
    c.step(Input::Tick, 3100, 0.5);
    assert_eq!(c.state(), State::Offline { until: 3600 });
    assert_eq!(c.step(Input::Tick, 3600, 0.5), [Output::Open]);
}

#[test]
fn some_close_codes_are_for_good() {
    for (code, reason) in
        [(close::SIGNED_OUT, Gone::SignedOut), (close::REPLACED, Gone::Replaced), (close::MALFORMED, Gone::Outdated)]
    {
        let mut c = open_at(0);
        c.step(command(1), 5, 0.5);
        let out = c.step(Input::Closed { code }, 10, 0.5);
        assert!(matches!(out[..], [Output::Deliver(ServerFrame::CommandRefused { id: 1, .. })]));
        assert_eq!((c.state(), c.wake_at()), (State::Closed { reason }, None));
        for input in [Input::Visible, Input::Online, Input::Tick] {
            assert_eq!(c.step(input, 1_000_000, 0.5), []);
        }
        assert_eq!(c.step(Input::Retry, 1_000_001, 0.5), [Output::Open]);
    }
}

#[test]
fn a_server_that_welcomes_and_drops_does_not_get_a_storm() {
    let mut c = open_at(0);
    let mut now = 0;
    for _ in 0..12 {
        c.step(Input::Closed { code: 1006 }, now, 0.99);
        now = c.wake_at().unwrap_or(0);
        c.step(Input::Tick, now, 0.5);
        c.step(Input::Opened, now, 0.5);
        c.step(welcomed(), now, 0.5);
    }
    c.step(Input::Closed { code: 1006 }, now, 0.99);
    assert_eq!(c.wake_at(), Some(now + 19_800));
}

#[test]
fn what_nobody_needs_is_closed_after_a_while() {
    let mut c = open_at(0);
    c.step(Input::Unsubscribe(channel()), 100, 0.5);
    assert_eq!(c.wake_at(), Some(10_100));
    assert_eq!(c.step(Input::Tick, 10_100, 0.5), [Output::Close]);
    assert_eq!(c.state(), State::Idle);
    assert_eq!(c.step(Input::Subscribe(channel()), 20_000, 0.5), [Output::Open]);
}

#[test]
fn a_subscription_that_is_not_possible_now_is_asked_for_again() {
    let mut c = open_at(0);
    let reason = Refused::Unavailable;
    assert_eq!(c.step(Input::Frame(ServerFrame::SubscriptionRefused { channel: channel(), reason }), 5, 0.5), []);
    assert!(matches!(c.step(Input::Tick, 2005, 0.5)[..], [Output::Send(ClientFrame::Subscribe(_))]));
    let reason = Refused::NotFound;
    let out = c.step(Input::Frame(ServerFrame::SubscriptionRefused { channel: channel(), reason }), 2010, 0.5);
    assert!(matches!(out[..], [Output::Deliver(_)]));
}

fn inputs() -> impl Strategy<Value = Input> {
    prop_oneof![
        4 => Just(Input::Tick),
        2 => Just(Input::Opened),
        3 => Just(welcomed()),
        3 => prop_oneof![Just(1000u16), Just(1006), Just(4000), Just(4003)].prop_map(|code| Input::Closed { code }),
        1 => Just(Input::Online),
        1 => Just(Input::Offline),
        1 => Just(Input::Visible),
        1 => prop_oneof![Just(Input::Retry), Just(Input::Reconnect)],
        3 => (1u32..20).prop_map(command),
        2 => (1u32..20).prop_map(acknowledged),
    ]
}

/// What a browser's socket would do: one at a time, silent once closed.
#[derive(Default)]
struct Socket {
    exists: bool,
    opened: bool,
    welcomed: bool,
}

impl Socket {
    fn allows(&self, input: &Input) -> bool {
        match input {
            Input::Opened => self.exists && !self.opened,
            Input::Frame(ServerFrame::Welcomed { .. }) => self.opened && !self.welcomed,
            Input::Frame(_) => self.welcomed,
            Input::Closed { .. } => self.exists,
            _ => true,
        }
    }
    fn hear(&mut self, input: &Input) {
        match input {
            Input::Opened => self.opened = true,
            Input::Frame(ServerFrame::Welcomed { .. }) => self.welcomed = true,
            Input::Closed { .. } => *self = Self::default(),
            _ => {}
        }
    }
}

proptest! {
    #[test]
    fn whatever_happens_it_comes_back_and_delivers_everything(
        steps in proptest::collection::vec((inputs(), 0u64..30_000, 0.0f64..1.0), 0..120)
    ) {
        let mut c = Connection::new(Uuid::nil());
        let (mut now, mut socket) = (0, Socket::default());
        let mut waiting: Vec<u32> = vec![];
        let mut known = std::collections::HashSet::new();
        let check = |socket: &mut Socket, out: &[Output]| -> Result<(), TestCaseError> {
            for o in out {
                match o {
                    Output::Open => { prop_assert!(!socket.exists, "two sockets"); socket.exists = true; }
                    Output::Close => { prop_assert!(socket.exists); *socket = Socket::default(); }
                    Output::Send(ClientFrame::Hello { .. }) => prop_assert!(socket.opened),
                    Output::Send(_) => prop_assert!(socket.welcomed, "spoke before the welcome"),
                    Output::Deliver(_) => {}
                }
            }
            Ok(())
        };
        let out = c.step(Input::Subscribe(channel()), 0, 0.5);
        check(&mut socket, &out)?;
        for (input, pause, random) in steps {
            now += pause;
            if !socket.allows(&input) { continue; }
            if let Input::Command { id, .. } = input {
                if !known.insert(id) { continue; }
                waiting.push(id);
            }
            if let Input::Frame(ServerFrame::Acknowledged { id, .. }) = input { waiting.retain(|w| *w != id); }
            socket.hear(&input);
            let out = c.step(input, now, random);
            check(&mut socket, &out)?;
            prop_assert!(c.wake_at().is_some_and(|at| at <= now + 60_000), "always has a next thing to do");
            prop_assert_eq!(c.has_unacknowledged(), !waiting.is_empty());
        }
        // From here the network behaves: within a minute it is open and everything has been sent, in order.
        let limit = now + 60_000;
        let mut sent = vec![];
        let out = c.step(Input::Closed { code: 1006 }, now, 0.7);
        if socket.exists { socket = Socket::default(); }
        check(&mut socket, &out)?;
        while !socket.welcomed && now < limit {
            if let (false, Some(at)) = (socket.exists, c.wake_at()) { now = now.max(at); }
            for input in [Input::Tick, Input::Opened, welcomed()] {
                if !socket.allows(&input) { continue; }
                socket.hear(&input);
                let out = c.step(input, now, 0.7);
                check(&mut socket, &out)?;
                sent.extend(sent_ids(&out));
            }
        }
        prop_assert_eq!(c.state(), State::Open);
        prop_assert_eq!(sent, waiting);
    }

    #[test]
    fn pauses_stay_under_the_cap_and_use_its_whole_width(attempt in 0u32..200, random in 0.0f64..1.0) {
        let pause = pause_ms(attempt, random);
        let longest = if attempt == 0 { 1000 } else { CAP_MS };
        prop_assert!(pause <= longest);
        prop_assert!(attempt < 7 || pause.abs_diff((random * 20_000.0) as u64) <= 1, "jitter is drawn after the cap");
    }
}
