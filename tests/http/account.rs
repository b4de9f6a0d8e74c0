//! Accounts over HTTP: signing up, in and out, what ends a sign-in, and what a stranger cannot do.

use crate::common::{Answer, Browser, TestServer};
use studyhall::{
    api::{
        account::{Me, SignedInBrowser},
        error::{AppError, Problem},
    },
    domain::role::UserRole,
};

async fn me(browser: &Browser) -> Option<Me> {
    browser.call("/api/current_user", "").await.json()
}

async fn change_password(browser: &Browser, current: &str, password: &str) -> Answer {
    browser.post("/api/change_password", &[("current", current), ("password", password)]).await
}

#[tokio::test]
async fn one_signs_up_out_and_in() {
    let server = TestServer::start().await;
    let browser = server.browser();
    assert_eq!(me(&browser).await, None);
    let answer = browser.sign_up(" Mina@School.test ", "Mina  O.").await;
    assert_eq!((answer.status, answer.json::<String>().as_str()), (200, "/"), "{}", answer.text());
    let signed_in = me(&browser).await.unwrap();
    assert_eq!((signed_in.email.as_str(), signed_in.display_name.as_str()), ("mina@school.test", "Mina O."));

    assert_eq!(browser.post("/api/sign_out", &[("", "")]).await.status, 200);
    assert_eq!(me(&browser).await, None);
    assert_eq!(browser.sign_in("MINA@school.test", Browser::PASSWORD).await.status, 200);
    assert!(me(&browser).await.is_some());
}

#[tokio::test]
async fn of_first_sign_ups_at_once_one_becomes_admin() {
    let server = TestServer::start().await;
    assert!(server.browser().call("/api/first_sign_up", "").await.json::<bool>());
    let tasks: Vec<_> = (0..4)
        .map(|n| {
            let browser = server.browser();
            tokio::spawn(async move {
                assert_eq!(browser.sign_up(&format!("{n}@school.test"), "Somebody").await.status, 200);
                me(&browser).await.unwrap().role
            })
        })
        .collect();
    let mut admins = 0;
    for task in tasks {
        admins += usize::from(task.await.unwrap() == UserRole::Admin);
    }
    assert_eq!(admins, 1);
    assert!(!server.browser().call("/api/first_sign_up", "").await.json::<bool>());
}

#[tokio::test]
async fn nobody_signs_up_as_admin() {
    let server = TestServer::start().await;
    let form = [("email", "a@school.test"), ("display_name", "A"), ("password", Browser::PASSWORD), ("role", "admin")];
    let answer = server.browser().post("/api/sign_up", &form).await;
    assert_eq!((answer.status, answer.error()), (422, AppError::field("role", Problem::NotAllowed)));
}

#[tokio::test]
async fn all_mistakes_of_a_form_are_told_at_once() {
    let server = TestServer::start().await;
    let long = "x".repeat(61);
    let form = [("email", "not an address"), ("display_name", long.as_str()), ("password", "short")];
    let answer = server.browser().post("/api/sign_up", &form).await;
    assert_eq!(answer.status, 422);
    let error = answer.error();
    assert_eq!(error.problem("email"), Some(&Problem::Malformed));
    assert_eq!(error.problem("display_name"), Some(&Problem::TooLong { max: 60 }));
    assert_eq!(error.problem("password"), Some(&Problem::TooShort { min: 10 }));

    assert_eq!(server.browser().sign_up("a@school.test", "A").await.status, 200);
    let again = server.browser().sign_up("A@school.test", "A").await;
    assert_eq!(again.error(), AppError::field("email", Problem::Taken { suggestion: None }));
}

/// Neither the sentence nor the status tells whether there is such an account.
#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_get_the_same_answer() {
    let server = TestServer::start().await;
    server.browser().sign_up("mina@school.test", "Mina").await;
    let wrong = server.browser().sign_in("mina@school.test", "not her password").await;
    let unknown = server.browser().sign_in("omar@school.test", "not her password").await;
    assert_eq!((wrong.status, wrong.text()), (422, unknown.text()));
    assert_eq!(wrong.status, unknown.status);
    assert_eq!(wrong.header("set-cookie"), "");
    assert_eq!(wrong.error(), AppError::field("password", Problem::Wrong));
}

