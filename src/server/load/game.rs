//! A whole quiz with many players, and the books afterwards: no answer lost, none counted twice.

use super::{
    Failure, Target,
    figures::{Figures, Times, ms},
    host::{Host, PATIENCE},
    line,
    player::{Go, Player, Report},
    teacher::{Teacher, table},
};
use crate::domain::{
    ids::{DeckId, ParticipantId},
    live::standings::Standing,
};
use clap::Args;
use futures::{StreamExt, stream};
use std::{collections::HashMap, net::SocketAddr, time::Duration};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, timeout},
};

/// Players who join at the same moment.
const JOINING: usize = 50;
/// Time for the word "go" to reach every player before the first answer is due.
const AHEAD: Duration = Duration::from_millis(100);

#[derive(Debug, Args)]
pub struct Game {
    #[command(flatten)]
    target: Target,
    #[arg(long, default_value_t = 500)]
    players: usize,
    /// Games of that many players at the same time.
    #[arg(long, default_value_t = 1)]
    games: usize,
    /// Questions; every other one is answered by everybody at once.
    #[arg(long, default_value_t = 6)]
    questions: u32,
    /// Milliseconds over which a class answers.
    #[arg(long, default_value_t = 3000)]
    spread: u64,
    /// Milliseconds over which a class answers when it answers at once.
    #[arg(long, default_value_t = 50)]
    burst: u64,
}

/// Answers of one kind of question.
#[derive(Debug, Default)]
struct Scenario {
    acknowledged: Times,
    /// From the last answer to the right answer on the last screen; one for each question.
    revealed: Times,
}

/// What must add up.
#[derive(Debug, Default)]
struct Books {
    acknowledged: usize,
    lost: usize,
    refused: usize,
    points: HashMap<ParticipantId, u32>,
}

/// What one game measured.
#[derive(Debug, Default)]
struct Outcome {
    joining: Duration,
    joined: Times,
    spread: Scenario,
    burst: Scenario,
    acknowledged: usize,
    refused: usize,
    lost: usize,
    doubled: usize,
}

impl Game {
    pub async fn run(self) -> Result<(), Failure> {
        let to = line::resolve(self.target.url.trim_end_matches('/')).await?;
        let teacher = Teacher::enter(&self.target).await?;
        let deck = teacher.create_deck("Load: times seven").await?;
        teacher.import(deck, table(self.questions + 12)).await?;
        let games = (0..self.games).map(|game| self.play(&teacher, deck, to, game * self.players));
        let mut all = Outcome::default();
        for outcome in futures::future::try_join_all(games).await? {
            all.joining = all.joining.max(outcome.joining);
            all.joined.join(&outcome.joined);
            for (sum, one) in [(&mut all.spread, &outcome.spread), (&mut all.burst, &outcome.burst)] {
                sum.acknowledged.join(&one.acknowledged);
                sum.revealed.join(&one.revealed);
            }
            all.acknowledged += outcome.acknowledged;
            all.refused += outcome.refused;
            all.lost += outcome.lost;
            all.doubled += outcome.doubled;
        }
        self.print(&all);
        Ok(())
    }

