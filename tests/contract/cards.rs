//! Cards on both engines.

use super::{Engine, NOW, engines};
use studyhall::{
    domain::{
        card::{CardFilter, CardText},
        ids::{CardId, CategoryId, DeckId, DeletionId},
    },
    server::{
        random,
        storage::{NewCard, StoreError},
    },
};

fn new(front: &str, back: &str, tags: &[&str]) -> NewCard {
    let text = CardText {
        front: front.into(),
        back: back.into(),
        tags: tags.iter().map(|&t| t.into()).collect(),
        ..CardText::default()
    };
    NewCard { id: random::id(NOW), category_id: None, text }
}

/// A deck with the cards "1".."n".
async fn numbered(engine: &Engine, n: usize) -> (DeckId, Vec<CardId>) {
    let user = engine.user().await;
    let deck = engine.deck(user, "Numbers").await;
    let cards: Vec<NewCard> = (1..=n).map(|n| new(&n.to_string(), "back", &[])).collect();
    engine.db.add_cards(deck, &cards, NOW).await.unwrap();
    (deck, cards.iter().map(|card| card.id).collect())
}

async fn fronts(engine: &Engine, deck: DeckId, typed: &str) -> Vec<String> {
    let page = engine.db.card_page(deck, &CardFilter::parse(typed, None), 0).await.unwrap();
    page.cards.into_iter().map(|card| card.text.front).collect()
}

#[tokio::test]
async fn what_is_written_is_read_again() {
    for engine in engines().await {
        let user = engine.user().await;
        let deck = engine.deck(user, "Capitals").await;
        let category: CategoryId = random::id(NOW);
        engine.db.create_category(deck, category, "Asia").await.unwrap();
        let mut card = new("Japan", "東京 🗼", &["region:Asia", "big"]);
        card.category_id = Some(category);
        card.text.hint = "T…".into();
        card.text.explanation = "Edo until 1868".into();
        card.text.aliases = vec!["Tokyo".into(), "Tōkyō, \"the\" one".into()];
        engine.db.add_cards(deck, &[card.clone()], NOW).await.unwrap();

        let read = engine.db.card(deck, card.id).await.unwrap().unwrap();
        card.text.tags.sort();
        assert_eq!((read.text, read.category_id), (card.text.clone(), Some(category)));
        let quiz = engine.db.cards_for_quiz(deck, Some(category), 10).await.unwrap();
        assert_eq!((&quiz[0].aliases, &quiz[0].tags), (&card.text.aliases, &card.text.tags));
        assert_eq!(engine.db.cards_for_quiz(deck, Some(random::id(NOW)), 10).await.unwrap(), []);
        assert_eq!(engine.db.categories(deck).await.unwrap()[0].cards, 1);
        assert_eq!(engine.db.deck_tags(deck, 10).await.unwrap(), [("big".into(), 1), ("region:Asia".into(), 1)]);
        assert_eq!(engine.db.deck_access(deck, user).await.unwrap().unwrap().cards, 1);
        assert_eq!(engine.db.card_sides(deck).await.unwrap(), [("Japan".into(), "東京 🗼".into())]);
        let elsewhere = engine.deck(user, "Other").await;
        assert_eq!(engine.db.card(elsewhere, card.id).await.unwrap(), None);
    }
}

#[tokio::test]
async fn ten_thousand_cards_come_in_pages() {
    for engine in engines().await {
        let (deck, _) = numbered(&engine, 10_000).await;
        let all = CardFilter::default();
        let first = engine.db.card_page(deck, &all, 0).await.unwrap();
        assert_eq!((first.cards.len(), first.total), (50, 10_000));
        assert_eq!(first.cards[0].text.front, "1");
        let last = engine.db.card_page(deck, &all, 199).await.unwrap();
        assert_eq!(last.cards[49].text.front, "10000");
        assert_eq!(engine.db.card_page(deck, &all, 200).await.unwrap().cards.len(), 0);
        assert_eq!(engine.db.card_page(deck, &CardFilter::parse("999", None), 0).await.unwrap().total, 19);
        assert_eq!(engine.db.cards_for_quiz(deck, None, 9_999).await.unwrap().len(), 2_000);
        assert_eq!(engine.db.all_cards(deck).await.unwrap().len(), 10_000);
    }
}

#[tokio::test]
async fn a_search_ignores_case_and_takes_wildcards_literally() {
    for engine in engines().await {
        let user = engine.user().await;
        let deck = engine.deck(user, "Mixed").await;
        let cards = [
            new("Österreich", "Wien", &["region:Europe"]),
            new("100% sure", "a_b\\c", &["region:Asia"]),
            new("100 sure", "axb", &["region:Asia"]),
        ];
        engine.db.add_cards(deck, &cards, NOW).await.unwrap();
        assert_eq!(fronts(&engine, deck, "öSTER").await, ["Österreich"]);
        assert_eq!(fronts(&engine, deck, "100%").await, ["100% sure"]);
        assert_eq!(fronts(&engine, deck, "a_b\\").await, ["100% sure"]);
        assert_eq!(fronts(&engine, deck, "sure tag:region:Asia").await, ["100% sure", "100 sure"]);
        assert_eq!(fronts(&engine, deck, "tag:region:Europe wien").await, ["Österreich"]);
        assert_eq!(fronts(&engine, deck, "europe").await, ["Österreich"], "tags are found as words, too");
        assert!(fronts(&engine, deck, "' OR 1=1 --").await.is_empty());
    }
}

