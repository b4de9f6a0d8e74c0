//! The same quiz later: by a link, alone, in the same report. Against the real server, on both engines where rows count.

mod attempt;
mod forms;
mod people;
mod report;
mod secrecy;

use crate::{
    common::{Answer as Reply, Browser, Role, Socket, TestServer, World, join},
    contract::own_schema,
};
use studyhall::{
    api::{
        live::HostScreen,
        live_reports::SessionReport,
        self_paced::{Later, Setup},
    },
    domain::{
        ids::LiveSessionId,
        live::{
            blitz::{Event, HostPhase, LEAD_IN_MS, PlayerView},
            question::{Key, Question},
        },
        time::minute,
    },
    protocol::Channel,
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
    let link = setup.link.as_deref().unwrap();
    assert!(link.starts_with("http") && link.ends_with(&format!("/again/{token}")), "{link}");
    assert!(setup.way_in.contains(link) && setup.way_in.contains("QR code that opens http"));
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
