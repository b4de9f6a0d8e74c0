//! What connections say of their people: opened, closed, where they are, that they are there.

use super::{Presence, device::Seat, place};
use crate::{
    domain::{
        flags::Flag,
        ids::{SignInId, UserId},
        presence::{Activity, GRACE, Status},
    },
    protocol::Refused,
    server::{auth::Actor, live::caller::Caller, state::AppState},
};
use std::sync::{PoisonError, atomic::Ordering};
use uuid::Uuid;

impl Presence {
    /// A connection has greeted: its person is there on one more device, if it has one. Nobody sees them in groups
    /// where the feature is off.
    pub async fn opened(&self, caller: &Caller, connection: Uuid, tab: Uuid) {
        let Actor::User(who) = &caller.actor else { return };
        let (user, seat) = (who.user, Seat::new(who.user, who.sign_in));
        loop {
            let seen = self.shared.changes.load(Ordering::Acquire);
            let facts = match self.with(|tracker| tracker.facts(user).cloned()) {
                Some(facts) => facts,
                None => match self.facts(user).await {
                    Ok(facts) => facts.unwrap_or_default(),
                    Err(error) => {
                        tracing::warn!(error.cause = %error, "somebody came and is not shown");
                        return;
                    }
                },
            };
            let now = self.now();
            let entered = self.with(|tracker| {
                // Under the lock: a change after this one finds the person in the tracker.
                let current = self.shared.changes.load(Ordering::Acquire) == seen;
                if current {
                    tracker.connect(connection, user, tab, facts, now);
                }
                current
            });
            if entered {
                self.shared.rows.back(user, now);
                self.seats().insert(connection, seat);
                return;
            }
        }
    }

    /// A connection has ended, however it ended.
    pub fn closed(&self, connection: Uuid) {
        let Some(seat) = self.seats().remove(&connection) else { return };
        // While the server stops nothing is told any more: how long people are held then is the next process's matter.
        self.lose(connection, seat.user, GRACE);
    }

    /// A browser was signed out: its tabs are gone at once, by intention.
    pub fn signed_out(&self, sign_in: SignInId) {
        let mut gone = Vec::new();
        self.seats().retain(|connection, seat| {
            let stays = seat.sign_in != sign_in;
            if !stays {
                gone.push((*connection, seat.user));
            }
            stays
        });
        for (connection, user) in gone {
            self.lose(connection, user, 0);
        }
    }

    /// The connection's person goes to `activity`, or to a page that says nothing.
    pub async fn go(&self, state: &AppState, connection: Uuid, activity: Option<Activity>) -> Result<(), Refused> {
        let user = self.admit(connection)?;
        let place = match activity {
            Some(activity) => Some(place::place(state, user, activity).await?),
            None => None,
        };
        let now = self.now();
        self.with(|tracker| tracker.go(connection, place, now));
        Ok(())
    }

    /// The connection's person did something.
    pub fn touch(&self, connection: Uuid) -> Result<(), Refused> {
        self.admit(connection)?;
        let now = self.now();
        self.with(|tracker| tracker.touch(connection, now));
        Ok(())
    }

    /// Like [`Self::choose`], from a connection.
    pub async fn choose_here(&self, state: &AppState, connection: Uuid, status: Status) -> Result<(), Refused> {
        let user = self.admit(connection)?;
        if !Status::CHOICES.contains(&status) {
            return Err(Refused::Forbidden);
        }
        self.choose(user, status).await?;
        // Pages are rendered with what the sign-in remembers.
        state.auth.sessions.forget();
        Ok(())
    }

    /// Whose connection it is, unless it says too much.
    fn admit(&self, connection: Uuid) -> Result<UserId, Refused> {
        let now = self.now();
        let mut seats = self.seats();
        let seat = seats.get_mut(&connection).ok_or(Refused::SignInRequired)?;
        let flag = self.shared.flags.check(Flag::Presence, Some(seat.user), None);
        if flag.is_err() && self.with(|tracker| tracker.facts(seat.user).is_none_or(|facts| facts.groups.is_empty())) {
            return flag.map(|()| seat.user).map_err(Refused::from);
        }
        seat.admit(now).map_err(|retry_after| Refused::TooMany { retry_after })?;
        Ok(seat.user)
    }

    fn lose(&self, connection: Uuid, user: UserId, grace: i64) {
        let now = self.now();
        let alone = self.with(|tracker| {
            tracker.lose(connection, grace, now);
            tracker.connections(user).is_empty()
        });
        if alone {
            let mut acquaintances = self.shared.acquaintances.lock().unwrap_or_else(PoisonError::into_inner);
            acquaintances.retain(|_, readers| {
                readers.remove(&user);
                !readers.is_empty()
            });
        }
    }
}
