//! Cards taken along from a quiz, on both engines.

use super::{Engine, NOW, engines};
use studyhall::{
    domain::{
        card::{CardFilter, CardText},
        card_images::Replaced,
        deck::TAKEN_MAX,
        ids::{CardId, DeckId, DeletionId, ImageId, UserId},
    },
    server::{
        random,
        storage::{NewCard, NewImage, NewTakenCard, StoreError},
    },
};

const TITLE: &str = "From Blitz Quizzes";

fn new(user: UserId, source: CardId, source_deck: DeckId) -> NewTakenCard {
    NewTakenCard {
        user,
        session: random::id(NOW),
        source,
        source_deck,
        source_title: "Capitals".into(),
        deck: random::id(NOW),
        deck_title: TITLE.into(),
        card: random::id(NOW),
        text: CardText {
            front: "Chad".into(),
            back: "N’Djamena".into(),
            hint: "on the Chari".into(),
            explanation: "since 1973".into(),
            aliases: vec!["Ndjamena".into()],
            tags: vec!["africa".into(), "hard".into()],
        },
        category: Some((random::id(NOW), "Africa".into())),
        images: Replaced::new(),
        image_space: 100,
    }
}

async fn source(engine: &Engine) -> (UserId, DeckId, UserId) {
    let host = engine.user().await;
    (host, engine.deck(host, "Capitals").await, engine.user().await)
}

#[tokio::test]
async fn a_card_is_copied_whole_and_once() {
    for engine in engines().await {
        let (_, deck, user) = source(&engine).await;
        let (db, card) = (&engine.db, random::id(NOW));
        let first = new(user, card, deck);
        let taken = db.take_card(&first, NOW).await.unwrap();
        assert_eq!((taken.deck, taken.title.as_str(), taken.added), (first.deck, TITLE, true));
        let copy = db.card(first.deck, first.card).await.unwrap().unwrap();
        assert_eq!(copy.text, first.text);
        let categories = db.categories(first.deck).await.unwrap();
        assert_eq!((categories.len(), categories[0].name.as_str(), categories[0].cards), (1, "Africa", 1));
        assert_eq!(copy.category_id, Some(categories[0].id));
        let access = db.deck_access(first.deck, user).await.unwrap().unwrap();
        assert!(access.can_edit && access.group_id.is_none() && access.cards == 1);
        assert_eq!(db.card_source(first.card).await.unwrap().as_deref(), Some("Capitals"));
        assert_eq!(db.card_source(card).await.unwrap(), None);
        // The same again, from another tap and another quiz.
        let again = db.take_card(&new(user, card, deck), NOW + 1).await.unwrap();
        assert_eq!((again.deck, again.added), (first.deck, false));
        assert_eq!(db.card_page(first.deck, &CardFilter::default(), 0).await.unwrap().total, 1);
        // Somebody else takes it into another deck.
        let other = engine.user().await;
        let theirs = db.take_card(&new(other, card, deck), NOW).await.unwrap();
        assert!(theirs.added && theirs.deck != first.deck);
        let unknown = random::id(NOW);
        assert_eq!(db.taken_cards(user, &[unknown, card]).await.unwrap(), [card]);
        assert!(db.taken_cards(user, &[]).await.unwrap().is_empty());
        // Who threw the copy away can have it back.
        let deletion: DeletionId = random::id(NOW);
        db.delete_cards(first.deck, &[first.card], deletion, NOW + 2).await.unwrap();
        assert!(db.taken_cards(user, &[card]).await.unwrap().is_empty());
        assert!(db.take_card(&new(user, card, deck), NOW + 3).await.unwrap().added);
    }
}

#[tokio::test]
async fn taps_at_once_make_one_card_in_one_deck() {
    for engine in engines().await {
        let (_, deck, user) = source(&engine).await;
        let card = random::id(NOW);
        let (one, two) = (new(user, card, deck), new(user, card, deck));
        let (other, db) = (new(user, random::id(NOW), deck), &engine.db);
        let (one, two, other) =
            tokio::join!(db.take_card(&one, NOW), db.take_card(&two, NOW), db.take_card(&other, NOW));
        let taken = [one.unwrap(), two.unwrap(), other.unwrap()];
        assert_eq!(taken.iter().filter(|taken| taken.added).count(), 2);
        assert!(taken.iter().all(|found| found.deck == taken[0].deck), "{taken:?}");
    }
}

