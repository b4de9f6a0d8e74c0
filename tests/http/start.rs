//! What can go wrong before the first request, with the real binary: each a sentence and status 1.

use std::{
    path::Path,
    process::{Output, Stdio},
    time::Duration,
};
use tempfile::TempDir;
use tokio::{process::Command, time::timeout};

/// Longer than any of these may take; a server that starts although it should not is killed then.
const PATIENCE: Duration = Duration::from_secs(60);

async fn studyhall(folder: &Path, command: &[&str], env: &[(&str, &str)]) -> Output {
    let mut studyhall = Command::new(env!("CARGO_BIN_EXE_studyhall"));
    studyhall.args(command).current_dir(folder).env_clear().env("LEPTOS_SITE_ADDR", "127.0.0.1:0");
    studyhall.envs(env.iter().copied()).stdin(Stdio::null()).kill_on_drop(true);
    timeout(PATIENCE, studyhall.output()).await.unwrap_or_else(|_| panic!("{command:?} goes on")).unwrap()
}

/// The command must fail with a sentence that contains all of this.
async fn refused(folder: &TempDir, command: &[&str], env: &[(&str, &str)], parts: &[&str]) {
    let output = studyhall(folder.path(), command, env).await;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(!said.contains("panicked") && !said.contains("RUST_BACKTRACE"), "{said}");
    for part in parts {
        assert!(said.contains(part), "“{part}” is missing in: {said}");
    }
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[tokio::test]
async fn a_taken_port_is_said_before_the_database_is_touched() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = folder();
    refused(&folder, &["serve"], &[("LEPTOS_SITE_ADDR", &address)], &[&address, "taken", "LEPTOS_SITE_ADDR"]).await;
    assert!(!folder.path().join("data").exists());
}

#[tokio::test]
async fn an_unknown_database_is_refused() {
    let parts = ["mysql", "sqlite://", "postgres://"];
    refused(&folder(), &["migrate"], &[("DATABASE_URL", "mysql://root@localhost/x")], &parts).await;
    refused(&folder(), &["serve"], &[("DATABASE_URL", "mysql://root@localhost/x")], &parts).await;
}

#[tokio::test]
async fn a_postgres_that_is_not_there_is_said_without_its_password() {
    let url = "postgres://study:hunter2@127.0.0.1:1/study";
    let folder = folder();
    let output = studyhall(folder.path(), &["migrate"], &[("DATABASE_URL", url)]).await;
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("database") && !said.contains("hunter2"), "{said}");
}

#[tokio::test]
async fn a_typo_in_the_configuration_is_said() {
    let folder = folder();
    std::fs::write(folder.path().join("Leptos.toml"), "[databse]\nurl = \"sqlite://x.db\"\n").unwrap();
    refused(&folder, &["serve"], &[], &["[databse]", "Did you mean database?"]).await;
    refused(&folder, &["serve"], &[("LEPTOS_CONFIG", "nowhere.toml")], &["nowhere.toml", "cannot be read"]).await;
}

#[tokio::test]
async fn the_database_is_made_in_an_empty_folder_and_migrating_twice_is_harmless() {
    let folder = folder();
    for _ in 0..2 {
        assert!(studyhall(folder.path(), &["migrate"], &[]).await.status.success());
    }
    assert!(folder.path().join("data/studyhall.db").exists());
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let folder = folder();
    assert!(studyhall(folder.path(), &["migrate"], &[]).await.status.success());
    let file = folder.path().join("data/studyhall.db");
    let pool = sqlx::SqlitePool::connect(&format!("sqlite://{}", file.display())).await.unwrap();
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'from the future', 1, x'00', 0)",
    )
    .execute(&pool)
    .await
    .unwrap();
    pool.close().await;
    refused(&folder, &["serve"], &[], &["schema 9999", "newer program"]).await;
}

#[tokio::test]
async fn a_database_that_cannot_be_written_is_said() {
    let folder = folder();
    // A folder in the file's place: not writable for root either, unlike a file without write permission.
    std::fs::create_dir_all(folder.path().join("data/studyhall.db")).unwrap();
    refused(&folder, &["serve"], &[], &["data/studyhall.db", "cannot be written"]).await;
    std::fs::write(folder.path().join("file"), "").unwrap();
    refused(&folder, &["migrate"], &[("DATABASE_URL", "sqlite://file/x.db")], &["file/x.db", "cannot be written"])
        .await;
}

#[tokio::test]
async fn a_locked_database_is_said() {
    let folder = folder();
    let file = folder.path().join("locked.db");
    let url = format!("sqlite://{}?mode=rwc", file.display());
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    let mut connection = pool.acquire().await.unwrap();
    sqlx::query("PRAGMA locking_mode = EXCLUSIVE").execute(&mut *connection).await.unwrap();
    sqlx::query("CREATE TABLE x (y INTEGER)").execute(&mut *connection).await.unwrap();
    sqlx::query("BEGIN EXCLUSIVE").execute(&mut *connection).await.unwrap();
    refused(&folder, &["serve"], &[("DATABASE_URL", "sqlite://locked.db")], &["locked", "other program"]).await;
}

#[tokio::test]
async fn the_default_configuration_is_printed_and_can_be_used() {
    let folder = folder();
    let printed = studyhall(folder.path(), &["admin", "default-config"], &[]).await;
    assert!(printed.status.success());
    std::fs::write(folder.path().join("Leptos.toml"), &printed.stdout).unwrap();
    assert!(studyhall(folder.path(), &["migrate"], &[]).await.status.success());
}

#[tokio::test]
async fn an_account_that_is_not_there_is_neither_promoted_nor_reset() {
    let folder = folder();
    for command in [&["admin", "promote", "mina@school.test"][..], &["admin", "reset-password", "mina@school.test"]] {
        refused(&folder, command, &[], &["mina@school.test", "Nothing was changed"]).await;
    }
    let output = studyhall(folder.path(), &["admin", "promote", "mina@school.test", "king"], &[]).await;
    assert!(String::from_utf8_lossy(&output.stderr).contains("learner, teacher and admin"));
}