    /// One game, whose players have numbers from `first` on.
    async fn play(&self, teacher: &Teacher, deck: DeckId, to: SocketAddr, first: usize) -> Result<Outcome, Failure> {
        let url = self.target.url.trim_end_matches('/');
        let session = teacher.create_quiz(deck, self.questions, 60).await?;
        let mut host = Host::open(url, to, &teacher.cookie, session).await?;

        let pin = host.pin()?;
        let mut joined = Times::default();
        let (go, signal) = watch::channel(None);
        let (reports, mut inbox) = mpsc::unbounded_channel();
        let started = Instant::now();
        let mut joining = stream::iter(first + 1..=first + self.players)
            .map(|number| Player::join(url, to, number, &pin))
            .buffer_unordered(JOINING);
        while let Some(player) = joining.next().await {
            let (player, took) = player?;
            joined.record(took);
            tokio::spawn(player.play(signal.clone(), reports.clone()));
        }
        drop(joining);
        let joining = started.elapsed();

        let (mut spread, mut burst, mut books) = (Scenario::default(), Scenario::default(), Books::default());
        host.start().await?;
        for index in 0..self.questions {
            // The options come four seconds after the question; the host need not wait.
            host.advance().await?;
            self.all(&mut inbox, |report| Ok(matches!(report, Report::Opened { index: at } if at == index))).await?;
            let at_once = index % 2 == 1;
            let window = Duration::from_millis(if at_once { self.burst } else { self.spread });
            go.send_replace(Some(Go { index, start: Instant::now() + AHEAD, window }));
            self.question(index, &mut inbox, if at_once { &mut burst } else { &mut spread }, &mut books).await?;
            // To the leaderboard, and on.
            host.advance().await?;
            host.advance().await?;
        }

        let standings: Vec<Standing> =
            teacher.call("live_session_leaderboard", &[("session", session.to_string())]).await?;
        let wrong = books.points.iter().filter(|(participant, points)| {
            standings.iter().filter(|row| row.participant == **participant).map(|row| row.score).ne([**points])
        });
        let doubled = wrong.count() + standings.len().abs_diff(self.players);

        Ok(Outcome {
            joining,
            joined,
            spread,
            burst,
            acknowledged: books.acknowledged,
            refused: books.refused,
            lost: books.lost,
            doubled,
        })
    }

    fn print(&self, all: &Outcome) {
        let Outcome { spread, burst, .. } = all;
        let mut figures = Figures::default();
        figures.add("players", (self.players * self.games) as f64, "");
        figures.add("joining", ms(all.joining), "ms");
        figures.add_times("join", &all.joined);
        figures.add_times("acknowledged", &spread.acknowledged);
        figures.add_times("acknowledged_burst", &burst.acknowledged);
        figures.add("reveal_last", spread.revealed.at(1.0), "ms");
        figures.add("reveal_last_burst", burst.revealed.at(1.0), "ms");
        figures.add("answers", all.acknowledged as f64, "");
        figures.add("refused", all.refused as f64, "");
        figures.add("lost", all.lost as f64, "");
        figures.add("doubled", all.doubled as f64, "");
        figures.print(self.target.json);
    }

    /// Waits for as many reports as there are players for which `counts` holds.
    async fn all(
        &self,
        inbox: &mut mpsc::UnboundedReceiver<Report>,
        mut counts: impl FnMut(Report) -> Result<bool, Failure>,
    ) -> Result<(), Failure> {
        let mut missing = self.players;
        while missing > 0 {
            let report = timeout(PATIENCE, inbox.recv()).await;
            match report.map_err(|_| format!("{missing} of {} players hear nothing", self.players))? {
                Some(Report::Broken(failure)) => return Err(format!("a player gave up: {failure}")),
                Some(report) => missing -= usize::from(counts(report)?),
                None => return Err("all players are gone".to_owned()),
            }
        }
        Ok(())
    }

    /// From the first answer to the right answer on the last screen.
    async fn question(
        &self,
        index: u32,
        inbox: &mut mpsc::UnboundedReceiver<Report>,
        scenario: &mut Scenario,
        books: &mut Books,
    ) -> Result<(), Failure> {
        let (mut last_due, mut last_seen) = (None, None);
        self.all(inbox, |report| {
            match report {
                Report::Acknowledged { index: at, due, took } if at == index => {
                    scenario.acknowledged.record(took);
                    books.acknowledged += 1;
                    last_due = last_due.max(Some(due));
                }
                Report::Refused { reason } => {
                    if books.refused == 0 {
                        eprintln!("an answer was refused: {reason}");
                    }
                    books.refused += 1;
                }
                Report::Revealed { index: at, at: seen, kept, participant, points } if at == index => {
                    books.lost += usize::from(!kept);
                    *books.points.entry(participant).or_default() += points;
                    last_seen = last_seen.max(Some(seen));
                    return Ok(true);
                }
                _ => {}
            }
            Ok(false)
        })
        .await?;
        if let (Some(due), Some(seen)) = (last_due, last_seen) {
            scenario.revealed.record(seen.saturating_duration_since(due));
        }
        Ok(())
    }
}