#[tokio::test]
async fn copies_go_to_the_deck_of_the_last_one_until_it_is_full() {
    for engine in engines().await {
        let (_, source, user) = source(&engine).await;
        let db = &engine.db;
        // One that is called so already is taken; one of a group or of somebody else is not.
        let named = engine.deck(user, TITLE).await;
        let take = async |now| db.take_card(&new(user, random::id(NOW), source), now).await.unwrap();
        assert_eq!(take(NOW).await.deck, named);
        db.rename_deck(named, "My geography", NOW).await.unwrap();
        let taken = take(NOW + 1).await;
        assert_eq!((taken.deck, taken.title.as_str()), (named, "My geography"));
        let text = CardText { front: "a".into(), back: "b".into(), ..CardText::default() };
        let many: Vec<NewCard> =
            (2..TAKEN_MAX).map(|_| NewCard { id: random::id(NOW), category_id: None, text: text.clone() }).collect();
        db.add_cards(named, &many, NOW + 2).await.unwrap();
        let next = take(NOW + 3).await;
        assert!(next.deck != named && next.title == TITLE);
        assert_eq!(take(NOW + 4).await.deck, next.deck);
        db.delete_deck(next.deck, NOW + 5).await.unwrap();
        assert!(![named, next.deck].contains(&take(NOW + 6).await.deck), "what was thrown away stays so");
    }
}

#[tokio::test]
async fn pictures_come_along_as_long_as_there_is_space() {
    for engine in engines().await {
        let (host, deck, user) = source(&engine).await;
        let db = &engine.db;
        let picture = async |deck| {
            let id: ImageId = random::id(NOW);
            let (media_type, bytes) = ("image/png", vec![7; 60]);
            let image = NewImage { id, deck, uploaded_by: host, media_type, width: 1, height: 1, bytes };
            db.create_image(&image, NOW).await.unwrap();
            id
        };
        let old = picture(deck).await;
        let copy: ImageId = random::id(NOW);
        let first = NewTakenCard { images: Replaced::from([(old, copy)]), ..new(user, random::id(NOW), deck) };
        db.take_card(&first, NOW).await.unwrap();
        let image = db.image(copy).await.unwrap().unwrap();
        assert_eq!((image.deck, image.media_type.as_str(), image.bytes), (first.deck, "image/png", vec![7; 60]));
        // 60 of 100 bytes are used: the next one does not fit, and leaves nothing behind.
        let images = Replaced::from([(picture(deck).await, random::id(NOW))]);
        let second = NewTakenCard { images, ..new(user, random::id(NOW), deck) };
        let refused = db.take_card(&second, NOW).await;
        assert!(matches!(&refused, Err(StoreError::Conflict(what)) if what == "image_space"), "{refused:?}");
        assert_eq!(db.image_bytes(first.deck).await.unwrap(), 60);
        assert_eq!(db.taken_cards(user, &[second.source]).await.unwrap(), []);
        // A picture of another deck is none of the quiz's.
        let foreign = picture(engine.deck(host, "Secret").await).await;
        let images = Replaced::from([(foreign, random::id(NOW))]);
        let third = NewTakenCard { images: images.clone(), ..new(user, random::id(NOW), deck) };
        db.take_card(&third, NOW).await.unwrap();
        assert_eq!(db.image(images[&foreign]).await.unwrap(), None);
    }
}

#[tokio::test]
async fn what_was_asked_is_found_although_it_was_deleted() {
    for engine in engines().await {
        let (_, deck, _) = source(&engine).await;
        let text = CardText { front: "a".into(), back: "b".into(), ..CardText::default() };
        let id: CardId = random::id(NOW);
        engine.db.add_cards(deck, &[NewCard { id, category_id: None, text: text.clone() }], NOW).await.unwrap();
        engine.db.delete_cards(deck, &[id], random::id(NOW), NOW).await.unwrap();
        assert_eq!(engine.db.card(deck, id).await.unwrap(), None);
        assert_eq!(engine.db.card_as_asked(deck, id).await.unwrap().map(|card| card.text), Some(text));
        assert_eq!(engine.db.card_as_asked(random::id(NOW), id).await.unwrap(), None, "of another deck");
    }
}
