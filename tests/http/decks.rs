//! Decks, cards, pictures and imports as people meet them: pages, forms and plain routes.

use crate::common::{Answer, Browser, Role, World};
use reqwest::{Method, header, multipart};
use studyhall::domain::{card::CardText, ids::ImportId};
use studyhall::server::storage::NewCard;

async fn upload(browser: &Browser, path: &str, field: &'static str, name: &str, bytes: Vec<u8>) -> Answer {
    let part = multipart::Part::bytes(bytes).file_name(name.to_owned());
    let form = multipart::Form::new().part(field, part);
    Answer::of(browser.request(Method::POST, path).header(header::ACCEPT, "text/html").multipart(form)).await
}

/// Uploads a file and gives the address of its preview.
async fn import(world: &World, text: &[u8]) -> (String, ImportId) {
    let teacher = world.browser(Role::Teacher);
    let answer = upload(&teacher, &format!("/decks/{}/import", world.deck), "file", "list.csv", text.to_vec()).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let preview = answer.header("location").to_owned();
    let id = preview.rsplit('/').next().unwrap().parse().unwrap();
    (preview, id)
}

fn confirmation(import: ImportId) -> [(&'static str, String); 6] {
    let none = String::new;
    [
        ("import", import.to_string()),
        ("encoding", none()),
        ("separator", none()),
        ("row_end", none()),
        ("header", none()),
        ("columns", none()),
    ]
}

#[tokio::test]
async fn an_import_is_looked_at_confirmed_once_and_undone() {
    let world = World::new().await;
    let teacher = world.browser(Role::Teacher);
    let (preview, id) = import(&world, include_bytes!("../../demo/countries.csv")).await;
    let page = teacher.get(&preview).await;
    assert_eq!(page.status, 200);
    // Of the 195 countries the deck has Austria already.
    assert!(page.text().contains("194 cards will be added"), "{}", page.text());
    let title = "Capitals";
    let count =
        async || world.server.state.db.deck_access(world.deck, world.user(Role::Teacher)).await.unwrap().unwrap().cards;
    assert_eq!(count().await, 1, "nothing is added by looking");

    let answer = teacher.submit("/api/confirm_import", &preview, &confirmation(id)).await;
    assert_eq!(answer.header("location"), format!("/decks/{}?imported={id}&count=194", world.deck));
    assert_eq!(count().await, 195);
    let deck = teacher.get(answer.header("location")).await.text();
    assert!(deck.contains(title) && deck.contains("194 cards imported") && deck.contains("/api/undo_import"), "{deck}");
    let again: u64 = teacher.post("/api/confirm_import", &confirmation(id)).await.json();
    assert_eq!((again, count().await), (0, 195));

    let gone: u64 = teacher.post("/api/undo_import", &[("import", id.to_string())]).await.json();
    assert_eq!((gone, count().await), (194, 1));
}

#[tokio::test]
async fn refused_lines_are_shown_with_number_and_reason() {
    let world = World::new().await;
    let (preview, _) = import(&world, b"front,back\nAustria,Vienna\nFrance,Paris,x\n,empty\nSpain,Madrid\n").await;
    let page = world.browser(Role::Teacher).get(&preview).await.text();
    for expected in [
        "1 card will be added",
        "3 lines are refused",
        "The deck has this card already.",
        "It has 3 cells; the others have 2.",
        "Front is empty.",
    ] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
}

#[tokio::test]
async fn settings_can_be_changed_by_a_form() {
    let world = World::new().await;
    let (preview, _) = import(&world, b"a;b\nc;d\n").await;
    let teacher = world.browser(Role::Teacher);
    let page = teacher.get(&format!("{preview}?separator=comma&header=no")).await.text();
    assert!(page.contains("one column only"), "{page}");
    let page = teacher.get(&format!("{preview}?separator=semicolon&header=yes&c0=back&c1=front")).await.text();
    assert!(page.contains("1 card will be added"), "{page}");
}

#[tokio::test]
async fn bad_uploads_are_answered_in_words() {
    let world = World::new().await;
    let teacher = world.browser(Role::Teacher);
    let path = format!("/decks/{}/import", world.deck);
    let empty = upload(&teacher, &path, "file", "", vec![]).await;
    assert_eq!(empty.header("location"), format!("{path}?problem=empty"));
    assert!(teacher.get(empty.header("location")).await.text().contains("Choose a file or paste something first."));
    let large = upload(&teacher, &path, "file", "big.csv", vec![b'a'; 10 * 1024 * 1024 + 1]).await;
    assert_eq!(large.header("location"), format!("{path}?problem=large"));
    let (preview, id) = import(&world, &[0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13]).await;
    assert!(teacher.get(&preview).await.text().contains("This is no text file."));
    assert_eq!(teacher.post("/api/confirm_import", &confirmation(id)).await.status, 422);
    for (role, status) in [(Role::Anonymous, 401), (Role::Member, 403), (Role::OtherTeacher, 404), (Role::Admin, 404)] {
        let answer = upload(&world.browser(role), &path, "file", "a.csv", b"a,b".to_vec()).await;
        assert_eq!(answer.status, status, "{role:?}");
    }
}

#[tokio::test]
async fn an_export_is_read_by_members_and_imports_again() {
    let world = World::new().await;
    let path = format!("/decks/{}/export.csv", world.deck);
    let answer = world.browser(Role::Member).get(&path).await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-disposition").contains("Capitals.csv"));
    let text = answer.text();
    assert!(text.contains("\"Austria\",\"Vienna\",\"\",\"\",\"Europe\""), "{text}");
    assert_eq!(world.browser(Role::OtherTeacher).get(&path).await.status, 404);
    assert_eq!(world.browser(Role::Anonymous).get(&path).await.status, 401);
    let (preview, _) = import(&world, &answer.body).await;
    assert!(world.browser(Role::Teacher).get(&preview).await.text().contains("The deck has this card already."));
}

#[tokio::test]
async fn ten_thousand_cards_are_paged_and_searched() {
    let world = World::new().await;
    let now = world.server.now();
    let cards: Vec<NewCard> = (0..10_000)
        .map(|n| {
            let text = CardText { front: format!("Card number {n}"), back: "b".into(), ..CardText::default() };
            NewCard { id: world.server.id(), category_id: None, text }
        })
        .collect();
    world.server.state.db.add_cards(world.deck, &cards, now).await.unwrap();
    let member = world.browser(Role::Member);
    let page = member.get(&format!("/decks/{}?page=201", world.deck)).await.text();
    assert!(page.contains("Card number 9999") && !page.contains("Card number 9998 "), "the last page has one card");
    let found = member.get(&format!("/decks/{}?search=number+9999", world.deck)).await.text();
    assert!(found.contains("1 card found") && found.contains("Card number 9999"), "{found}");
}

#[tokio::test]
async fn what_a_card_says_is_never_executed() {
    let world = World::new().await;
    let teacher = world.browser(Role::Teacher);
    let deck = world.deck.to_string();
    let form = [
        ("deck", deck.as_str()),
        ("front", "$\\nosuchthing$ <script>alert(1)</script>"),
        ("back", "$x^2$ <img src=x onerror=alert(1)>"),
        ("tags", "\"><script>"),
    ];
    assert_eq!(teacher.post("/api/add_card", &form).await.status, 200);
    let page = teacher.get(&format!("/decks/{deck}")).await.text();
    assert!(page.contains("&lt;script&gt;alert(1)"), "it is shown as text");
    assert!(!page.contains("<script>alert(1)") && !page.contains("<img src=x"), "{page}");
    assert!(page.contains("math-error") && page.contains("<math"), "{page}");
}

#[tokio::test]
async fn deleted_cards_come_back_without_javascript() {
    let world = World::new().await;
    let teacher = world.browser(Role::Teacher);
    let path = format!("/decks/{}", world.deck);
    let form = [("deck", world.deck.to_string()), ("cards[]", world.card.to_string()), ("action", "delete".into())];
    let answer = teacher.submit("/api/change_cards", &path, &form).await;
    let location = answer.header("location").to_owned();
    let page = teacher.get(&location).await.text();
    assert!(page.contains("1 card deleted.") && !page.contains("Austria"), "{page}");
    let deletion = location.split("deleted=").nth(1).unwrap().split('&').next().unwrap();
    let form = [("deck", world.deck.to_string()), ("deletion", deletion.to_owned())];
    teacher.submit("/api/restore_cards", &location, &form).await;
    assert!(teacher.get(&path).await.text().contains("Austria"));
}

/// A PNG's head with this size.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = vec![0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13, b'I', b'H', b'D', b'R'];
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend([8, 6, 0, 0, 0, 0, 0, 0, 0]);
    bytes
}

