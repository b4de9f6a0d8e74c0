//! The same quiz later: by a link, alone, in the same report. Against the real server, on both engines where rows count.

use crate::{
    common::{Answer as Reply, Browser, Role, Socket, TestServer, World, join},
    contract::own_schema,
};
use sqlx::{Connection, SqliteConnection};
use studyhall::{
    api::{
        error::{AppError, Problem},
        live::HostScreen,
        live_reports::{OwnResult, PastSessions, SessionReport},
        self_paced::{Later, Setup},
    },
    domain::{
        flag_table::Setting,
        flags::Flag,
        ids::LiveSessionId,
        live::{
            blitz::{Event, HostPhase, LEAD_IN_MS, PlayerPhase, PlayerView},
            question::{Key, Question},
            self_paced::{MOST_ATTEMPTS, Refusal},
        },
        time::minute,
    },
    protocol::Channel,
    server::{clock::Clock, serve, state::AppState},
};

const DAY: i64 = 24 * 60 * 60 * 1_000;

/// A world whose quiz is over, with its questions and the token of its link.
struct Past {
    world: World,
    session: LiveSessionId,
    questions: Vec<Question>,
    token: String,
}

/// One world for each engine.
async fn worlds() -> Vec<World> {
    let mut worlds = vec![World::new().await];
    if let Ok(server) = std::env::var("STUDYHALL_TEST_POSTGRES_URL") {
        let url = own_schema(&server).await;
        worlds.push(World::on(TestServer::start_with(&[("DATABASE_URL", &url)]).await).await);
    }
    worlds
}

/// The option that is right, or one that is not.
fn option(question: &Question, right: bool) -> u8 {
    let Key::Choice { correct, .. } = &question.key else { panic!("a choice") };
    if right { *correct } else { (*correct + 1) % 4 }
}

impl Past {
    async fn new() -> Self {
        Self::of(World::new().await).await
    }

    /// The guest had all right after two seconds, the member none; the link is open for a week.
    async fn of(world: World) -> Self {
        let (session, owner) = (world.session, world.browser(Role::Owner));
        let member = world.browser(Role::Member);
        join(&world.server, session, &member, "member").await;
        // Who is connected is waited for.
        let mut there = vec![];
        for browser in [&world.browser(Role::Guest), &member] {
            let mut socket = Socket::subscribed(browser, &[Channel::LivePlayer(session)]).await;
            socket.player(|_| true).await;
            there.push(socket);
        }
        let log = world.server.state.db.live_session_log(session).await.unwrap();
        let Event::Created { questions, .. } = serde_json::from_str(&log[0].1).unwrap() else { panic!("created") };
        loop {
            let screen: HostScreen = owner.post("/api/live_host_view", &[("session", session)]).await.json();
            if let HostPhase::Answering { progress, .. } = screen.view.phase {
                world.server.advance(2_000);
                let question = &questions[progress.index as usize];
                for (browser, right) in [(world.browser(Role::Guest), true), (member.clone(), false)] {
                    let form = [
                        ("session", session.to_string()),
                        ("card_index", progress.index.to_string()),
                        ("choice", option(question, right).to_string()),
                    ];
                    assert_eq!(browser.post("/api/submit_live_answer", &form).await.status, 200);
                }
            }
            if let HostPhase::Ended { completed, .. } = screen.view.phase {
                assert!(completed);
                break;
            }
            let seen = screen.view.revision.to_string();
            let step =
                owner.post("/api/advance_live_session", &[("session", session.to_string()), ("seen", seen)]).await;
            assert!(matches!(step.status, 200 | 409), "{}", step.text());
        }
        let token = open(&world, 7 * DAY, true).await;
        Self { world, session, questions, token }
    }

    async fn look(&self, browser: &Browser) -> Later {
        browser.post("/api/self_paced_play", &[("token", &self.token)]).await.json()
    }

    async fn begin(&self, browser: &Browser, name: &str) -> Reply {
        browser.post("/api/join_self_paced", &[("token", self.token.as_str()), ("name", name)]).await
    }

    async fn step(&self, browser: &Browser) -> Later {
        let later = self.look(browser).await;
        let seen = later.view.map_or(0, |view| view.revision);
        self.step_from(browser, seen).await.json()
    }

    async fn step_from(&self, browser: &Browser, seen: u32) -> Reply {
        browser.post("/api/step_self_paced", &[("token", self.token.as_str()), ("seen", &seen.to_string())]).await
    }

