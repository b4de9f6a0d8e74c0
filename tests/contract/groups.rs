//! Groups, memberships and invitations on both engines.

use super::{NOW, engines};
use studyhall::{
    domain::{ids::GroupId, role::GroupRole},
    server::{
        random,
        storage::{Accepted, MembershipChange, StoreError},
    },
};

const DAY: i64 = 24 * 3600 * 1000;

#[tokio::test]
async fn a_group_begins_with_its_owner() {
    for engine in engines().await {
        let (owner, stranger) = (engine.user().await, engine.user().await);
        let group: GroupId = random::id(NOW);
        engine.db.create_group(group, "Physics", owner, NOW).await.unwrap();
        assert_eq!(engine.db.group_role(group, owner).await.unwrap(), Some(GroupRole::Owner));
        assert_eq!(engine.db.group_role(group, stranger).await.unwrap(), None);
        assert_eq!(engine.db.group_roles(group).await.unwrap(), [(owner, GroupRole::Owner)]);
        engine.db.rename_group(group, "Chemistry").await.unwrap();
        let groups = engine.db.groups_of(owner).await.unwrap();
        assert_eq!((groups[0].name.as_str(), groups[0].role, groups[0].members), ("Chemistry", GroupRole::Owner, 1));
        assert_eq!(engine.db.groups_of(stranger).await.unwrap(), []);
    }
}

#[tokio::test]
async fn members_come_in_pages_with_those_who_teach_first() {
    for engine in engines().await {
        let owner = engine.user().await;
        let group = engine.group(owner).await;
        for _ in 0..5 {
            assert!(engine.db.add_member(group, engine.user().await, GroupRole::Member, NOW).await.unwrap());
        }
        let teacher = engine.user().await;
        engine.db.add_member(group, teacher, GroupRole::Teacher, NOW).await.unwrap();
        assert!(!engine.db.add_member(group, teacher, GroupRole::Member, NOW).await.unwrap(), "the role stays");
        assert_eq!(engine.db.count_members(group).await.unwrap(), 7);
        let first = engine.db.members(group, 0, 4).await.unwrap();
        let second = engine.db.members(group, 4, 4).await.unwrap();
        assert_eq!((first.len(), second.len()), (4, 3));
        assert_eq!((first[0].user, first[0].role), (owner, GroupRole::Owner));
        assert_eq!((first[1].user, first[1].role), (teacher, GroupRole::Teacher));
        assert!(second.iter().all(|member| first.iter().all(|other| other.user != member.user)));
    }
}

#[tokio::test]
async fn the_last_owner_stays() {
    for engine in engines().await {
        let (owner, other, stranger) = (engine.user().await, engine.user().await, engine.user().await);
        let group = engine.group(owner).await;
        engine.join(group, other, GroupRole::Member).await;
        let db = &engine.db;
        assert_eq!(db.remove_member(group, owner).await.unwrap(), MembershipChange::LastOwner);
        assert_eq!(db.set_member_role(group, owner, GroupRole::Member).await.unwrap(), MembershipChange::LastOwner);
        assert_eq!(db.set_member_role(group, owner, GroupRole::Owner).await.unwrap(), MembershipChange::Done);
        assert_eq!(db.remove_member(group, stranger).await.unwrap(), MembershipChange::NotMember);
        assert_eq!(db.set_member_role(group, other, GroupRole::Owner).await.unwrap(), MembershipChange::Done);
        assert_eq!(db.remove_member(group, owner).await.unwrap(), MembershipChange::Done);
        assert_eq!(db.group_role(group, owner).await.unwrap(), None);
        assert_eq!(db.group_roles(group).await.unwrap().iter().filter(|(user, _)| *user == owner).count(), 0);
        assert_eq!(db.remove_member(group, other).await.unwrap(), MembershipChange::LastOwner);
    }
}

#[tokio::test]
async fn two_owners_who_remove_each_other_at_once_leave_one() {
    for engine in engines().await {
        let (one, two) = (engine.user().await, engine.user().await);
        let group = engine.group(one).await;
        engine.join(group, two, GroupRole::Owner).await;
        let (a, b) = tokio::join!(engine.db.remove_member(group, one), engine.db.remove_member(group, two));
        let mut both = [a.unwrap(), b.unwrap()];
        both.sort_by_key(|change| *change != MembershipChange::Done);
        assert_eq!(both, [MembershipChange::Done, MembershipChange::LastOwner]);
    }
}

