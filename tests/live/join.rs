//! Joining: PINs, names, seats.

use crate::common::{Role, Socket, World};
use axum::http::header::COOKIE;
use studyhall::{
    api::error::{AppError, Problem},
    domain::{
        ids::LiveSessionId,
        live::{
            blitz::{PlayerPhase, Rules},
            draw::AnswerMode,
            pin::Pin,
        },
    },
    protocol::{Channel, Command, Outcome, Refused, close},
    server::{auth::layer::find_actor, call::Call, live::commands::CreateLiveSession},
};

async fn pin(world: &World) -> String {
    world.server.state.db.live_session(world.session).await.unwrap().pin.unwrap()
}

#[tokio::test]
async fn a18_names_are_checked_in_place() {
    let world = World::new().await;
    let pin = pin(&world).await;
    let try_name = async |name: &str| {
        let answer =
            world.server.browser().post("/api/join_live_session", &[("pin", pin.as_str()), ("name", name)]).await;
        if answer.status == 200 { None } else { answer.error().problem("name").cloned() }
    };
    assert_eq!(try_name("").await, Some(Problem::Required));
    assert_eq!(try_name("  \u{200B} ").await, Some(Problem::Required));
    assert_eq!(try_name(&"x".repeat(200)).await, Some(Problem::TooLong { max: 24 }));
    assert_eq!(try_name("fuck you").await, Some(Problem::NotAllowed));
    assert_eq!(try_name("GULLIVER").await, Some(Problem::Taken { suggestion: Some("GULLIVER 2".into()) }));
    assert!(matches!(try_name("Gullіver").await, Some(Problem::Taken { .. })), "a Cyrillic look-alike");
    for fine in ["🦊🦊", "نور", "GULLIVER 2", "李小龍", "<b>Bob</b>"] {
        assert_eq!(try_name(fine).await, None, "{fine}");
    }
}

#[tokio::test]
async fn a11_a_wrong_an_old_and_a_mistyped_pin_are_the_same() {
    let world = World::new().await;
    let pin = pin(&world).await;
    let wrong: Pin = pin.parse().unwrap();
    let other = Pin::nth(wrong.to_string().parse::<u32>().unwrap() - 100_000 + 1).to_string();
    let problem = async |pin: &str| {
        let answer = world.server.browser().post("/api/join_live_session", &[("pin", pin), ("name", "Mina")]).await;
        (answer.status, answer.error())
    };
    let expected = (422, AppError::field("pin", Problem::Wrong));
    for pin in [other.as_str(), "", "12", "abcdef", "99999999999999999999"] {
        assert_eq!(problem(pin).await, expected, "{pin}");
    }
    let owner = world.browser(Role::Owner);
    let end = [("session", world.session.to_string()), ("seen", "0".into())];
    assert_eq!(owner.post("/api/end_live_session", &end).await.status, 200);
    assert_eq!(problem(&pin).await, expected, "the session has ended");
}

#[tokio::test]
async fn a11_guessing_pins_is_stopped() {
    let world = World::new().await;
    let browser = world.server.browser();
    let mut refused = false;
    for n in 0..500 {
        let pin = Pin::nth(n).to_string();
        let answer = browser.post("/api/join_live_session", &[("pin", pin.as_str()), ("name", "Mina")]).await;
        if answer.status == 429 {
            refused = true;
            break;
        }
    }
    assert!(refused, "500 wrong PINs in a row were all answered");
    // Not even the right one helps who guessed for so long: it would tell that it is right.
    let right = browser.post("/api/join_live_session", &[("pin", pin(&world).await.as_str()), ("name", "Mina")]).await;
    assert_eq!(right.status, 429);
}

