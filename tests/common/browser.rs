//! A browser's side of HTTP: cookies, the Origin header, forms and server functions. Follows no redirects.

use reqwest::{
    Method,
    cookie::{CookieStore, Jar},
    header,
};
use serde::{Serialize, de::DeserializeOwned};
use std::sync::Arc;
use studyhall::api::error::AppError;

/// One browser with its cookies.
#[derive(Clone)]
pub struct Browser {
    pub url: String,
    pub http: reqwest::Client,
    jar: Arc<Jar>,
}

/// What came back, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: header::HeaderMap,
    pub body: Vec<u8>,
}

impl Browser {
    pub fn new(url: &str) -> Self {
        let jar = Arc::new(Jar::default());
        let http = reqwest::Client::builder()
            .cookie_provider(jar.clone())
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self { url: url.to_owned(), http, jar }
    }

    /// A browser that already carries the cookie of a sign-in with this token.
    pub fn with_token(url: &str, token: &str) -> Self {
        let cookie = format!("{}={token}", studyhall::server::auth::session::COOKIE);
        let browser = Self::new(url);
        browser.jar.add_cookie_str(&cookie, &url.parse().unwrap());
        browser
    }

    /// The same browser at another server of this machine.
    pub fn at(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.clone() }
    }

    /// The `Cookie` header that this browser sends; empty without cookies.
    pub fn cookies(&self) -> String {
        let header = self.jar.cookies(&self.url.parse().unwrap());
        header.and_then(|value| value.to_str().ok().map(str::to_owned)).unwrap_or_default()
    }

    /// A request that a page of the server itself would send.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url)).header(header::ORIGIN, &self.url)
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path).header(header::ACCEPT, "text/html")).await
    }

    /// Calls a server function that posts its arguments: `post("/api/sign_in", &[("email", "…")])`.
    pub async fn post(&self, path: &str, form: &(impl Serialize + ?Sized)) -> Answer {
        Answer::of(self.request(Method::POST, path).header(header::ACCEPT, "application/json").form(form)).await
    }

    /// Calls a server function that is read by GET; `query` includes its question mark.
    pub async fn call(&self, path: &str, query: &str) -> Answer {
        Answer::of(self.request(Method::GET, &format!("{path}{query}")).header(header::ACCEPT, "application/json"))
            .await
    }

    /// Sends a form as a browser without JavaScript does: the answer is a redirect.
    pub async fn submit(&self, path: &str, from_page: &str, form: &(impl Serialize + ?Sized)) -> Answer {
        let referer = format!("{}{from_page}", self.url);
        Answer::of(
            self.request(Method::POST, path)
                .header(header::ACCEPT, "text/html,application/xhtml+xml")
                .header(header::REFERER, referer)
                .form(form),
        )
        .await
    }

    /// Makes an account and stays signed in. The password is [`Self::PASSWORD`].
    pub async fn sign_up(&self, email: &str, name: &str) -> Answer {
        self.post("/api/sign_up", &[("email", email), ("display_name", name), ("password", Self::PASSWORD)]).await
    }

    pub async fn sign_in(&self, email: &str, password: &str) -> Answer {
        self.post("/api/sign_in", &[("email", email), ("password", password)]).await
    }

    pub const PASSWORD: &'static str = "calm river under bridge";
}

impl Answer {
    /// Sends `request` and reads the answer.
    pub async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, body: response.bytes().await.unwrap().to_vec() }
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// The server function's result.
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text()))
    }

    /// The server function's error.
    #[track_caller]
    pub fn error(&self) -> AppError {
        self.json()
    }

    /// A header's text; empty when it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}
