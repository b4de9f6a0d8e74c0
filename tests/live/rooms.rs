//! Study rooms against the real server: who is in, what is written and comes back once, the timer over a restart,
//! rights that end at once, and the quiz that is started from a room.

use crate::common::{Browser, Role, Socket, TestServer, World};
use sqlx::{Connection, SqliteConnection};
use studyhall::{
    api::rooms::{RoomCard, RoomLine, RoomPage, RoomScreen},
    domain::{
        flag_table::Setting,
        flags::Flag,
        ids::{LiveSessionId, MessageId},
        live::study_room::{EMPTY_MS, EndReason, Reaction, Refusal, RoomMessage, RoomView, Rules, Stage, TimerStep},
    },
    protocol::{
        Channel, ChannelEvent, ClientFrame, Command, Outcome, POSTCARD, Position, Refused, RoomAct, ServerFrame,
        Subscription,
    },
    server::{clock::Clock, serve, state::AppState, storage::Db},
};
use tokio::net::TcpListener;
use uuid::Uuid;

struct Room {
    world: World,
    session: LiveSessionId,
}

impl Room {
    /// Opened by the member on six capitals.
    async fn new() -> Self {
        let world = World::new().await;
        let session = world.browser(Role::Member).open_room(&world).await;
        Self { world, session }
    }

    async fn enter(&self, role: Role) -> Socket {
        let mut socket = Socket::subscribed(&self.world.browser(role), &[Channel::StudyRoom(self.session)]).await;
        socket.opened().await;
        socket
    }

    fn act(&self, act: RoomAct) -> Command {
        Command::InRoom { session: self.session, act }
    }

    async fn say(&self, socket: &mut Socket, text: &str) -> MessageId {
        let message = MessageId(Uuid::new_v4());
        let act = self.act(RoomAct::SendMessage { message, text: text.into() });
        assert_eq!(socket.command(act).await, Ok(Outcome::Done));
        message
    }

    /// A quiz that this host starts from the room.
    async fn quiz(&self, owner: &Browser) -> LiveSessionId {
        owner
            .post(
                "/api/create_live_session",
                &[
                    ("deck", self.world.capitals.to_string()),
                    ("category", String::new()),
                    ("card_count", "3".into()),
                    ("time_limit_s", "20".into()),
                    ("answers", "choice".into()),
                    ("key", self.world.server.id::<Uuid>().to_string()),
                    ("room", self.session.to_string()),
                ],
            )
            .await
            .json()
    }
}

trait OpensRooms {
    async fn open_room(&self, world: &World) -> LiveSessionId;
}

impl OpensRooms for Browser {
    async fn open_room(&self, world: &World) -> LiveSessionId {
        self.post("/api/open_study_room", &[("deck", world.capitals.to_string())]).await.json()
    }
}

trait Hears {
    async fn opened(&mut self) -> (RoomView, Vec<RoomMessage>);
    async fn said(&mut self) -> RoomMessage;
    async fn saw(&mut self, wanted: impl Fn(&RoomView) -> bool) -> RoomView;
}

impl Hears for Socket {
    async fn opened(&mut self) -> (RoomView, Vec<RoomMessage>) {
        self.wait(|frame| match frame {
            ServerFrame::Resynced { snapshot: Some(event), .. } => match &**event {
                ChannelEvent::RoomOpened(room) => Some((room.view.clone(), room.messages.clone())),
                _ => None,
            },
            _ => None,
        })
        .await
    }

    async fn said(&mut self) -> RoomMessage {
        self.wait(|frame| match frame {
            ServerFrame::Happened { event: ChannelEvent::RoomSaid(message), .. } => Some((**message).clone()),
            _ => None,
        })
        .await
    }

    async fn saw(&mut self, wanted: impl Fn(&RoomView) -> bool) -> RoomView {
        self.wait(|frame| match frame {
            ServerFrame::Changed { event: ChannelEvent::RoomSaw(view), .. } if wanted(view) => Some((**view).clone()),
            _ => None,
        })
        .await
    }
}

fn names(view: &RoomView) -> Vec<&str> {
    view.people.iter().map(|person| person.name.as_str()).collect()
}

async fn screen(browser: &Browser, session: LiveSessionId) -> RoomScreen {
    browser.call("/api/study_room", &format!("?session={session}")).await.json()
}

/// A second process on the same database: its own state, its own port.
async fn restarted(server: &TestServer) -> (AppState, String) {
    let old = &server.state;
    let clock = Clock::Set(server.clock.clone());
    let state = AppState::new((*old.config).clone(), old.db.clone(), clock).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(serve::serve(listener, state.clone()));
    (state, url)
}