    async fn answer(&self, browser: &Browser, turn: u32, choice: u8) -> Later {
        self.try_answer(browser, turn, choice).await.json()
    }

    async fn try_answer(&self, browser: &Browser, turn: u32, choice: u8) -> Reply {
        let form = [("token", self.token.clone()), ("card_index", turn.to_string()), ("choice", choice.to_string())];
        browser.post("/api/answer_self_paced", &form).await
    }

    /// Opens the next question, lets the lead-in and `ms` pass, answers.
    async fn play(&self, browser: &Browser, turn: u32, right: bool, ms: i64) -> Turn {
        self.step(browser).await;
        self.world.server.advance(LEAD_IN_MS + ms);
        turn_of(&self.answer(browser, turn, option(&self.questions[turn as usize], right)).await)
    }

    async fn report(&self, query: &str) -> SessionReport {
        let owner = self.world.browser(Role::Owner);
        owner.call("/api/live_report", &format!("?session={}{query}", self.session)).await.json()
    }
}

/// Opens the quiz for so long; gives the link's token.
async fn open(world: &World, for_ms: i64, timed: bool) -> String {
    let owner = world.browser(Role::Owner);
    let mut form = vec![("session", world.session.to_string()), ("closes", minute(world.server.now() + for_ms))];
    if timed {
        form.push(("timed", "on".into()));
    }
    let answer = owner.post("/api/open_self_paced", &form).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let setup: Setup = owner.call("/api/self_paced_setup", &format!("?session={}", world.session)).await.json();
    let row = world.server.state.db.self_paced_of(world.session).await.unwrap().unwrap();
    assert_eq!((row.timed, row.token.len()), (timed, 32));
    let token = row.token;
    assert!(setup.html.contains(&format!("/again/{token}")) && setup.html.contains("QR code that opens http"));
    token
}

/// A question with what the page says below it.
#[derive(Debug, PartialEq)]
struct Turn {
    view: PlayerView,
    html: String,
}

#[track_caller]
fn turn_of(later: &Later) -> Turn {
    let view = later.view.as_deref().unwrap_or_else(|| panic!("{later:?}")).clone();
    Turn { view, html: later.html.clone() }
}

impl Turn {
    fn goes_on(&self) -> bool {
        self.html.contains("Next question") || self.html.contains("Go on")
    }
}

