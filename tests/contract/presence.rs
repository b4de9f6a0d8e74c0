//! Presence and runs of jobs on both engines.

use super::{Engine, NOW, engines};
use std::collections::BTreeSet;
use studyhall::{
    domain::{
        ids::UserId,
        presence::{NodeId, Status},
        role::GroupRole,
    },
    server::{
        random,
        storage::{PresenceRow, StoreError},
    },
};

const NODE: NodeId = NodeId(3);

async fn write(engine: &Engine, node: NodeId, boot: i64, user: UserId, status: Status, seen: Option<i64>, now: i64) {
    let row = PresenceRow {
        id: random::id::<UserId>(now).0,
        user,
        group: None,
        session: None,
        status,
        last_seen: seen,
        metadata: "{}".into(),
    };
    engine.db.write_presence(node, boot, &[row], now).await.unwrap();
}

#[tokio::test]
async fn facts_are_name_choice_and_living_groups() {
    for engine in engines().await {
        let (me, other) = (engine.user().await, engine.user().await);
        let db = &engine.db;
        let alone = db.presence_facts(&[me], NOW).await.unwrap().remove(&me).unwrap();
        assert_eq!((alone.name.as_str(), alone.choice, alone.groups.len()), ("Somebody", Status::Online, 0));
        let (group, deleted) = (engine.group(me).await, engine.group(me).await);
        engine.join(group, other, GroupRole::Member).await;
        db.delete_group(deleted, NOW).await.unwrap();
        db.set_presence_status(me, Status::Invisible).await.unwrap();
        let facts = db.presence_facts(&[me], NOW).await.unwrap().remove(&me).unwrap();
        assert_eq!((facts.choice, facts.groups.into_iter().collect::<Vec<_>>()), (Status::Invisible, vec![(group, 2)]));
        assert_eq!(db.presence_status(me).await.unwrap(), Status::Invisible);
        assert_eq!(db.presence_status(other).await.unwrap(), Status::Online);
        let nobody: UserId = random::id(NOW);
        assert!(db.presence_facts(&[nobody], NOW).await.unwrap().is_empty());
        assert!(matches!(db.set_presence_status(nobody, Status::Busy).await, Err(StoreError::NotFound)));
    }
}

#[tokio::test]
async fn a_person_has_one_row_on_each_server_and_last_seen_can_stand_still() {
    for engine in engines().await {
        let me = engine.user().await;
        let db = &engine.db;
        assert_eq!(db.presence_of(me).await.unwrap(), None);
        write(&engine, NODE, 1, me, Status::Online, Some(NOW), NOW).await;
        write(&engine, NODE, 1, me, Status::Invisible, None, NOW + 9).await;
        assert_eq!(db.presence_of(me).await.unwrap(), Some((Status::Invisible, NOW)));
        write(&engine, NODE, 1, me, Status::Offline, Some(NOW + 20), NOW + 20).await;
        assert_eq!(db.presence_of(me).await.unwrap(), Some((Status::Offline, NOW + 20)));
        write(&engine, NodeId(4), 1, me, Status::Busy, Some(NOW + 30), NOW + 30).await;
        assert_eq!(db.presence_of(me).await.unwrap(), Some((Status::Busy, NOW + 30)));
    }
}

#[tokio::test]
async fn a_restarted_server_replaces_its_own_rows_only() {
    for engine in engines().await {
        let (mine, fresh, elsewhere) = (engine.user().await, engine.user().await, engine.user().await);
        write(&engine, NODE, 1, mine, Status::Busy, Some(NOW), NOW).await;
        write(&engine, NODE, 2, fresh, Status::Online, Some(NOW), NOW).await;
        write(&engine, NodeId(4), 1, elsewhere, Status::Online, Some(NOW), NOW).await;
        let db = &engine.db;
        assert_eq!(db.replace_presence(NODE, 2).await.unwrap(), 1);
        assert_eq!(db.replace_presence(NODE, 2).await.unwrap(), 0);
        let status = async |user| db.presence_of(user).await.unwrap().unwrap().0;
        assert_eq!(status(mine).await, Status::Offline);
        assert_eq!((status(fresh).await, status(elsewhere).await), (Status::Online, Status::Online));
        assert_eq!(db.presence_of(mine).await.unwrap().unwrap().1, NOW, "seen when they were seen");
    }
}

