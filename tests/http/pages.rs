//! Pages, fixed addresses, health and limits of requests.

use crate::common::{Answer, TestServer};
use reqwest::{Method, header};
use studyhall::server::assets;

#[tokio::test]
async fn a_page_is_complete_html_and_links_this_build() {
    let server = TestServer::start().await;
    let page = server.browser().get("/").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let html = page.text();
    assert!(html.starts_with("<!DOCTYPE html>"));
    assert!(html.contains("</html>"));
    assert!(html.contains(&format!("{}/pkg/studyhall.js", assets::prefix())));
}

#[tokio::test]
async fn a_page_that_fills_the_screen_links_its_own_part_of_the_browsers_side() {
    let server = TestServer::start().await;
    let nobody = "00000000-0000-0000-0000-000000000000";
    for (page, part, other) in [
        (format!("/rooms/{nobody}"), "live", "studyhall"),
        (format!("/live/{nobody}/play"), "live", "studyhall"),
        ("/sign-in?next=/rooms/1".to_owned(), "studyhall", "live"),
    ] {
        let html = server.browser().get(&page).await.text();
        assert!(html.contains(&format!("{}/pkg/{part}.wasm", assets::prefix())), "{page}");
        assert!(!html.contains(&format!("/pkg/{other}.wasm")), "{page}");
    }
}

#[tokio::test]
async fn an_unknown_address_is_a_page_with_status_404() {
    let server = TestServer::start().await;
    for path in ["/nothing/here", "/assets", "/pkg/studyhall.js"] {
        let page = server.browser().get(path).await;
        assert_eq!((page.status, page.header("content-type")), (404, "text/html; charset=utf-8"), "{path}");
        assert!(page.text().contains("<main"), "{path}");
    }
}

#[tokio::test]
async fn a_slash_at_the_end_leads_to_the_page_without_it() {
    let server = TestServer::start().await;
    let browser = server.browser();
    for (path, to) in [
        ("/join/", "/join"),
        ("/join/123456/", "/join/123456"),
        ("/join//?pin=1&name=a%2Fb", "/join?pin=1&name=a%2Fb"),
        ("/decks/", "/decks"),
        ("/nothing/here/", "/nothing/here"),
    ] {
        let answer = browser.get(path).await;
        assert_eq!((answer.status, answer.header("location")), (308, to), "{path}");
    }
    assert_eq!(browser.get("/").await.status, 200);
    // To a browser these are other sites.
    for path in ["//elsewhere.test/", "///elsewhere.test/", "/\\elsewhere.test/"] {
        let answer = browser.get(path).await;
        assert_eq!((answer.status, answer.header("location")), (404, ""), "{path}");
    }
}

#[tokio::test]
async fn a_page_comes_in_one_piece() {
    let server = TestServer::start().await;
    for path in ["/", "/join", "/nothing"] {
        let page = server.browser().get(path).await;
        assert_eq!(page.header("content-length"), page.body.len().to_string(), "{path}");
    }
}

#[tokio::test]
async fn assets_of_another_build_and_unknown_assets_are_not_found() {
    let server = TestServer::start().await;
    let browser = server.browser();
    assert_eq!(browser.get("/assets/000000000000/pkg/studyhall.js").await.status, 404);
    assert_eq!(browser.get(&format!("{}/pkg/nothing.js", assets::prefix())).await.status, 404);
    assert_eq!(browser.get(&format!("{}/../Cargo.toml", assets::prefix())).await.status, 404);
}

#[tokio::test]
async fn assets_are_compressed_beforehand_and_kept_for_good() {
    // Without the browser's build there is nothing embedded to serve.
    let Some(name) = ["pkg/studyhall.js", "pkg/studyhall.css"].into_iter().find(|name| assets::contains(name)) else {
        return;
    };
    let server = TestServer::start().await;
    let path = format!("{}/{name}", assets::prefix());
    for (accept, coding) in [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("identity", ""), ("br;q=0, gzip", "gzip")]
    {
        let request = server.browser().request(Method::GET, &path).header(header::ACCEPT_ENCODING, accept);
        let answer = Answer::of(request).await;
        assert_eq!((answer.status, answer.header("content-encoding")), (200, coding), "{accept}");
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        assert!(answer.header("vary").contains("accept-encoding"));
    }
}

#[tokio::test]
async fn health_and_readiness_answer_and_readiness_fails_without_a_database() {
    let server = TestServer::start().await;
    let browser = server.browser();
    assert_eq!(browser.get("/healthz").await.status, 200);
    assert_eq!(browser.get("/readyz").await.status, 200);
    server.state.db.close().await;
    assert_eq!(browser.get("/healthz").await.status, 200);
    assert_eq!(browser.get("/readyz").await.status, 503);
}

#[tokio::test]
async fn a_body_above_the_limit_is_refused() {
    let server = TestServer::start().await;
    let name = "x".repeat(70 * 1024);
    let answer = server.browser().post("/api/sign_in", &[("email", name.as_str()), ("password", "y")]).await;
    assert_eq!(answer.status, 413);
}

#[tokio::test]
async fn html_is_compressed_when_the_browser_can_read_it() {
    let server = TestServer::start().await;
    let request = server.browser().request(Method::GET, "/").header(header::ACCEPT_ENCODING, "gzip");
    assert_eq!(Answer::of(request).await.header("content-encoding"), "gzip");
}

#[tokio::test]
async fn a_stop_waits_for_tracked_tasks_and_ends() {
    let server = TestServer::start().await;
    let (token, done) = (server.state.shutdown.token.clone(), tokio::sync::oneshot::channel());
    server.state.shutdown.tasks.spawn(async move {
        token.cancelled().await;
        done.0.send(()).unwrap();
    });
    let browser = server.browser();
    assert_eq!(browser.get("/healthz").await.status, 200);
    server.stop().await.unwrap();
    done.1.await.expect("the task was waited for");
    assert!(browser.http.get(format!("{}/healthz", browser.url)).send().await.is_err());
}
