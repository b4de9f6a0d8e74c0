//! Reports: each figure is counted once more here, by hand, from the rows in the database.

use super::game::Game;
use crate::common::{Role, Socket, join};
use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use sqlx::{Connection, SqliteConnection};
use std::{collections::BTreeSet, io::Cursor};
use studyhall::{
    api::{
        error::AppError,
        live_reports::{OwnResult, PastSessions, SessionReport},
    },
    domain::{
        ids::ParticipantId,
        live::{
            blitz::{HostPhase, PlayerPhase},
            question::Answer,
        },
    },
    protocol::{Channel, Command, Outcome},
    server::storage::AnswerRow,
};

/// Eight players answer three questions, one of them badly named; then the quiz is over.
async fn played() -> Game {
    let mut game = Game::new().await;
    let session = game.world.session;
    for name in ["=1+1", "Cleo", "Dan", "Eve", "Finn"] {
        let browser = game.world.server.browser();
        join(&game.world.server, session, &browser, name).await;
        let mut player = Socket::subscribed(&browser, &[Channel::LivePlayer(session)]).await;
        player.player(|view| matches!(view.phase, PlayerPhase::Lobby)).await;
        game.players.push(player);
        game.browsers.push(browser);
    }
    let member = game.world.browser(Role::Member);
    join(&game.world.server, session, &member, "Mina").await;
    let mut mina = Socket::subscribed(&member, &[Channel::LivePlayer(session)]).await;
    mina.player(|_| true).await;
    game.players.push(mina);
    game.browsers.push(member);
    game.start().await;
    for index in 0..3u32 {
        game.open(index).await;
        for player in 0..game.players.len() {
            game.world.server.advance(700);
            // One never answers the second question; the others spread over the options, differently each time.
            if (player, index) != (3, 1) {
                let option = (player * 5 + index as usize * 3) % 4;
                assert_eq!(game.answer(player, index, option as u8).await, Ok(Outcome::Done));
            }
        }
        let view = game.host.host(|v| matches!(v.phase, HostPhase::Reveal { .. } | HostPhase::Answering { .. })).await;
        let mut revision = view.revision;
        if index == 1 {
            game.advance(revision).await;
        }
        revision = game
            .host
            .host(|view| matches!(view.phase, HostPhase::Reveal { progress, .. } if progress.index == index))
            .await
            .revision;
        game.advance(revision).await;
        if index < 2 {
            let view = game.host.host(|view| matches!(view.phase, HostPhase::Leaderboard { .. })).await;
            game.advance(view.revision).await;
        }
    }
    let podium = game.host.host(|view| matches!(view.phase, HostPhase::Podium { .. })).await;
    game.advance(podium.revision).await;
    game.host.host(|view| matches!(view.phase, HostPhase::Ended { .. })).await;
    game
}

/// Of an answer: to which question, whether it was right, its points, its time.
fn figures(row: &AnswerRow) -> (i64, bool, i64, i64) {
    (row.card_index, row.is_correct, row.points_earned, row.response_time_ms)
}