#[tokio::test]
async fn people_come_turn_cards_raise_hands_and_go() {
    let room = Room::new().await;
    let mut member = room.enter(Role::Member).await;
    let mut teacher = room.enter(Role::Teacher).await;
    // Who comes and goes, and what is of the moment, is told together, a little later.
    room.world.server.advance(1_000);
    let view = member.saw(|view| view.people.len() == 2).await;
    assert_eq!(names(&view), ["member", "teacher"]);
    assert!(view.people.iter().all(|person| person.moderates), "one opened it, the other teaches");

    assert_eq!(member.command(room.act(RoomAct::ShowCard { index: 4, revealed: false })).await, Ok(Outcome::Done));
    room.world.server.advance(1_000);
    teacher.saw(|view| view.people[0].card == 4).await;
    let user = room.world.user(Role::Member);
    assert_eq!(member.command(room.act(RoomAct::RaiseHand { user, raised: true })).await, Ok(Outcome::Done));
    assert_eq!(teacher.saw(|view| !view.hands.is_empty()).await.hands, [user]);
    assert_eq!(teacher.command(room.act(RoomAct::RaiseHand { user, raised: false })).await, Ok(Outcome::Done));
    member.saw(|view| view.hands.is_empty()).await;
    assert_eq!(member.command(room.act(RoomAct::React { reaction: Reaction::Clap })).await, Ok(Outcome::Done));
    assert_eq!(member.command(room.act(RoomAct::Type)).await, Ok(Outcome::Done));
    room.world.server.advance(1_000);
    teacher.saw(|view| view.people[0].typing && view.people[0].reaction == Some(Reaction::Clap)).await;
    room.world.server.advance(9_000);
    teacher.saw(|view| !view.people[0].typing && view.people[0].reaction.is_none()).await;

    // A lost line is not a departure for eight seconds; a word of goodbye is one at once.
    member.vanish();
    room.world.server.advance(3_000);
    let mut member = room.enter(Role::Member).await;
    room.world.server.advance(10_000);
    let back = member.saw(|view| view.people.len() == 2).await;
    assert_eq!(names(&back), ["member", "teacher"], "in the old place");
    assert_eq!(member.command(room.act(RoomAct::Leave)).await, Ok(Outcome::Done));
    room.world.server.advance(1_000);
    assert_eq!(names(&teacher.saw(|view| view.people.len() == 1).await), ["teacher"]);
    assert_eq!(
        member.command(room.act(RoomAct::RaiseHand { user, raised: true })).await,
        Err(Refused::Room(Refusal::NotInside))
    );
}

#[tokio::test]
async fn what_was_written_meanwhile_comes_once_and_in_order() {
    let room = Room::new().await;
    let channel = Channel::StudyRoom(room.session);
    let mut member = room.enter(Role::Member).await;
    let mut teacher = room.enter(Role::Teacher).await;
    let first = room.say(&mut teacher, "one").await;
    let seen: Position = member
        .wait(|frame| match frame {
            ServerFrame::Happened { position, event: ChannelEvent::RoomSaid(said), .. } if said.id == first => {
                Some(*position)
            }
            _ => None,
        })
        .await;
    member.vanish();
    let second = room.say(&mut teacher, "two").await;
    room.say(&mut teacher, "three").await;
    let edit = RoomAct::EditMessage { message: second, text: "two!".into() };
    assert_eq!(teacher.command(room.act(edit)).await, Ok(Outcome::Done));
    // The same command again, from an outbox that did not hear the answer.
    let again = RoomAct::SendMessage { message: second, text: "two".into() };
    assert_eq!(teacher.command(room.act(again)).await, Ok(Outcome::Done));

    let mut member = Socket::open(&room.world.browser(Role::Member)).await;
    let subscriptions = vec![Subscription { channel, position: Some(seen) }];
    member.send(&ClientFrame::Hello { tab: Uuid::nil(), subscriptions }).await;
    let mut heard = vec![];
    for _ in 0..3 {
        heard.push(member.said().await.text);
    }
    assert_eq!(heard, ["two", "three", "two!"], "what was missed, each once, as it happened");
    room.say(&mut teacher, "four").await;
    assert_eq!(member.said().await.text, "four");
    let texts: Vec<String> =
        screen(&room.world.browser(Role::Member), room.session).await.messages.into_iter().map(|m| m.text).collect();
    assert_eq!(texts, ["one", "two!", "three", "four"]);
}

