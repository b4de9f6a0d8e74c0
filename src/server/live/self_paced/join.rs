//! Coming by the link: an account under its own name, a guest with one that nobody has.

use super::{Found, attempt_of, find};
use crate::{
    domain::{
        ids::{LiveSessionId, ParticipantId},
        live::{
            blitz::{CROWD, ExtraTime, Refusal},
            player_name::{MAX_NAME, PlayerName},
            self_paced::MOST_ATTEMPTS,
        },
        problem::Problem,
    },
    protocol::Refused,
    server::{
        auth::Actor,
        live::{caller::Caller, names, seat},
        random,
        state::AppState,
        storage::{NewAttempt, ParticipantRow, StoreError},
    },
};

#[derive(Clone, Debug)]
pub struct JoinSelfPaced {
    pub token: String,
    /// Only guests choose one.
    pub name: String,
    pub at: i64,
}

/// Who has begun, with the secret that only this browser is told.
#[derive(Clone, Debug)]
pub struct Begun {
    pub session: LiveSessionId,
    /// `None`: the caller plays already.
    pub secret: Option<String>,
}

/// What the room knows of the caller.
#[derive(Default)]
struct Before {
    /// The own seat in the room.
    seat: Option<ParticipantId>,
    /// Answered something there.
    played: bool,
    extra: ExtraTime,
}

impl JoinSelfPaced {
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<Begun, Refused> {
        let found = find(state, &self.token).await?;
        let session = found.session;
        // A second press, or a second tab, comes to the attempt that is there: there is one for each person.
        if attempt_of(state, caller, session).await?.is_some() {
            return Ok(Begun { session, secret: None });
        }
        if self.at > found.link.closes_at {
            return Err(Refused::Live(Refusal::Ended));
        }
        if state.limits.join_session(session, caller.ip, caller.user().is_none(), CROWD)? {
            return Err(Refused::TooMany { retry_after: 60 });
        }
        let attempts = state.db.self_paced_attempts(session).await?;
        if attempts.len() >= MOST_ATTEMPTS {
            return Err(Refused::Live(Refusal::Crowded));
        }
        let rows = state.db.live_session_participants(session).await?;
        let before = before(state, caller, &found).await?;
        let others = rows.iter().filter(|row| Some(ParticipantId(row.id)) != before.seat);
        let mut keys: Vec<String> = others.filter_map(key).collect();
        keys.extend(attempts.into_iter().map(|row| row.name_key));
        let name = self.name(caller, |key| keys.iter().any(|taken| taken == key))?;
        let (secret, hash) = seat::secret();
        let extra = if found.link.timed { before.extra } else { ExtraTime::NoLimit };
        let new = NewAttempt {
            id: random::id(self.at),
            session,
            user: caller.user(),
            name: name.as_str().to_owned(),
            name_key: name.key().to_owned(),
            secret_hash: hash.to_vec(),
            practice: before.played,
            extra: extra.as_str(),
            at: self.at,
        };
        match state.db.join_self_paced(&new).await {
            Ok(()) => Ok(Begun { session, secret: Some(secret) }),
            // Two presses at once made one attempt; or somebody was faster with the name.
            Err(StoreError::Conflict(_)) if attempt_of(state, caller, session).await?.is_some() => {
                Ok(Begun { session, secret: None })
            }
            Err(StoreError::Conflict(_)) => Err(Refused::Live(Refusal::NameTaken { suggestion: None })),
            Err(error) => Err(error.into()),
        }
    }

    fn name(&self, caller: &Caller, taken: impl Fn(&str) -> bool) -> Result<PlayerName, Refused> {
        let parse = |text: &str| PlayerName::parse(text, names::is_profane).map_err(Refused::Name);
        let Actor::User(user) = &caller.actor else {
            let name = parse(&self.name)?;
            return if taken(name.key()) {
                Err(Refused::Live(Refusal::NameTaken { suggestion: name.free_variant(taken) }))
            } else {
                Ok(name)
            };
        };
        let short: String = user.display_name.chars().take(MAX_NAME).collect();
        let name = parse(&short)?;
        if !taken(name.key()) {
            return Ok(name);
        }
        // Somebody else is called so; nobody has to rename an account for that.
        let variant = name.free_variant(taken).ok_or(Refused::Name(Problem::Taken { suggestion: None }))?;
        parse(&variant)
    }
}

/// What the name of somebody in the room looks like.
fn key(row: &ParticipantRow) -> Option<String> {
    PlayerName::parse(&row.name, |_| false).ok().map(|name| name.key().to_owned())
}

async fn before(state: &AppState, caller: &Caller, found: &Found) -> Result<Before, Refused> {
    let handle = state.live.session(found.session).await?;
    let mut times = handle.extra_times().await?;
    times.extend(&found.round.carried);
    let Ok(seat) = caller.seat(&handle).await else {
        let by_account = times.iter().find(|carried| carried.user.is_some() && carried.user == caller.user());
        let extra = by_account.map(|carried| carried.extra).unwrap_or_default();
        return Ok(Before { extra, ..Before::default() });
    };
    let (answers, _) = state.db.live_session_answer_sums(seat).await?;
    let extra = times.iter().find(|carried| carried.participant == seat).map(|carried| carried.extra);
    Ok(Before { seat: Some(seat), played: answers > 0, extra: extra.unwrap_or_default() })
}