#[tokio::test]
async fn figures_are_what_the_rows_say() {
    let game = played().await;
    let (db, session) = (&game.world.server.state.db, game.world.session);
    let owner = game.world.browser(Role::Owner);
    let report: SessionReport = owner.call("/api/live_report", &format!("?session={session}")).await.json();
    let rows = db.live_session_answers(session).await.unwrap();
    assert_eq!(rows.len(), 8 * 3 - 1);
    let report = report.report;
    assert_eq!((report.questions.len(), report.learners.len()), (3, 9), "the guest who never came is in the list");
    let share = |part: usize, whole: usize| ((part as f64 / whole as f64) * 1000.0).round() as u16;
    assert_eq!(report.right, Some(share(rows.iter().filter(|r| r.is_correct).count(), rows.len())));
    for question in &report.questions {
        let mine: Vec<_> = rows.iter().filter(|r| r.card_index == i64::from(question.index)).collect();
        let right = mine.iter().filter(|r| r.is_correct).count();
        assert_eq!((question.answered as usize, question.correct as usize), (mine.len(), right));
        assert_eq!(question.right, Some(share(right, mine.len())));
        for (option, given) in question.given.iter().enumerate() {
            let json = serde_json::to_string(&Answer::Choice(option as u8)).unwrap();
            let takers: Vec<_> = mine.iter().filter(|r| r.answer == json).collect();
            assert_eq!(given.count as usize, takers.len());
            assert!(takers.iter().all(|r| r.is_correct == given.right));
        }
        let unused = question.given.iter().filter(|given| given.count == 0 && !given.right).count();
        assert_eq!(question.unused().count(), unused);
        let mut times: Vec<i64> = mine.iter().map(|r| r.response_time_ms).collect();
        times.sort_unstable();
        let median = times[(times.len() - 1) / 2];
        assert_eq!(question.times.map(|t| i64::from(t[1])), Some(median));
        // Discrimination: Pearson's r between "right here" and "right elsewhere".
        let pairs: Vec<(f64, f64)> = mine
            .iter()
            .map(|r| {
                let elsewhere = rows
                    .iter()
                    .filter(|o| o.participant_id == r.participant_id && o.card_index != r.card_index && o.is_correct);
                (f64::from(u8::from(r.is_correct)), elsewhere.count() as f64)
            })
            .collect();
        let n = pairs.len() as f64;
        let (sx, sy) = pairs.iter().fold((0.0, 0.0), |(x, y), p| (x + p.0, y + p.1));
        let (sxx, syy, sxy) =
            pairs.iter().fold((0.0, 0.0, 0.0), |(x, y, z), p| (x + p.0 * p.0, y + p.1 * p.1, z + p.0 * p.1));
        let r = (n * sxy - sx * sy) / ((n * sxx - sx * sx).sqrt() * (n * syy - sy * sy).sqrt());
        match question.discrimination {
            Some(found) => assert!((f64::from(found) / 1000.0 - r).abs() < 0.0011, "{found} {r}"),
            None => assert!(r.is_nan(), "{r}"),
        }
    }
    for learner in &report.learners {
        let mine: Vec<_> = rows.iter().filter(|r| ParticipantId(r.participant_id) == learner.participant).collect();
        assert_eq!(i64::from(learner.score), mine.iter().map(|r| r.points_earned).sum::<i64>());
        assert_eq!((learner.answered as usize, learner.answers.iter().flatten().count()), (mine.len(), mine.len()));
        let all: i64 = mine.iter().map(|r| r.response_time_ms).sum();
        assert_eq!(i64::from(learner.average_ms), all / mine.len().max(1) as i64);
        let better = report.learners.iter().filter(|other| other.score > learner.score).count();
        assert_eq!(learner.rank as usize, better + 1);
    }
}

#[tokio::test]
async fn files_carry_every_answer_and_no_formula() {
    let game = played().await;
    let (session, owner) = (game.world.session, game.world.browser(Role::Owner));
    let csv = owner.get(&format!("/live/{session}/report.csv")).await;
    assert_eq!(csv.status, 200);
    let text = csv.text();
    assert_eq!(text.lines().count(), 1 + 9 * 3, "a row for each player and question");
    assert!(text.contains(",'=1+1,") && !text.contains(",=1+1,"), "{text}");
    let xlsx = owner.get(&format!("/live/{session}/report.xlsx")).await;
    assert_eq!(xlsx.status, 200);
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(xlsx.body)).unwrap();
    let mut named = 0;
    for sheet in book.sheet_names() {
        let formulas = book.worksheet_formula(&sheet).unwrap();
        assert!(formulas.used_cells().all(|(.., formula)| formula.is_empty()), "{sheet}");
        let cells = book.worksheet_range(&sheet).unwrap();
        named += cells.used_cells().filter(|(.., cell)| **cell == Data::String("=1+1".into())).count();
    }
    assert_eq!(named, 1 + 3, "the learner, and with each answer");
    for (role, status) in [(Role::Anonymous, 401), (Role::Member, 403), (Role::OtherTeacher, 404), (Role::Teacher, 200)]
    {
        for ending in ["csv", "xlsx"] {
            let answer = game.world.browser(role).get(&format!("/live/{session}/report.{ending}")).await;
            assert_eq!(answer.status, status, "{role:?} {ending}");
        }
    }
}