#[tokio::test]
async fn an_edited_card_has_its_new_text_and_tags() {
    for engine in engines().await {
        let (deck, ids) = numbered(&engine, 1).await;
        let text = CardText { front: "one".into(), back: "eins".into(), tags: vec!["t".into()], ..CardText::default() };
        engine.db.edit_card(deck, ids[0], None, &text, NOW).await.unwrap();
        let card = engine.db.card(deck, ids[0]).await.unwrap().unwrap();
        assert_eq!(card.text, text);
        assert!(card.updated_at > NOW, "an edit is visible even in the millisecond of the making");
        assert_eq!(fronts(&engine, deck, "EINS tag:t").await, ["one"]);
        let missing = engine.db.edit_card(deck, random::id(NOW), None, &text, NOW).await;
        assert!(matches!(missing, Err(StoreError::NotFound)));
    }
}

#[tokio::test]
async fn a_category_of_another_deck_is_never_used() {
    for engine in engines().await {
        let (deck, ids) = numbered(&engine, 1).await;
        let (other, _) = numbered(&engine, 1).await;
        let foreign: CategoryId = random::id(NOW);
        engine.db.create_category(other, foreign, "Foreign").await.unwrap();
        engine.db.categorise_cards(deck, &ids, Some(foreign), NOW).await.unwrap();
        let card = engine.db.card(deck, ids[0]).await.unwrap().unwrap();
        assert_eq!(card.category_id, None);
        engine.db.edit_card(deck, ids[0], Some(foreign), &card.text, NOW).await.unwrap();
        assert_eq!(engine.db.card(deck, ids[0]).await.unwrap().unwrap().category_id, None);
    }
}

#[tokio::test]
async fn an_undo_brings_back_exactly_what_was_deleted() {
    for engine in engines().await {
        let (deck, ids) = numbered(&engine, 4).await;
        let (early, late): (DeletionId, DeletionId) = (random::id(NOW), random::id(NOW));
        assert_eq!(engine.db.delete_cards(deck, &ids[..1], early, NOW).await.unwrap(), 1);
        assert_eq!(engine.db.delete_cards(deck, &ids[..3], late, NOW).await.unwrap(), 2, "the first is gone already");
        assert_eq!(fronts(&engine, deck, "").await, ["4"]);
        let (elsewhere, _) = numbered(&engine, 1).await;
        assert_eq!(engine.db.restore_cards(elsewhere, late, NOW).await.unwrap(), 0);
        assert_eq!(engine.db.restore_cards(deck, late, NOW).await.unwrap(), 2);
        assert_eq!(engine.db.restore_cards(deck, late, NOW).await.unwrap(), 0);
        assert_eq!(fronts(&engine, deck, "").await, ["2", "3", "4"]);
    }
}

#[tokio::test]
async fn cards_move_to_any_place_any_number_of_times() {
    for engine in engines().await {
        let (deck, ids) = numbered(&engine, 4).await;
        engine.db.move_card(deck, ids[3], 0, NOW).await.unwrap();
        assert_eq!(fronts(&engine, deck, "").await, ["4", "1", "2", "3"]);
        engine.db.move_card(deck, ids[3], 2, NOW).await.unwrap();
        assert_eq!(fronts(&engine, deck, "").await, ["1", "2", "4", "3"]);
        assert_eq!(engine.db.card_place(deck, ids[3]).await.unwrap(), 2);
        engine.db.move_card(deck, ids[0], 99, NOW).await.unwrap();
        assert_eq!(fronts(&engine, deck, "").await, ["2", "4", "3", "1"]);
        // Always between the same two: the gap closes after ten moves, then the deck is renumbered.
        for n in 0..40 {
            let order = fronts(&engine, deck, "").await;
            let third: usize = order[2].parse().unwrap();
            engine.db.move_card(deck, ids[third - 1], 1, NOW).await.unwrap();
            let after = fronts(&engine, deck, "").await;
            assert_eq!((&after[1], &after[2]), (&order[2], &order[1]), "move {n}");
        }
    }
}

#[tokio::test]
async fn many_cards_are_tagged_at_once() {
    for engine in engines().await {
        let (deck, ids) = numbered(&engine, 3).await;
        assert_eq!(engine.db.tag_cards(deck, &ids[..2], "hard", true, NOW).await.unwrap(), 2);
        assert_eq!(engine.db.tag_cards(deck, &ids, "hard", true, NOW).await.unwrap(), 1);
        assert_eq!(fronts(&engine, deck, "HARD").await.len(), 3);
        assert_eq!(engine.db.tag_cards(deck, &ids[..1], "hard", false, NOW).await.unwrap(), 1);
        assert_eq!(fronts(&engine, deck, "hard").await, ["2", "3"]);
        assert_eq!(fronts(&engine, deck, "tag:hard").await, ["2", "3"]);
    }
}
