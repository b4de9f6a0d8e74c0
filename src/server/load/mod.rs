//! `studyhall load`: simulated people for the figures of `bin/bench`. A process of its own that speaks the real
//! protocol to a running server; it needs no database and no configuration.

mod crowd;
mod engine;
mod figures;
mod game;
mod host;
mod http;
mod import;
mod line;
mod player;
mod realtime;
mod stage;
mod teacher;

use clap::{Args, Subcommand};

/// A sentence that says why a run has no result.
type Failure = String;

/// What to simulate.
#[derive(Debug, Subcommand)]
pub enum Load {
    /// A class plays one quiz: answers over some seconds and all at once, in turn.
    Game(game::Game),
    /// The quiz's state machine alone, without a server.
    Engine(engine::Engine),
    /// Browsers that open one page again and again.
    Http(http::Http),
    /// Many connections to a stage.
    Realtime(realtime::Realtime),
    /// A server to measure, with people made in advance. Not for real use: whoever is on the machine tells it what
    /// to say.
    Stage(stage::Stage),
    /// A teacher who imports a large table of cards.
    Import(import::Import),
}

/// Where the server is, and who sets things up on it.
#[derive(Clone, Debug, Args)]
pub struct Target {
    /// The server, without TLS: `http://127.0.0.1:3000`.
    #[arg(long)]
    url: String,
    /// The account that sets things up; made when it does not exist.
    #[arg(long, default_value = "load@studyhall.test")]
    email: String,
    #[arg(long, default_value = "calm river under bridge")]
    password: String,
    /// One line of JSON per figure.
    #[arg(long)]
    json: bool,
}

impl Load {
    /// Whether one thread is to do all: for visitors that are bound to one core.
    pub fn is_single(&self) -> bool {
        matches!(self, Self::Realtime(_))
    }

    /// Runs to the end and prints the figures.
    ///
    /// # Errors
    /// Why there are none.
    pub async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Engine(engine) => engine.run(),
            Self::Game(game) => game.run().await,
            Self::Http(http) => http.run().await,
            Self::Import(import) => import.run().await,
            Self::Realtime(realtime) => realtime.run().await,
            Self::Stage(stage) => stage.run().await,
        }
    }
}