#[tokio::test]
async fn everybody_finds_what_is_theirs() {
    let game = played().await;
    let session = game.world.session;
    let list = async |role: Role, query: &str| -> PastSessions {
        game.world.browser(role).call("/api/past_live_sessions", &format!("?page=1{query}")).await.json()
    };
    let group = format!("&group={}", game.world.group);
    let mine = list(Role::Member, "").await;
    assert_eq!(mine.sessions.len(), 1);
    assert!(mine.sessions[0].session == session && mine.sessions[0].mine.is_some() && !mine.sessions[0].may_report);
    assert!(list(Role::Owner, "").await.sessions[0].may_report);
    assert!(list(Role::Teacher, "").await.sessions.is_empty(), "neither hosted nor played");
    assert!(list(Role::Teacher, &group).await.sessions[0].may_report);
    // The own answers, with the right ones; nobody else's.
    let own: OwnResult =
        game.world.browser(Role::Member).call("/api/live_result", &format!("?session={session}")).await.json();
    assert_eq!((own.name.as_str(), own.guest, own.rows.len()), ("Mina", false, 3));
    let db = &game.world.server.state.db;
    let people = db.live_session_participants(session).await.unwrap();
    let mina = people.iter().find(|row| row.name == "Mina").unwrap().id;
    let stored = db.live_session_answers(session).await.unwrap();
    let stored: BTreeSet<_> = stored.iter().filter(|row| row.participant_id == mina).map(figures).collect();
    let shown = own.rows.iter().map(|row| {
        let mine = row.mine.as_ref().unwrap();
        (i64::from(row.index), mine.correct, i64::from(mine.points), i64::from(mine.response_time_ms))
    });
    assert_eq!(shown.collect::<BTreeSet<_>>(), stored, "hers, who took longer than all others");
    let page = game.world.browser(Role::Owner).get(&format!("/live/{session}/report")).await;
    assert!(page.status == 200 && page.text().contains("Share of right answers"));
}

#[tokio::test]
async fn a_guest_takes_the_result_along_within_a_day() {
    let game = played().await;
    let (server, session) = (&game.world.server, game.world.session);
    let guest = game.browsers[0].clone();
    let claim = [("session", session.to_string())];
    assert_eq!(guest.post("/api/claim_live_result", &claim).await.status, 401, "an account first");
    let form = [
        ("email", "ada@school.test"),
        ("display_name", "Ada L"),
        ("password", "calm river under bridge"),
        ("role", "learner"),
    ];
    assert_eq!(guest.post("/api/sign_up", &form).await.status, 200);
    for _ in 0..2 {
        assert_eq!(guest.post("/api/claim_live_result", &claim).await.status, 200);
    }
    let mine: PastSessions = guest.call("/api/past_live_sessions", "?page=1").await.json();
    assert_eq!(mine.sessions.len(), 1);
    let rows = server.state.db.live_session_participants(session).await.unwrap();
    let ada = rows.iter().find(|row| row.name == "Ada").unwrap();
    assert!(ada.user_id.is_some());
    let mut raw = SqliteConnection::connect(&server.state.config.database_url).await.unwrap();
    let answers = "SELECT COUNT(*), COUNT(CASE WHEN user_id = $2 THEN 1 END) FROM live_session_answers \
                   WHERE participant_id = $1";
    let answers = sqlx::query_as::<_, (i64, i64)>(answers).bind(ada.id).bind(ada.user_id);
    assert_eq!(answers.fetch_one(&mut raw).await.unwrap(), (3, 3), "her answers are the account's too");
    server.advance(24 * 60 * 60 * 1_000 + 60_000);
    let late = game.browsers[1].clone();
    let form = [
        ("email", "ben@school.test"),
        ("display_name", "Ben"),
        ("password", "calm river under bridge"),
        ("role", "learner"),
    ];
    assert_eq!(late.post("/api/sign_up", &form).await.status, 200);
    let answer = late.post("/api/claim_live_result", &claim).await;
    assert_eq!((answer.status, answer.error()), (409, AppError::Conflict), "a day has gone by");
}

#[tokio::test]
async fn there_is_no_report_before_the_end() {
    let mut game = Game::new().await;
    let session = game.world.session;
    game.start().await;
    let owner = game.world.browser(Role::Owner);
    assert_eq!(owner.call("/api/live_report", &format!("?session={session}")).await.status, 409);
    game.open(0).await;
    let seen = game.host.host(|view| matches!(view.phase, HostPhase::Answering { .. })).await.revision;
    assert_eq!(game.host.command(Command::EndLiveSession { session, seen }).await, Ok(Outcome::Done));
    assert_eq!(game.browsers[0].call("/api/live_result", &format!("?session={session}")).await.status, 409);
}
