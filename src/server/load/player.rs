//! One learner's phone: joins by PIN, answers when it is told to, and reports what it saw and when.

use super::{Failure, line::Line};
use crate::{
    domain::{
        ids::{LiveSessionId, ParticipantId},
        live::{
            blitz::{MyResult, PlayerPhase},
            question::Answer,
        },
    },
    protocol::{Channel, ChannelEvent, ClientFrame, Command, Outcome, ServerFrame, Subscription},
    server::{clock::Clock, random},
};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep_until, timeout},
};
use uuid::Uuid;

/// Every so many players send each answer twice, as a phone does that heard no acknowledgement.
const REPEATS: usize = 10;

/// When the players are to answer: each at a moment of its own between `start` and `start + window`.
#[derive(Clone, Copy, Debug)]
pub struct Go {
    pub index: u32,
    pub start: Instant,
    pub window: Duration,
}

/// What happened on a phone.
#[derive(Debug)]
pub enum Report {
    /// Options are on the screen.
    Opened {
        index: u32,
    },
    /// From the moment at which the answer was due until its acknowledgement.
    Acknowledged {
        index: u32,
        due: Instant,
        took: Duration,
    },
    Refused {
        reason: String,
    },
    /// The right answer was on the screen at `at`, and the fate of the own answer is known. `kept`: the answer that was acknowledged is the one that counts.
    Revealed {
        index: u32,
        at: Instant,
        kept: bool,
        participant: ParticipantId,
        points: u32,
    },
    /// The phone gave up.
    Broken(Failure),
}

#[derive(Debug)]
pub struct Player {
    number: usize,
    line: Line,
    session: LiveSessionId,
    participant: ParticipantId,
    next_id: u32,
}

/// The answer to the open question.
#[derive(Debug)]
struct Given {
    index: u32,
    answer: Answer,
    due: Instant,
    id: u32,
    /// Whether it was acknowledged (or refused); `None`: not known yet.
    acknowledged: Option<bool>,
}

/// What the screen with the right answer showed, and when.
#[derive(Debug)]
struct Shown {
    index: u32,
    at: Instant,
    mine: Option<MyResult>,
}

impl Player {
    /// Takes a seat; also gives how long that took.
    pub async fn join(url: &str, to: SocketAddr, number: usize, pin: &str) -> Result<(Self, Duration), Failure> {
        let joining = async {
            let started = Instant::now();
            let mut line = Line::open(url, to, number, "", vec![]).await?;
            let command = Command::JoinLiveSession { pin: pin.to_owned(), name: name(number) };
            line.send(&ClientFrame::Command { id: 1, key: key(), command }).await?;
            let (session, participant) = loop {
                match line.next().await? {
                    ServerFrame::Acknowledged { outcome: Outcome::Joined { session, participant, .. }, .. } => {
                        break (session, participant);
                    }
                    ServerFrame::CommandRefused { reason, .. } => {
                        return Err(format!("{} may not join: {reason:?}", name(number)));
                    }
                    _ => {}
                }
            };
            let took = started.elapsed();
            let channel = Channel::LivePlayer(session);
            line.send(&ClientFrame::Subscribe(Subscription { channel, position: None })).await?;
            Ok((Self { number, line, session, participant, next_id: 2 }, took))
        };
        timeout(super::host::PATIENCE, joining).await.map_err(|_| "joining took over a minute")?
    }

    /// Plays until the sender of `go` is dropped.
    pub async fn play(mut self, go: watch::Receiver<Option<Go>>, reports: mpsc::UnboundedSender<Report>) {
        if let Err(failure) = self.run(go, &reports).await {
            // Whoever listened may have ended already.
            let _ = reports.send(Report::Broken(failure));
        }
    }

