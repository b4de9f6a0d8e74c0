//! What people and the clock want of a quiz, and why it may be refused.

use super::ExtraTime;
use crate::domain::{
    ids::{LiveSessionId, ParticipantId, UserId},
    live::{
        player_name::PlayerName,
        question::{Answer, Question},
    },
};
use serde::{Deserialize, Serialize};

/// What somebody wants. Times, ids and checked names are passed in; roles are checked before.
/// `seen` is the revision on the host's screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Join {
        participant: ParticipantId,
        user: Option<UserId>,
        name: PlayerName,
    },
    /// Like `Join`, for somebody whom the host shall look at in any case.
    Knock {
        participant: ParticipantId,
        user: Option<UserId>,
        name: PlayerName,
    },
    /// From somebody who has a seat: may I come back?
    AskBack {
        participant: ParticipantId,
    },
    /// From the host.
    Start {
        seen: u32,
    },
    Submit {
        participant: ParticipantId,
        index: u32,
        answer: Answer,
    },
    /// From the host: to the next phase.
    Next {
        seen: u32,
    },
    /// From the host: stop here and keep the results.
    End {
        seen: u32,
    },
    /// From the host.
    Control {
        seen: u32,
        control: Control,
    },
    /// From the host: the same people play on in `next`.
    Continue {
        seen: u32,
        next: LiveSessionId,
    },
    /// From the host, in the lobby: this question as it shall be.
    Adjust {
        seen: u32,
        index: u32,
        question: Box<Question>,
    },
    /// From the host, in the lobby: without this question.
    Drop {
        seen: u32,
        index: u32,
    },
    /// From a guest who has an account now: the seat and its result become the account's.
    Claim {
        participant: ParticipantId,
        user: UserId,
    },
    /// From a player in the lobby.
    ChooseTeam {
        participant: ParticipantId,
        team: u8,
    },
    /// From somebody who was in the session before this one, at a new seat: what was granted there.
    CarryOver {
        participant: ParticipantId,
        before: ParticipantId,
    },
    /// An answer over a line whose round trip the server has measured: `credit_ms` is taken off in the speed curve.
    SubmitOver {
        participant: ParticipantId,
        index: u32,
        answer: Answer,
        credit_ms: u32,
    },
    /// How sure the player is of the answer that was taken.
    TellSure {
        participant: ParticipantId,
        index: u32,
        sure: bool,
    },
    /// Time has passed.
    Tick,
    /// Answers came or connections changed: is there still somebody to wait for?
    Settle,
    /// The server is back. `alive_at`: when its last sign of life was written.
    Recover {
        alive_at: Option<i64>,
    },
}

/// What the host can do beside going on and ending. Append variants: the wire counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Control {
    /// Nobody new comes in.
    Lock,
    Unlock,
    /// Lets somebody in.
    Admit {
        participant: ParticipantId,
    },
    /// Lets in all who wait at the door; who was taken out is not among them.
    AdmitAll,
    /// Takes somebody out, or sends somebody away from the door.
    Remove {
        participant: ParticipantId,
    },
    Pause,
    Resume,
    /// Takes the question back and goes on to the next one.
    Skip,
    /// Sends all away who wait at the door.
    RemoveAll,
    /// Gives a learner more time than the others have.
    ExtraTime {
        participant: ParticipantId,
        extra: ExtraTime,
    },
}

/// Why a command was not carried out. Append variants: the wire counts them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The session has ended.
    Ended,
    NameTaken {
        suggestion: Option<String>,
    },
    /// The question is not open yet.
    TooEarly,
    /// The question is closed.
    TooLate,
    /// Another question is on.
    WrongQuestion,
    /// Once per question.
    AlreadyAnswered,
    /// Not an answer to this kind of question.
    Malformed,
    /// Not in this session, or not let in.
    NotInSession,
    /// The screen it came from was out of date; nothing was done.
    Stale,
    /// Nobody has joined yet.
    NobodyHere,
    /// Nobody new may come in.
    Locked,
    /// The clock stands.
    Paused,
    /// It makes no sense in this phase; nothing was done.
    NotNow,
    /// The seat is somebody's, the account has another one, or a day has gone by.
    NotYours,
    /// A quiz without questions is none.
    LastQuestion,
    /// As many wait at the door as one host can look at, or all seats are taken.
    Crowded,
}
