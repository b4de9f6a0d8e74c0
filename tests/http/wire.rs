//! The packed answers that pages ask for: the same results, errors and statuses as in JSON, and handed over with
//! the page that was rendered from them.

use crate::common::{Answer, Browser, Role, World};
use reqwest::{Method, header};
use serde::de::DeserializeOwned;
use studyhall::api::{
    error::{AppError, Problem},
    groups::GroupSummary,
    wire,
};

async fn packed(browser: &Browser, method: Method, path: &str, form: &[(&str, &str)]) -> Answer {
    let mut request = browser.request(method.clone(), path).header(header::ACCEPT, wire::PACKED);
    if method == Method::POST {
        request = request.form(form);
    }
    Answer::of(request).await
}

fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, AppError> {
    assert_eq!(answer.header("content-type"), wire::PACKED);
    wire::Answer::from(answer.body.clone()).read()
}

#[tokio::test]
async fn pages_get_packed_answers_and_everybody_else_json() {
    let world = World::new().await;
    let teacher = world.browser(Role::Teacher);
    let answer = packed(&teacher, Method::GET, "/api/my_groups", &[]).await;
    assert_eq!(answer.status, 200);
    let groups = read::<Vec<GroupSummary>>(&answer).unwrap();
    assert!(!groups.is_empty());
    let json = teacher.call("/api/my_groups", "").await;
    assert_eq!(json.header("content-type"), "application/json");
    assert_eq!(json.json::<Vec<GroupSummary>>(), groups);
}

#[tokio::test]
async fn refusals_keep_their_status() {
    let world = World::new().await;
    let stranger = Browser::new(&world.server.url);
    let answer = packed(&stranger, Method::GET, "/api/my_groups", &[]).await;
    assert_eq!((answer.status, read::<Vec<GroupSummary>>(&answer)), (401, Err(AppError::SignInRequired)));

    let form = [("email", ""), ("password", "x")];
    let answer = packed(&stranger, Method::POST, "/api/sign_in", &form).await;
    let error = read::<String>(&answer).unwrap_err();
    assert_eq!((answer.status, error.problem("email")), (422, Some(&Problem::Required)));

    // Arguments that cannot be read are refused before the function runs.
    let answer = packed(&stranger, Method::POST, "/api/sign_in", &[("mail", "x")]).await;
    assert_eq!((answer.status, read::<String>(&answer)), (500, Err(AppError::Invalid { fields: vec![] })));
}

#[tokio::test]
async fn a_form_without_javascript_finds_its_error_in_the_page_it_comes_back_to() {
    let world = World::new().await;
    let stranger = Browser::new(&world.server.url);
    let back = stranger.submit("/api/sign_in", "/sign-in", &[("email", "a@b.example"), ("password", "wrong")]).await;
    assert_eq!(back.status, 302);
    let to = back.header("location");
    let to = to.strip_prefix(&world.server.url).unwrap_or(to);
    let page = stranger.get(to).await.text();
    assert!(page.contains("form-error"), "{page}");
    // Handed over for hydration: the function's path, then the error by its text.
    assert!(page.contains("= \"/api/sign_in "), "{page}");
}