#[tokio::test]
async fn a06_a_second_tab_comes_to_the_same_seat_and_the_first_is_told() {
    let world = World::new().await;
    let pin = pin(&world).await;
    let browser = world.browser(Role::Guest);
    let again = browser.post("/api/join_live_session", &[("pin", pin.as_str()), ("name", "Somebody else")]).await;
    assert_eq!(again.json::<LiveSessionId>(), world.session);
    assert_eq!(world.server.state.db.live_session_participants(world.session).await.unwrap().len(), 1);
    let mut first = Socket::subscribed(&browser, &[Channel::LivePlayer(world.session)]).await;
    first.player(|_| true).await;
    let mut second = Socket::subscribed(&browser, &[Channel::LivePlayer(world.session)]).await;
    assert_eq!(second.player(|_| true).await.me.name, "Gulliver");
    assert_eq!(first.closed().await, close::REPLACED);
}

#[tokio::test]
async fn an_account_keeps_its_seat_on_another_device() {
    let world = World::new().await;
    let pin = pin(&world).await;
    let member = world.browser(Role::Member);
    let joined = member.post("/api/join_live_session", &[("pin", pin.as_str()), ("name", "Mina")]).await;
    assert_eq!(joined.status, 200);
    // A device that has the account's cookie but not the seat's.
    let session_cookie = member.cookies().split("; ").find(|c| c.starts_with("studyhall_session")).unwrap().to_owned();
    let other = Socket::try_open(&world.server.url, &session_cookie, &world.server.url, studyhall::protocol::POSTCARD);
    let mut other = other.await.unwrap();
    let subscriptions =
        vec![studyhall::protocol::Subscription { channel: Channel::LivePlayer(world.session), position: None }];
    other.send(&studyhall::protocol::ClientFrame::Hello { tab: uuid::Uuid::nil(), subscriptions }).await;
    assert_eq!(other.player(|_| true).await.me.name, "Mina");
}

#[tokio::test]
async fn a_client_without_cookies_joins_and_returns_by_its_secret() {
    let world = World::new().await;
    let pin = pin(&world).await;
    let mut socket = Socket::subscribed(&world.server.browser(), &[]).await;
    let joined = socket.command(Command::JoinLiveSession { pin, name: "Robot".into() }).await;
    let Ok(Outcome::Joined { session, secret, .. }) = joined else { panic!("{joined:?}") };
    socket.vanish();
    let mut back = Socket::subscribed(&world.server.browser(), &[]).await;
    assert_eq!(back.command(Command::TakeSeat { session, secret: "0".repeat(64) }).await, Err(Refused::NotFound));
    assert_eq!(back.command(Command::TakeSeat { session, secret }).await, Ok(Outcome::Done));
    let channel = Channel::LivePlayer(session);
    back.send(&studyhall::protocol::ClientFrame::Subscribe(studyhall::protocol::Subscription {
        channel,
        position: None,
    }))
    .await;
    let view = back.player(|_| true).await;
    assert!(view.me.name == "Robot" && matches!(view.phase, PlayerPhase::Lobby));
}

#[tokio::test]
async fn a_repeated_click_makes_one_session_and_small_decks_are_told() {
    let world = World::new().await;
    let owner = world.browser(Role::Owner);
    let create = async |count: &str, key: &str| {
        let form = [
            ("deck", world.capitals.to_string()),
            ("category", String::new()),
            ("card_count", count.to_owned()),
            ("time_limit_s", "20".into()),
            ("answers", "mixed".into()),
            ("key", key.to_owned()),
        ];
        owner.post("/api/create_live_session", &form).await
    };
    let key = uuid::Uuid::new_v4().to_string();
    let (one, two) = tokio::join!(create("50", &key), create("50", &key));
    let one: LiveSessionId = one.json();
    assert_eq!(one, two.json::<LiveSessionId>());
    let handle = world.server.state.live.session(one).await.unwrap();
    assert_eq!(handle.host_view().await.unwrap().total, 6, "as many questions as the deck has cards");
    let other = uuid::Uuid::new_v4().to_string();
    for bad in ["0", "101"] {
        let answer = create(bad, &other).await;
        assert_eq!(answer.error().problem("card_count"), Some(&Problem::OutOfRange { min: 1, max: 100 }));
    }
}