#[tokio::test]
async fn pictures_are_checked_by_content_and_shown_to_readers_only() {
    let world = World::new().await;
    let teacher = world.browser(Role::Teacher);
    let path = format!("/decks/{}/images", world.deck);
    let stored = upload(&teacher, &path, "image", "map.txt", png(300, 200)).await;
    assert_eq!(stored.status, 303, "{}", stored.text());
    let image = stored.header("location").to_owned();
    for (role, status) in [(Role::Member, 200), (Role::OtherTeacher, 404), (Role::Admin, 404), (Role::Anonymous, 401)] {
        let answer = world.browser(role).get(&image).await;
        assert_eq!(answer.status, status, "{role:?}");
        if status == 200 {
            assert_eq!(answer.header("content-type"), "image/png");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert!(answer.header("cache-control").starts_with("private"));
        }
    }
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec();
    for (what, bytes, status) in [
        ("huge sides", png(40_000, 40_000), 422),
        ("too wide", png(40_000, 10), 422),
        ("too high", png(10, 40_000), 422),
        ("svg", svg, 422),
        ("junk", b"hello".to_vec(), 422),
        ("empty", vec![], 422),
        ("too many bytes", [png(10, 10), vec![0; 2 * 1024 * 1024]].concat(), 413),
        ("far too many bytes", vec![0; 6 * 1024 * 1024], 413),
    ] {
        assert_eq!(upload(&teacher, &path, "image", "x.png", bytes).await.status, status, "{what}");
    }
    assert_eq!(upload(&world.browser(Role::Member), &path, "image", "x.png", png(1, 1)).await.status, 403);
}

#[tokio::test]
async fn readers_see_no_tools_and_strangers_nothing() {
    let world = World::new().await;
    let path = format!("/decks/{}", world.deck);
    let member = world.browser(Role::Member).get(&path).await;
    assert_eq!(member.status, 200);
    assert!(member.text().contains("Austria") && !member.text().contains("/api/change_cards"), "{}", member.text());
    let teacher = world.browser(Role::Teacher).get(&path).await.text();
    assert!(teacher.contains("/api/change_cards") && teacher.contains(&format!("{path}/blitz")), "{teacher}");
    let stranger = world.browser(Role::OtherTeacher).get(&path).await;
    assert_eq!(stranger.status, 404);
    assert!(!stranger.text().contains("Austria"));
}