#[tokio::test]
async fn a_learner_plays_later_against_the_room_and_stands_in_the_same_report() {
    for world in worlds().await {
        let past = Past::of(world).await;
        let server = &past.world.server;
        let before = past.report("").await;
        assert_eq!((before.report.learners.len(), before.self_paced), (2, 0));
        server.advance(DAY);
        let ada = server.browser();
        let door = past.look(&ada).await;
        assert!(door.view.is_none() && door.html.contains("Your name") && !door.html.contains("for practice"));
        for fact in ["3 questions, 20 s each", "Geography 8b · hosted by owner", "datetime=\"2026-01-08T00:00:00Z\""] {
            assert!(door.html.contains(fact), "{fact} in {}", door.html);
        }
        let ready: Later = past.begin(&ada, "Ada").await.json();
        assert!(ready.view.is_none() && ready.html.contains("Ready, Ada?") && !ready.html.contains("Practice"));
        // The first as fast as the guest in the room, the second wrong, the third not at all.
        let first = past.play(&ada, 0, true, 2_000).await;
        let PlayerPhase::Reveal { mine: Some(mine), solution, distribution, .. } = &first.view.phase else { panic!() };
        assert_eq!((mine.points, mine.correct, mine.response_time_ms), (950, true, 2_000));
        assert!(solution.explanation.is_some());
        assert_eq!((first.view.me.rank, first.view.players), (Some(1), 3), "level with the guest");
        assert!(first.html.contains("In the room 1 of 2 were right."), "{}", first.html);
        assert_eq!(distribution.iter().sum::<u32>(), 2, "the room's answers, not the own one");
        let second = past.play(&ada, 1, false, 3_000).await;
        assert_eq!(second.view.me.rank, Some(2));
        assert_eq!(second.view.me.ahead.map(|ahead| (ahead.name, ahead.points)), Some(("Gulliver".into(), 950)));
        past.step(&ada).await;
        server.advance(LEAD_IN_MS + 20_501);
        let third = turn_of(&past.look(&ada).await);
        assert!(matches!(third.view.phase, PlayerPhase::Reveal { mine: None, .. }), "{:?}", third.view.phase);
        assert!(!third.goes_on() && third.html.contains("To the result"));
        let end = turn_of(&past.step(&ada).await);
        let PlayerPhase::Ended { completed: true, rows } = end.view.phase else { panic!("{:?}", end.view.phase) };
        let rows: Vec<_> = rows.iter().map(|row| (row.rank, row.name.as_str(), row.score)).collect();
        assert_eq!(rows, [(1, "Gulliver", 2_850), (2, "Ada", 950), (3, "member", 0)]);
        assert_eq!((end.view.me.rank, end.view.me.score), (Some(2), 950));

        // The same report, with the mark of who played later; the figures of the room are there as they were.
        let all = past.report("").await;
        assert_eq!((all.report.learners.len(), all.self_paced), (3, 1));
        let row = all.report.learners.iter().find(|learner| learner.name == "Ada").unwrap();
        assert_eq!(
            (row.rank, row.score, row.correct, row.answered, row.self_paced),
            (2, 950, 1, 2, Some(server.now()))
        );
        assert_eq!(all.report.questions.iter().map(|q| q.answered).collect::<Vec<_>>(), [3, 3, 2]);
        let live = past.report("&who=live").await;
        assert_eq!(live.report, before.report, "reproducible");
        let owner = past.world.browser(Role::Owner);
        let csv = owner.get(&format!("/live/{}/report.csv", past.session)).await.text();
        assert_eq!(csv.lines().count(), 1 + 3 * 3);
        assert_eq!(csv.matches("self-paced 2026-01-02 ").count(), 3, "{csv}");
        assert_eq!(csv.matches(",live").count(), 6, "{csv}");
        let csv = owner.get(&format!("/live/{}/report.csv?who=live", past.session)).await.text();
        assert!(csv.lines().count() == 1 + 2 * 3 && !csv.contains("self-paced"), "{csv}");
        let xlsx = owner.get(&format!("/live/{}/report.xlsx", past.session)).await;
        assert!(xlsx.status == 200 && xlsx.body.starts_with(b"PK"));
        let page = owner.get(&format!("/live/{}/report", past.session)).await.text();
        assert!(page.contains(">self-paced<") && page.contains("Live only"));
        // The teacher sees who has played, and the group's list how many.
        let setup: Setup = owner.call("/api/self_paced_setup", &format!("?session={}", past.session)).await.json();
        let row = "Ada <span class=\"muted small\">guest</span></th><td>finished</td><td>950</td><td>2</td>";
        assert!(setup.html.contains(row), "{}", setup.html);
        let list: PastSessions =
            owner.call("/api/past_live_sessions", &format!("?page=1&group={}", past.world.group)).await.json();
        assert_eq!((list.sessions[0].players, list.sessions[0].self_paced), (2, 1));
        // The own answers, at the address of every result.
        let own: OwnResult = ada.call("/api/live_result", &format!("?session={}", past.session)).await.json();
        assert_eq!((own.name.as_str(), own.score, own.rank, own.rows.len(), own.guest), ("Ada", 950, Some(2), 3, true));
    }
}

#[tokio::test]
async fn nothing_tells_an_answer_before_its_question_is_closed() {
    let past = Past::new().await;
    let ada = past.world.server.browser();
    past.begin(&ada, "Ada").await;
    let mut seen = vec![];
    let mut gather = async |closed: u32, open: bool| {
        let page = ada.get(&format!("/again/{}", past.token)).await;
        assert_eq!(page.status, 200);
        let look = ada.post("/api/self_paced_play", &[("token", &past.token)]).await.text();
        let own = ada.call("/api/live_result", &format!("?session={}", past.session)).await.text();
        // The wire's answer is packed into the page; look at it unpacked as well as at the page's own text.
        for (what, text) in [("page", page.text()), ("look", look), ("own result", own)] {
            for (n, question) in (0u32..).zip(&past.questions) {
                let explanation = format!("EXPLANATION of {}", question.prompt.text);
                let told = text.contains(&explanation);
                assert!(!told || n < closed, "{what}: {explanation} at {closed}");
                seen.push((what, n, told));
                let asked = text.contains(&question.prompt.text);
                assert!(!asked || n < closed || open && n == closed, "{what}: question {n} at {closed}");
            }
            if what == "look" && open {
                for key in ["solution", "\"correct\"", "distribution", "\"mine\""] {
                    assert!(!text.contains(key), "{key} in {text}");
                }
            }
        }
    };
    gather(0, false).await;
    for turn in 0..3 {
        past.step(&ada).await;
        gather(turn, true).await;
        let look = turn_of(&past.look(&ada).await);
        let PlayerPhase::LeadIn { prompt, .. } = look.view.phase else { panic!("{:?}", look.view.phase) };
        assert!(prompt.options.is_empty(), "no options in the lead-in");
        past.world.server.advance(LEAD_IN_MS);
        gather(turn, true).await;
        past.answer(&ada, turn, 0).await;
        gather(turn + 1, false).await;
    }
    for what in ["page", "look", "own result"] {
        assert!(seen.iter().any(|(w, _, told)| *w == what && *told), "{what} tells it afterwards");
    }
}

