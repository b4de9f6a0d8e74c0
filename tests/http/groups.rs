//! Groups over HTTP: invitations, roles, the last owner, deleting and bringing back, the pages.

use crate::common::{Role, World};
use studyhall::{
    api::{
        error::{AppError, Problem},
        groups::GroupPage,
        invites::{InviteFacts, OpenInvite},
    },
    domain::{ids::GroupId, invite::LIFETIME, role::GroupRole},
};

const CODE: &str = "ABCD2345";

async fn page(world: &World, role: Role) -> GroupPage {
    world.browser(role).call("/api/group", &format!("?group={}", world.group)).await.json()
}

#[tokio::test]
async fn a_group_is_made_and_joined_by_its_invitation() {
    let world = World::new().await;
    let (teacher, learner) = (world.browser(Role::OtherTeacher), world.browser(Role::Member));
    let answer = teacher.post("/api/create_group", &[("name", "  Physics  9a ")]).await;
    let group: GroupId = answer.json();
    let code: String = teacher.post("/api/create_invite", &[("group", group.to_string())]).await.json();
    let list: Vec<OpenInvite> = teacher.call("/api/invites", &format!("?group={group}")).await.json();
    assert_eq!(list[0].link, format!("{}/invite/{code}", world.server.url));
    assert_eq!(list[0].days_left, 14);

    let facts: InviteFacts =
        world.server.browser().call("/api/invite", &format!("?code={}", code.to_lowercase())).await.json();
    assert_eq!((facts.group_name.as_str(), facts.open, facts.member_of), ("Physics 9a", true, None));
    for _ in 0..2 {
        let joined: GroupId = learner.post("/api/accept_invite", &[("code", &code)]).await.json();
        assert_eq!(joined, group);
    }
    let members = learner.call("/api/group", &format!("?group={group}")).await.json::<GroupPage>();
    assert_eq!((members.total, members.my_role), (2, GroupRole::Member));
    assert!(members.members.iter().all(|member| member.email.is_none()), "addresses are for those who teach");
}

#[tokio::test]
async fn the_groups_offered_for_a_deck_follow_every_change_at_once() {
    let world = World::new().await;
    let (owner, teacher) = (world.browser(Role::Owner), world.browser(Role::Teacher));
    let taught = async || teacher.call("/api/taught_groups", "").await.json::<Vec<(GroupId, String)>>();
    let name = owner.call("/api/group", &format!("?group={}", world.group)).await.json::<GroupPage>().name;
    let as_role = async |role: &str| {
        let form = [
            ("group", world.group.to_string()),
            ("user", world.user(Role::Teacher).to_string()),
            ("role", role.to_owned()),
        ];
        assert_eq!(owner.post("/api/change_member_role", &form).await.status, 200);
    };
    assert_eq!(taught().await, [(world.group, name.clone())]);
    as_role("member").await;
    assert_eq!(taught().await, []);
    as_role("teacher").await;
    let group = [("group", world.group.to_string())];
    let renamed = [group[0].clone(), ("name", "Physics".into())];
    assert_eq!(owner.post("/api/rename_group", &renamed).await.status, 200);
    assert_eq!(taught().await, [(world.group, "Physics".to_owned())]);
    assert_eq!(owner.post("/api/delete_group", &group).await.status, 200);
    assert_eq!(taught().await, []);
    assert_eq!(owner.post("/api/restore_group", &group).await.status, 200);
    assert_eq!(taught().await.len(), 1);
    let made: GroupId = teacher.post("/api/create_group", &[("name", "Art")]).await.json();
    assert_eq!(taught().await, [(made, "Art".to_owned()), (world.group, "Physics".to_owned())]);
    assert_eq!(teacher.post("/api/leave_group", &group).await.status, 200);
    assert_eq!(taught().await, [(made, "Art".to_owned())]);
}

#[tokio::test]
async fn expired_revoked_and_unknown_invitations_are_told_apart() {
    let world = World::new().await;
    world.invite(CODE).await;
    world.invite("EFGH2345").await;
    let stranger = world.browser(Role::OtherTeacher);
    let accept = async |code: &str| stranger.post("/api/accept_invite", &[("code", code)]).await.error();
    assert_eq!(accept("WXYZ2345").await, AppError::field("code", Problem::Wrong));
    assert_eq!(accept("no code").await, AppError::field("code", Problem::Wrong));
    assert_eq!(accept("").await, AppError::field("code", Problem::Required));

    let revoke = [("group", world.group.to_string()), ("code", CODE.to_owned())];
    assert_eq!(world.browser(Role::Teacher).post("/api/revoke_invite", &revoke).await.status, 200);
    assert_eq!(accept(CODE).await, AppError::field("code", Problem::Closed));
    let facts: InviteFacts = stranger.call("/api/invite", &format!("?code={CODE}")).await.json();
    assert_eq!((facts.group_name.as_str(), facts.open), ("", false), "the name is not told any more");

    world.server.advance(LIFETIME);
    assert_eq!(accept("EFGH2345").await, AppError::field("code", Problem::Closed));
}

#[tokio::test]
async fn the_last_owner_neither_leaves_nor_steps_down() {
    let world = World::new().await;
    let owner = world.browser(Role::Owner);
    let group = world.group.to_string();
    let kept = AppError::field("owner", Problem::NotAllowed);
    assert_eq!(owner.post("/api/leave_group", &[("group", &group)]).await.error(), kept);
    let role = |user: Role, role: &str| {
        [("group", group.clone()), ("user", world.user(user).to_string()), ("role", role.to_owned())]
    };
    assert_eq!(owner.post("/api/change_member_role", &role(Role::Owner, "member")).await.error(), kept);
    assert_eq!(owner.post("/api/change_member_role", &role(Role::Teacher, "owner")).await.status, 200);
    assert_eq!(owner.post("/api/leave_group", &[("group", &group)]).await.status, 200);
    assert_eq!(owner.call("/api/group", &format!("?group={group}")).await.status, 404);
}

