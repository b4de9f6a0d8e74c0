//! Everybody comes back at once: the server is killed under a whole school, and its next process lets them in without
//! asking the database for each of them several times.

use crate::common::{Browser, ServerProcess, Socket};
use futures::future::join_all;
use studyhall::{
    domain::{
        ids::{GroupId, UserId},
        presence::CROWD,
        role::{GroupRole, UserRole},
    },
    protocol::{Channel, ClientFrame, Position, ServerFrame, Subscription},
    server::{auth::session::Sessions, clock::Clock, random, storage::NewUser},
};
use uuid::Uuid;

/// More than make a crowd, which costs most.
const PEOPLE: usize = CROWD as usize + 30;
const CALLS: &str = "studyhall_db_calls_total";

/// One of the school, and where they are in their channels.
struct Pupil {
    token: String,
    tab: Uuid,
    subscriptions: Vec<Subscription>,
}

impl Pupil {
    /// Connects, greets, and is in all channels.
    async fn come(&mut self, url: &str) -> Socket {
        let mut socket = Socket::open(&Browser::with_token(url, &self.token)).await;
        socket.send(&ClientFrame::Hello { tab: self.tab, subscriptions: self.subscriptions.clone() }).await;
        let mut outside = self.subscriptions.len();
        let seen = &mut self.subscriptions;
        socket
            .wait(|frame| {
                let (ServerFrame::Subscribed { channel, position } | ServerFrame::Resynced { channel, position, .. }) =
                    frame
                else {
                    assert!(!matches!(frame, ServerFrame::SubscriptionRefused { .. }), "{frame:?}");
                    return None;
                };
                seen.iter_mut().find(|one| one.channel == *channel)?.position = Some(*position);
                outside -= 1;
                (outside == 0).then_some(())
            })
            .await;
        socket
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn coming_back_after_a_crash_costs_less_than_one_query_each() {
    let folder = tempfile::tempdir().unwrap();
    let (db, now) = (ServerProcess::database_in(&folder).await, Clock::System.now());
    let (group, mut pupils): (GroupId, Vec<Pupil>) = (random::id(now), vec![]);
    for n in 0..PEOPLE {
        let (id, email): (UserId, _) = (random::id(now), format!("p{n}@school.test"));
        let (display_name, role) = (&format!("P{n}"), UserRole::Learner);
        let user = NewUser { id, email: &email, display_name, password_hash: "unusable", role, now };
        db.create_user(user).await.unwrap();
        match n {
            0 => db.create_group(group, "School", id, now).await.unwrap(),
            _ => assert!(db.add_member(group, id, GroupRole::Member, now).await.unwrap()),
        }
        // Used long ago: it would be prolonged by a page.
        let begun = now - 3_600_000;
        let token = Sessions::default().begin(&db, id, "unusable", "test", begun).await.unwrap().unwrap();
        let channels = [Channel::User(id), Channel::Group(group), Channel::Presence(group)];
        let subscriptions = channels.map(|channel| Subscription { channel, position: None }).into();
        pupils.push(Pupil { token, tab: Uuid::new_v4(), subscriptions });
    }
    db.close().await;
    let mut server = ServerProcess::on(folder).await;
    let first: Vec<Socket> = join_all(pupils.iter_mut().map(|pupil| pupil.come(&server.url))).await;
    server.crash().await;
    drop(first);
    let lost =
        pupils.iter().all(|pupil| pupil.subscriptions.iter().all(|one| one.position != Some(Position::default())));
    assert!(lost, "everybody comes back from somewhere");
    let before = server.figure(CALLS).await;
    let back = join_all(pupils.iter_mut().map(|pupil| pupil.come(&server.url))).await;
    let calls = server.figure(CALLS).await - before;
    assert_eq!(back.len(), PEOPLE);
    assert!(calls >= 3.0, "they are counted");
    assert!(calls <= PEOPLE as f64, "{calls} queries for {PEOPLE} people");
    println!("{calls} queries for {PEOPLE} people who came back");
}
