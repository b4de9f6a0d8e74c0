//! The demo on both engines.

use super::engines;
use studyhall::server::{clock::Clock, demo};

#[tokio::test]
async fn the_demo_is_made_once() {
    for engine in engines().await {
        let first = demo::create(&engine.db, &Clock::System).await.unwrap();
        let again = demo::create(&engine.db, &Clock::System).await.unwrap();
        assert_eq!((first.group, &first.decks), (again.group, &again.decks));
        assert_eq!(engine.db.count_members(first.group).await.unwrap(), 11);
        let cards: Vec<i64> = engine.db.group_decks(first.group).await.unwrap().iter().map(|deck| deck.cards).collect();
        assert_eq!(cards.iter().sum::<i64>(), 195 + 118);
        let countries = engine.db.categories(first.decks[0]).await.unwrap();
        assert_eq!(countries.iter().map(|category| category.cards).sum::<i64>(), 195);
        assert!(countries.iter().any(|category| category.name == "Africa" && category.cards == 54));
    }
}
