//! The binary: `studyhall serve | migrate | admin`. A command that cannot do its work says why in a sentence
//! and ends with status 1.

use clap::{Parser, Subcommand};
use std::process::ExitCode;
use studyhall::server::{
    config::{Config, DEFAULT_FILE},
    serve::{self, StartError},
    storage::Db,
    telemetry,
};

/// A study platform in one binary: decks, groups and live quizzes.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the application (also without any command).
    Serve,
    /// Bring the database's schema up to date, then end.
    Migrate,
    /// Look after an installation.
    #[command(subcommand)]
    Admin(Admin),
}

#[derive(Subcommand)]
enum Admin {
    /// Print Leptos.toml with every key, its default and its meaning.
    DefaultConfig,
}

fn main() -> ExitCode {
    match run(Arguments::parse().command.unwrap_or(Command::Serve)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("studyhall could not go on. {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), StartError> {
    if let Command::Admin(Admin::DefaultConfig) = command {
        print!("{DEFAULT_FILE}");
        return Ok(());
    }
    let config = Config::load()?;
    telemetry::start(&config);
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    if config.worker_threads > 0 {
        runtime.worker_threads(config.worker_threads);
    }
    runtime.enable_all().build()?.block_on(async {
        match command {
            Command::Serve => serve::run(config).await,
            Command::Migrate => {
                let db = Db::open(&config.database_url).await?;
                db.migrate().await?;
                db.close().await;
                println!("The database is up to date.");
                Ok(())
            }
            Command::Admin(Admin::DefaultConfig) => Ok(()),
        }
    })
}