#[tokio::test]
async fn a_restart_keeps_the_timer_the_conversation_and_the_places() {
    let room = Room::new().await;
    let server = &room.world.server;
    let mut member = room.enter(Role::Member).await;
    let set = |step| room.act(RoomAct::Timer { step });
    assert_eq!(member.command(set(TimerStep::Set { focus_min: 20, break_min: 5 })).await, Ok(Outcome::Done));
    assert_eq!(member.command(set(TimerStep::Start)).await, Ok(Outcome::Done));
    room.say(&mut member, "before").await;
    server.advance(60_000);
    let (state, url) = restarted(server).await;
    let stopped = server.state.rooms.room(room.session).await.unwrap();
    server.advance(60_000);

    let cookies = room.world.browser(Role::Member).cookies();
    let mut back = Socket::try_open(&url, &cookies, &url, POSTCARD).await.unwrap();
    let subscriptions = vec![Subscription { channel: Channel::StudyRoom(room.session), position: None }];
    back.send(&ClientFrame::Hello { tab: Uuid::nil(), subscriptions }).await;
    let (view, messages) = back.opened().await;
    assert_eq!(messages.iter().map(|m| m.text.as_str()).collect::<Vec<_>>(), ["before"]);
    assert_eq!(view.timer.remaining_ms, 18 * 60_000, "people's time goes on while the server is away");
    assert_eq!(names(&view), ["member"]);
    assert_eq!(state.rooms.running().await, 2, "this one, and one that nobody is in");
    server.advance(18 * 60_000);
    let view = back.saw(|view| view.timer.stage == Stage::Break).await;
    assert_eq!((view.timer.remaining_ms, view.timer.rounds), (5 * 60_000, 1));

    // The old process still believes that it owns the room: it writes nothing.
    let who = studyhall::server::live::room::Who {
        by: studyhall::domain::live::study_room::By { user: room.world.user(Role::Member), moderates: false },
        name: "member".into(),
    };
    let late = stopped.command(who, |by| studyhall::domain::live::study_room::Command::End { by }, server.now());
    assert_eq!(late.await, Err(Refused::Unavailable));
    assert!(screen_at(&url, &cookies, room.session).await.view.ended.is_none());
}

async fn screen_at(url: &str, cookies: &str, session: LiveSessionId) -> RoomScreen {
    let request = reqwest::Client::new().get(format!("{url}/api/study_room?session={session}"));
    crate::common::Answer::of(request.header("cookie", cookies).header("accept", "application/json")).await.json()
}

#[tokio::test]
async fn who_is_removed_from_the_group_loses_the_room_at_once() {
    let room = Room::new().await;
    let mut member = room.enter(Role::Member).await;
    let mut owner = room.enter(Role::Owner).await;
    let user = room.world.user(Role::Member);
    let answer = room
        .world
        .browser(Role::Owner)
        .post("/api/remove_member", &[("group", room.world.group.to_string()), ("user", user.to_string())])
        .await;
    assert_eq!(answer.status, 200);
    let channel = Channel::StudyRoom(room.session);
    member
        .wait(|frame| {
            matches!(frame, ServerFrame::SubscriptionRefused { channel: one, .. } if *one == channel).then_some(())
        })
        .await;
    room.world.server.advance(1_000);
    assert_eq!(names(&owner.saw(|view| view.people.len() == 1).await), ["owner"]);
    let message = MessageId(Uuid::new_v4());
    let write = room.act(RoomAct::SendMessage { message, text: "still here?".into() });
    assert_eq!(member.command(write).await, Err(Refused::NotFound));
    room.say(&mut owner, "only for us").await;
    let told = member.received.iter().any(|frame| format!("{frame:?}").contains("only for us"));
    assert!(!told, "nothing of the room reaches the one who was removed");
    let read = room.world.browser(Role::Member).call("/api/study_room", &format!("?session={}", room.session)).await;
    assert_eq!(read.status, 404);
}

