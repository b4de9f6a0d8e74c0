//! A quiz of one question that the tests set up as they need it, over the real socket.

use crate::common::{Answer as Reply, Browser, Role, Socket, World, join};
use studyhall::{
    api::live::{HostScreen, ListedParticipant},
    domain::{
        ids::LiveSessionId,
        live::{
            blitz::{Control, ExtraTime, HostPhase, LEAD_IN_MS, PlayerPhase},
            question::Answer,
        },
    },
    protocol::{Channel, Command, Outcome, Refused},
};

/// A quiz of one question with its host and players; `extra` goes into the form that makes it.
pub struct Quiz {
    pub world: World,
    pub session: LiveSessionId,
    pub owner: Browser,
    pub host: Socket,
    pub players: Vec<(Browser, Socket)>,
}

/// `extra` goes into the form.
pub async fn create(world: &World, owner: &Browser, extra: &[(&str, &str)]) -> Reply {
    let (deck, key) = (world.capitals.to_string(), world.server.id::<uuid::Uuid>().to_string());
    let mut form = vec![
        ("deck", deck.as_str()),
        ("category", ""),
        ("card_count", "1"),
        ("time_limit_s", "20"),
        ("answers", "choice"),
        ("key", &key),
    ];
    form.extend(extra);
    owner.post("/api/create_live_session", &form).await
}

impl Quiz {
    pub async fn new(extra: &[(&str, &str)], names: &[&str]) -> Self {
        let world = World::new().await;
        let owner = world.browser(Role::Owner);
        let session: LiveSessionId = create(&world, &owner, extra).await.json();
        let host = Socket::subscribed(&owner, &[Channel::LiveHost(session)]).await;
        let mut quiz = Self { world, session, owner, host, players: vec![] };
        for name in names {
            quiz.join(name).await;
        }
        quiz
    }

    pub async fn join(&mut self, name: &str) {
        self.join_with(self.world.server.browser(), name).await;
    }

    pub async fn join_with(&mut self, browser: Browser, name: &str) {
        join(&self.world.server, self.session, &browser, name).await;
        let mut socket = Socket::subscribed(&browser, &[Channel::LivePlayer(self.session)]).await;
        socket.player(|_| true).await;
        self.players.push((browser, socket));
    }

    pub async fn revision(&self) -> u32 {
        let form = [("session", self.session.to_string())];
        self.owner.post("/api/live_host_view", &form).await.json::<HostScreen>().view.revision
    }

    /// From the lobby to the open question.
    pub async fn open(&mut self) {
        let seen = self.revision().await;
        let start = Command::StartLiveSession { session: self.session, seen };
        assert_eq!(self.host.command(start).await, Ok(Outcome::Done));
        self.world.server.advance(LEAD_IN_MS);
        for (_, socket) in &mut self.players {
            socket.player(|view| matches!(view.phase, PlayerPhase::Answering { .. })).await;
        }
    }

    pub async fn answer(&mut self, player: usize, option: u8) -> Result<Outcome, Refused> {
        let command =
            Command::SubmitLiveAnswer { session: self.session, card_index: 0, answer: Answer::Choice(option) };
        self.players[player].1.command(command).await
    }

    pub async fn tell(&mut self, player: usize, sure: bool) -> Result<Outcome, Refused> {
        let command = Command::TellSureness { session: self.session, card_index: 0, sure };
        self.players[player].1.command(command).await
    }

    /// Closes the open question.
    pub async fn reveal(&mut self) {
        self.next().await;
        self.host.host(|view| matches!(view.phase, HostPhase::Reveal { .. })).await;
    }

    /// From the reveal to the end.
    pub async fn finish(&mut self) {
        self.next().await;
        self.next().await;
        self.host.host(|view| matches!(view.phase, HostPhase::Ended { .. })).await;
    }

    pub async fn advance(&mut self, wanted: impl Fn(&HostPhase) -> bool) {
        self.host.host(|view| wanted(&view.phase)).await;
        self.next().await;
    }

    /// To the next phase from whichever it is.
    pub async fn next(&mut self) {
        let seen = self.revision().await;
        let next = Command::AdvanceLiveSession { session: self.session, seen };
        assert_eq!(self.host.command(next).await, Ok(Outcome::Done));
    }

    pub async fn people(&self) -> Vec<ListedParticipant> {
        let form = [("session", self.session.to_string())];
        let mut people: Vec<ListedParticipant> = self.owner.post("/api/live_session_participants", &form).await.json();
        people.sort_by(|a, b| a.name.cmp(&b.name));
        people
    }

    pub async fn give(&mut self, name: &str, extra: ExtraTime) {
        let people = self.people().await;
        let participant = people.iter().find(|row| row.name == name).unwrap().participant;
        let seen = self.revision().await;
        let control = Control::ExtraTime { participant, extra };
        let command = Command::ControlLiveSession { session: self.session, seen, control };
        assert_eq!(self.host.command(command).await, Ok(Outcome::Done));
    }
}
