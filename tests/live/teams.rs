//! Teams, extra time and second chances, over the real socket, in the report and in the next quiz.

use super::quiz::{Quiz, create};
use crate::common::{Proxy, Role, Socket, World};
use studyhall::{
    api::{error::AppError, live::PlayerScreen, live_reports::SessionReport},
    domain::{
        ids::LiveSessionId,
        live::{
            blitz::{Event, ExtraTime, GRACE_MS, HostPhase, LEAD_IN_MS, MOST_CREDIT_MS, PlayerPhase, Refusal},
            question::Answer,
        },
    },
    protocol::{Channel, ClientFrame, Command, Outcome, POSTCARD, Refused, ServerFrame, Subscription},
};

#[tokio::test]
async fn wrong_names_of_teams_are_told_at_their_field() {
    let world = World::new().await;
    let owner = world.browser(Role::Owner);
    let refused = create(&world, &owner, &[("rules[teams]", "auto"), ("rules[team_names]", "Red, red")]).await;
    assert_eq!(refused.status, 422);
    assert!(matches!(refused.error(), AppError::Invalid { fields } if fields[0].field == "rules[team_names]"));
}

#[tokio::test]
async fn a_game_of_chosen_teams_up_to_the_files() {
    let teams = [("rules[teams]", "chosen"), ("rules[team_names]", "=Red, Blue")];
    let mut quiz = Quiz::new(&teams, &["Ada", "Ben", "Cleo"]).await;
    let pick = |team: &str| [("session", quiz.session.to_string()), ("team", team.to_owned())];
    let (blue, none) = (pick("1"), pick("2"));
    assert_eq!(quiz.players[0].0.post("/api/choose_live_team", &blue).await.status, 200);
    assert_eq!(quiz.players[1].0.post("/api/choose_live_team", &none).await.status, 422, "there is no third team");
    let mine = quiz.players[0].1.player(|view| view.team.as_ref().is_some_and(|team| team.mine.is_some())).await;
    assert_eq!(mine.team.unwrap().mine, Some(1));
    quiz.world.server.advance(100);
    let view = quiz.host.host(|view| view.teams.iter().any(|team| team.members == 1)).await;
    assert_eq!(view.teams.iter().find(|team| team.members == 1).unwrap().name, "Blue");
    quiz.open().await;
    // Ben and Cleo have not picked: they are spread, Ben to Red first, then Cleo to Red or Blue, whichever is smaller.
    quiz.world.server.advance(2_000);
    for player in 0..3 {
        assert_eq!(quiz.answer(player, 0).await, Ok(Outcome::Done));
    }
    quiz.advance(|phase| matches!(phase, HostPhase::Reveal { .. })).await;
    let podium = quiz.host.host(|view| matches!(view.phase, HostPhase::Podium { .. })).await;
    let next = Command::AdvanceLiveSession { session: quiz.session, seen: podium.revision };
    assert_eq!(quiz.host.command(next).await, Ok(Outcome::Done));
    quiz.host.host(|view| matches!(view.phase, HostPhase::Ended { .. })).await;

    let query = format!("?session={}", quiz.session);
    let report: SessionReport = quiz.owner.call("/api/live_report", &query).await.json();
    let report = report.report;
    assert_eq!(report.teams, podium.teams, "as it was shown");
    for team in &report.teams {
        let of = |name: &Option<String>| name.as_deref() == Some(team.name.as_str());
        let scores: Vec<u32> = report.learners.iter().filter(|l| of(&l.team)).map(|l| l.score).collect();
        assert_eq!(scores.len() as u32, team.members);
        let mean = f64::from(scores.iter().sum::<u32>()) / scores.len() as f64;
        assert!((f64::from(team.score) - mean).abs() <= 0.5, "{}: {scores:?}", team.name);
    }
    let file = quiz.owner.get(&format!("/live/{}/report.csv", quiz.session)).await.text();
    let ada = file.lines().find(|line| line.contains("Ada")).unwrap();
    assert!(ada.ends_with(",Blue,,live"), "{ada}");
    assert!(file.contains(",'=Red"), "a team's name is no formula: {file}");
}

