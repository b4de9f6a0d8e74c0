//! Who is asking: accounts, passwords, sign-ins.

pub mod admin;
pub mod browser;
pub mod device;
pub mod layer;
pub mod password;
pub mod session;

use crate::domain::{
    ids::{SignInId, UserId},
    presence::Status,
    role::UserRole,
};

/// Who sent a request. Put into the request by the sign-in layer, read by [`super::call`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    Anonymous,
    User(SignedIn),
}

/// A signed-in account, as read from its cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    pub user: UserId,
    pub sign_in: SignInId,
    pub role: UserRole,
    pub display_name: String,
    pub email: String,
    /// What they chose to be for others.
    pub presence: Status,
}

/// What signing in needs beside the database; one per server, inside its state.
#[derive(Clone, Debug, Default)]
pub struct Auth {
    pub passwords: password::Passwords,
    pub sessions: session::Sessions,
}
