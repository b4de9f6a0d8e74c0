//! The host looks at the questions before the start and adjusts them; players learn nothing of it.

use super::{
    game::Game,
    recovery::{at, restarted, watch},
};
use crate::common::{Answer as Reply, Browser, Role};
use studyhall::{
    api::{
        error::{AppError, Problem},
        live_preview::{Preview, PreviewQuestion},
        live_reports::SessionReport,
    },
    domain::live::{
        blitz::{HostPhase, PlayerPhase},
        question::{Answer, Worth},
    },
    protocol::{Channel, Outcome},
};

async fn preview(game: &Game) -> Preview {
    let path = format!("?session={}", game.world.session);
    game.world.browser(Role::Owner).call("/api/live_preview", &path).await.json()
}

/// Saves the first question with these changes to what its form carries.
async fn save(game: &Game, host: &Browser, shown: &Preview, changes: &[(&str, &str)]) -> Reply {
    let question = &shown.questions[0];
    let mut form = vec![
        ("session", game.world.session.to_string()),
        ("seen", shown.revision.to_string()),
        ("index", "0".into()),
        ("worth", question.worth.as_str().into()),
        ("time_limit_s", String::new()),
        ("explanation", question.explanation.clone()),
    ];
    form.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    form.extend(changes.iter().map(|(name, value)| (*name, (*value).to_owned())));
    host.post("/api/adjust_live_question", &form).await
}

async fn drop_question(game: &Game, seen: u32, index: u32) -> Reply {
    let form = [("session", game.world.session.to_string()), ("seen", seen.to_string()), ("index", index.to_string())];
    game.world.browser(Role::Owner).post("/api/drop_live_question", &form).await
}

fn texts(question: &PreviewQuestion) -> Vec<&str> {
    question.options.iter().map(|option| option.text.text.as_str()).collect()
}

#[tokio::test]
async fn a_question_is_adjusted_before_the_start_and_stays_so() {
    let game = Game::new().await;
    let owner = game.world.browser(Role::Owner);
    let before = preview(&game).await;
    assert_eq!((before.questions.len(), before.in_lobby, before.time_limit_ms), (3, true, 20_000));
    let first = &before.questions[0];
    assert!(first.explanation.starts_with("EXPLANATION of "), "prefilled from the card: {}", first.explanation);
    assert_eq!(first.options.iter().filter(|option| option.right).count(), 1);
    // Six capitals, four of them shown: two others could stand there.
    assert_eq!(first.alternatives.len(), 2);
    assert!(first.alternatives.iter().all(|other| !texts(first).contains(&other.as_str())));

    let wrong = first.options.iter().position(|option| !option.right).unwrap();
    let exchanged = |text: &str| -> Vec<(String, String)> {
        (0..4).map(|i| (format!("options[{i}]"), if i == wrong { text.to_owned() } else { String::new() })).collect()
    };
    let options = exchanged(&first.alternatives[1]);
    let mut changes: Vec<(&str, &str)> = options.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    changes.extend([("worth", "double"), ("time_limit_s", "60"), ("explanation", "Because **it is**.")]);
    let saved = save(&game, &owner, &before, &changes).await;
    assert_eq!(saved.status, 200, "{}", saved.text());
    let stale = save(&game, &owner, &before, &[("worth", "none")]).await;
    assert_eq!((stale.status, stale.error()), (409, AppError::Conflict));
    let seen = preview(&game).await.revision;
    assert_eq!(drop_question(&game, seen, 2).await.status, 200);
    assert_eq!(drop_question(&game, seen, 1).await.status, 409, "a double click drops one");
    let now = preview(&game).await;
    // What the deck does not have, what is right, and what is there already stays out.
    let right = first.options.iter().find(|option| option.right).unwrap().text.text.clone();
    let there = first.options.iter().enumerate().find(|(i, o)| *i != wrong && !o.right).unwrap().1.text.text.clone();
    for bad in ["Atlantis", right.as_str(), there.as_str()] {
        let options = exchanged(bad);
        let changes: Vec<(&str, &str)> = options.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(save(&game, &owner, &now, &changes).await.status, 422, "{bad}");
    }
    let malformed = save(&game, &owner, &now, &[("time_limit_s", "241")]).await;
    assert_eq!(malformed.error().problem("time_limit_s"), Some(&Problem::OutOfRange { min: 5, max: 240 }));
    let after = preview(&game).await;
    let first = &after.questions[0];
    assert_eq!((after.questions.len(), after.revision), (2, now.revision));
    assert_eq!(texts(first)[wrong], before.questions[0].alternatives[1]);
    assert_eq!(
        (first.worth, first.time_limit_ms, first.explanation.as_str()),
        (Worth::Double, Some(60_000), "Because **it is**.")
    );

    // Nothing of it reached a player.
    let frames = game.players.iter().flat_map(|player| &player.received);
    for frame in frames.map(|frame| serde_json::to_string(frame).unwrap()) {
        assert!(!frame.contains(&right) && !frame.contains("Because"), "{frame}");
    }
    for browser in &game.browsers {
        let path = format!("?session={}", game.world.session);
        assert_eq!(browser.call("/api/live_preview", &path).await.status, 401);
        let page = browser.get(&format!("/live/{}/preview?show=1", game.world.session)).await;
        assert!(!page.text().contains(&right), "the page without a sign-in shows nothing");
    }
    let veil = owner.get(&format!("/live/{}/preview", game.world.session)).await;
    assert!(veil.text().contains("Is this screen yours alone?") && !veil.text().contains(&right));
    let shown = owner.get(&format!("/live/{}/preview?show=1", game.world.session)).await;
    assert!(shown.text().contains(&right) && shown.text().contains("Not for the projector"));

    // A restart keeps it.
    let (_, url) = restarted(&game).await;
    let mut host = at(&url, &owner).await;
    watch(&mut host, Channel::LiveHost(game.world.session)).await;
    assert_eq!(host.host(|_| true).await.total, 2);
    let again: Preview =
        owner.at(&url).call("/api/live_preview", &format!("?session={}", game.world.session)).await.json();
    assert_eq!(again, after);
}