#[tokio::test]
async fn a_learner_with_extra_time_is_waited_for_and_nobody_is_told() {
    let mut quiz = Quiz::new(&[], &["Ada", "Ben"]).await;
    quiz.give("Ada", ExtraTime::Half).await;
    let people = quiz.people().await;
    assert_eq!(people.iter().map(|row| row.extra).collect::<Vec<_>>(), [ExtraTime::Half, ExtraTime::None]);
    quiz.open().await;
    let limits = |view: &studyhall::domain::live::blitz::PlayerView| match view.phase {
        PlayerPhase::Answering { remaining_ms, time_limit_ms, .. } => Some((remaining_ms, time_limit_ms)),
        _ => None,
    };
    let form = [("session", quiz.session.to_string())];
    for (player, limit) in [(0, 30_000), (1, 20_000)] {
        let screen: PlayerScreen = quiz.players[player].0.post("/api/live_player_view", &form).await.json();
        assert_eq!(limits(&screen.view), Some((limit, limit)));
    }
    quiz.world.server.advance(20_000 + GRACE_MS + 1);
    quiz.players[1].1.player(|view| matches!(view.phase, PlayerPhase::Answering { closed: true, .. })).await;
    assert_eq!(quiz.answer(1, 0).await, Err(Refused::Live(Refusal::TooLate)));
    quiz.world.server.advance(5_000);
    assert_eq!(quiz.answer(0, 0).await, Ok(Outcome::Done));
    for (_, socket) in &mut quiz.players {
        socket.player(|view| matches!(view.phase, PlayerPhase::Reveal { .. })).await;
    }
    // All that the neighbour and the projector were ever sent.
    let others = quiz.players[1].1.received.iter().chain(&quiz.host.received);
    for frame in others.map(|frame| serde_json::to_string(frame).unwrap()) {
        for word in ["extra", "half", "30000", "no_limit"] {
            assert!(!frame.contains(word), "{word} in {frame}");
        }
    }
}

#[tokio::test]
async fn extra_time_is_remembered_when_the_same_people_play_again() {
    let mut quiz = Quiz::new(&[], &["Ada", "Ben"]).await;
    quiz.give("Ada", ExtraTime::NoLimit).await;
    quiz.open().await;
    for player in 0..2 {
        assert_eq!(quiz.answer(player, 0).await, Ok(Outcome::Done));
    }
    quiz.advance(|phase| matches!(phase, HostPhase::Reveal { .. })).await;
    let seen = quiz.host.host(|view| matches!(view.phase, HostPhase::Podium { .. })).await.revision;
    let form = [("session", quiz.session.to_string()), ("seen", seen.to_string())];
    let next: LiveSessionId = quiz.owner.post("/api/continue_live_session", &form).await.json();
    let old = [("session", quiz.session.to_string())];
    for player in 0..2 {
        assert_eq!(quiz.players[player].0.post("/api/follow_live_session", &old).await.json::<LiveSessionId>(), next);
    }
    quiz.session = next;
    let extra: Vec<_> = quiz.people().await.into_iter().map(|row| (row.name, row.extra)).collect();
    assert_eq!(extra, [("Ada".to_owned(), ExtraTime::NoLimit), ("Ben".to_owned(), ExtraTime::None)]);
    // Somebody new with the PIN gets none of it, whatever key the command carries.
    quiz.join("Cleo").await;
    assert_eq!(quiz.people().await[2].extra, ExtraTime::None);
}

