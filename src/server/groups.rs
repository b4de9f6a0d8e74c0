//! What groups' server functions have in common: the name's rules and the sentences' reasons.

use super::{form::Mistakes, storage::MembershipChange};
use crate::{
    api::error::{AppError, Problem},
    domain::account::{NAME_MAX, name as rule},
};

/// A group's name as it is stored, or the mistake in the field `name`.
pub fn name(typed: &str) -> Result<String, AppError> {
    let mut mistakes = Mistakes::default();
    mistakes.check("name", rule(typed, NAME_MAX), 1, NAME_MAX).ok_or_else(|| mistakes.into_error())
}

/// The answer for a change to a membership. The last owner's is a problem of the field `owner`.
pub fn changed(change: MembershipChange) -> Result<(), AppError> {
    match change {
        MembershipChange::Done => Ok(()),
        MembershipChange::LastOwner => Err(AppError::field("owner", Problem::NotAllowed)),
        MembershipChange::NotMember => Err(AppError::NotFound),
    }
}
