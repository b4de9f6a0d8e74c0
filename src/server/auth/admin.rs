//! What the operator does to accounts from the command line: `studyhall admin promote | reset-password`.
//! A running server learns of it within the ten seconds that it remembers sign-ins for.

use super::password::Passwords;
use crate::{
    api::error::AppError,
    domain::{account, invite::ALPHABET, role::UserRole},
    server::{
        random,
        storage::{Db, StoreError},
    },
};

/// Why an account could not be changed, in words for the operator.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    #[error("there is no account with the e-mail {0}")]
    NoAccount(String),
    #[error("the password was changed by somebody else at this moment; try again")]
    Busy,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the password could not be hashed: {0}")]
    Hash(AppError),
}

/// Gives the account with this e-mail another role.
pub async fn promote(db: &Db, email: &str, role: UserRole) -> Result<(), AdminError> {
    let user = find(db, email).await?;
    Ok(db.set_user_role(user.id, role).await?)
}

/// Gives the account a random password, ends all its sign-ins, and tells the password: 80 bits, to be said once
/// and changed by its owner.
pub async fn reset_password(db: &Db, email: &str) -> Result<String, AdminError> {
    let user = find(db, email).await?;
    let password = one_time();
    let hash = Passwords::default().hash(password.clone()).await.map_err(AdminError::Hash)?;
    db.change_password(user.id, &user.password_hash, &hash, None).await.map_err(|error| match error {
        StoreError::Conflict(_) => AdminError::Busy,
        other => other.into(),
    })?;
    Ok(password)
}

async fn find(db: &Db, email: &str) -> Result<crate::server::storage::User, AdminError> {
    let unknown = || AdminError::NoAccount(email.to_owned());
    let email = account::email(email).map_err(|_| unknown())?;
    db.user_by_email(&email).await?.ok_or_else(unknown)
}

/// Four groups of four characters that are not mistaken for one another.
fn one_time() -> String {
    let mut password = String::with_capacity(19);
    for place in 0..16_u32 {
        if place > 0 && place % 4 == 0 {
            password.push('-');
        }
        let letter = ALPHABET[random::below(ALPHABET.len() as u32) as usize];
        password.push(char::from(letter));
    }
    password
}

#[cfg(test)]
mod tests {
    use super::one_time;
    use crate::domain::account::password;

    #[test]
    fn a_one_time_password_is_a_good_password() {
        let first = one_time();
        assert_eq!(first.len(), 19);
        assert_eq!(password(&first, "mina@school.test"), Ok(()));
        assert_ne!(first, one_time());
    }
}
