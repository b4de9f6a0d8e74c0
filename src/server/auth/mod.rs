//! Who is asking: accounts, passwords, sign-ins.

use crate::domain::{
    ids::{SignInId, UserId},
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
}