#[tokio::test]
async fn messages_are_moderated_and_pages_go_back_to_the_first() {
    let room = Room::new().await;
    let server = &room.world.server;
    let mut teacher = room.enter(Role::Teacher).await;
    let mut member = room.enter(Role::Member).await;
    for n in 0..60 {
        server.advance(3_000);
        let form = [("session", room.session.to_string()), ("text", format!("message {n}"))];
        let answer = room.world.browser(Role::Member).post("/api/send_room_message", &form).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    let first = screen(&room.world.browser(Role::Member), room.session).await;
    assert_eq!((first.messages.len(), first.earlier), (50, true));
    assert_eq!(first.messages[0].text, "message 10");
    let query = format!("?session={}&before={}", room.session, first.messages[0].number);
    let page: RoomPage = room.world.browser(Role::Member).call("/api/room_messages", &query).await.json();
    assert_eq!(page.messages.iter().map(|m| m.text.as_str()).next(), Some("message 0"));
    assert_eq!((page.messages.len(), page.earlier), (10, false));
    let oldest = page.messages[0].id;

    // One that left the memory long ago, by a teacher: the words are gone everywhere.
    assert_eq!(teacher.command(room.act(RoomAct::DeleteMessage { message: oldest })).await, Ok(Outcome::Done));
    let gone = member
        .wait(|frame| match frame {
            ServerFrame::Happened { event: ChannelEvent::RoomSaid(said), .. }
                if said.id == oldest && said.deleted_by.is_some() =>
            {
                Some((**said).clone())
            }
            _ => None,
        })
        .await;
    assert_eq!((gone.text.as_str(), gone.deleted_by), ("", Some(room.world.user(Role::Teacher))));
    let log = server.state.db.live_session_log(room.session).await.unwrap();
    assert!(log.iter().all(|(_, event, _)| !event.contains("message 3")), "the log keeps no words");

    // The member opened the room, so a teacher cannot silence them; a member cannot either.
    let mute = |user, muted| room.act(RoomAct::Mute { user, muted });
    assert_eq!(teacher.command(mute(room.world.user(Role::Member), true)).await, Err(Refused::Forbidden));
    let text = RoomAct::SendMessage { message: MessageId(Uuid::new_v4()), text: "x".repeat(2_001) };
    assert!(matches!(member.command(room.act(text)).await, Err(Refused::Text(_))));
    server.advance(60_000);
    for n in 0..10 {
        room.say(&mut member, &format!("flood {n}")).await;
    }
    let text = RoomAct::SendMessage { message: MessageId(Uuid::new_v4()), text: "one more".into() };
    assert!(matches!(member.command(room.act(text)).await, Err(Refused::TooMany { retry_after: 1..=20 })));
}

#[tokio::test]
async fn a_plain_form_writes_and_the_first_bytes_hold_the_room() {
    let room = Room::new().await;
    let browser = room.world.browser(Role::Member);
    let page = format!("/rooms/{}", room.session);
    let form = [("session", room.session.to_string()), ("text", "by <b>form</b> https://a.test/x".to_owned())];
    let answer = browser.submit("/api/send_room_message", &page, &form).await;
    assert_eq!((answer.status, answer.header("location")), (302, page.as_str()));
    let html = browser.get(&page).await.text();
    assert!(html.contains("by &lt;b>form&lt;/b>") || html.contains("by &lt;b&gt;form"), "escaped");
    assert!(html.contains("href=\"https://a.test/x\"") && html.contains("25:00") && html.contains("Afghanistan"));
    // A mistake comes back with what was typed.
    let form = [("session", room.session.to_string()), ("text", " ".to_owned())];
    let answer = browser.submit("/api/send_room_message", &page, &form).await;
    assert!(answer.header("location").starts_with(&format!("{page}?")), "{}", answer.header("location"));
}

#[tokio::test]
async fn an_empty_room_closes_and_stays_in_the_groups_history() {
    let room = Room::new().await;
    let server = &room.world.server;
    let member = room.world.browser(Role::Member);
    assert_eq!(member.open_room(&room.world).await, room.session, "who has one open comes back to it");
    let mut socket = room.enter(Role::Member).await;
    room.say(&mut socket, "see you").await;
    assert_eq!(socket.command(room.act(RoomAct::Leave)).await, Ok(Outcome::Done));
    socket.vanish();
    server.advance(EMPTY_MS + 1_000);
    let line = async || {
        let lines: Vec<RoomLine> =
            member.call("/api/study_rooms", &format!("?group={}", room.world.group)).await.json();
        lines.into_iter().find(|line| line.session == room.session).unwrap()
    };
    while line().await.open {
        tokio::task::yield_now().await;
    }
    assert_eq!(line().await.messages, 1);
    let mut reader = room.enter(Role::Teacher).await;
    let ended = async |reader: &mut Socket| {
        reader
            .wait(|frame| match frame {
                ServerFrame::Changed { event: ChannelEvent::RoomSaw(view), .. } => view.ended,
                _ => None,
            })
            .await
    };
    assert_eq!(ended(&mut reader).await, EndReason::Empty);
    let first = screen(&member, room.session).await;
    assert_eq!(first.messages[0].text, "see you");
    assert_eq!(
        reader
            .command(room.act(RoomAct::SendMessage { message: MessageId(Uuid::new_v4()), text: "late".into() }))
            .await,
        Err(Refused::Room(Refusal::Ended))
    );
    assert_ne!(member.open_room(&room.world).await, room.session);
}

#[tokio::test]
async fn all_look_at_one_card_when_they_study_together() {
    let room = Room::new().await;
    let mut member = room.enter(Role::Member).await;
    let mut owner = room.enter(Role::Owner).await;
    let rules = Rules { together: true, anyone: false };
    assert_eq!(member.command(room.act(RoomAct::SetRules { rules })).await, Ok(Outcome::Done));
    assert_eq!(owner.command(room.act(RoomAct::ShowCard { index: 2, revealed: true })).await, Ok(Outcome::Done));
    let view = member.saw(|view| view.shown.index == 2).await;
    assert!(view.shown.revealed && view.people.iter().all(|person| person.card == 2));
    let browser = room.world.browser(Role::Member);
    let query = format!("?session={}&from=2", room.session);
    let cards: Vec<RoomCard> = browser.call("/api/room_cards", &query).await.json();
    assert_eq!((cards.len(), cards[0].index), (4, 2));
    assert!(cards[0].sides.as_ref().is_some_and(|[front, back]| front.contains("Algeria") && back.contains("Algiers")));
}

#[tokio::test]
async fn a_quiz_is_started_from_the_room_and_leads_back() {
    let room = Room::new().await;
    let mut member = room.enter(Role::Member).await;
    let owner = room.world.browser(Role::Owner);
    let quiz = room.quiz(&owner).await;
    let link = member.saw(|view| view.quiz.is_some()).await.quiz.unwrap();
    assert_eq!(link.session, quiz);
    let pin = room.world.server.state.db.live_session(quiz).await.unwrap().pin.unwrap();
    assert_eq!(link.pin, pin);
    let back = async |role| -> Option<LiveSessionId> {
        room.world.browser(role).call("/api/room_of_quiz", &format!("?session={quiz}")).await.json()
    };
    assert_eq!(back(Role::Member).await, Some(room.session));
    assert_eq!(back(Role::OtherTeacher).await, None);
    let answer = owner.post("/api/end_live_session", &[("session", quiz.to_string()), ("seen", "0".into())]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    // The clock stands: the room is told.
    member.saw(|view| view.quiz.is_none()).await;
}

#[tokio::test]
async fn a_quiz_that_ended_while_the_room_was_away_is_gone_from_it_and_a_running_one_stays() {
    let room = Room::new().await;
    let mut member = room.enter(Role::Member).await;
    let owner = room.world.browser(Role::Owner);
    let quiz = room.quiz(&owner).await;
    member.saw(|view| view.quiz.is_some()).await;
    let cookies = room.world.browser(Role::Member).cookies();
    let server = &room.world.server;
    let (state, url) = restarted(server).await;
    let link = screen_at(&url, &cookies, room.session).await.view.quiz.map(|link| link.session);
    assert_eq!(link, Some(quiz), "it still runs");
    state.shutdown.token.cancel();
    let mut other = SqliteConnection::connect(&state.config.database_url).await.unwrap();
    let ended = sqlx::query("UPDATE live_sessions SET status = 'completed' WHERE id = $1").bind(quiz.0);
    assert_eq!(ended.execute(&mut other).await.unwrap().rows_affected(), 1);
    let db = Db::open(&state.config.database_url).await.unwrap();
    let state = AppState::new((*state.config).clone(), db, Clock::Set(server.clock.clone())).await.unwrap();
    let handle = state.rooms.room(room.session).await.unwrap();
    // Its first round comes before the first question.
    assert!(handle.screen().await.unwrap().view.quiz.is_none());
    state.shutdown.token.cancel();
}

#[tokio::test]
async fn switched_off_a_room_is_closed_to_everybody() {
    let room = Room::new().await;
    let state = &room.world.server.state;
    let mut member = room.enter(Role::Member).await;
    let (by, off) = (room.world.user(Role::Admin), Some(Setting { enabled: false, percent: 100 }));
    for flag in [Flag::BlitzQuiz, Flag::LiveSessions] {
        state.flags.change(&state.db, flag, None, off, by, room.world.server.now()).await.unwrap();
    }
    let refused = Err(Refused::FlagOff { flag: Flag::LiveSessions });
    assert_eq!(member.command(room.act(RoomAct::Type)).await, refused);
    let browser = room.world.browser(Role::Member);
    assert_eq!(browser.call("/api/study_room", &format!("?session={}", room.session)).await.status, 403);
    let form = [("deck", room.world.capitals.to_string())];
    assert_eq!(browser.post("/api/open_study_room", &form).await.status, 403);
}
