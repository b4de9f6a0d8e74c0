//! Study rooms against the real server: who is in, what is written and comes back once, the timer over a restart,
//! rights that end at once, and the quiz that is started from a room.

mod conversation;
mod life;
mod quiz;

use crate::common::{Browser, Role, Socket, TestServer, World};
use studyhall::{
    api::rooms::RoomScreen,
    domain::{
        ids::{LiveSessionId, MessageId},
        live::study_room::{RoomMessage, RoomView},
    },
    protocol::{Channel, ChannelEvent, Command, Outcome, RoomAct, ServerFrame},
    server::{clock::Clock, serve, state::AppState},
};
use tokio::net::TcpListener;
use uuid::Uuid;

pub(super) struct Room {
    pub(super) world: World,
    pub(super) session: LiveSessionId,
}

impl Room {
    /// Opened by the member on six capitals.
    pub(super) async fn new() -> Self {
        let world = World::new().await;
        let session = world.browser(Role::Member).open_room(&world).await;
        Self { world, session }
    }

    pub(super) async fn enter(&self, role: Role) -> Socket {
        let mut socket = Socket::subscribed(&self.world.browser(role), &[Channel::StudyRoom(self.session)]).await;
        socket.opened().await;
        socket
    }

    pub(super) fn act(&self, act: RoomAct) -> Command {
        Command::InRoom { session: self.session, act }
    }

    pub(super) async fn say(&self, socket: &mut Socket, text: &str) -> MessageId {
        let message = MessageId(Uuid::new_v4());
        let act = self.act(RoomAct::SendMessage { message, text: text.into() });
        assert_eq!(socket.command(act).await, Ok(Outcome::Done));
        message
    }

    /// A quiz that this host starts from the room.
    pub(super) async fn quiz(&self, owner: &Browser) -> LiveSessionId {
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

pub(super) trait OpensRooms {
    async fn open_room(&self, world: &World) -> LiveSessionId;
}

impl OpensRooms for Browser {
    async fn open_room(&self, world: &World) -> LiveSessionId {
        self.post("/api/open_study_room", &[("deck", world.capitals.to_string())]).await.json()
    }
}

pub(super) trait Hears {
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

pub(super) fn names(view: &RoomView) -> Vec<&str> {
    view.people.iter().map(|person| person.name.as_str()).collect()
}

pub(super) async fn screen(browser: &Browser, session: LiveSessionId) -> RoomScreen {
    browser.call("/api/study_room", &format!("?session={session}")).await.json()
}

/// A second process on the same database: its own state, its own port.
pub(super) async fn restarted(server: &TestServer) -> (AppState, String) {
    let old = &server.state;
    let clock = Clock::Set(server.clock.clone());
    let state = AppState::new((*old.config).clone(), old.db.clone(), clock).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(serve::serve(listener, state.clone()));
    (state, url)
}

pub(super) async fn screen_at(url: &str, cookies: &str, session: LiveSessionId) -> RoomScreen {
    let request = reqwest::Client::new().get(format!("{url}/api/study_room?session={session}"));
    crate::common::Answer::of(request.header("cookie", cookies).header("accept", "application/json")).await.json()
}
