//! The simulated players against the real server: a whole quiz over the real socket, and the books add up.

use crate::common::TestServer;
use std::collections::BTreeMap;

/// Runs `studyhall load …` and gives its figures by name.
async fn load(server: &TestServer, words: &[&str]) -> BTreeMap<String, f64> {
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_studyhall"));
    let output = command.arg("load").args(words).args(["--url", &server.url, "--json"]).output().await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let lines = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    lines.map(|line| (line["name"].as_str().unwrap().to_owned(), line["value"].as_f64().unwrap())).collect()
}

#[tokio::test]
async fn a_quiz_loses_no_answer_and_counts_none_twice() {
    let server = TestServer::start().await;
    let figures = load(&server, &["game", "--players", "21", "--questions", "2", "--spread", "200"]).await;
    for (name, expected) in [("answers", 42.0), ("refused", 0.0), ("lost", 0.0), ("doubled", 0.0)] {
        assert_eq!(figures[name], expected, "{name}");
    }
}

#[tokio::test]
async fn an_import_adds_every_row() {
    let server = TestServer::start().await;
    assert_eq!(load(&server, &["import", "--rows", "300"]).await["rows"], 300.0);
}