#[tokio::test]
async fn an_attempt_goes_on_after_a_restart_in_the_middle_of_a_question() {
    for world in worlds().await {
        let past = Past::of(world).await;
        let ada = past.world.server.browser();
        past.begin(&ada, "Ada").await;
        past.play(&ada, 0, true, 2_000).await;
        past.step(&ada).await;
        past.world.server.advance(LEAD_IN_MS + 5_000);
        let before = turn_of(&past.look(&ada).await);
        let PlayerPhase::Answering { remaining_ms: 15_000, .. } = before.view.phase else { panic!("{before:?}") };
        // Another process on the same database.
        let old = &past.world.server.state;
        let clock = Clock::Set(past.world.server.clock.clone());
        let state = AppState::new((*old.config).clone(), old.db.clone(), clock).await.unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(serve::serve(listener, state.clone()));
        let there = ada.at(&url);
        assert_eq!(turn_of(&past.look(&there).await), before, "the same question with the same time");
        past.world.server.advance(1_000);
        let right = option(&past.questions[1], true);
        let turn = turn_of(&past.answer(&there, 1, right).await);
        assert_eq!((turn.view.me.score, turn.view.me.rank), (950 + 850, Some(2)), "six of twenty seconds");
        state.shutdown.token.cancel();
    }
}

#[tokio::test]
async fn an_answer_counts_once_however_often_it_is_sent() {
    for world in worlds().await {
        let past = Past::of(world).await;
        let ada = past.world.server.browser();
        // Two presses at once are one attempt and one question.
        let (one, other) = tokio::join!(past.begin(&ada, "Ada"), past.begin(&ada, "Ada"));
        let begun = [one.status, other.status];
        assert!(begun.contains(&200) && begun.iter().all(|status| matches!(status, 200 | 422)), "{begun:?}");
        let steps = futures::future::join_all((0..8).map(|_| past.step_from(&ada, 0))).await;
        assert!(steps.iter().all(|step| step.status == 200));
        past.world.server.advance(LEAD_IN_MS + 2_000);
        let tries = (0..24).map(|n| past.try_answer(&ada, 0, n % 4));
        let answers: Vec<Later> = futures::future::join_all(tries).await.iter().map(Reply::json).collect();
        let taken = answers.iter().filter(|later| later.refusal.is_none()).count();
        assert_eq!(taken, 1);
        assert!(answers.iter().all(|later| later.refusal.is_none_or(|why| why == Refusal::AlreadyAnswered)));
        let db = &past.world.server.state.db;
        let rows = db.self_paced_attempts(past.session).await.unwrap();
        assert_eq!(rows.len(), 1);
        let turns = db.self_paced_turns(rows[0].id.into()).await.unwrap();
        assert_eq!((turns.len(), rows[0].total_answers), (1, 1));
        assert_eq!(rows[0].total_score, turns.iter().map(|turn| turn.points_earned).sum::<i64>());
    }
}

