//! Security headers, the nonce, and the refusal of requests from other sites.

use crate::common::{Answer, TestServer};
use reqwest::{Method, header};

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let server = TestServer::start().await;
    for path in ["/", "/healthz", "/nothing", "/api/current_user"] {
        let answer = server.browser().get(path).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "strict-origin-when-cross-origin"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        assert!(answer.header("permissions-policy").contains("camera=()"), "{path}");
        assert_eq!(answer.header("x-request-id").len(), 16, "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "no TLS here: {path}");
        let policy = answer.header("content-security-policy");
        for part in ["frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "object-src 'none'"] {
            assert!(policy.contains(part), "{path}: {part}");
        }
        let scripts = policy.split(';').find(|part| part.trim().starts_with("script-src")).unwrap();
        assert!(!scripts.contains("unsafe-inline") && !scripts.contains("'unsafe-eval'"), "{path}");
    }
}

#[tokio::test]
async fn each_page_has_a_fresh_nonce_and_every_script_carries_it() {
    let server = TestServer::start().await;
    let mut seen = Vec::new();
    for path in ["/", "/", "/nothing"] {
        let page = server.browser().get(path).await;
        let policy = page.header("content-security-policy").to_owned();
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap().to_owned();
        let html = page.text();
        assert!(html.contains("<script"));
        for script in html.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{path}: <script{tag}>");
        }
        seen.push(nonce);
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 3);
}

#[tokio::test]
async fn pages_of_somebody_with_a_cookie_are_not_kept() {
    let server = TestServer::start().await;
    let request = server.browser().request(Method::GET, "/").header(header::COOKIE, "a=b");
    assert_eq!(Answer::of(request).await.header("cache-control"), "no-store");
    assert_eq!(server.browser().get("/").await.header("cache-control"), "no-cache");
}

/// Posts with exactly these headers.
async fn post(server: &TestServer, headers: &[(&str, &str)]) -> u16 {
    let mut request = reqwest::Client::new().post(format!("{}/api/sign_out", server.url));
    request = request.header("content-type", "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn only_this_site_may_change_something() {
    let server = TestServer::start().await;
    let own = server.url.clone();
    assert_eq!(post(&server, &[("sec-fetch-site", "same-origin")]).await, 200);
    assert_eq!(post(&server, &[("sec-fetch-site", "none")]).await, 200);
    assert_eq!(post(&server, &[("origin", &own)]).await, 200);
    for headers in [
        &[] as &[(&str, &str)],
        &[("origin", "https://evil.test")],
        &[("origin", "null")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site"), ("origin", "https://other.school.test")],
        &[("origin", "http://127.0.0.1:1")],
        &[("referer", &own)],
    ] {
        assert_eq!(post(&server, headers).await, 403, "{headers:?}");
    }
}

#[tokio::test]
async fn configured_origins_replace_the_own_one() {
    let server = TestServer::start_with(&[("STUDYHALL_ORIGINS", "https://quiz.school.test/")]).await;
    assert_eq!(post(&server, &[("origin", "https://quiz.school.test")]).await, 200);
    assert_eq!(post(&server, &[("origin", "https://quiz.school.test.evil.test")]).await, 403);
    assert_eq!(post(&server, &[("origin", &server.url)]).await, 403);
}

#[tokio::test]
async fn behind_tls_the_browser_is_told_to_stay_there() {
    let server = TestServer::start_with(&[("STUDYHALL_TRUST_PROXY", "true")]).await;
    let request = server.browser().request(Method::GET, "/").header("x-forwarded-proto", "https");
    assert!(Answer::of(request).await.header("strict-transport-security").starts_with("max-age="));
    let distrusting = TestServer::start().await;
    let request = distrusting.browser().request(Method::GET, "/").header("x-forwarded-proto", "https");
    assert_eq!(Answer::of(request).await.header("strict-transport-security"), "");
}