#[tokio::test]
async fn guessing_a_password_ends_at_the_limit() {
    let server = TestServer::start().await;
    server.browser().sign_up("mina@school.test", "Mina").await;
    let thief = server.browser();
    let mut refused = None;
    for _ in 0..12 {
        let answer = thief.sign_in("mina@school.test", "guess").await;
        if answer.status == 429 {
            refused = Some(answer.error());
        }
    }
    assert!(matches!(refused, Some(AppError::TooMany { retry_after: 1.. })), "{refused:?}");
    assert_eq!(thief.sign_in("mina@school.test", Browser::PASSWORD).await.status, 429, "the right one too");
    assert_eq!(thief.sign_in("omar@school.test", "guess").await.status, 422, "other accounts are not affected");
}

#[tokio::test]
async fn the_cookie_is_kept_from_scripts_and_other_sites() {
    let server = TestServer::start_with(&[("STUDYHALL_SECURE_COOKIES", "true")]).await;
    let cookie = server.browser().sign_up("mina@school.test", "Mina").await.header("set-cookie").to_owned();
    assert!(cookie.starts_with("studyhall_session="), "{cookie}");
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Secure", "Max-Age=2592000"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    assert!(!cookie.contains("Domain"));

    let plain = TestServer::start().await;
    let cookie = plain.browser().sign_up("mina@school.test", "Mina").await.header("set-cookie").to_owned();
    assert!(!cookie.contains("Secure"), "over plain HTTP a Secure cookie would be lost: {cookie}");
}

#[tokio::test]
async fn a_sign_in_ended_elsewhere_is_refused_at_once() {
    let server = TestServer::start().await;
    let (laptop, phone) = (server.browser(), server.browser());
    laptop.sign_up("mina@school.test", "Mina").await;
    phone.sign_in("mina@school.test", Browser::PASSWORD).await;
    assert!(me(&phone).await.is_some(), "remembered now");
    let list: Vec<SignedInBrowser> = laptop.call("/api/my_sign_ins", "").await.json();
    assert_eq!(list.len(), 2);
    let other = list.iter().find(|row| !row.current).unwrap();
    assert_eq!(laptop.post("/api/end_sign_in", &[("sign_in", other.id.to_string())]).await.status, 200);
    assert_eq!(me(&phone).await, None);
    assert_eq!(phone.call("/api/my_sign_ins", "").await.status, 401);
    assert!(me(&laptop).await.is_some());
}

#[tokio::test]
async fn a_new_password_ends_all_other_sign_ins() {
    let server = TestServer::start().await;
    let (laptop, phone) = (server.browser(), server.browser());
    laptop.sign_up("mina@school.test", "Mina").await;
    phone.sign_in("mina@school.test", Browser::PASSWORD).await;
    assert!(me(&phone).await.is_some());

    let wrong = change_password(&laptop, "not it", "a new long password").await;
    assert_eq!(wrong.error(), AppError::field("current", Problem::Wrong));
    let easy = change_password(&laptop, Browser::PASSWORD, "mina@school.test").await;
    assert_eq!(easy.error(), AppError::field("password", Problem::TooWeak));
    assert!(me(&phone).await.is_some(), "a refused change ends nothing");

    assert_eq!(change_password(&laptop, Browser::PASSWORD, "a new long password").await.status, 200);
    assert!(me(&laptop).await.is_some());
    assert_eq!(me(&phone).await, None);
    assert_eq!(phone.sign_in("mina@school.test", Browser::PASSWORD).await.status, 422);
    assert_eq!(phone.sign_in("mina@school.test", "a new long password").await.status, 200);
}

