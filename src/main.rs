//! The binary: `studyhall serve | migrate | admin | load`. A command that cannot do its work says why in a sentence
//! and ends with status 1.

use clap::{Parser, Subcommand};
use std::process::ExitCode;
use studyhall::{
    domain::role::UserRole,
    server::{
        auth::admin as accounts,
        clock::Clock,
        config::{Config, DEFAULT_FILE},
        demo,
        load::Load,
        serve::{self, StartError},
        storage::Db,
        telemetry,
    },
};

/// A page is thousands of small pieces: with the system's allocator a quarter of its time goes into these.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
    /// Simulate people who use a running server, and measure it.
    #[command(subcommand)]
    Load(Load),
}

#[derive(Subcommand)]
enum Admin {
    /// Print Leptos.toml with every key, its default and its meaning.
    DefaultConfig,
    /// Give an account another role (admin, when none is named).
    Promote {
        email: String,
        /// learner, teacher or admin.
        #[arg(default_value = "admin", value_parser = role)]
        role: UserRole,
    },
    /// Give an account a new password, print it, and end the account's sign-ins.
    ResetPassword { email: String },
    /// Make a teacher, a group, ten learners and two decks to look around in. Not for real use: everybody knows
    /// the password.
    Demo,
}

fn role(name: &str) -> Result<UserRole, String> {
    UserRole::parse(name).ok_or_else(|| "allowed are learner, teacher and admin".to_owned())
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
    if let Command::Load(load) = command {
        let mut runtime = if load.is_single() {
            tokio::runtime::Builder::new_current_thread()
        } else {
            tokio::runtime::Builder::new_multi_thread()
        };
        let runtime = runtime.enable_all().build()?;
        return runtime.block_on(load.run()).map_err(StartError::Other);
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
                database(&config).await?.close().await;
                println!("The database is up to date.");
                Ok(())
            }
            // Done above.
            Command::Load(_) => Ok(()),
            Command::Admin(command) => {
                let db = database(&config).await?;
                let done = admin(&db, command).await;
                db.close().await;
                done
            }
        }
    })
}

/// The configured database, with its schema up to date.
async fn database(config: &Config) -> Result<Db, StartError> {
    let db = Db::open(&config.database_url).await?;
    db.migrate().await?;
    Ok(db)
}

async fn admin(db: &Db, command: Admin) -> Result<(), StartError> {
    match command {
        Admin::DefaultConfig => {}
        Admin::Promote { email, role } => {
            accounts::promote(db, &email, role).await?;
            println!("{email} is now {}.", role.as_str());
        }
        Admin::Demo => {
            let demo = demo::create(db, &Clock::System).await.map_err(|error| StartError::Other(error.to_string()))?;
            println!("The demo is ready. It is for looking around, not for real use: everybody knows the password.");
            println!("  Teacher:  {}", demo.teacher);
            println!("  Learners: {}", demo.learners.join(", "));
            println!("  Password: {}", demo.password);
        }
        Admin::ResetPassword { email } => {
            let password = accounts::reset_password(db, &email).await?;
            println!("The new password of {email} is {password}. Everybody signed in with the old one is signed out.");
        }
    }
    Ok(())
}
