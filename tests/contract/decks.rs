//! Decks and categories on both engines.

use super::{NOW, engines};
use studyhall::{
    domain::{
        ids::{CategoryId, DeckId},
        role::GroupRole,
    },
    server::{random, storage::StoreError},
};

#[tokio::test]
async fn a_personal_deck_is_its_owners_alone() {
    for engine in engines().await {
        let (owner, other) = (engine.user().await, engine.user().await);
        let deck = engine.deck(owner, "Capitals").await;
        let access = engine.db.deck_access(deck, owner).await.unwrap().unwrap();
        assert!(access.can_edit && access.can_host && access.role.is_none());
        assert_eq!(engine.db.deck_access(deck, other).await.unwrap(), None);
        assert_eq!(engine.db.deck_page(other, 0).await.unwrap().total, 0);
    }
}

#[tokio::test]
async fn a_groups_deck_is_read_by_members_and_edited_by_teachers() {
    for engine in engines().await {
        let (owner, teacher, member, stranger) =
            (engine.user().await, engine.user().await, engine.user().await, engine.user().await);
        let group = engine.group(owner).await;
        engine.join(group, teacher, GroupRole::Teacher).await;
        engine.join(group, member, GroupRole::Member).await;
        let deck: DeckId = random::id(NOW);
        // Made by a member in a former life: the role today counts, not who made it.
        engine.db.create_deck(deck, Some(group), member, "Elements", NOW).await.unwrap();
        let can = async |user| engine.db.deck_access(deck, user).await.unwrap().map(|a| (a.can_edit, a.can_host));
        assert_eq!(can(owner).await, Some((true, true)));
        assert_eq!(can(teacher).await, Some((true, true)));
        assert_eq!(can(member).await, Some((false, false)));
        assert_eq!(can(stranger).await, None);
        assert_eq!(engine.db.group_decks(group).await.unwrap().len(), 1);

        engine.arrange("UPDATE study_groups SET deleted_at = 1 WHERE id = $1", &[group.0]).await;
        assert_eq!(can(owner).await, None, "a deleted group takes its decks along");
    }
}

#[tokio::test]
async fn the_list_has_own_and_group_decks_in_pages_of_fifty() {
    for engine in engines().await {
        let user = engine.user().await;
        let other = engine.user().await;
        let group = engine.group(other).await;
        engine.join(group, user, GroupRole::Member).await;
        for n in 0..60 {
            let group = (n % 2 == 0).then_some(group);
            let owner = if group.is_some() { other } else { user };
            engine.db.create_deck(random::id(NOW), group, owner, &format!("Deck {n} 100%"), NOW + n).await.unwrap();
        }
        let first = engine.db.deck_page(user, 0).await.unwrap();
        assert_eq!((first.decks.len(), first.total), (50, 60));
        assert_eq!(first.decks[0].title, "Deck 59 100%");
        assert_eq!(first.decks[1].group_name.as_deref(), Some("Geography 8b"));
        let second = engine.db.deck_page(user, 1).await.unwrap();
        assert_eq!((second.decks.len(), second.total), (10, 60));
        assert_eq!(engine.db.deck_page(user, 9).await.unwrap().decks.len(), 0);
        assert_eq!(engine.db.search_decks(user, "DECK 7 ", 0).await.unwrap().total, 1);
        assert_eq!(engine.db.search_decks(user, "0%", 0).await.unwrap().total, 60);
        assert_eq!(engine.db.search_decks(user, "0_", 0).await.unwrap().total, 0, "wildcards are plain characters");
    }
}

#[tokio::test]
async fn a_deck_is_renamed_deleted_and_brought_back() {
    for engine in engines().await {
        let user = engine.user().await;
        let deck = engine.deck(user, "Old").await;
        engine.db.rename_deck(deck, "New", NOW + 1).await.unwrap();
        assert_eq!(engine.db.deck_access(deck, user).await.unwrap().unwrap().title, "New");
        engine.db.delete_deck(deck, NOW + 2).await.unwrap();
        assert_eq!(engine.db.deck_access(deck, user).await.unwrap(), None);
        assert!(matches!(engine.db.rename_deck(deck, "Gone", NOW).await, Err(StoreError::NotFound)));
        assert!(engine.db.deleted_deck_access(deck, user).await.unwrap().unwrap().can_edit);
        engine.db.restore_deck(deck).await.unwrap();
        engine.db.restore_deck(deck).await.unwrap();
        assert!(engine.db.deck_access(deck, user).await.unwrap().is_some());
        assert_eq!(engine.db.deleted_deck_access(deck, user).await.unwrap(), None);
    }
}

#[tokio::test]
async fn categories_are_added_renamed_moved_and_removed() {
    for engine in engines().await {
        let user = engine.user().await;
        let deck = engine.deck(user, "Capitals").await;
        let ids: Vec<CategoryId> = (0..3).map(|_| random::id(NOW)).collect();
        for (id, name) in ids.iter().zip(["Asia", "Africa", "Europe"]) {
            engine.db.create_category(deck, *id, name).await.unwrap();
        }
        let names = async || -> Vec<String> {
            engine.db.categories(deck).await.unwrap().into_iter().map(|category| category.name).collect()
        };
        assert_eq!(names().await, ["Asia", "Africa", "Europe"]);
        let twice = engine.db.create_category(deck, random::id(NOW), "Asia").await;
        assert!(matches!(twice, Err(StoreError::Conflict(_))));
        engine.db.move_category(deck, ids[2], 0).await.unwrap();
        engine.db.move_category(deck, ids[0], 99).await.unwrap();
        engine.db.rename_category(deck, ids[1], "Afrika").await.unwrap();
        assert_eq!(names().await, ["Europe", "Afrika", "Asia"]);
        let elsewhere = engine.deck(user, "Other").await;
        assert!(matches!(engine.db.delete_category(elsewhere, ids[0]).await, Err(StoreError::NotFound)));
        engine.db.delete_category(deck, ids[0]).await.unwrap();
        assert_eq!(names().await, ["Europe", "Afrika"]);
    }
}
