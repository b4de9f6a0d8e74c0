//! Pictures on both engines.

use super::{NOW, engines};
use studyhall::{
    domain::ids::ImageId,
    server::{random, storage::NewImage},
};

#[tokio::test]
async fn a_picture_comes_back_as_it_was() {
    for engine in engines().await {
        let user = engine.user().await;
        let deck = engine.deck(user, "Flags").await;
        let id: ImageId = random::id(NOW);
        let bytes: Vec<u8> = (0..=255).cycle().take(70_000).collect();
        let image = NewImage {
            id,
            deck,
            uploaded_by: user,
            media_type: "image/png",
            width: 3,
            height: 2,
            bytes: bytes.clone(),
        };
        engine.db.create_image(&image, NOW).await.unwrap();
        assert_eq!(engine.db.image_deck(id).await.unwrap(), Some(deck));
        let read = engine.db.image(id).await.unwrap().unwrap();
        assert_eq!((read.deck, read.media_type.as_str(), read.bytes), (deck, "image/png", bytes));
        assert_eq!(engine.db.image_bytes(deck).await.unwrap(), 70_000);
        assert_eq!(engine.db.image(random::id(NOW)).await.unwrap(), None);
    }
}