#[tokio::test]
async fn what_comes_late_early_or_to_another_question_is_refused_and_says_why() {
    let past = Past::new().await;
    let (server, ada) = (&past.world.server, past.world.server.browser());
    past.begin(&ada, "Ada").await;
    let refused = async |turn: u32| past.answer(&ada, turn, 0).await.refusal;
    assert_eq!(refused(0).await, Some(Refusal::WrongQuestion), "nothing is open");
    past.step(&ada).await;
    assert_eq!(refused(0).await, Some(Refusal::TooEarly));
    server.advance(LEAD_IN_MS);
    assert_eq!(refused(1).await, Some(Refusal::WrongQuestion));
    assert_eq!(past.answer(&ada, 0, 9).await.refusal, Some(Refusal::Malformed));
    // Somebody else has no part in it.
    let stranger = server.browser();
    assert_eq!(past.try_answer(&stranger, 0, 0).await.status, 404);
    let ben = server.browser();
    past.begin(&ben, "Ben").await;
    assert_eq!(past.answer(&ben, 0, 0).await.refusal, Some(Refusal::WrongQuestion), "ben has opened nothing");
    server.advance(20_501);
    assert_eq!(refused(0).await, Some(Refusal::TooLate));
    assert!(matches!(turn_of(&past.look(&ada).await).view.phase, PlayerPhase::Reveal { mine: None, .. }));
    assert_eq!(past.step_from(&ada, 0).await.json::<Later>().refusal, Some(Refusal::Stale), "a double press");

    // The deadline comes while a question is open: it keeps its time, and nothing follows.
    past.step(&ada).await;
    server.advance(LEAD_IN_MS + 1_000);
    let owner = past.world.browser(Role::Owner);
    assert_eq!(owner.post("/api/close_self_paced", &[("session", past.session)]).await.status, 200);
    server.advance(1_000);
    let right = option(&past.questions[1], true);
    let turn = turn_of(&past.answer(&ada, 1, right).await);
    assert_eq!((turn.view.me.score, turn.goes_on()), (950, false));
    let end = turn_of(&past.step(&ada).await);
    assert!(matches!(end.view.phase, PlayerPhase::Ended { .. }) && end.html.contains("before the last question"));
    assert_eq!(past.step(&ada).await.refusal, Some(Refusal::Closed));
    let closed = |later: &Later| later.view.is_none() && later.html.contains("This quiz is closed");
    assert!(closed(&past.look(&ben).await) && closed(&past.look(&stranger).await));
    assert!(closed(&past.begin(&stranger, "Cleo").await.json()));
    let attempts = server.state.db.self_paced_attempts(past.session).await.unwrap();
    assert_eq!(attempts.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["Ada", "Ben"], "nobody has begun");
    let page = stranger.get(&format!("/again/{}", past.token)).await;
    assert!(page.status == 200 && page.text().contains("This quiz is closed"), "{}", page.text());
    // A later deadline: the same link, and both go on.
    assert_eq!(open(&past.world, DAY, true).await, past.token);
    assert_eq!(turn_of(&past.step(&ada).await).view.me.score, 950);
    assert!(matches!(turn_of(&past.step(&ben).await).view.phase, PlayerPhase::LeadIn { .. }));
}

#[tokio::test]
async fn only_hosts_open_and_look_and_an_unknown_link_is_nothing() {
    let past = Past::new().await;
    let session = past.session;
    for (role, status) in [
        (Role::Anonymous, 401),
        (Role::Guest, 401),
        (Role::Member, 403),
        (Role::OtherTeacher, 404),
        (Role::Teacher, 200),
        (Role::Owner, 200),
        (Role::Admin, 404),
    ] {
        let browser = past.world.browser(role);
        let setup = browser.call("/api/self_paced_setup", &format!("?session={session}")).await;
        assert_eq!(setup.status, status, "{role:?}");
        assert!(status == 200 || !setup.text().contains(&past.token));
        let closes = minute(past.world.server.now() + DAY);
        let form = [("session", session.to_string()), ("closes", closes)];
        let opened = browser.post("/api/open_self_paced", &form).await.status;
        let closed = browser.post("/api/close_self_paced", &[("session", session)]).await.status;
        assert_eq!((opened, closed), (status, status), "{role:?}");
        let page = browser.get(&format!("/live/{session}/self-paced")).await;
        assert!(!page.text().contains(&past.token), "closed, or not for {role:?}");
    }
    let owner = past.world.browser(Role::Owner);
    for wrong in
        ["yesterday".to_owned(), minute(past.world.server.now() - DAY), minute(past.world.server.now() + 91 * DAY)]
    {
        let form = [("session", session.to_string()), ("closes", wrong)];
        let answer = owner.post("/api/open_self_paced", &form).await;
        assert_eq!((answer.status, answer.error()), (422, AppError::field("closes", Problem::Malformed)));
    }
    // In the teacher's zone: an hour before UTC.
    let closes = minute(past.world.server.now() + DAY);
    let form = [("session", session.to_string()), ("closes", closes), ("zone", "-60".into())];
    assert_eq!(owner.post("/api/open_self_paced", &form).await.status, 200);
    let row = past.world.server.state.db.self_paced_of(session).await.unwrap().unwrap();
    assert_eq!(row.closes_at / 60_000, (past.world.server.now() + DAY) / 60_000 - 60);
    for token in ["0".repeat(32), "x".into(), past.token.to_uppercase()] {
        let page = owner.get(&format!("/again/{token}")).await;
        assert_eq!(page.status, 404, "{token}");
        assert!(page.text().contains("This link leads to no quiz"));
    }
    let qr = past.world.server.browser().get(&format!("/qr/again/{}.svg", past.token)).await;
    assert!(qr.status == 200 && qr.header("content-type") == "image/svg+xml");
    assert_eq!(past.world.server.browser().get("/qr/again/..svg").await.status, 404);
    // A quiz that goes on has no later.
    let lobby = crate::common::start_lobby(&past.world.server, &owner, past.world.capitals).await;
    assert_eq!(owner.call("/api/self_paced_setup", &format!("?session={lobby}")).await.status, 409);
}

