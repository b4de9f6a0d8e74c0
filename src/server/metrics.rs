//! Figures of this process for Prometheus: counters that anything may raise, and what is read from the state when
//! somebody asks. Served on a listener of its own, so that a school's pupils never reach it.

use super::state::AppState;
use axum::{Router, extract::State, http::header, response::IntoResponse, routing::get};
use std::{
    fmt::Write,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

/// Something that is counted from the start of the process.
#[derive(Debug)]
pub struct Counter {
    /// With its labels.
    name: &'static str,
    help: &'static str,
    value: AtomicU64,
}

impl Counter {
    const fn new(name: &'static str, help: &'static str) -> Self {
        Self { name, help, value: AtomicU64::new(0) }
    }

    pub fn add(&self, count: usize) {
        self.value.fetch_add(count as u64, Relaxed);
    }

    pub fn get(&self) -> u64 {
        self.value.load(Relaxed)
    }
}

/// How long something took, in buckets.
#[derive(Debug)]
pub struct Timing {
    name: &'static str,
    help: &'static str,
    /// One for each bound, and one for what is beyond.
    counts: [AtomicU64; BOUNDS.len() + 1],
    micros: AtomicU64,
}

/// Seconds.
const BOUNDS: [f64; 10] = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0];

impl Timing {
    const fn new(name: &'static str, help: &'static str) -> Self {
        Self { name, help, counts: [const { AtomicU64::new(0) }; BOUNDS.len() + 1], micros: AtomicU64::new(0) }
    }

    pub fn record(&self, took: Duration) {
        let seconds = took.as_secs_f64();
        let bucket = BOUNDS.iter().position(|bound| seconds <= *bound).unwrap_or(BOUNDS.len());
        self.counts[bucket].fetch_add(1, Relaxed);
        self.micros.fetch_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Relaxed);
    }
}

macro_rules! counters {
    ($($constant:ident = $name:literal, $help:literal;)*) => {
        $(pub static $constant: Counter = Counter::new($name, $help);)*
        /// In the order in which they are printed; those of one name stand together.
        const COUNTERS: &[&Counter] = &[$(&$constant),*];
    };
}

counters! {
    WS_ACCEPTED = "studyhall_ws_handshakes_total{result=\"accepted\"}", "Handshakes of sockets.";
    WS_CROWDED = "studyhall_ws_handshakes_total{result=\"crowded\"}", "";
    WS_REFUSED = "studyhall_ws_handshakes_total{result=\"refused\"}", "";
    WS_FRAMES_IN = "studyhall_ws_frames_in_total", "Frames that clients sent.";
    WS_BYTES_IN = "studyhall_ws_bytes_in_total", "Bytes that clients sent.";
    WS_WRITES = "studyhall_ws_writes_total", "Writes to sockets; one may carry several frames.";
    WS_FRAMES_OUT = "studyhall_ws_frames_out_total", "Frames queued for clients.";
    WS_BYTES_OUT = "studyhall_ws_bytes_out_total", "Bytes written to clients.";
    WS_REPLACED_VIEW = "studyhall_ws_replaced_total{kind=\"view\"}", "Latest-only frames that a newer one replaced before they were written.";
    WS_REPLACED_TALLY = "studyhall_ws_replaced_total{kind=\"tally\"}", "";
    WS_REPLACED_OTHER = "studyhall_ws_replaced_total{kind=\"other\"}", "";
    WS_BLOCKED = "studyhall_ws_blocked_total", "Writes that had to wait for the network.";
    CLOSE_SHUTDOWN = "studyhall_ws_closes_total{code=\"4000\"}", "Sockets that the server closed.";
    CLOSE_SLOW = "studyhall_ws_closes_total{code=\"4001\"}", "";
    CLOSE_NO_PONG = "studyhall_ws_closes_total{code=\"4002\"}", "";
    CLOSE_TOO_MANY = "studyhall_ws_closes_total{code=\"4003\"}", "";
    CLOSE_NO_HELLO = "studyhall_ws_closes_total{code=\"4004\"}", "";
    CLOSE_MALFORMED = "studyhall_ws_closes_total{code=\"4100\"}", "";
    CLOSE_SIGNED_OUT = "studyhall_ws_closes_total{code=\"4101\"}", "";
    CLOSE_REPLACED = "studyhall_ws_closes_total{code=\"4102\"}", "";
    CLOSE_OTHER = "studyhall_ws_closes_total{code=\"other\"}", "";
    RESUMED = "studyhall_channel_joins_total{how=\"resumed\"}", "How clients came into channels.";
    RESTORED = "studyhall_channel_joins_total{how=\"snapshot\"}", "";
    RESYNCED = "studyhall_channel_joins_total{how=\"resynced\"}", "";
    REPLAYED = "studyhall_channel_events_replayed_total", "Missed events that were told again.";
    EVENTS = "studyhall_channel_events_total", "Events of channels.";
    LOG_READS = "studyhall_channel_log_reads_total", "Times that the end of a channel's log was read.";
    PRESENCE_DIFFS = "studyhall_presence_diffs_total", "Differences of who is there, one for each group and second with news.";
    PRESENCE_FRAMES = "studyhall_presence_frames_total", "Frames that they became: one for each reader.";
    PRESENCE_SWEPT = "studyhall_presence_swept_total", "People whom the sweep found to be gone. Anything but 0 is a bug.";
    PRESENCE_ROWS = "studyhall_presence_row_writes_total", "Rows of presence written.";
    PRESENCE_LAST_SEEN = "studyhall_presence_last_seen_writes_total", "Those of them that moved somebody's last seen.";
    DB_CALLS = "studyhall_db_calls_total", "Queries and transactions of the database.";
    CLAIMED = "studyhall_live_claims_total", "Times that this process became the owner of a live session or room.";
    FENCED = "studyhall_live_fenced_total", "Appends of live sessions that a newer owner refused.";
}