#[tokio::test]
async fn a_pin_in_use_is_not_given_out_again() {
    let world = World::new().await;
    let state = &world.server.state;
    let taken: Pin = pin(&world).await.parse().unwrap();
    let free = (0..Pin::COUNT).map(Pin::nth).find(|pin| *pin != taken).unwrap();
    let headers = [(COOKIE, world.browser(Role::Owner).cookies().parse().unwrap())].into_iter().collect();
    let actor = find_actor(state, &headers).await.unwrap();
    let make = async |pins: Vec<Pin>| {
        let call = Call { state: state.clone(), actor: actor.clone(), now: state.clock.now() };
        let quiz = CreateLiveSession {
            deck: world.capitals,
            category: None,
            card_count: 3,
            time_limit_s: 20,
            hints: false,
            answers: AnswerMode::Mixed,
            rules: Rules::default(),
            teams: None,
            carried: vec![],
            key: uuid::Uuid::new_v4(),
        };
        let mut drawn = pins.into_iter();
        quiz.run_with(&call, || drawn.next().unwrap_or(taken)).await
    };
    let made = make(vec![taken, taken, free]).await.unwrap();
    assert_eq!(state.db.live_session_by_pin(taken).await.unwrap(), Some(world.session), "the first keeps its PIN");
    assert_eq!(state.db.live_session_by_pin(free).await.unwrap(), Some(made));
    assert_eq!(make(vec![]).await, Err(AppError::Unavailable), "no free one was found");
}

#[tokio::test]
async fn a_player_sees_the_pictures_of_the_deck_and_a_stranger_does_not() {
    let world = World::new().await;
    let (db, owner) = (&world.server.state.db, world.user(Role::Owner));
    let image = studyhall::server::storage::NewImage {
        id: world.server.id(),
        deck: world.capitals,
        uploaded_by: owner,
        media_type: "image/png",
        width: 1,
        height: 1,
        bytes: vec![1, 2, 3],
    };
    db.create_image(&image, world.server.now()).await.unwrap();
    let path = format!("/images/{}", image.id);
    assert_eq!(world.browser(Role::Guest).get(&path).await.body, [1, 2, 3]);
    assert_eq!(world.browser(Role::Anonymous).get(&path).await.status, 401);
    assert_eq!(world.browser(Role::OtherTeacher).get(&path).await.status, 404);
    // A seat in a session on another deck opens nothing.
    let elsewhere = studyhall::server::storage::NewImage { id: world.server.id(), deck: world.deck, ..image };
    db.create_image(&elsewhere, world.server.now()).await.unwrap();
    assert_eq!(world.browser(Role::Guest).get(&format!("/images/{}", elsewhere.id)).await.status, 401);
}

#[tokio::test]
async fn a11_a_class_behind_one_address_gets_in_at_once_and_a_script_does_not() {
    let world = World::new().await;
    let pin = pin(&world).await;
    let enter = async |name: String| {
        let form = [("pin", pin.as_str()), ("name", name.as_str())];
        world.server.browser().post("/api/join_live_session", &form).await
    };
    let class = futures::future::join_all((0..35).map(|n| enter(format!("Pupil {n}")))).await;
    assert!(class.iter().all(|answer| answer.status == 200));
    let handle = world.server.state.live.session(world.session).await.unwrap();
    let view = handle.host_view().await.unwrap();
    assert_eq!((view.players, view.at_the_door), (36, 0), "with the guest");

    let (mut refused, mut seated) = (0, 0);
    for n in 0..400 {
        match enter(format!("Robot {n}")).await.status {
            200 => seated += 1,
            429 => refused += 1,
            other => panic!("{other}"),
        }
    }
    let view = handle.host_view().await.unwrap();
    // In the time of this test some more come through at the slow rate.
    assert!((150..220).contains(&view.players) && (140..250).contains(&view.at_the_door), "{view:?}");
    assert!(refused > 50 && seated + 36 == view.players + view.at_the_door, "{refused} {seated}");
    assert!(view.waiting.len() <= 60, "the host sees a screen of names and their number");
    let sentence = enter("Late".into()).await;
    assert_eq!(sentence.status, 429);
    // Who has an account is no crowd.
    let member = world.browser(Role::Member);
    let form = [("pin", pin.as_str()), ("name", "Mina")];
    assert_eq!(member.post("/api/join_live_session", &form).await.status, 200);
    assert_eq!(handle.host_view().await.unwrap().players, view.players + 1);
    // The host is rid of them with one press.
    let clear = [("session", world.session.to_string()), ("seen", "0".into()), ("action", "remove_all".into())];
    assert_eq!(world.browser(Role::Owner).post("/api/control_live_session", &clear).await.status, 200);
    let after = handle.host_view().await.unwrap();
    assert_eq!((after.at_the_door, after.players), (0, view.players + 1));
}