#[tokio::test]
async fn an_account_plays_once_under_its_name_and_practice_changes_nothing() {
    let past = Past::new().await;
    let (server, session) = (&past.world.server, past.session);
    let before = past.report("").await;
    // Who played in the room practises: by account, and by the seat of a guest.
    let (member, guest) = (past.world.browser(Role::Member), past.world.browser(Role::Guest));
    let door = past.look(&member).await.html;
    assert!(door.contains("You play as member.") && door.contains("This time is for practice."), "{door}");
    assert!(!door.contains("name=\"name\""), "an account has its name");
    past.begin(&member, "Somebody Else").await;
    past.begin(&guest, "Gulliver").await;
    for browser in [&member, &guest] {
        let turn = past.play(browser, 0, true, 1_000).await;
        assert!(turn.html.contains("Practice:") && turn.view.me.score == 975);
    }
    assert_eq!(past.report("").await.report, before.report, "practice counts nowhere");
    let own: OwnResult = member.call("/api/live_result", &format!("?session={session}")).await.json();
    assert_eq!((own.score, own.rank, own.rows.len()), (0, Some(2), 3), "the result of the room stands");
    let list: PastSessions = member.call("/api/past_live_sessions", "?page=1").await.json();
    assert_eq!((list.sessions[0].mine, list.sessions[0].mine_self_paced), (Some((2, 0)), false));

    // Who was not there plays once, under the account's own name, from whatever device.
    let admin = past.world.browser(Role::Admin);
    past.begin(&admin, "Gulliver").await;
    let ready = past.look(&admin).await.html;
    assert!(ready.contains("Ready, admin?") && !ready.contains("Practice"), "{ready}");
    past.play(&admin, 0, true, 1_000).await;
    past.begin(&admin, "Again").await;
    assert_eq!(turn_of(&past.look(&admin).await).view.me.score, 975);
    assert_eq!(server.state.db.self_paced_attempts(session).await.unwrap().len(), 3);
    let list: PastSessions = admin.call("/api/past_live_sessions", "?page=1").await.json();
    assert_eq!((list.sessions[0].mine, list.sessions[0].mine_self_paced), (Some((1, 975)), true));

    // Guests' names are judged as in the room, and are nobody else's.
    for (name, problem) in [
        ("", Problem::Required),
        ("fuck", Problem::NotAllowed),
        ("gulliver", Problem::Taken { suggestion: Some("gulliver 2".into()) }),
        ("ADMIN", Problem::Taken { suggestion: Some("ADMIN 2".into()) }),
    ] {
        let answer = past.begin(&server.browser(), name).await;
        assert_eq!((answer.status, answer.error().problem("name").cloned()), (422, Some(problem)), "{name}");
    }
}

