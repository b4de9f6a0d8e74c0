//! Signed-in browsers of accounts.

use super::{Db, StoreError, padded};
use crate::{
    domain::{
        ids::{SignInId, UserId},
        presence::Status,
        role::UserRole,
    },
    server::auth::SignedIn,
};
use sqlx::QueryBuilder;
use std::collections::HashMap;
use uuid::Uuid;

/// A sign-in found by its token.
#[derive(Clone, Debug)]
pub struct SignInRow {
    pub who: SignedIn,
    /// Unix milliseconds, as are all times here.
    pub last_seen_at: i64,
    pub expires_at: i64,
}

/// One of an account's sign-ins, for its list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedSignIn {
    pub id: SignInId,
    pub user_agent: String,
    pub created_at: i64,
    pub last_seen_at: i64,
}

type TokenRow = (Vec<u8>, Uuid, Uuid, String, String, String, String, i64, i64);

impl Db {
    /// Begins a sign-in, and tidies up the account's old ones. `false` when the account is gone or its password
    /// is no longer the one with `password_hash`.
    pub async fn begin_sign_in(
        &self,
        id: SignInId,
        user: UserId,
        token_hash: &[u8; 32],
        password_hash: &str,
        user_agent: &str,
        now: i64,
        expires_at: i64,
    ) -> Result<bool, StoreError> {
        transaction!(self, tx => {
            // Serialises with a change of the password, which locks the same row.
            let same = sqlx::query("UPDATE users SET password_hash = password_hash WHERE id = $1 AND password_hash = $2")
                .bind(user.0)
                .bind(password_hash)
                .execute(&mut *tx)
                .await?
                .rows_affected();
            if same == 1 {
                sqlx::query("DELETE FROM sign_ins WHERE user_id = $1 AND expires_at <= $2")
                    .bind(user.0)
                    .bind(now)
                    .execute(&mut *tx)
                    .await?;
                sqlx::query(
                    "INSERT INTO sign_ins (id, user_id, token_hash, user_agent, created_at, last_seen_at, expires_at) \
                     VALUES ($1, $2, $3, $4, $5, $5, $6)",
                )
                .bind(id.0)
                .bind(user.0)
                .bind(&token_hash[..])
                .bind(user_agent)
                .bind(now)
                .bind(expires_at)
                .execute(&mut *tx)
                .await?;
            }
            Ok(same == 1)
        })
    }

    /// The sign-ins with these tokens and their accounts, but for those whose time is over.
    pub async fn sign_ins_by_token(
        &self,
        token_hashes: &[[u8; 32]],
        now: i64,
    ) -> Result<HashMap<[u8; 32], SignInRow>, StoreError> {
        let rows: Vec<TokenRow> = read!(self, conn => {
            let mut query = QueryBuilder::new(
                "SELECT s.token_hash, s.id, u.id, u.role, u.display_name, u.email, u.presence_status, s.last_seen_at, \
                 s.expires_at FROM sign_ins s JOIN users u ON u.id = s.user_id WHERE s.expires_at > ",
            );
            query.push_bind(now).push(" AND s.token_hash IN (");
            let mut hashes = query.separated(", ");
            for hash in padded(token_hashes) {
                hashes.push_bind(&hash[..]);
            }
            query.push(")");
            query.build_query_as().fetch_all(conn).await?
        });
        let row = |(hash, sign_in, user, role, display_name, email, presence, last_seen_at, expires_at): TokenRow| {
            let row = SignInRow {
                who: SignedIn {
                    user: user.into(),
                    sign_in: sign_in.into(),
                    role: UserRole::parse(&role).unwrap_or(UserRole::Learner),
                    display_name,
                    email,
                    presence: Status::parse(&presence).unwrap_or_default(),
                },
                last_seen_at,
                expires_at,
            };
            Some((hash.try_into().ok()?, row))
        };
        Ok(rows.into_iter().filter_map(row).collect())
    }

    /// Notes that a sign-in was used, and prolongs it.
    pub async fn touch_sign_in(&self, id: SignInId, now: i64, expires_at: i64) -> Result<(), StoreError> {
        change!(self, conn => sqlx::query("UPDATE sign_ins SET last_seen_at = $2, expires_at = $3 WHERE id = $1")
            .bind(id.0)
            .bind(now)
            .bind(expires_at)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(())
    }

    /// An account's sign-ins, the last used first; at most 200.
    pub async fn sign_ins(&self, user: UserId, now: i64) -> Result<Vec<ListedSignIn>, StoreError> {
        let rows: Vec<(Uuid, String, i64, i64)> = read!(self, conn => sqlx::query_as(
            "SELECT id, user_agent, created_at, last_seen_at FROM sign_ins WHERE user_id = $1 AND expires_at > $2 \
             ORDER BY last_seen_at DESC, id DESC LIMIT 200",
        )
        .bind(user.0)
        .bind(now)
        .fetch_all(conn)
        .await?);
        Ok(rows
            .into_iter()
            .map(|(id, user_agent, created_at, last_seen_at)| ListedSignIn {
                id: id.into(),
                user_agent,
                created_at,
                last_seen_at,
            })
            .collect())
    }

    /// Ends one sign-in of `user`; `NotFound` when it is not theirs.
    pub async fn end_sign_in(&self, user: UserId, id: SignInId) -> Result<(), StoreError> {
        let done = change!(self, conn => sqlx::query("DELETE FROM sign_ins WHERE id = $1 AND user_id = $2")
            .bind(id.0)
            .bind(user.0)
            .execute(conn)
            .await?
            .rows_affected());
        if done == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// Ends all sign-ins of `user` but `keep`; tells how many.
    pub async fn end_other_sign_ins(&self, user: UserId, keep: SignInId) -> Result<u64, StoreError> {
        Ok(change!(self, conn => sqlx::query("DELETE FROM sign_ins WHERE user_id = $1 AND id <> $2")
            .bind(user.0)
            .bind(keep.0)
            .execute(conn)
            .await?
            .rows_affected()))
    }

    /// Changes the password from the one with hash `old` and ends all other sign-ins, in one transaction.
    /// `Conflict` when it was changed in the meantime.
    pub async fn change_password(
        &self,
        user: UserId,
        old: &str,
        new: &str,
        keep: Option<SignInId>,
    ) -> Result<(), StoreError> {
        transaction!(self, tx => {
            let done = sqlx::query("UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2")
                .bind(user.0)
                .bind(old)
                .bind(new)
                .execute(&mut *tx)
                .await?
                .rows_affected();
            if done != 1 {
                return Err(StoreError::Conflict("password_hash".into()));
            }
            // No sign-in has the nil id, so that without one to keep all of them end.
            sqlx::query("DELETE FROM sign_ins WHERE user_id = $1 AND id <> $2")
                .bind(user.0)
                .bind(keep.map_or(Uuid::nil(), |id| id.0))
                .execute(&mut *tx)
                .await?;
            Ok(())
        })
    }
}