#[tokio::test]
async fn a11_an_assembly_behind_one_address_walks_in_when_the_host_says_that_it_comes() {
    let world = World::new().await;
    let (owner, key) = (world.browser(Role::Owner), world.server.id::<uuid::Uuid>().to_string());
    let deck = world.capitals.to_string();
    let form = [
        ("deck", deck.as_str()),
        ("category", ""),
        ("card_count", "3"),
        ("time_limit_s", "20"),
        ("answers", "choice"),
        ("rules[expected]", "500"),
        ("key", &key),
    ];
    let session: LiveSessionId = owner.post("/api/create_live_session", &form).await.json();
    let pin = world.server.state.db.live_session(session).await.unwrap().pin.unwrap();
    let enter = async |name: String| {
        let form = [("pin", pin.as_str()), ("name", name.as_str())];
        world.server.browser().post("/api/join_live_session", &form).await.status
    };
    let handle = world.server.state.live.session(session).await.unwrap();
    // The door's clock is the machine's: within the minute of this test hardly anybody comes through at the slow rate.
    for part in 0..20 {
        let statuses = futures::future::join_all((0..25).map(|n| enter(format!("Guest {}", part * 25 + n)))).await;
        assert!(statuses.iter().all(|status| *status == 200), "{part}: {statuses:?}");
    }
    let view = handle.host_view().await.unwrap();
    assert_eq!((view.players, view.at_the_door), (500, 0));
    // A script finds the seats of a tenth more at most, whatever its address; then it stands at the door.
    for n in 0..300 {
        enter(format!("Robot {n}")).await;
    }
    let view = handle.host_view().await.unwrap();
    assert!(view.players <= 550 && view.at_the_door > 0, "{} {}", view.players, view.at_the_door);
}

#[tokio::test]
async fn a11_a_host_who_lets_a_crowd_in_lets_as_many_again_walk_in() {
    let world = World::new().await;
    let pin = pin(&world).await;
    let enter = async |from: u32, to: u32| {
        for n in from..to {
            let (form, name) = (pin.as_str(), format!("Guest {n}"));
            let form = [("pin", form), ("name", name.as_str())];
            world.server.browser().post("/api/join_live_session", &form).await;
        }
    };
    let handle = world.server.state.live.session(world.session).await.unwrap();
    enter(0, 350).await;
    let before = handle.host_view().await.unwrap();
    assert!(before.players < 200 && before.at_the_door > 100, "{} {}", before.players, before.at_the_door);
    let press = [("session", world.session.to_string()), ("seen", "0".into()), ("action", "admit_all".into())];
    assert_eq!(world.browser(Role::Owner).post("/api/control_live_session", &press).await.status, 200);
    let pressed = handle.host_view().await.unwrap();
    assert_eq!(pressed.at_the_door, 0);
    enter(350, 550).await;
    let after = handle.host_view().await.unwrap();
    assert_eq!((after.players, after.at_the_door), (pressed.players + 200, 0));
}