#[tokio::test]
async fn a_teacher_takes_out_members_only() {
    let world = World::new().await;
    let teacher = world.browser(Role::Teacher);
    let remove = async |who: Role| {
        let form = [("group", world.group.to_string()), ("user", world.user(who).to_string())];
        teacher.post("/api/remove_member", &form).await.status
    };
    assert_eq!(remove(Role::Owner).await, 403);
    assert_eq!(remove(Role::Teacher).await, 403, "leaving is another thing");
    assert_eq!(remove(Role::OtherTeacher).await, 404, "not a member");
    assert_eq!(remove(Role::Member).await, 200);
    assert_eq!(page(&world, Role::Teacher).await.total, 2);
    assert_eq!(world.browser(Role::Member).call("/api/group", &format!("?group={}", world.group)).await.status, 404);
}

#[tokio::test]
async fn a_deleted_group_comes_back_within_a_day() {
    let world = World::new().await;
    let owner = world.browser(Role::Owner);
    let form = [("group", world.group.to_string())];
    let deleted = owner.submit("/api/delete_group", &format!("/groups/{}", world.group), &form).await;
    let list = format!("/groups?deleted={}", world.group);
    assert_eq!((deleted.status, deleted.header("location")), (302, list.as_str()));
    assert_eq!(owner.get(&format!("/groups/{}", world.group)).await.status, 404);
    let page_text = owner.get(&list).await.text();
    assert!(page_text.contains("Geography 8b is deleted") && page_text.contains("Undo"), "{page_text}");
    assert!(!world.browser(Role::Member).get(&list).await.text().contains("is deleted"));
    assert_eq!(world.browser(Role::Teacher).post("/api/restore_group", &form).await.status, 404);
    assert_eq!(owner.post("/api/restore_group", &form).await.status, 200);
    assert_eq!(page(&world, Role::Member).await.total, 3);

    owner.post("/api/delete_group", &form).await;
    world.server.advance(25 * 3600 * 1000);
    assert_eq!(owner.post("/api/restore_group", &form).await.status, 404);
}

#[tokio::test]
async fn the_pages_show_each_role_what_it_can_do() {
    let world = World::new().await;
    world.invite(CODE).await;
    let path = format!("/groups/{}", world.group);
    let owner = world.browser(Role::Owner).get(&path).await;
    assert_eq!(owner.status, 200);
    let text = owner.text();
    assert!(text.contains("ABCD-2345") && text.contains("/qr/invite/ABCD2345.svg"), "{text}");
    assert!(text.contains("Delete the group") && text.contains("member@school.test"));
    let member = world.browser(Role::Member).get(&path).await.text();
    assert!(!member.contains("ABCD-2345") && !member.contains("Delete the group"));
    assert!(!member.contains("owner@school.test"));
    assert_eq!(world.browser(Role::OtherTeacher).get(&path).await.status, 404);
    assert_eq!(world.browser(Role::Anonymous).get(&path).await.status, 401);
    assert_eq!(world.browser(Role::Owner).get("/groups/nonsense").await.status, 404);

    let invited = world.browser(Role::Anonymous).get(&format!("/invite/{CODE}")).await.text();
    assert!(invited.contains("Join Geography 8b") && invited.contains("/sign-in?next=/invite/ABCD2345"), "{invited}");
    assert!(world.browser(Role::Admin).get(&format!("/invite/{CODE}")).await.text().contains("Join Geography 8b"));
    assert!(world.browser(Role::Member).get(&format!("/invite/{CODE}")).await.text().contains("already"));
    let groups = world.browser(Role::Member).get("/groups").await.text();
    assert!(groups.contains("Geography 8b") && groups.contains("Teachers make groups"), "{groups}");
}

#[tokio::test]
async fn many_members_come_in_pages() {
    let world = World::new().await;
    let (db, now) = (&world.server.state.db, world.server.now());
    for n in 0..60 {
        let id = world.server.id();
        let user = studyhall::server::storage::NewUser {
            id,
            email: &format!("pupil{n}@school.test"),
            display_name: &format!("Pupil {n:02}"),
            password_hash: "x",
            role: studyhall::domain::role::UserRole::Learner,
            now,
        };
        db.create_user(user).await.unwrap();
        db.add_member(world.group, id, GroupRole::Member, now).await.unwrap();
    }
    let owner = world.browser(Role::Owner);
    let second: GroupPage = owner.call("/api/group", &format!("?group={}&page=2", world.group)).await.json();
    assert_eq!((second.total, second.page, second.members.len()), (63, 2, 13));
    let beyond: GroupPage = owner.call("/api/group", &format!("?group={}&page=9", world.group)).await.json();
    assert_eq!(beyond.page, 2);
    let html = owner.get(&format!("/groups/{}?page=2", world.group)).await.text();
    assert!(html.contains("Pupil 59") && html.contains("page=1"), "{html}");
}

#[tokio::test]
async fn qr_codes_are_pictures_of_this_sites_addresses() {
    let world = World::new().await;
    let browser = world.server.browser();
    for path in ["/qr/invite/ABCD2345.svg", "/qr/join/123456.svg"] {
        let answer = browser.get(path).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "image/svg+xml"));
        assert!(answer.text().contains("<svg"));
    }
    for path in ["/qr/invite/ABCD2345", "/qr/invite/evil.svg", "/qr/join/12.svg", "/qr/join/12345a.svg"] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
}
