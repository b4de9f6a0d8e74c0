//! The frames of the socket `/ws`, shared by server and client. Client frames are imperatives, server frames
//! past facts. Append variants, never reorder them: the binary form counts them. See docs/PROTOCOL.md.

mod room;

pub use room::{RoomAct, RoomSnapshot};

use crate::domain::{
    flags::Flag,
    ids::{GroupId, LiveSessionId, ParticipantId, UserId},
    live::{
        blitz::{Control, HostView, PlayerView, Refusal},
        question::Answer,
        study_room::{self, RoomMessage, RoomView},
    },
    presence::{Activity, Diff, State, Status},
    problem::Problem,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The WebSocket subprotocols, newest first; the client offers one, the server echoes it.
pub const POSTCARD: &str = "studyhall.v1+postcard";
/// The same frames as JSON text, for debugging and foreign clients.
pub const JSON: &str = "studyhall.v1+json";

/// The server pings at least this often; a client that hears nothing for [`SILENCE_MS`] reconnects.
pub const HEARTBEAT_MS: u32 = 25_000;
/// Heartbeat and ten seconds for the network.
pub const SILENCE_MS: u32 = 35_000;
/// At most so many missed events are sent again; who missed more gets a snapshot.
pub const MAX_REPLAY: usize = 300;
/// A client's frame may have this many bytes.
pub const MAX_CLIENT_FRAME: usize = 16 * 1024;

/// Close codes: 4000–4099 come back with back-off, 4100–4199 do not come back by themselves.
pub mod close {
    /// The server restarts.
    pub const SHUTDOWN: u16 = 4000;
    /// The client read too slowly; it gets a fresh snapshot when it returns.
    pub const SLOW: u16 = 4001;
    /// No answer to a ping.
    pub const NO_PONG: u16 = 4002;
    /// Too many frames.
    pub const TOO_MANY: u16 = 4003;
    /// No hello in time.
    pub const NO_HELLO: u16 = 4004;
    /// A frame that could not be read.
    pub const MALFORMED: u16 = 4100;
    /// The sign-in or seat has ended.
    pub const SIGNED_OUT: u16 = 4101;
    /// The same seat was opened somewhere else.
    pub const REPLACED: u16 = 4102;
}

/// A stream of events that one can subscribe to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// What concerns one account.
    User(UserId),
    /// What concerns a group's members: live sessions that start and end.
    Group(GroupId),
    /// A live session as one of its players; needs a seat.
    LivePlayer(LiveSessionId),
    /// A live session as its host.
    LiveHost(LiveSessionId),
    /// Who of a group is there.
    Presence(GroupId),
    /// A study room, for members of its group. Who hears it is in it.
    StudyRoom(LiveSessionId),
}

impl Channel {
    /// Whether the server tells the channel's state to who joins anew. Otherwise the pages read it themselves.
    pub fn has_state(self) -> bool {
        match self {
            Self::User(_) | Self::Group(_) => false,
            Self::LivePlayer(_) | Self::LiveHost(_) | Self::Presence(_) | Self::StudyRoom(_) => true,
        }
    }
}

