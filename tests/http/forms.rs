//! Forms sent without JavaScript: after a mistake, or while a picture is uploaded, nothing that was typed is lost.

use crate::common::{Answer, Browser, Role, World};
use reqwest::{Method, header, multipart};

/// Sends a form and loads the page that it leads back to.
async fn back(browser: &Browser, path: &str, from: &str, form: &[(&str, String)]) -> String {
    let answer = browser.submit(path, from, form).await;
    assert_eq!(answer.status, 302, "{}", answer.text());
    let location = answer.header("location").to_owned();
    assert!(location.starts_with(&format!("{from}?")), "{location}");
    let page = browser.get(location.split('#').next().unwrap()).await;
    assert_eq!(page.status, 200, "{location}");
    page.text()
}

/// The fields of a card's form, with texts that are longer than an address and need escaping.
fn card_form(world: &World, front: &str) -> Vec<(&'static str, String)> {
    vec![
        ("deck", world.deck.to_string()),
        ("card", world.card.to_string()),
        ("front", front.to_owned()),
        ("back", format!("Budapest <b>& {}", "long ".repeat(900))),
        ("hint", "On the \"Danube\"".to_owned()),
        ("explanation", "Since 1873".to_owned()),
        ("aliases", "Buda\r\nPest".to_owned()),
        ("tags", "europe capital".to_owned()),
        ("category", world.category.to_string()),
    ]
}

#[track_caller]
fn has_card_form(world: &World, page: &str) {
    for kept in [
        &format!("Budapest &lt;b&gt;&amp; {}", "long ".repeat(900)),
        "On the &quot;Danube&quot;",
        "Since 1873",
        "Buda\nPest",
        "value=\"europe capital\"",
        &format!("<option value=\"{}\" selected", world.category),
    ] {
        assert!(page.contains(kept), "{kept} is not in {page}");
    }
}

#[tokio::test]
async fn a_refused_card_comes_back_as_it_was_typed() {
    let world = World::new().await;
    let teacher = world.browser(Role::Teacher);
    let path = format!("/decks/{}/cards/{}", world.deck, world.card);
    let page = back(&teacher, "/api/edit_card", &path, &card_form(&world, "")).await;
    has_card_form(&world, &page);
    assert!(page.contains("aria-invalid=\"true\""), "{page}");
    assert!(!page.contains("Austria"), "what is stored does not stand where the empty front was left");

    let stored = world.server.state.db.card(world.deck, world.card).await.unwrap().unwrap();
    assert_eq!(stored.text.front, "Austria", "nothing is saved");
    let plain = teacher.get(&path).await.text();
    assert!(plain.contains("Austria") && !plain.contains("Danube"), "{plain}");
}

#[tokio::test]
async fn what_was_typed_is_shown_to_nobody_else() {
    let world = World::new().await;
    let path = format!("/decks/{}/cards/{}", world.deck, world.card);
    let answer = world.browser(Role::Teacher).submit("/api/edit_card", &path, &card_form(&world, "")).await;
    let location = answer.header("location").to_owned();
    assert!(!location.contains("Danube"), "texts stay out of addresses: {location}");
    for role in [Role::Owner, Role::Member] {
        let page = world.browser(role).get(&location).await.text();
        assert!(page.contains("Austria") && !page.contains("Danube"), "{role:?}: {page}");
    }
}

#[tokio::test]
async fn a_picture_is_uploaded_from_a_card_in_work() {
    let world = World::new().await;
    let teacher = world.browser(Role::Teacher);
    let path = format!("/decks/{}/cards/{}", world.deck, world.card);
    let png = [
        &[0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13][..],
        b"IHDR",
        &[0, 0, 0, 9, 0, 0, 0, 9],
        &[8, 6, 0, 0, 0, 0, 0, 0, 0],
    ];
    for (bytes, shown) in [(png.concat(), "![](/images/"), (b"no picture".to_vec(), "This picture cannot be used")] {
        let mut form = multipart::Form::new();
        for (name, value) in card_form(&world, "Hungary in work") {
            form = form.text(name, value);
        }
        let form = form.text("next", path.clone()).part("image", multipart::Part::bytes(bytes).file_name("map.png"));
        let request = teacher.request(Method::POST, &format!("/decks/{}/images", world.deck));
        let answer = Answer::of(request.header(header::ACCEPT, "text/html").multipart(form)).await;
        let location = answer.header("location").to_owned();
        assert_eq!(answer.status, 303, "{}", answer.text());
        let page = teacher.get(location.split('#').next().unwrap()).await.text();
        has_card_form(&world, &page);
        assert!(page.contains("Hungary in work") && page.contains(shown), "{page}");
    }
}

#[tokio::test]
async fn a_refused_quick_card_comes_back_as_it_was_typed() {
    let world = World::new().await;
    let form = [
        ("deck", world.deck.to_string()),
        ("front", "Hungary".to_owned()),
        ("back", "x".repeat(5_001)),
        ("tags", "europe".to_owned()),
        ("category", world.category.to_string()),
    ];
    let teacher = world.browser(Role::Teacher);
    let page = back(&teacher, "/api/add_card", &format!("/decks/{}", world.deck), &form).await;
    let back = format!("value=\"{}\"", "x".repeat(5_001));
    for kept in ["value=\"Hungary\"", &*back, "value=\"europe\"", "At most 5000 characters"] {
        assert!(page.contains(kept), "{kept} is not in {page}");
    }
    let add = page.split("id=\"add-category\"").nth(1).unwrap();
    assert!(add.contains(&format!("<option value=\"{}\" selected", world.category)), "{add}");
}

#[tokio::test]
async fn a_refused_player_finds_pin_and_name_again() {
    let world = World::new().await;
    let player = world.server.browser();
    let form = [("pin", "10 00 00".to_owned()), ("name", "Mina & Tom".to_owned())];
    let page = back(&player, "/api/join_live_session", "/join", &form).await;
    assert!(page.contains("value=\"100 000\"") && page.contains("value=\"Mina &amp; Tom\""), "{page}");
    assert!(page.contains("aria-invalid=\"true\""), "{page}");
    // From the address of a QR code too, where another PIN was typed over its own.
    let page = back(&player, "/api/join_live_session", "/join/222222", &form).await;
    assert!(page.contains("value=\"100 000\""), "{page}");
}
