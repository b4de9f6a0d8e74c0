//! The card of a question for an own deck: for whom, from when on, and what arrives there.

use super::quiz::Quiz;
use crate::common::{Browser, Role};
use studyhall::{
    api::{live::PlayerScreen, live_cards::TakenLiveCard, live_reports::OwnResult},
    domain::{card::CardFilter, deck::DeckPage, live::blitz::Control},
    protocol::Command,
};

/// A quiz in which the member plays beside a guest.
async fn quiz() -> (Quiz, Browser) {
    let mut quiz = Quiz::new(&[], &["Ada"]).await;
    let member = quiz.world.browser(Role::Member);
    quiz.join_with(member.clone(), "Mina").await;
    (quiz, member)
}

impl Quiz {
    fn first(&self) -> [(&'static str, String); 2] {
        [("session", self.session.to_string()), ("card_index", "0".into())]
    }
}

#[tokio::test]
async fn whoever_plays_with_an_account_takes_the_card_along_from_its_reveal_on() {
    let (mut quiz, member) = quiz().await;
    let first = quiz.first();
    let take = async |browser: &Browser| browser.post("/api/take_live_card", &first).await;
    assert_eq!(take(&member).await.status, 409, "in the lobby");
    quiz.open().await;
    assert_eq!(take(&member).await.status, 409, "while it is open");
    quiz.reveal().await;
    assert_eq!(take(&quiz.players[0].0).await.status, 401, "a guest needs an account");
    assert_eq!(take(&quiz.world.browser(Role::Teacher)).await.status, 404, "only who plays");
    let screen = async || -> PlayerScreen { member.post("/api/live_player_view", &quiz.first()[..1]).await.json() };
    let before = screen().await;
    assert!(before.account && before.taken.is_empty());
    let (one, two) = tokio::join!(take(&member), take(&member));
    let taken: [TakenLiveCard; 2] = [one.json(), two.json()];
    assert_eq!(taken.iter().filter(|taken| taken.added).count(), 1);
    assert_eq!((taken[0].deck, taken[0].title.as_str()), (taken[1].deck, "From Blitz Quizzes"));
    assert_eq!(screen().await.taken, [0]);
    let db = &quiz.world.server.state.db;
    let found = db.card_page(taken[0].deck, &CardFilter::default(), 0).await.unwrap();
    assert_eq!(found.total, 1);
    let text = &found.cards[0].text;
    assert_eq!(text.explanation, format!("EXPLANATION of {}", text.front));
    assert!(text.hint.ends_with(&text.front) && !text.back.is_empty());
    let mine: DeckPage = member.call("/api/list_decks", "?search=from blitz&page=1").await.json();
    assert_eq!((mine.decks.len(), mine.decks[0].id, mine.decks[0].group), (1, taken[0].deck, None));
    let card = member.get(&format!("/decks/{}/cards/{}", taken[0].deck, found.cards[0].id)).await;
    assert!(card.text().contains("Taken along from a quiz on"), "{}", card.status);
    // Also without JavaScript, and on the page of results.
    let back = member.submit("/api/take_live_card", &format!("/live/{}/play", quiz.session), &first).await;
    assert_eq!((back.status, back.header("location")), (302, format!("/live/{}/play", quiz.session).as_str()));
    let page = member.get(&format!("/live/{}/play", quiz.session)).await.text();
    assert!(page.contains("In your deck") && !page.contains("Add to my deck"));
    let guest = quiz.players[0].0.get(&format!("/live/{}/play", quiz.session)).await.text();
    assert!(guest.contains("create an account") && !guest.contains("Add to my deck"));
    db.delete_deck(taken[0].deck, quiz.world.server.now()).await.unwrap();
    quiz.finish().await;
    let result = format!("?session={}", quiz.session);
    let own: OwnResult = member.call("/api/live_result", &result).await.json();
    assert!(!own.rows[0].taken);
    let page = member.get(&format!("/live/{}/result", quiz.session)).await.text();
    assert!(page.contains("Add to my deck"));
    let form = [&quiz.first()[..], &[("next", "result".into())]].concat();
    let back = member.submit("/api/take_live_card", &format!("/live/{}/result", quiz.session), &form).await;
    assert_eq!(back.header("location"), format!("/live/{}/result", quiz.session));
    let own: OwnResult = member.call("/api/live_result", &result).await.json();
    assert!(own.rows[0].taken);
    assert!(member.get(&format!("/live/{}/result", quiz.session)).await.text().contains("In your deck"));
    let missing = [("session", quiz.session.to_string()), ("card_index", "7".into())];
    assert_eq!(member.post("/api/take_live_card", &missing).await.status, 409, "there is no such question");
}

#[tokio::test]
async fn who_was_taken_out_takes_nothing_along_and_who_owns_the_deck_needs_no_copy() {
    let (mut quiz, member) = quiz().await;
    let first = quiz.first();
    quiz.open().await;
    quiz.reveal().await;
    let participant = quiz.people().await.iter().find(|row| row.name == "Mina").unwrap().participant;
    let seen = quiz.revision().await;
    let control = Control::Remove { participant };
    quiz.host.command(Command::ControlLiveSession { session: quiz.session, seen, control }).await.unwrap();
    assert_eq!(member.post("/api/take_live_card", &first).await.status, 404);

    let own = Quiz::of_own_deck().await;
    let owner = own.owner.clone();
    let form = own.first();
    let taken: TakenLiveCard = owner.post("/api/take_live_card", &form).await.json();
    let access = own.world.server.state.db.deck_access(taken.deck, own.world.user(Role::Owner)).await.unwrap();
    assert!(!taken.added && access.is_some_and(|access| access.cards == 2), "{taken:?}");
    let screen: PlayerScreen = owner.post("/api/live_player_view", &form[..1]).await.json();
    assert_eq!(screen.taken, [0]);
}

impl Quiz {
    /// Of the owner's own deck of two cards, in which the owner plays; its first question is revealed.
    async fn of_own_deck() -> Self {
        let mut quiz = Self::new(&[], &[]).await;
        let deck: studyhall::domain::ids::DeckId =
            quiz.owner.post("/api/create_deck", &[("title", "Mine"), ("group", "")]).await.json();
        for (front, back) in [("1", "one"), ("2", "two")] {
            let card = [("deck", deck.to_string()), ("front", front.into()), ("back", back.into())];
            assert_eq!(quiz.owner.post("/api/add_card", &card).await.status, 200);
        }
        quiz.session = crate::common::start_lobby(&quiz.world.server, &quiz.owner, deck).await;
        let channel = studyhall::protocol::Channel::LiveHost(quiz.session);
        quiz.host = crate::common::Socket::subscribed(&quiz.owner, &[channel]).await;
        quiz.join_with(quiz.owner.clone(), "Teacher").await;
        quiz.open().await;
        quiz.reveal().await;
        quiz
    }
}

#[tokio::test]
async fn the_hosts_own_explanation_and_the_pictures_come_along() {
    let mut quiz = Quiz::new(&[], &["Ada"]).await;
    let member = quiz.world.browser(Role::Member);
    quiz.join_with(member.clone(), "Mina").await;
    let (db, now) = (quiz.world.server.state.db.clone(), quiz.world.server.now());
    let picture = studyhall::server::storage::NewImage {
        id: quiz.world.server.id(),
        deck: quiz.world.capitals,
        uploaded_by: quiz.world.user(Role::Owner),
        media_type: "image/png",
        width: 1,
        height: 1,
        bytes: vec![1, 2, 3],
    };
    db.create_image(&picture, now).await.unwrap();
    let written = format!("As I said: ![map](/images/{})", picture.id);
    let form = [
        ("session", quiz.session.to_string()),
        ("seen", quiz.revision().await.to_string()),
        ("index", "0".into()),
        ("worth", "single".into()),
        ("time_limit_s", String::new()),
        ("explanation", written),
    ];
    assert_eq!(quiz.owner.post("/api/adjust_live_question", &form).await.status, 200);
    quiz.open().await;
    quiz.reveal().await;
    let taken: TakenLiveCard = member.post("/api/take_live_card", &quiz.first()).await.json();
    let cards = db.card_page(taken.deck, &CardFilter::default(), 0).await.unwrap().cards;
    let text = &cards[0].text;
    let [image] = text.images()[..] else { panic!("{text:?}") };
    assert!(text.explanation.starts_with("As I said") && image != picture.id);
    let copy = db.image(image).await.unwrap().unwrap();
    assert_eq!((copy.deck, copy.bytes), (taken.deck, vec![1, 2, 3]));
    assert_eq!(member.get(&format!("/images/{image}")).await.status, 200);
}
