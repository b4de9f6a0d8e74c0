//! Configuration: what operators may set, and what they are told when they mistype it.

use std::collections::BTreeMap;
use studyhall::{
    domain::flags::Flag,
    server::config::{Config, DEFAULT_FILE, LogFormat, SecureCookies},
};

fn read(file: &str, env: &[(&str, &str)]) -> Result<Config, String> {
    let env: BTreeMap<_, _> = env.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Config::read(Some(file), &env).map_err(|error| error.to_string())
}

#[track_caller]
fn refused(file: &str, env: &[(&str, &str)], parts: &[&str]) {
    let message = read(file, env).expect_err("must be refused");
    for part in parts {
        assert!(message.contains(part), "“{part}” is missing in: {message}");
    }
}

#[test]
fn the_default_file_says_what_holds_without_it() {
    let (with, without) = (read(DEFAULT_FILE, &[]).unwrap(), read("", &[]).unwrap());
    assert_eq!(format!("{with:?}"), format!("{without:?}"));
    assert_eq!(&*without.database_url, "sqlite://data/studyhall.db");
}

#[test]
fn the_environment_wins_over_the_file() {
    let file = "[server]\nlog_format = \"text\"\nsecure_cookies = \"auto\"\n[database]\nurl = \"sqlite://a.db\"\n\
        [features]\nBLITZ_QUIZ = true\n[package.metadata.leptos]\nsite-addr = \"127.0.0.1:4000\"\n";
    let env = [
        ("STUDYHALL_LOG_FORMAT", "json"),
        ("STUDYHALL_SECURE_COOKIES", "true"),
        ("DATABASE_URL", "sqlite://b.db"),
        ("FEATURE_BLITZ_QUIZ", "false"),
        ("LEPTOS_SITE_ADDR", "0.0.0.0:5000"),
        ("STUDYHALL_ORIGINS", "https://A.test/, http://b.test:8080"),
    ];
    let config = read(file, &env).unwrap();
    assert_eq!(config.log_format, LogFormat::Json);
    assert_eq!(config.secure_cookies, SecureCookies::Always);
    assert_eq!(&*config.database_url, "sqlite://b.db");
    assert!(!config.features[&Flag::BlitzQuiz]);
    assert_eq!(config.site_addr.port(), 5000);
    assert_eq!(config.origins, ["https://a.test", "http://b.test:8080"]);
    assert_eq!(read(file, &[]).unwrap().site_addr.port(), 4000);
}

#[test]
fn a_typo_is_named_with_the_nearest_key() {
    refused("[server]\npublic_ulr = \"https://a.test\"", &[], &["public_ulr", "[server]", "Did you mean public_url?"]);
    refused("[sever]\nlog = \"info\"", &[], &["[sever]", "Did you mean server?"]);
    refused("[features]\nBLITZQUIZ = true", &[], &["BLITZQUIZ", "Did you mean BLITZ_QUIZ?"]);
    refused("", &[("FEATURE_BLITZ_QUIS", "true")], &["FEATURE_BLITZ_QUIS", "Did you mean FEATURE_BLITZ_QUIZ?"]);
    refused("[package.metadata.leptos]\nsite-adr = \"1\"", &[], &["site-adr", "Did you mean site-addr?"]);
    refused("url = \"sqlite://a.db\"", &[], &["url", "outside of a table"]);
    refused("[server\n", &[], &["not valid TOML"]);
}

#[test]
fn a_value_that_cannot_be_used_is_named_with_what_is_allowed() {
    refused("", &[("STUDYHALL_SECURE_COOKIES", "yes")], &["STUDYHALL_SECURE_COOKIES", "yes", "auto, true, false"]);
    refused("[limits]\nbody_kib = 3", &[], &["[limits] body_kib", "3", "from 16 to 10240"]);
    refused("", &[("LEPTOS_SITE_ADDR", "localhost")], &["LEPTOS_SITE_ADDR", "localhost", "0.0.0.0:3000"]);
    refused("", &[("STUDYHALL_PUBLIC_URL", "quiz.test")], &["STUDYHALL_PUBLIC_URL", "https://"]);
    refused("", &[("STUDYHALL_PUBLIC_URL", "https://quiz.test/path")], &["without a path"]);
    refused("", &[("STUDYHALL_LOG", "studyhall=lou der")], &["STUDYHALL_LOG"]);
    refused("[server]\nlog = { a = 1 }", &[], &["[server] log"]);
    refused("[features]\nREALTIME = \"on\"", &[], &["REALTIME", "on", "true, false"]);
}

#[test]
fn features_are_checked_at_start() {
    refused("", &[("FEATURE_LIVE_SESSIONS", "false")], &["BLITZ_QUIZ", "needs LIVE_SESSIONS"]);
    refused("", &[("FEATURE_AI_COACH", "true")], &["AI_COACH", "not built"]);
    assert!(read("", &[("FEATURE_LIVE_SESSIONS", "false"), ("FEATURE_BLITZ_QUIZ", "false")]).is_ok());
}

#[test]
fn a_password_in_the_database_url_does_not_reach_a_debug_print() {
    let config = read("", &[("DATABASE_URL", "postgres://study:hunter2@db/study")]).unwrap();
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn both_files_agree_about_leptos() {
    let manifest: toml::Table = include_str!("../../Cargo.toml").parse().unwrap();
    let settings: toml::Table = DEFAULT_FILE.parse().unwrap();
    let leptos = |table: &toml::Table| table["package"]["metadata"]["leptos"].as_table().unwrap().clone();
    let manifest = leptos(&manifest);
    for (key, value) in leptos(&settings) {
        assert_eq!(manifest.get(&key), Some(&value), "{key}");
    }
    // Leptos reads from this header to the end of the file.
    assert!(
        DEFAULT_FILE
            .rsplit('\n')
            .find(|line| line.starts_with('['))
            .is_some_and(|line| line == "[package.metadata.leptos]")
    );
}

#[test]
fn every_key_of_the_file_has_a_comment() {
    let mut explained = false;
    for line in DEFAULT_FILE.lines() {
        if line.contains(" = ") && !line.starts_with('#') {
            assert!(explained, "no comment above: {line}");
        }
        explained = line.starts_with('#');
    }
}