/// Where in a channel's stream somebody is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Changes when the stream starts anew; positions of another epoch mean nothing.
    pub epoch: u64,
    /// Counts events.
    pub offset: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientFrame {
    /// The first frame, within ten seconds; resubscribes everything at once.
    Hello {
        tab: Uuid,
        subscriptions: Vec<Subscription>,
    },
    Subscribe(Subscription),
    Unsubscribe {
        channel: Channel,
    },
    /// `id` names the acknowledgement; `key` makes a repeated command count once.
    Command {
        id: u32,
        key: Uuid,
        command: Command,
    },
    Pong {
        nonce: u32,
    },
    /// Asks whether the line is alive, after waking up.
    Ping {
        nonce: u32,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    pub channel: Channel,
    /// What was seen last; `None` for the first time.
    pub position: Option<Position>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Takes a seat; the acknowledgement carries its secret to this client alone.
    JoinLiveSession {
        pin: String,
        name: String,
    },
    /// `seen` is the revision on the host's screen.
    StartLiveSession {
        session: LiveSessionId,
        seen: u32,
    },
    AdvanceLiveSession {
        session: LiveSessionId,
        seen: u32,
    },
    EndLiveSession {
        session: LiveSessionId,
        seen: u32,
    },
    SubmitLiveAnswer {
        session: LiveSessionId,
        card_index: u32,
        answer: Answer,
    },
    /// Shows a seat's secret on this connection (clients without cookies).
    TakeSeat {
        session: LiveSessionId,
        secret: String,
    },
    /// What the person wants to be for others, on all devices and until they choose anew; not `offline`.
    SetPresenceStatus {
        status: Status,
    },
    /// What the page is about; nothing for a page that says nothing. Counts as a sign of the person.
    SetPresenceActivity {
        activity: Option<Activity>,
    },
    /// A sign of the person. At most five of these three in thirty seconds.
    Touch,
    /// In a study room.
    InRoom {
        session: LiveSessionId,
        act: RoomAct,
    },
    /// Beside going on: the door, the clock, a question taken back.
    ControlLiveSession {
        session: LiveSessionId,
        seen: u32,
        control: Control,
    },
    /// How sure one is of the own answer to the open question.
    TellSureness {
        session: LiveSessionId,
        card_index: u32,
        sure: bool,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerFrame {
    /// Answer to `Hello`. `server_time` in Unix milliseconds.
    Welcomed {
        connection: Uuid,
        server_time: i64,
        heartbeat_ms: u32,
    },
    /// The client is at `position`: nothing was missed, or all that was missed follows, each once and in order.
    Subscribed {
        channel: Channel,
        position: Position,
    },
    SubscriptionRefused {
        channel: Channel,
        reason: Refused,
    },
    /// The event at `position`. Each counts once; offsets have no holes.
    Happened {
        channel: Channel,
        position: Position,
        event: ChannelEvent,
    },
    Acknowledged {
        id: u32,
        outcome: Outcome,
    },
    CommandRefused {
        id: u32,
        reason: Refused,
    },
    Pinged {
        nonce: u32,
        server_time: i64,
    },
    Ponged {
        nonce: u32,
        server_time: i64,
    },
    /// What the client had of the channel is void: this is its state at `position`, which was read first, so that
    /// an event may be in both. Without a snapshot the channel has no state of its own: read it again.
    Resynced {
        channel: Channel,
        position: Position,
        snapshot: Option<Box<ChannelEvent>>,
    },
    /// Only the newest counts: it has no position, and older ones that nobody has read yet are left out.
    Changed {
        channel: Channel,
        event: ChannelEvent,
    },
    /// The server is about to stop: it closes this connection within so many milliseconds.
    Draining {
        within_ms: u32,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelEvent {
    /// Complete: replaces what the player saw.
    PlayerSaw(Box<PlayerView>),
    /// Complete: replaces what the projector showed.
    HostSaw(Box<HostView>),
    /// Latest-only: how many have answered the open question.
    AnswersCounted { revision: u32, answered: u32, expected: u32 },
    /// A live session of the group began, changed its status or ended: read the list again.
    LiveSessionsChanged,
    /// Complete: who of the group is there.
    PresenceShown(Box<State>),
    /// What changed of it within a second.
    PresenceChanged(Box<Diff>),
    /// On the account's channel: people of a crowd whom the reader knows from another group.
    AcquaintancesChanged { group: GroupId, diff: Box<Diff> },
    /// On the account's channel: the person chose this status, on whichever device.
    PresenceStatusChosen { status: Status },
    /// Complete but for the messages: replaces what was seen of the study room.
    RoomSaw(Box<RoomView>),
    /// A message as it is now: new, edited or deleted.
    RoomSaid(Box<RoomMessage>),
    /// The study room for who joins it anew.
    RoomOpened(Box<RoomSnapshot>),
}

/// What an accepted command did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Done,
    Joined { session: LiveSessionId, participant: ParticipantId, secret: String },
}

/// Why a command or subscription was not carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    SignInRequired,
    Forbidden,
    /// It does not exist, or is not for you.
    NotFound,
    /// Allowed again in `retry_after` seconds.
    TooMany {
        retry_after: u32,
    },
    FlagOff {
        flag: Flag,
    },
    /// Something about the name.
    Name(Problem),
    /// The session's own rules.
    Live(Refusal),
    /// Storage is gone for the moment; nothing was done.
    Unavailable,
    /// Something about the text.
    Text(Problem),
    /// The study room's own rules.
    Room(study_room::Refusal),
}
