//! A player goes along when the host plays again: the same name in the next session, without a PIN.

use super::SeatTaken;
use crate::{
    domain::{ids::LiveSessionId, live::player_name::PlayerName},
    protocol::Refused,
    server::{
        live::{caller::Caller, engine::JoinRequest, open_session, seat},
        random,
        state::AppState,
    },
};

#[derive(Clone, Copy, Debug)]
pub struct FollowLiveSession {
    /// The session that has ended, in which the caller has a seat.
    pub session: LiveSessionId,
    /// When it arrived, Unix ms.
    pub at: i64,
}

impl FollowLiveSession {
    /// `NotFound` without a seat, or while there is no next session.
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<SeatTaken, Refused> {
        let old = open_session(state, self.session).await?;
        let view = old.player_view(caller.seat(&old).await?).await?;
        let session = view.next.ok_or(Refused::NotFound)?;
        let next = open_session(state, session).await?;
        if let Ok(participant) = caller.seat(&next).await {
            return Ok(SeatTaken { session, participant, secret: None });
        }
        // The name was looked at when it was chosen.
        let name = PlayerName::parse(&view.me.name, |_| false).map_err(Refused::Name)?;
        let (secret, secret_hash) = seat::secret();
        // One seat of the old session leads to one seat of the new one, however often it is asked for.
        let key = view.me.participant.0;
        let request = JoinRequest {
            key,
            participant: random::id(self.at),
            user: caller.user(),
            name,
            secret_hash,
            // Who sat in the last one is no crowd at the door of the next.
            crowd: false,
            before: Some(view.me.participant),
        };
        let joined = next.join(request, self.at).await?;
        Ok(SeatTaken { session, participant: joined.participant, secret: (!joined.again).then_some(secret) })
    }
}