pub static BROADCAST: Timing =
    Timing::new("studyhall_channel_broadcast_seconds", "From an event to the queues of all who hear it.");
pub static PING: Timing = Timing::new("studyhall_ws_ping_seconds", "From a ping to its answer.");
const TIMINGS: [&Timing; 2] = [&BROADCAST, &PING];

/// Counts a close by its code.
pub fn closed(code: u16) {
    use crate::protocol::close;
    let counter = match code {
        close::SHUTDOWN => &CLOSE_SHUTDOWN,
        close::SLOW => &CLOSE_SLOW,
        close::NO_PONG => &CLOSE_NO_PONG,
        close::TOO_MANY => &CLOSE_TOO_MANY,
        close::NO_HELLO => &CLOSE_NO_HELLO,
        close::MALFORMED => &CLOSE_MALFORMED,
        close::SIGNED_OUT => &CLOSE_SIGNED_OUT,
        close::REPLACED => &CLOSE_REPLACED,
        _ => &CLOSE_OTHER,
    };
    counter.add(1);
}

/// `GET /metrics`, for a listener of its own.
pub fn router(state: AppState) -> Router {
    Router::new().route("/metrics", get(page)).with_state(state)
}

async fn page(State(state): State<AppState>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text(&state).await)
}

/// Everything, as Prometheus reads it.
pub async fn text(state: &AppState) -> String {
    let mut out = String::new();
    let mut family = "";
    for counter in COUNTERS {
        let name = counter.name.split('{').next().unwrap_or_default();
        if name != family {
            family = name;
            head(&mut out, name, counter.help, "counter");
        }
        let _ = writeln!(out, "{} {}", counter.name, counter.get());
    }
    for timing in TIMINGS {
        head(&mut out, timing.name, timing.help, "histogram");
        let mut sum = 0;
        for (place, count) in timing.counts.iter().enumerate() {
            sum += count.load(Relaxed);
            let bound = BOUNDS.get(place).map_or_else(|| "+Inf".to_owned(), f64::to_string);
            let _ = writeln!(out, "{}_bucket{{le=\"{bound}\"}} {sum}", timing.name);
        }
        let seconds = timing.micros.load(Relaxed) as f64 / 1e6;
        let _ = writeln!(out, "{0}_sum {seconds}\n{0}_count {sum}", timing.name);
    }
    let connections = state.hub.connections();
    let waiting = connections.waiting();
    let (greeted, devices) = (connections.greeted(), state.presence.sizes());
    head(&mut out, "studyhall_ws_connections", "Open sockets.", "gauge");
    for (name, value) in [("open", greeted), ("greeting", connections.count().saturating_sub(greeted))] {
        let _ = writeln!(out, "studyhall_ws_connections{{state=\"{name}\"}} {value}");
    }
    for (name, help, value) in [
        ("studyhall_ws_users", "Accounts with an open socket.", connections.users()),
        ("studyhall_ws_queue_bytes", "Bytes that wait for clients.", waiting.bytes),
        ("studyhall_ws_queue_bytes_p99", "99 of 100 clients have no more waiting.", waiting.p99),
        ("studyhall_ws_queue_bytes_max", "Bytes that wait for the slowest client.", waiting.most),
        (
            "studyhall_ws_queue_age_max_ms",
            "For how long something has been waiting for the slowest client.",
            waiting.oldest_ms,
        ),
        ("studyhall_channels", "Channels that are remembered.", state.hub.channels()),
        ("studyhall_channel_subscriptions", "Subscriptions to them.", state.hub.subscriptions()),
        ("studyhall_live_sessions", "Live sessions that this process owns.", state.live.running().await),
        ("studyhall_study_rooms", "Study rooms that this process owns.", state.rooms.running().await),
        ("studyhall_presence_connections", "Open sockets of people with an account.", state.presence.connections()),
        ("studyhall_presence_devices", "Devices that count, those on the way back too.", devices[0]),
        ("studyhall_presence_people", "People who are there, the invisible too.", devices[1]),
        ("studyhall_presence_groups", "Groups in which somebody is there.", devices[2]),
        (
            "studyhall_presence_held",
            "People who were there before a restart and are not back yet.",
            state.presence.held(),
        ),
    ] {
        head(&mut out, name, help, "gauge");
        let _ = writeln!(out, "{name} {value}");
    }
    out
}

fn head(out: &mut String, name: &str, help: &str, kind: &str) {
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}