#[tokio::test]
async fn a_sign_in_lives_thirty_days_from_its_last_use() {
    const DAY: i64 = 24 * 3600 * 1000;
    let server = TestServer::start().await;
    let browser = server.browser();
    browser.sign_up("mina@school.test", "Mina").await;
    server.advance(29 * DAY);
    // Remembered answers do not prolong it; the layer's memory is of ten real seconds, so forget it.
    server.state.auth.sessions.forget();
    let answer = browser.get("/account").await;
    assert!(answer.header("set-cookie").contains("Max-Age=2592000"), "the cookie is prolonged too");
    server.advance(29 * DAY);
    assert!(me(&browser).await.is_some());
    server.advance(31 * DAY);
    assert_eq!(me(&browser).await, None);
}

/// Without JavaScript a form is answered by a redirect; a foreign `next` is not followed.
#[tokio::test]
async fn after_signing_in_one_stays_on_this_site() {
    let server = TestServer::start().await;
    server.browser().sign_up("mina@school.test", "Mina").await;
    let go = async |next: &str| {
        let form = [("email", "mina@school.test"), ("password", Browser::PASSWORD), ("next", next)];
        let answer = server.browser().submit("/api/sign_in", "/sign-in", &form).await;
        assert_eq!(answer.status, 302, "{}", answer.text());
        answer.header("location").to_owned()
    };
    assert_eq!(go("/invite/ABCD2345").await, "/invite/ABCD2345");
    for evil in ["//evil.test", "/\\evil.test", "https:", "https://evil.test", "javascript:alert(1)", ""] {
        assert_eq!(go(evil).await, "/", "{evil}");
    }
}

/// Without JavaScript a mistake comes back to the page with its error and what was typed, but never the password.
#[tokio::test]
async fn without_javascript_what_was_typed_stays() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let form = [("email", "mina@school"), ("display_name", "Mina"), ("password", "hunter2-secret")];
    let answer = browser.submit("/api/sign_up", "/sign-up?next=/decks", &form).await;
    assert_eq!(answer.status, 302);
    let back = answer.header("location").to_owned();
    assert!(back.starts_with("/sign-up?") && back.contains("next=%2Fdecks"), "{back}");
    assert!(!back.contains("hunter2"), "{back}");
    let page = browser.get(&back).await.text();
    assert!(page.contains(r#"value="mina@school""#) && page.contains(r#"value="Mina""#), "{page}");
    assert!(page.contains(r#"aria-invalid="true""#), "{page}");
    assert!(page.contains(r#"value="/decks""#), "{page}");
}

#[tokio::test]
async fn the_account_page_is_complete_without_javascript() {
    let server = TestServer::start().await;
    let browser = server.browser();
    assert!(browser.get("/sign-up").await.text().contains("becomes its admin"));
    browser.sign_up("mina@school.test", "Mina <b>").await;
    let page = browser.get("/account").await;
    assert_eq!(page.status, 200);
    let text = page.text();
    assert!(text.contains("mina@school.test") && text.contains("This browser"), "{text}");
    assert!(!text.contains("Mina <b>"), "escaped");
    let form = [("display_name", "Zoë")];
    let saved = browser.submit("/api/change_display_name", "/account", &form).await;
    assert_eq!((saved.status, saved.header("location")), (302, "/account?done=name"));
    assert!(browser.get("/account?done=name").await.text().contains("Zoë"));
}

#[tokio::test]
async fn the_operator_resets_a_password_and_promotes() {
    use studyhall::server::auth::admin;
    let server = TestServer::start().await;
    server.browser().sign_up("admin@school.test", "Admin").await;
    let browser = server.browser();
    browser.sign_up("mina@school.test", "Mina").await;
    let db = &server.state.db;
    let password = admin::reset_password(db, "Mina@school.test").await.unwrap();
    admin::promote(db, "mina@school.test", UserRole::Teacher).await.unwrap();
    assert!(admin::promote(db, "nobody@school.test", UserRole::Admin).await.is_err());
    assert_eq!(browser.sign_in("mina@school.test", Browser::PASSWORD).await.status, 422);
    assert_eq!(browser.sign_in("mina@school.test", &password).await.status, 200);
    assert_eq!(me(&browser).await.unwrap().role, UserRole::Teacher);
}
