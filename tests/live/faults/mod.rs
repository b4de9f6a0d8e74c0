//! The server process is killed at random moments of a game with fifty phones: nothing that was acknowledged is lost,
//! nothing is there twice. `STUDYHALL_FAULT_RUNS` plays more games than one, each from a seed of its own.

mod disk;
mod line;
mod players;

use crate::common::{Browser, ServerProcess};
use futures::future::join_all;
use players::{Phone, host};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};
use studyhall::domain::ids::{DeckId, LiveSessionId};
use tokio::{
    sync::watch,
    time::{Instant, timeout},
};
use uuid::Uuid;

const PHONES: usize = 50;
const QUESTIONS: u32 = 8;
/// Only a run that fails takes so long.
const PATIENCE: Duration = Duration::from_secs(240);

/// A teacher, and a quiz on a deck of sevens that waits for its players.
async fn lobby(url: &str) -> (Browser, LiveSessionId) {
    let teacher = Browser::new(url);
    let account =
        [("email", "a@b.test"), ("display_name", "T"), ("password", "calm river under bridge"), ("role", "teacher")];
    assert_eq!(teacher.post("/api/sign_up", &account).await.status, 200);
    let deck: DeckId = teacher.post("/api/create_deck", &[("title", "Sevens"), ("group", "")]).await.json();
    for n in 1..=QUESTIONS + 4 {
        let card = [("deck", deck.to_string()), ("front", format!("{n} · 7")), ("back", (n * 7).to_string())];
        assert_eq!(teacher.post("/api/add_card", &card).await.status, 200);
    }
    let form = [
        ("deck", deck.to_string()),
        ("category", String::new()),
        ("card_count", QUESTIONS.to_string()),
        ("time_limit_s", "20".into()),
        ("answers", "choice".into()),
        ("key", Uuid::new_v4().to_string()),
    ];
    let session: LiveSessionId = teacher.post("/api/create_live_session", &form).await.json();
    (teacher, session)
}

async fn game(seed: u64) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut server = ServerProcess::start().await;
    let (teacher, session) = lobby(&server.url).await;
    let db = server.database().await;
    let pin = db.live_session(session).await.unwrap().pin.unwrap();

    let (ended, over) = watch::channel(false);
    let phones: Vec<_> = (0..PHONES)
        .map(|n| {
            let phone = Phone {
                url: server.url.clone(),
                pin: pin.clone(),
                name: format!("Phone {n}"),
                rng: ChaCha8Rng::seed_from_u64(seed * 1_000 + n as u64),
                join: Uuid::new_v4(),
                seat: None,
                pending: None,
                acknowledged: BTreeMap::new(),
                views: 0,
            };
            tokio::spawn(phone.play(over.clone(), server.lives()))
        })
        .collect();
    let mut playing = tokio::spawn(host(server.url.clone(), teacher.cookies(), session, server.lives()));
    let deadline = Instant::now() + PATIENCE;
    let mut crashes = 0;
    while !playing.is_finished() {
        assert!(Instant::now() < deadline, "seed {seed}: the game does not end");
        // The first one early, so that no machine is too quick for it.
        let pause = Duration::from_millis(rng.random_range(if crashes == 0 { 20..120 } else { 100..2_500 }));
        if timeout(pause, &mut playing).await.is_err() && crashes < 6 {
            server.crash().await;
            crashes += 1;
        }
    }
    ended.send(true).unwrap();
    let phones: Vec<Phone> = join_all(phones).await.into_iter().map(Result::unwrap).collect();

    let rows = db.live_session_answers(session).await.unwrap();
    let participants = db.live_session_participants(session).await.unwrap();
    assert_eq!(participants.len(), PHONES, "seed {seed}: each phone has one seat");
    let different: BTreeSet<_> = rows.iter().map(|row| (row.participant_id, row.card_index)).collect();
    assert_eq!(different.len(), rows.len());
    let mut acknowledged = 0;
    for phone in &phones {
        let (_, participant, _) = phone.seat.as_ref().unwrap();
        for (index, answer) in &phone.acknowledged {
            let stored = rows.iter().find(|r| r.participant_id == participant.0 && r.card_index == i64::from(*index));
            let stored = stored.unwrap_or_else(|| panic!("seed {seed}: {} lost its answer {index}", phone.name));
            assert_eq!(stored.answer, serde_json::to_string(answer).unwrap());
            acknowledged += 1;
        }
    }
    for row in &participants {
        let sums = db.live_session_answer_sums(row.id.into()).await.unwrap();
        assert_eq!((row.total_answers, row.total_score), sums, "seed {seed}: totals are the sums of the rows");
    }
    assert!(crashes > 0 && acknowledged > PHONES, "seed {seed}: {crashes} crashes, {acknowledged} acknowledged");
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a03_nothing_acknowledged_is_lost_or_doubled_when_the_server_is_killed() {
    let runs = std::env::var("STUDYHALL_FAULT_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(1);
    for seed in 0..runs {
        game(seed).await;
    }
}
