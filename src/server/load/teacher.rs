//! The person who sets things up: signs in or up, makes decks, imports cards, creates a quiz.
//! By the same requests as a browser.

use super::{Failure, Target};
use crate::{
    domain::ids::{DeckId, ImportId, LiveSessionId},
    server::{auth::session, clock::Clock, random},
};
use reqwest::{RequestBuilder, header, multipart};
use serde::{Serialize, de::DeserializeOwned};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// A signed-in browser.
#[derive(Clone, Debug)]
pub struct Teacher {
    url: String,
    http: reqwest::Client,
    /// The value of its `Cookie` header.
    pub cookie: String,
}

/// How long the steps of an import took.
#[derive(Clone, Copy, Debug)]
pub struct ImportTimes {
    pub upload: Duration,
    pub preview: Duration,
    pub confirm: Duration,
    pub added: u64,
}

/// Settings that are left to the server to detect.
const DETECT: [(&str, &str); 5] =
    [("encoding", ""), ("separator", ""), ("row_end", ""), ("header", ""), ("columns", "")];

impl Teacher {
    /// Signs in, or up where the account does not exist yet.
    pub async fn enter(target: &Target) -> Result<Self, Failure> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| format!("no HTTP client: {error}"))?;
        let mut teacher = Self { url: target.url.trim_end_matches('/').to_owned(), http, cookie: String::new() };
        let (email, password) = (target.email.as_str(), target.password.as_str());
        let sign_in = teacher.send(teacher.function("sign_in").form(&[("email", email), ("password", password)])).await;
        let answer = match sign_in {
            Ok(answer) => answer,
            Err(_) => {
                let form = [("email", email), ("display_name", "Load"), ("password", password), ("role", "teacher")];
                teacher.send(teacher.function("sign_up").form(&form)).await?
            }
        };
        let cookies = answer.headers().get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.filter_map(|line| line.split(';').next());
        let cookie = pairs.find(|pair| pair.starts_with(session::COOKIE));
        teacher.cookie = cookie.ok_or("signing in gave no cookie")?.to_owned();
        Ok(teacher)
    }

    /// Calls a server function.
    pub async fn call<T: DeserializeOwned>(
        &self,
        function: &str,
        form: &(impl Serialize + ?Sized),
    ) -> Result<T, Failure> {
        read(self.send(self.function(function).form(form)).await?).await
    }

    pub async fn create_deck(&self, title: &str) -> Result<DeckId, Failure> {
        self.call("create_deck", &[("title", title), ("group", "")]).await
    }

    /// Imports a CSV file with a head line, as a person does: upload, look at the preview, confirm.
    pub async fn import(&self, deck: DeckId, csv: String) -> Result<ImportTimes, Failure> {
        let part = multipart::Part::text(csv).file_name("cards.csv");
        let started = Instant::now();
        let form = multipart::Form::new().part("file", part);
        let sent = self.http.post(format!("{}/decks/{deck}/import", self.url)).multipart(form);
        let import: ImportId = read(self.send(sent).await?).await?;
        let upload = started.elapsed();

        let id = import.to_string();
        let settings: Vec<(&str, &str)> = [("import", id.as_str())].into_iter().chain(DETECT).collect();
        let started = Instant::now();
        let query = format!("import={import}&encoding=&separator=&row_end=&header=&columns=&page=1");
        let preview = self.http.get(format!("{}/api/preview_import?{query}", self.url));
        let seen: serde_json::Value = read(self.send(preview).await?).await?;
        let preview = started.elapsed();
        if seen.get("will_be_added").is_none() {
            return Err(format!("not a preview: {seen}"));
        }

        let started = Instant::now();
        let added = self.call("confirm_import", &settings).await?;
        Ok(ImportTimes { upload, preview, confirm: started.elapsed(), added })
    }

    /// Makes a quiz of all questions of the deck, with options to choose from.
    pub async fn create_quiz(&self, deck: DeckId, questions: u32, seconds: u32) -> Result<LiveSessionId, Failure> {
        let key: Uuid = random::id(Clock::System.now());
        let form = [
            ("deck", deck.to_string()),
            ("category", String::new()),
            ("card_count", questions.to_string()),
            ("time_limit_s", seconds.to_string()),
            ("answers", "choice".to_owned()),
            ("key", key.to_string()),
        ];
        self.call("create_live_session", &form).await
    }

    fn function(&self, name: &str) -> RequestBuilder {
        self.http.post(format!("{}/api/{name}", self.url))
    }

    async fn send(&self, request: RequestBuilder) -> Result<reqwest::Response, Failure> {
        let request = request.header(header::ORIGIN, &self.url).header(header::ACCEPT, "application/json");
        let request = if self.cookie.is_empty() { request } else { request.header(header::COOKIE, &self.cookie) };
        let answer = request.send().await.map_err(|error| format!("the server does not answer: {error}"))?;
        let (status, path) = (answer.status(), answer.url().path().to_owned());
        if status.is_client_error() || status.is_server_error() {
            return Err(format!("{path} answered {status}: {}", answer.text().await.unwrap_or_default()));
        }
        Ok(answer)
    }
}

async fn read<T: DeserializeOwned>(answer: reqwest::Response) -> Result<T, Failure> {
    let path = answer.url().path().to_owned();
    let text = answer.text().await.map_err(|error| format!("{path}: {error}"))?;
    serde_json::from_str(&text).map_err(|error| format!("{path} answered something else ({error}): {text:.200}"))
}

/// A table of `rows` cards, all different.
pub fn table(rows: u32) -> String {
    let mut csv = String::from("front,back,tags\n");
    for n in 1..=rows {
        csv.push_str(&format!(
            "\"What is {n} times seven, written as a number?\",{},\"number, times-{}\"\n",
            n * 7,
            n % 10
        ));
    }
    csv
}
