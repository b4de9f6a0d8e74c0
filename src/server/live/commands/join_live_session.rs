//! Taking a seat in a live session by its PIN.

use crate::{
    domain::{
        ids::{LiveSessionId, ParticipantId},
        live::{
            blitz::{Command, Refusal},
            pin::Pin,
            player_name::PlayerName,
        },
    },
    protocol::Refused,
    server::{
        live::{caller::Caller, engine::JoinRequest, names, open_session, seat},
        random,
        state::AppState,
    },
};
use uuid::Uuid;

#[derive(Clone, Debug)]
pub struct JoinLiveSession {
    /// As typed.
    pub pin: String,
    pub name: String,
    /// A repeated command with the same key comes to the same seat.
    pub key: Uuid,
    /// When it arrived, Unix ms.
    pub at: i64,
}

/// The seat, with the secret that only its holder is told.
#[derive(Clone, Debug)]
pub struct SeatTaken {
    pub session: LiveSessionId,
    pub participant: ParticipantId,
    /// `None`: the caller has had this seat before and can prove it already.
    pub secret: Option<String>,
}

impl JoinLiveSession {
    /// `NotFound` for a PIN that is wrong, expired or mistyped: all the same to whoever guesses.
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<SeatTaken, Refused> {
        state.limits.join_by_pin(caller.ip)?;
        let found = match self.pin.parse::<Pin>() {
            Ok(pin) => state.db.live_session_by_pin(pin).await?,
            Err(()) => None,
        };
        let Some(id) = found else {
            state.limits.wrong_pin(caller.ip)?;
            return Err(Refused::NotFound);
        };
        let session = open_session(state, id).await?;
        // A second tab of the same person comes to the seat that is there.
        if let Ok(participant) = caller.seat(&session).await {
            session.command(random::id(self.at), Command::AskBack { participant }, self.at).await.map_err(hidden)?;
            return Ok(SeatTaken { session: id, participant, secret: None });
        }
        let name = PlayerName::parse(&self.name, names::is_profane).map_err(Refused::Name)?;
        let (secret, secret_hash) = seat::secret();
        let participant = random::id(self.at);
        let crowd = state.limits.join_session(id, caller.ip, caller.user().is_none(), session.crowd())?;
        let (key, user) = (self.key, caller.user());
        let request = JoinRequest { key, participant, user, name, secret_hash, crowd, before: None };
        let joined = session.join(request, self.at).await.map_err(hidden)?;
        Ok(SeatTaken { session: id, participant: joined.participant, secret: (!joined.again).then_some(secret) })
    }
}

/// A locked lobby looks like no lobby to whoever guesses PINs.
fn hidden(refused: Refused) -> Refused {
    match refused {
        Refused::Live(Refusal::Locked) => Refused::NotFound,
        other => other,
    }
}