#[tokio::test]
async fn points_and_time_hold_in_the_game_and_in_the_report() {
    let mut game = Game::new().await;
    let (owner, session) = (game.world.browser(Role::Owner), game.world.session);
    let shown = preview(&game).await;
    let right = shown.questions[0].options.iter().position(|option| option.right).unwrap();
    assert_eq!(save(&game, &owner, &shown, &[("worth", "double"), ("time_limit_s", "60")]).await.status, 200);
    for index in [2, 1] {
        let seen = preview(&game).await.revision;
        assert_eq!(drop_question(&game, seen, index).await.status, 200);
    }
    let seen = preview(&game).await.revision;
    assert_eq!(drop_question(&game, seen, 0).await.status, 409, "at least one stays");

    let start = [("session", session.to_string()), ("seen", seen.to_string())];
    assert_eq!(owner.post("/api/start_live_session", &start).await.status, 200);
    let view = game.players[0].player(|view| matches!(view.phase, PlayerPhase::LeadIn { .. })).await;
    assert!(matches!(view.phase, PlayerPhase::LeadIn { prompt, .. } if prompt.worth == Worth::Double));
    let view = game.host.host(|view| matches!(view.phase, HostPhase::LeadIn { .. })).await;
    assert!(matches!(view.phase, HostPhase::LeadIn { prompt, .. } if prompt.worth == Worth::Double));
    let after = preview(&game).await;
    assert!(!after.in_lobby);
    assert_eq!(save(&game, &owner, &after, &[("worth", "none")]).await.status, 409, "after the start");
    game.open(0).await;
    game.world.server.advance(30_000);
    assert_eq!(game.answer(0, 0, right as u8).await, Ok(Outcome::Done));
    assert_eq!(game.answer(1, 0, (right as u8 + 1) % 4).await, Ok(Outcome::Done));
    let view = game.players[0].player(|view| matches!(view.phase, PlayerPhase::Reveal { .. })).await;
    let PlayerPhase::Reveal { mine: Some(mine), .. } = view.phase else { panic!() };
    assert_eq!((mine.points, mine.answer), (1_500, Answer::Choice(right as u8)), "of 2,000, after half of 60 s");

    for _ in 0..2 {
        let seen = game.host.host(|view| !matches!(view.phase, HostPhase::Answering { .. })).await.revision;
        let form = [("session", session.to_string()), ("seen", seen.to_string())];
        owner.post("/api/end_live_session", &form).await;
        let form = [("session", session.to_string()), ("seen", (seen + 1).to_string())];
        owner.post("/api/end_live_session", &form).await;
    }
    let report: SessionReport = owner.call("/api/live_report", &format!("?session={session}")).await.json();
    assert_eq!(report.report.questions.len(), 1);
    assert_eq!(report.report.questions[0].worth, Worth::Double);
    assert_eq!(report.report.learners[0].score, 1_500);
    let page = owner.get(&format!("/live/{session}/report")).await;
    assert!(page.text().contains("Double points"));
}