#[tokio::test]
async fn a_guest_keeps_the_result_in_an_account_within_a_day() {
    let past = Past::new().await;
    let (server, session) = (&past.world.server, past.session);
    let sign_up = async |browser: &Browser, email: &str| {
        let form = [("email", email), ("display_name", "Ada L"), ("password", Browser::PASSWORD), ("role", "learner")];
        assert_eq!(browser.post("/api/sign_up", &form).await.status, 200);
    };
    let claim = async |browser: &Browser| browser.post("/api/claim_live_result", &[("session", session)]).await.status;
    let (ada, ben, member) = (server.browser(), server.browser(), past.world.browser(Role::Member));
    for (browser, name) in [(&ada, "Ada"), (&ben, "Ben")] {
        past.begin(browser, name).await;
        past.play(browser, 0, true, 1_000).await;
    }
    assert_eq!(claim(&ada).await, 401);
    sign_up(&ada, "ada@school.test").await;
    for _ in 0..2 {
        assert_eq!(claim(&ada).await, 200);
    }
    let mine: PastSessions = ada.call("/api/past_live_sessions", "?page=1").await.json();
    assert_eq!((mine.sessions.len(), mine.sessions[0].mine), (1, Some((1, 975))));
    assert_eq!(claim(&member).await, 200, "the own seat in the room: nothing to do");
    assert_eq!(claim(&past.world.browser(Role::Teacher)).await, 404);
    server.advance(DAY + 60_000);
    sign_up(&ben, "ben@school.test").await;
    assert_eq!(claim(&ben).await, 409, "a day has gone by");
}

#[tokio::test]
async fn the_forms_work_without_a_script() {
    let past = Past::new().await;
    let (server, ada) = (&past.world.server, past.world.server.browser());
    let page = format!("/again/{}", past.token);
    let token = ("token", past.token.clone());
    let door = ada.get(&page).await.text();
    assert!(door.contains("action=\"/api/join_self_paced\"") && door.contains("Your name"), "{door}");
    let wrong = ada.submit("/api/join_self_paced", &page, &[token.clone(), ("name", "Gulliver".into())]).await;
    assert_eq!(wrong.status, 302);
    let back = ada.get(wrong.header("location")).await.text();
    assert!(back.contains("Gulliver 2") && back.contains("value=\"Gulliver\""), "{back}");
    let joined = ada.submit("/api/join_self_paced", &page, &[token.clone(), ("name", "Ada".into())]).await;
    assert_eq!((joined.status, joined.header("location")), (302, page.as_str()));
    assert!(joined.header("set-cookie").contains("HttpOnly"));
    let ready = ada.get(&page).await.text();
    assert!(ready.contains("Ready, Ada?") && ready.contains("action=\"/api/step_self_paced\""), "{ready}");
    let step = ada.submit("/api/step_self_paced", &page, &[token.clone(), ("seen", "0".into())]).await;
    assert_eq!(step.header("location"), page);
    let lead_in = ada.get(&page).await.text();
    assert!(lead_in.contains("http-equiv=\"refresh\"") && !lead_in.contains("name=\"choice\""), "{lead_in}");
    server.advance(LEAD_IN_MS);
    let question = ada.get(&page).await.text();
    for part in ["action=\"/api/answer_self_paced\"", "name=\"choice\"", "answer-a", "answer-letter", "answer-shape"] {
        assert!(question.contains(part), "{part} in {question}");
    }
    let stale = ada.submit("/api/step_self_paced", &page, &[token.clone(), ("seen", "0".into())]).await;
    assert_eq!(stale.header("location"), format!("{page}?refused=stale"));
    assert!(ada.get(stale.header("location")).await.text().contains("This page was out of date."));
    let choice = option(&past.questions[0], true).to_string();
    let answer = [token.clone(), ("card_index", "0".into()), ("choice", choice)];
    assert_eq!(ada.submit("/api/answer_self_paced", &page, &answer).await.header("location"), page);
    let again = ada.submit("/api/answer_self_paced", &page, &answer).await;
    assert_eq!(again.header("location"), format!("{page}?refused=already_answered"));
    let reveal = ada.get(&page).await.text();
    for part in ["EXPLANATION", "In the room 1 of 2 were right.", "Next question", "Place 1 of 3"] {
        assert!(reveal.contains(part), "{part} in {reveal}");
    }
}

