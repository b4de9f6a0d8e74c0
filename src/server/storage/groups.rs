//! Groups, memberships and invitations.

use super::{Db, StoreError};
use crate::domain::{
    ids::{GroupId, UserId},
    role::GroupRole,
};

impl Db {
    /// The role of `user` in `group`, `None` when not a member or the group is gone.
    pub async fn group_role(&self, group: GroupId, user: UserId) -> Result<Option<GroupRole>, StoreError> {
        let role: Option<String> = read!(self, conn => sqlx::query_scalar(
            "SELECT m.role FROM memberships m JOIN study_groups g ON g.id = m.group_id \
             WHERE m.group_id = $1 AND m.user_id = $2 AND g.deleted_at IS NULL",
        )
        .bind(group.0)
        .bind(user.0)
        .fetch_optional(conn)
        .await?);
        Ok(role.and_then(|role| GroupRole::parse(&role)))
    }
}