#[tokio::test]
async fn a_deleted_group_is_gone_until_its_owner_brings_it_back() {
    for engine in engines().await {
        let (owner, member) = (engine.user().await, engine.user().await);
        let group = engine.group(owner).await;
        engine.join(group, member, GroupRole::Member).await;
        let db = &engine.db;
        db.delete_group(group, NOW).await.unwrap();
        assert!(matches!(db.delete_group(group, NOW).await, Err(StoreError::NotFound)));
        assert_eq!(db.group_role(group, owner).await.unwrap(), None);
        assert_eq!(db.group_name(group).await.unwrap(), None);
        assert_eq!(db.groups_of(owner).await.unwrap(), []);
        assert_eq!(db.remove_member(group, member).await.unwrap(), MembershipChange::NotMember);
        assert_eq!(db.deleted_group(group, owner, NOW).await.unwrap().as_deref(), Some("Geography 8b"));
        assert_eq!(db.deleted_group(group, member, NOW).await.unwrap(), None);
        assert!(matches!(db.restore_group(group, member, NOW).await, Err(StoreError::NotFound)));
        assert!(matches!(db.restore_group(group, owner, NOW + 1).await, Err(StoreError::NotFound)), "too late");
        db.restore_group(group, owner, NOW).await.unwrap();
        assert_eq!(db.group_role(group, member).await.unwrap(), Some(GroupRole::Member));
    }
}

#[tokio::test]
async fn an_invitation_is_accepted_once_and_again_without_harm() {
    for engine in engines().await {
        let (owner, guest, late) = (engine.user().await, engine.user().await, engine.user().await);
        let group = engine.group(owner).await;
        let db = &engine.db;
        db.create_invite("ABCD2345", group, owner, NOW, NOW + DAY).await.unwrap();
        assert!(matches!(
            db.create_invite("ABCD2345", group, owner, NOW, NOW + DAY).await,
            Err(StoreError::Conflict(_))
        ));
        assert_eq!(db.accept_invite("ABCD2345", guest, NOW).await.unwrap(), Accepted::Joined(group));
        assert_eq!(db.accept_invite("ABCD2345", guest, NOW).await.unwrap(), Accepted::Member(group));
        assert_eq!(db.accept_invite("ABCD2345", owner, NOW).await.unwrap(), Accepted::Member(group));
        assert_eq!(db.group_role(group, owner).await.unwrap(), Some(GroupRole::Owner), "keeps the role");
        assert_eq!(db.accept_invite("ABCD2345", late, NOW + DAY).await.unwrap(), Accepted::Ended);
        assert_eq!(db.accept_invite("ZZZZ2345", guest, NOW).await.unwrap(), Accepted::Unknown);
        let found = db.invite("ABCD2345", NOW).await.unwrap().unwrap();
        assert_eq!((found.group, found.group_name.as_str(), found.open), (group, "Geography 8b", true));
        assert!(!db.invite("ABCD2345", NOW + DAY).await.unwrap().unwrap().open);
    }
}

#[tokio::test]
async fn a_revoked_invitation_lets_nobody_in() {
    for engine in engines().await {
        let (owner, guest) = (engine.user().await, engine.user().await);
        let (group, other) = (engine.group(owner).await, engine.group(owner).await);
        let db = &engine.db;
        db.create_invite("ABCD2345", group, owner, NOW, NOW + DAY).await.unwrap();
        db.create_invite("EFGH2345", group, owner, NOW + 1, NOW + DAY).await.unwrap();
        let codes = async || db.invites(group, NOW).await.unwrap().into_iter().map(|i| i.code).collect::<Vec<_>>();
        assert_eq!(codes().await, ["EFGH2345", "ABCD2345"]);
        assert!(matches!(db.revoke_invite(other, "ABCD2345", NOW).await, Err(StoreError::NotFound)));
        db.revoke_invite(group, "ABCD2345", NOW).await.unwrap();
        assert!(matches!(db.revoke_invite(group, "ABCD2345", NOW).await, Err(StoreError::NotFound)));
        assert_eq!(codes().await, ["EFGH2345"]);
        assert_eq!(db.accept_invite("ABCD2345", guest, NOW).await.unwrap(), Accepted::Ended);
        db.delete_group(group, NOW).await.unwrap();
        assert_eq!(db.accept_invite("EFGH2345", guest, NOW).await.unwrap(), Accepted::Ended);
    }
}
