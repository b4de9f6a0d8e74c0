//! People in every role, each with a browser, around one group: what authorisation tests need.

use super::{Browser, TestServer};
use studyhall::{
    domain::{
        card::CardText,
        ids::{CardId, CategoryId, DeckId, GroupId, ImportId, LiveSessionId, UserId},
        invite::LIFETIME,
        role::{GroupRole, UserRole},
    },
    server::storage::{NewCard, NewUser},
};

/// Who asks. `Ord` by column of the authorisation matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// No account, no seat.
    Anonymous,
    /// No account, but a seat in the live session.
    Guest,
    /// Signed in, learner of the group.
    Member,
    /// Signed in, teaches another group only.
    OtherTeacher,
    /// Signed in, teacher of the group.
    Teacher,
    /// Signed in, owner of the group.
    Owner,
    /// Signed in, admin of the installation, not in the group.
    Admin,
}

impl Role {
    pub const ALL: [Self; 7] =
        [Self::Anonymous, Self::Guest, Self::Member, Self::OtherTeacher, Self::Teacher, Self::Owner, Self::Admin];

    const SIGNED_IN: [(Self, &'static str, UserRole); 5] = [
        // The first account of an installation becomes its admin.
        (Self::Admin, "admin", UserRole::Learner),
        (Self::Member, "member", UserRole::Learner),
        (Self::OtherTeacher, "other-teacher", UserRole::Teacher),
        (Self::Teacher, "teacher", UserRole::Teacher),
        (Self::Owner, "owner", UserRole::Teacher),
    ];
}

/// The fixture. Everything in it exists in the database.
pub struct World {
    pub server: TestServer,
    /// The group of the member, the teacher and the owner.
    pub group: GroupId,
    /// Another group, of the other teacher alone.
    pub other_group: GroupId,
    /// A deck of the group, made by the teacher, with one category, one card, and an import of the teacher's.
    pub deck: DeckId,
    pub category: CategoryId,
    pub card: CardId,
    pub import: ImportId,
    /// Another deck of the group, with six capitals.
    pub capitals: DeckId,
    /// A Blitz Quiz on it that waits in its lobby; hosted by the owner, the guest has a seat in it.
    pub session: LiveSessionId,
    /// A study room on the same deck, opened by the owner; nobody is in it.
    pub room: LiveSessionId,
    guest: Browser,
    people: Vec<(Role, UserId, Browser)>,
}

impl World {
    pub async fn new() -> Self {
        Self::on(TestServer::start().await).await
    }

    pub async fn on(server: TestServer) -> Self {
        let mut people = Vec::new();
        for (role, name, user_role) in Role::SIGNED_IN {
            let (id, browser) = person(&server, name, user_role).await;
            people.push((role, id, browser));
        }
        let (group, other_group) = (server.id(), server.id());
        let id = |wanted| people.iter().find(|(role, ..)| *role == wanted).map(|(_, id, _)| *id).unwrap();
        let (db, now) = (&server.state.db, server.now());
        db.create_group(group, "Geography 8b", id(Role::Owner), now).await.unwrap();
        db.add_member(group, id(Role::Teacher), GroupRole::Teacher, now).await.unwrap();
        db.add_member(group, id(Role::Member), GroupRole::Member, now).await.unwrap();
        db.create_group(other_group, "Chess", id(Role::OtherTeacher), now).await.unwrap();
        let (deck, category, card, import) = (server.id(), server.id(), server.id(), server.id());
        let teacher = id(Role::Teacher);
        db.create_deck(deck, Some(group), teacher, "Capitals", now).await.unwrap();
        db.create_category(deck, category, "Europe").await.unwrap();
        let text = CardText { front: "Austria".into(), back: "Vienna".into(), ..CardText::default() };
        db.add_cards(deck, &[NewCard { id: card, category_id: Some(category), text }], now).await.unwrap();
        db.create_import(import, deck, teacher, "list.csv", b"France,Paris\n", now).await.unwrap();
        let capitals = capitals(&server, group, id(Role::Owner)).await;
        let owner = people.iter().find(|(role, ..)| *role == Role::Owner).map(|(.., browser)| browser.clone()).unwrap();
        let session = start_lobby(&server, &owner, capitals).await;
        let room = owner.post("/api/open_study_room", &[("deck", capitals.to_string())]).await.json();
        let guest = server.browser();
        join(&server, session, &guest, "Gulliver").await;
        Self { server, group, other_group, deck, category, card, import, capitals, session, room, guest, people }
    }

