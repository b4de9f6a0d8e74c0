//! Imports on both engines.

use super::{Engine, NOW, engines};
use studyhall::{
    domain::{
        card::{CardFilter, CardText},
        ids::{DeckId, ImportId, UserId},
    },
    server::{
        random,
        storage::{Confirmed, NewCard},
    },
};

const DAY: i64 = 24 * 60 * 60 * 1000;

fn cards(n: usize) -> Vec<NewCard> {
    (0..n)
        .map(|n| {
            let text = CardText {
                front: format!("front {n}"),
                back: "back".into(),
                tags: vec!["a".into(), format!("t{}", n % 7)],
                ..CardText::default()
            };
            NewCard { id: random::id(NOW), category_id: None, text }
        })
        .collect()
}

async fn waiting(engine: &Engine, deck: DeckId, user: UserId) -> ImportId {
    let id = random::id(NOW);
    engine.db.create_import(id, deck, user, "list.csv", b"a,b", NOW).await.unwrap();
    id
}

async fn total(engine: &Engine, deck: DeckId) -> i64 {
    engine.db.card_page(deck, &CardFilter::default(), 0).await.unwrap().total
}

#[tokio::test]
async fn an_upload_waits_a_day() {
    for engine in engines().await {
        let user = engine.user().await;
        let deck = engine.deck(user, "Capitals").await;
        let id = waiting(&engine, deck, user).await;
        let stored = engine.db.import(id).await.unwrap().unwrap();
        assert_eq!(
            (stored.deck, stored.user, stored.bytes.as_slice(), stored.confirmed),
            (deck, user, &b"a,b"[..], false)
        );
        engine.db.create_import(random::id(NOW), deck, user, "", b"x", NOW + DAY).await.unwrap();
        assert!(engine.db.import(id).await.unwrap().is_some());
        engine.db.create_import(random::id(NOW), deck, user, "", b"x", NOW + DAY + 1).await.unwrap();
        assert!(engine.db.import(id).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn ten_thousand_cards_are_added_once() {
    for engine in engines().await {
        let user = engine.user().await;
        let deck = engine.deck(user, "Big").await;
        let id = waiting(&engine, deck, user).await;
        let new = cards(10_000);
        let categories: Vec<Option<String>> =
            (0..10_000).map(|n| (n % 3 > 0).then(|| format!("Part {}", n % 3))).collect();
        let confirm = async || {
            engine.db.confirm_import(id, deck, new.clone(), &categories, || random::id(NOW), NOW).await.unwrap()
        };
        assert_eq!(confirm().await, Confirmed::Added(10_000));
        assert_eq!(confirm().await, Confirmed::Already);
        assert_eq!(total(&engine, deck).await, 10_000);
        let made: Vec<(String, i64)> =
            engine.db.categories(deck).await.unwrap().into_iter().map(|c| (c.name, c.cards)).collect();
        assert_eq!(made, [("Part 1".into(), 3_333), ("Part 2".into(), 3_333)]);
        assert_eq!(engine.db.deck_tags(deck, 1).await.unwrap(), [("a".into(), 10_000)]);
        assert!(engine.db.import(id).await.unwrap().unwrap().bytes.is_empty());
    }
}

#[tokio::test]
async fn too_many_categories_add_nothing() {
    for engine in engines().await {
        let user = engine.user().await;
        let deck = engine.deck(user, "Odd").await;
        let id = waiting(&engine, deck, user).await;
        let categories: Vec<Option<String>> = (0..300).map(|n| Some(format!("Category {n}"))).collect();
        let done = engine.db.confirm_import(id, deck, cards(300), &categories, || random::id(NOW), NOW).await.unwrap();
        assert_eq!(done, Confirmed::TooManyCategories);
        assert_eq!(total(&engine, deck).await, 0);
        assert!(engine.db.categories(deck).await.unwrap().is_empty());
        assert!(!engine.db.import(id).await.unwrap().unwrap().confirmed, "it can be tried again");
    }
}

#[tokio::test]
async fn an_undo_takes_exactly_the_untouched_cards() {
    for engine in engines().await {
        let user = engine.user().await;
        let deck = engine.deck(user, "Mixed").await;
        engine.db.add_cards(deck, &cards(1), NOW).await.unwrap();
        let id = waiting(&engine, deck, user).await;
        let new = cards(5);
        let none = vec![None; 5];
        engine.db.confirm_import(id, deck, new.clone(), &none, || random::id(NOW), NOW).await.unwrap();
        engine.db.edit_card(deck, new[2].id, None, &new[2].text, NOW).await.unwrap();
        assert_eq!(engine.db.undo_import(id, deck, NOW).await.unwrap(), 4);
        assert_eq!(engine.db.undo_import(id, deck, NOW).await.unwrap(), 0);
        assert_eq!(total(&engine, deck).await, 2, "the older card and the edited one stay");
        assert_eq!(engine.db.deck_access(deck, user).await.unwrap().unwrap().cards, 2);
    }
}