#[tokio::test]
async fn the_missed_question_comes_back_and_the_report_shows_both() {
    let mut quiz = Quiz::new(&[("rules[second_chance]", "on")], &["Ada", "Ben"]).await;
    quiz.open().await;
    // Two different options: at least one is wrong.
    for (player, option) in [(0, 0), (1, 1)] {
        assert_eq!(quiz.answer(player, option).await, Ok(Outcome::Done));
    }
    quiz.advance(|phase| matches!(phase, HostPhase::Reveal { .. })).await;
    let view = quiz.host.host(|view| matches!(view.phase, HostPhase::LeadIn { .. })).await;
    let HostPhase::LeadIn { progress, .. } = view.phase else { unreachable!() };
    assert_eq!((progress.index, progress.first, progress.total, progress.is_second()), (1, 1, 2, true));
    quiz.world.server.advance(LEAD_IN_MS);
    let (session, answer) = (quiz.session, Answer::Choice(0));
    for (_, socket) in &mut quiz.players {
        socket.player(|view| matches!(view.phase, PlayerPhase::Answering { .. })).await;
        let command = Command::SubmitLiveAnswer { session, card_index: 1, answer: answer.clone() };
        assert_eq!(socket.command(command).await, Ok(Outcome::Done));
    }
    quiz.advance(|phase| matches!(phase, HostPhase::Reveal { .. })).await;
    let podium = quiz.host.host(|view| matches!(view.phase, HostPhase::Podium { .. })).await;
    let next = Command::AdvanceLiveSession { session, seen: podium.revision };
    assert_eq!(quiz.host.command(next).await, Ok(Outcome::Done));
    quiz.host.host(|view| matches!(view.phase, HostPhase::Ended { .. })).await;

    let report: SessionReport = quiz.owner.call("/api/live_report", &format!("?session={session}")).await.json();
    let questions = &report.report.questions;
    assert_eq!(questions.iter().map(|q| q.second_of).collect::<Vec<_>>(), [None, Some(0)]);
    assert_eq!(questions[0].prompt, questions[1].prompt);
    for learner in &report.report.learners {
        assert!(learner.answers[1].as_ref().is_none_or(|answer| answer.points <= 500), "half of the points");
        assert_eq!(learner.answers.iter().flatten().map(|answer| answer.points).sum::<u32>(), learner.score);
    }
    let file = quiz.owner.get(&format!("/live/{session}/report.csv")).await.text();
    assert!(file.contains("(Second chance of question 1)"), "{file}");
}

#[tokio::test]
async fn a_slow_line_is_measured_by_the_servers_pings_and_its_credit_is_in_the_log() {
    let mut quiz = Quiz::new(&[], &["Ada"]).await;
    let browser = quiz.players[0].0.clone();
    let proxy = Proxy::to(&browser.url).await;
    proxy.delay(90);
    let mut slow = Socket::try_open(&proxy.url, &browser.cookies(), &proxy.url, POSTCARD).await.unwrap();
    let subscriptions = vec![Subscription { channel: Channel::LivePlayer(quiz.session), position: None }];
    slow.send(&ClientFrame::Hello { tab: uuid::Uuid::nil(), subscriptions }).await;
    // The newest tab wins; the server's first ping comes within half a minute, and is answered while waiting.
    // Asked again and again meanwhile, at the line's own pace, so that a line that broke would show.
    let mut measured = false;
    while !measured {
        // The host's line must not fall silent for so long: it is pinged as well.
        quiz.host.send(&ClientFrame::Ping { nonce: 2 }).await;
        quiz.host.wait(|frame| matches!(frame, ServerFrame::Ponged { .. }).then_some(())).await;
        slow.send(&ClientFrame::Ping { nonce: 1 }).await;
        measured = slow
            .wait(|frame| match frame {
                ServerFrame::Pinged { .. } => Some(true),
                ServerFrame::Ponged { .. } => Some(false),
                _ => None,
            })
            .await;
    }
    quiz.players[0].1 = slow;
    quiz.open().await;
    quiz.world.server.advance(2_000);
    assert_eq!(quiz.answer(0, 0).await, Ok(Outcome::Done));
    let log = quiz.world.server.state.db.live_session_log(quiz.session).await.unwrap();
    let credit = log.iter().find_map(|(_, json, _)| match serde_json::from_str(json).unwrap() {
        Event::AnswerSubmitted { credit_ms, response_time_ms, .. } => Some((credit_ms, response_time_ms)),
        _ => None,
    });
    let (credit, response) = credit.expect("the answer is in the log");
    assert!((60..=MOST_CREDIT_MS).contains(&credit), "{credit}");
    assert_eq!(response, 2_000, "the time that it took stays the server's");
}