    /// A fresh invitation into [`Self::group`] with this code.
    pub async fn invite(&self, code: &str) {
        let now = self.server.now();
        let owner = self.user(Role::Owner);
        self.server.state.db.create_invite(code, self.group, owner, now, now + LIFETIME).await.unwrap();
    }

    /// The account of a role that has one.
    #[track_caller]
    pub fn user(&self, role: Role) -> UserId {
        self.people.iter().find(|(r, ..)| *r == role).map(|(_, id, _)| *id).expect("this role has an account")
    }

    /// A browser of that role; for nobody in particular a fresh one.
    pub fn browser(&self, role: Role) -> Browser {
        if role == Role::Guest {
            return self.guest.clone();
        }
        self.people
            .iter()
            .find(|(r, ..)| *r == role)
            .map_or_else(|| self.server.browser(), |(.., browser)| browser.clone())
    }
}

/// A deck of the group with six capitals.
pub async fn capitals(server: &TestServer, group: GroupId, owner: UserId) -> DeckId {
    let deck: DeckId = server.id();
    server.state.db.create_deck(deck, Some(group), owner, "Capitals", server.now()).await.unwrap();
    let pairs = [
        ("Afghanistan", "Kabul"),
        ("Albania", "Tirana"),
        ("Algeria", "Algiers"),
        ("Angola", "Luanda"),
        ("Armenia", "Yerevan"),
        ("Azerbaijan", "Baku"),
    ];
    let cards: Vec<NewCard> = pairs
        .into_iter()
        .map(|(front, back)| NewCard {
            id: server.id(),
            category_id: None,
            text: CardText {
                front: front.into(),
                back: back.into(),
                hint: format!("It is not far from {front}"),
                explanation: format!("EXPLANATION of {front}"),
                aliases: vec![],
                tags: vec![],
            },
        })
        .collect();
    server.state.db.add_cards(deck, &cards, server.now()).await.unwrap();
    deck
}

/// A Blitz Quiz of three questions with twenty seconds each, made by the server function.
pub async fn start_lobby(server: &TestServer, host: &Browser, deck: DeckId) -> LiveSessionId {
    let answer = host
        .post(
            "/api/create_live_session",
            &[
                ("deck", deck.to_string()),
                ("category", String::new()),
                ("card_count", "3".into()),
                ("time_limit_s", "20".into()),
                ("answers", "choice".into()),
                ("key", server.id::<uuid::Uuid>().to_string()),
            ],
        )
        .await;
    answer.json()
}

/// Takes a seat by PIN and name.
pub async fn join(server: &TestServer, session: LiveSessionId, browser: &Browser, name: &str) {
    let pin = server.state.db.live_session(session).await.unwrap().pin.unwrap();
    let answer = browser.post("/api/join_live_session", &[("pin", pin.as_str()), ("name", name)]).await;
    assert_eq!(answer.json::<LiveSessionId>(), session);
}

/// Makes an account and a sign-in of it, without the cost of hashing a password.
async fn person(server: &TestServer, name: &str, role: UserRole) -> (UserId, Browser) {
    let (db, now) = (&server.state.db, server.now());
    let id: UserId = server.id();
    let email = format!("{name}@school.test");
    let password_hash = "unusable";
    let user = NewUser { id, email: &email, display_name: name, password_hash, role, now };
    db.create_user(user).await.unwrap();
    let token = server.state.auth.sessions.begin(db, id, password_hash, "test", now).await.unwrap().unwrap();
    (id, Browser::with_token(&server.url, &token))
}