#[tokio::test]
async fn extra_time_goes_along_and_limits_can_be_off() {
    let world = World::new().await;
    let owner = world.browser(Role::Owner);
    // The member has half as much again, given in the lobby; then stays away.
    let member = world.browser(Role::Member);
    join(&world.server, world.session, &member, "member").await;
    let rows = world.server.state.db.live_session_participants(world.session).await.unwrap();
    let seat = rows.iter().find(|row| row.name == "member").unwrap().id.to_string();
    let form = [
        ("session", world.session.to_string()),
        ("seen", "0".into()),
        ("action", "extra_time".into()),
        ("participant", seat),
        ("extra", "half".into()),
    ];
    assert_eq!(owner.post("/api/control_live_session", &form).await.status, 200);
    let past = Past::of(world).await;
    let now = past.world.server.now();
    // Played in the room: a practice with the same time.
    past.begin(&member, "").await;
    past.step(&member).await;
    past.world.server.advance(LEAD_IN_MS);
    let turn = turn_of(&past.look(&member).await);
    assert!(matches!(turn.view.phase, PlayerPhase::Answering { time_limit_ms: 30_000, .. }), "{:?}", turn.view.phase);
    // Without limits: no lead-in, and half of the usual time costs at most.
    open(&past.world, DAY, false).await;
    let ada = past.world.server.browser();
    past.begin(&ada, "Ada").await;
    let turn = turn_of(&past.step(&ada).await);
    assert!(matches!(turn.view.phase, PlayerPhase::Answering { time_limit_ms: 0, remaining_ms: 0, .. }));
    past.world.server.advance(3_600_000);
    let right = option(&past.questions[0], true);
    let turn = turn_of(&past.answer(&ada, 0, right).await);
    assert_eq!(turn.view.me.score, 750);
    assert!(past.world.server.now() > now);
}

#[tokio::test]
async fn a_script_does_not_fill_the_list() {
    let past = Past::new().await;
    let mut statuses = vec![];
    for n in 0..400 {
        let answer = past.begin(&past.world.server.browser(), &format!("Robot {n}")).await;
        statuses.push(answer.status);
        if answer.status == 429 {
            break;
        }
    }
    assert_eq!(statuses.last(), Some(&429));
    assert!((140..400).contains(&statuses.len()), "{}", statuses.len());
    // Who is signed in comes from the same address and is let in.
    assert_eq!(past.begin(&past.world.browser(Role::Admin), "").await.status, 200);
}

#[tokio::test]
async fn who_has_seen_no_question_to_its_end_is_not_in_the_report() {
    let past = Past::new().await;
    let (before, ada) = (past.report("").await, past.world.server.browser());
    past.begin(&ada, "Ada").await;
    assert_eq!(past.report("").await, before);
    past.step(&ada).await;
    past.world.server.advance(LEAD_IN_MS);
    past.look(&ada).await;
    assert_eq!(past.report("").await, before, "the first one is open");
    past.answer(&ada, 0, 0).await;
    assert_eq!(past.report("").await.self_paced, 1);
}

#[tokio::test]
async fn switched_off_the_link_leads_nowhere() {
    let past = Past::new().await;
    let (state, ada) = (&past.world.server.state, past.world.server.browser());
    past.begin(&ada, "Ada").await;
    let (by, off) = (past.world.user(Role::Admin), Some(Setting { enabled: false, percent: 100 }));
    state.flags.change(&state.db, Flag::BlitzQuiz, None, off, by, past.world.server.now()).await.unwrap();
    let refused = AppError::FlagOff { flag: Flag::BlitzQuiz };
    let look = ada.post("/api/self_paced_play", &[("token", &past.token)]).await;
    for answer in [look, past.begin(&past.world.server.browser(), "Ben").await, past.step_from(&ada, 0).await] {
        assert_eq!((answer.status, answer.error()), (403, refused.clone()));
    }
    assert_eq!(state.db.self_paced_attempts(past.session).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_list_of_attempts_has_an_end() {
    let past = Past::new().await;
    let server = &past.world.server;
    let mut raw = SqliteConnection::connect(&server.state.config.database_url).await.unwrap();
    // All but one, as no test could begin them.
    let attempts = "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < $2) \
                    INSERT INTO self_paced_attempts (id, session_id, name, name_key, secret_hash, practice, extra, \
                    joined_at, last_at, total_score, correct_answers, total_answers, average_response_time) \
                    SELECT randomblob(16), $1, 'Robot ' || i, 'robot' || i, randomblob(32), 0, 'none', 0, 0, 0, 0, 0, 0 \
                    FROM n";
    let attempts = sqlx::query(attempts).bind(past.session.0).bind(MOST_ATTEMPTS as i64);
    assert_eq!(attempts.execute(&mut raw).await.unwrap().rows_affected(), MOST_ATTEMPTS as u64 - 1);
    assert_eq!(past.begin(&server.browser(), "Ada").await.status, 200);
    let refused = past.begin(&server.browser(), "Ben").await;
    assert_eq!((refused.status, refused.error()), (422, AppError::field("name", Problem::Crowded)));
}
