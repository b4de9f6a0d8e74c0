//! Who sends a live command or query: an account, the seats that the browser holds, an address.

use super::{
    engine::Handle,
    seat::{self, SecretHash},
};
use crate::{
    domain::ids::{LiveSessionId, ParticipantId, SignInId, UserId},
    protocol::Refused,
    server::{auth::Actor, state::AppState},
};
use axum::http::HeaderMap;
use std::net::IpAddr;

#[derive(Clone, Debug)]
pub struct Caller {
    pub actor: Actor,
    pub seats: Vec<(LiveSessionId, SecretHash)>,
    /// Attempts at quizzes that are over.
    pub attempts: Vec<(LiveSessionId, SecretHash)>,
    pub ip: IpAddr,
    /// A round trip over the caller's line in ms, by the server's own pings; 0: not measured.
    pub line_ms: u32,
}

impl Caller {
    pub fn new(actor: Actor, headers: &HeaderMap, ip: IpAddr) -> Self {
        Self { actor, seats: seat::seats(headers), attempts: seat::attempts(headers), ip, line_ms: 0 }
    }

    pub fn user(&self) -> Option<UserId> {
        match &self.actor {
            Actor::User(user) => Some(user.user),
            Actor::Anonymous => None,
        }
    }

    /// The sign-in by whose cookie the caller is known.
    pub fn sign_in(&self) -> Option<SignInId> {
        match &self.actor {
            Actor::User(user) => Some(user.sign_in),
            Actor::Anonymous => None,
        }
    }

    /// Adds a seat that was shown or taken on this connection.
    pub fn add_seat(&mut self, session: LiveSessionId, hash: SecretHash) {
        self.seats.retain(|(other, _)| *other != session);
        self.seats.push((session, hash));
    }

    /// The hash of the secret that the browser holds of a seat in the session.
    pub fn secret(&self, session: LiveSessionId) -> Option<SecretHash> {
        self.seats.iter().find(|(id, _)| *id == session).map(|(_, hash)| *hash)
    }

    /// The seat that the caller has in the session: by the browser's secret, else by the account.
    pub async fn seat(&self, session: &Handle) -> Result<ParticipantId, Refused> {
        session.seat(self.secret(session.id), self.user()).await?.ok_or(Refused::NotFound)
    }

    /// `Ok` for who may host the session: its host, and the group's teachers. 404 for all others.
    pub async fn host(&self, state: &AppState, session: &Handle) -> Result<(), Refused> {
        let user = self.user().ok_or(Refused::SignInRequired)?;
        if session.host == user {
            return Ok(());
        }
        let Some(group) = session.group else { return Err(Refused::NotFound) };
        match state.members.role(&state.db, group, user).await? {
            Some(role) if role.teaches() => Ok(()),
            Some(_) => Err(Refused::Forbidden),
            None => Err(Refused::NotFound),
        }
    }
}