#[tokio::test]
async fn the_sweep_takes_those_of_whom_nobody_says_anything() {
    for engine in engines().await {
        let (silent, confirmed, gone) = (engine.user().await, engine.user().await, engine.user().await);
        write(&engine, NODE, 1, silent, Status::Online, Some(NOW), NOW).await;
        write(&engine, NODE, 1, confirmed, Status::Invisible, None, NOW + 10).await;
        write(&engine, NODE, 1, gone, Status::Offline, Some(NOW), NOW).await;
        assert_eq!(engine.db.sweep_presence(NOW + 10).await.unwrap(), 1);
        assert_eq!(engine.db.presence_of(silent).await.unwrap(), Some((Status::Offline, NOW)));
        assert_eq!(engine.db.presence_of(confirmed).await.unwrap().unwrap().0, Status::Invisible);
    }
}

#[tokio::test]
async fn acquaintances_share_another_living_group() {
    for engine in engines().await {
        let (me, friend, stranger) = (engine.user().await, engine.user().await, engine.user().await);
        let (large, small, deleted) = (engine.group(me).await, engine.group(me).await, engine.group(me).await);
        for (group, user) in [(large, friend), (large, stranger), (small, friend), (deleted, stranger)] {
            engine.join(group, user, GroupRole::Member).await;
        }
        assert_eq!(
            engine.db.member_ids(small).await.unwrap().into_iter().collect::<BTreeSet<_>>(),
            [me, friend].into()
        );
        engine.db.delete_group(deleted, NOW).await.unwrap();
        let known = engine.db.acquaintances(large, &[me, stranger, friend]).await.unwrap();
        assert_eq!(known.get(&me), Some(&BTreeSet::from([friend])));
        assert_eq!(known.get(&friend), Some(&BTreeSet::from([me])));
        assert_eq!(known.get(&stranger), None);
    }
}

#[tokio::test]
async fn a_run_of_a_job_belongs_to_one_server() {
    for engine in engines().await {
        let db = &engine.db;
        let (a, b) = tokio::join!(db.begin_job_run("sweep", NOW, NOW), db.begin_job_run("sweep", NOW, NOW));
        assert_ne!(a.unwrap(), b.unwrap());
        assert_eq!(db.job_runs("sweep", 9).await.unwrap()[0].result, "running");
        db.end_job_run("sweep", NOW, Ok("0 rows"), NOW + 5, NOW - 100).await.unwrap();
        assert!(db.begin_job_run("sweep", NOW + 100, NOW + 100).await.unwrap());
        db.end_job_run("sweep", NOW + 100, Err("database gone"), NOW + 107, NOW - 100).await.unwrap();
        let runs = db.job_runs("sweep", 9).await.unwrap();
        let told: Vec<_> = runs.iter().map(|r| (r.result.as_str(), r.detail.as_str(), r.finished_at)).collect();
        assert_eq!(told, [("failed", "database gone", Some(NOW + 107)), ("done", "0 rows", Some(NOW + 5))]);
        assert!(db.begin_job_run("sweep", NOW + 200, NOW + 200).await.unwrap());
        db.end_job_run("sweep", NOW + 200, Ok(""), NOW + 201, NOW + 100).await.unwrap();
        assert_eq!(db.job_runs("sweep", 9).await.unwrap().len(), 2, "the oldest is forgotten");
        assert!(db.job_runs("other", 9).await.unwrap().is_empty());
    }
}