    async fn run(
        &mut self,
        mut go: watch::Receiver<Option<Go>>,
        reports: &mpsc::UnboundedSender<Report>,
    ) -> Result<(), Failure> {
        let mut options = 0;
        let mut shown = None;
        let mut due: Option<(u32, Instant)> = None;
        let mut given: Option<Given> = None;
        let mut reveal: Option<Shown> = None;
        let tell = |report| {
            let _ = reports.send(report);
        };
        loop {
            let wake = due.map(|(_, at)| at);
            tokio::select! {
                frame = self.line.next() => match frame? {
                    ServerFrame::Changed { event: ChannelEvent::PlayerSaw(view), .. } => match view.phase {
                        PlayerPhase::Answering { progress, question, .. } if shown != Some((progress.index, false)) => {
                            shown = Some((progress.index, false));
                            options = u32::try_from(question.options.len()).unwrap_or(0);
                            tell(Report::Opened { index: progress.index });
                        }
                        PlayerPhase::Reveal { progress, mine, .. } if shown != Some((progress.index, true)) => {
                            shown = Some((progress.index, true));
                            reveal = Some(Shown { index: progress.index, at: Instant::now(), mine });
                        }
                        _ => {}
                    },
                    ServerFrame::Acknowledged { id, .. } => {
                        if let Some(given) = given.as_mut().filter(|given| given.id == id) {
                            given.acknowledged = Some(true);
                            tell(Report::Acknowledged { index: given.index, due: given.due, took: given.due.elapsed() });
                        }
                    }
                    ServerFrame::CommandRefused { id, reason } => {
                        if let Some(given) = given.as_mut().filter(|given| given.id == id) {
                            given.acknowledged = Some(false);
                        }
                        tell(Report::Refused { reason: format!("{reason:?}") });
                    }
                    ServerFrame::SubscriptionRefused { reason, .. } => return Err(format!("may not watch: {reason:?}")),
                    ServerFrame::Pinged { nonce, .. } => self.line.send(&ClientFrame::Pong { nonce }).await?,
                    _ => {}
                },
                changed = go.changed() => {
                    if changed.is_err() {
                        return Ok(());
                    }
                    if let Some(go) = *go.borrow_and_update() {
                        let within = u32::try_from(go.window.as_micros()).unwrap_or(u32::MAX);
                        let wait = Duration::from_micros(random::below(within.max(1)).into());
                        due = Some((go.index, go.start + wait));
                    }
                }
                () = sleep_until(wake.unwrap_or_else(Instant::now)), if wake.is_some() => {
                    if let Some((index, at)) = due.take() {
                        let choice = u8::try_from(random::below(options.max(1))).unwrap_or(0);
                        given = Some(self.answer(index, Answer::Choice(choice), at).await?);
                    }
                }
            }
            // The acknowledgement of the answer that closes the question may come after the reveal.
            if let (Some(answered), Some(seen)) = (&given, &reveal)
                && answered.index == seen.index
                && let Some(acknowledged) = answered.acknowledged
            {
                let counted = seen.mine.as_ref().map(|mine| &mine.answer);
                let kept = counted == acknowledged.then_some(&answered.answer);
                let points = seen.mine.as_ref().map_or(0, |mine| mine.points);
                tell(Report::Revealed { index: seen.index, at: seen.at, kept, participant: self.participant, points });
                (given, reveal) = (None, None);
            }
        }
    }

    async fn answer(&mut self, index: u32, answer: Answer, due: Instant) -> Result<Given, Failure> {
        let (id, key, session) = (self.next_id, key(), self.session);
        let times = if self.number.is_multiple_of(REPEATS) { 2 } else { 1 };
        for _ in 0..times {
            let command = Command::SubmitLiveAnswer { session, card_index: index, answer: answer.clone() };
            self.line.send(&ClientFrame::Command { id: self.next_id, key, command }).await?;
            self.next_id += 1;
        }
        Ok(Given { index, answer, due, id, acknowledged: None })
    }
}

/// A name of its own for each of the first 26,000 players. Without digits: numbers are read as letters by what
/// looks for rude words.
fn name(number: usize) -> String {
    const GIVEN: [&str; 25] = [
        "Ada", "Bela", "Clara", "David", "Emma", "Felix", "Greta", "Hugo", "Ines", "Jonas", "Karla", "Leo", "Mina",
        "Noah", "Olga", "Paul", "Quentin", "Rosa", "Simon", "Tilda", "Ulla", "Viktor", "Wanda", "Xenia", "Yusuf",
    ];
    const FAMILY: [&str; 40] = [
        "Adler", "Berg", "Christ", "Dorn", "Eich", "Fischer", "Gruber", "Haas", "Imhof", "Jung", "Keller", "Lang",
        "Maier", "Nagel", "Otto", "Peters", "Quast", "Richter", "Sommer", "Thoma", "Unger", "Vogel", "Winter",
        "Yilmaz", "Zimmer", "Acker", "Bauer", "Conrad", "Decker", "Ernst", "Frank", "Graf", "Huber", "Jansen",
        "Kaiser", "Lorenz", "Moser", "Neumann", "Ort", "Pohl",
    ];
    let (given, family) = (GIVEN[number % GIVEN.len()], FAMILY[number / GIVEN.len() % FAMILY.len()]);
    match u8::try_from(number / (GIVEN.len() * FAMILY.len())).unwrap_or(0) {
        0 => format!("{given} {family}"),
        more => format!("{given} {}. {family}", char::from(b'A' + (more - 1) % 26)),
    }
}

/// Names one command.
fn key() -> Uuid {
    random::id(Clock::System.now())
}
