//! The state machine of the quiz alone, on one core: how many events it decides and applies in a second.

use super::{Failure, figures::Figures};
use crate::domain::{
    ids::{CardId, ParticipantId, UserId},
    live::{
        blitz::{Blitz, BlitzConfig, Command, Event, Rules},
        draw::AnswerMode,
        player_name::PlayerName,
        question::{Answer, Key, Question, Rich},
    },
};
use clap::Args;
use std::time::Instant;
use uuid::Uuid;

const QUESTIONS: u32 = 100;
const LIMIT_MS: u32 = 20_000;

#[derive(Debug, Args)]
pub struct Engine {
    #[arg(long, default_value_t = 1000)]
    players: u32,
    /// One line of JSON per figure.
    #[arg(long)]
    json: bool,
}

impl Engine {
    pub fn run(self) -> Result<(), Failure> {
        let mut state = Blitz::created(&created(), 0).ok_or("the log does not begin with the making")?;
        let id = |n: u32| ParticipantId(Uuid::from_u128(u128::from(n)));
        let mut events = 0u64;
        let mut at = 0;
        let mut run = |state: &mut Blitz, command: &Command, at: i64| -> Result<(), Failure> {
            let decided = state.decide(command, at, &|_| true).map_err(|refusal| format!("refused: {refusal:?}"))?;
            events += decided.len() as u64;
            decided.iter().for_each(|event| state.apply(event, at));
            Ok(())
        };
        let names: Vec<PlayerName> = (0..self.players)
            .map(|n| PlayerName::parse(&format!("Player {n}"), |_| false).map_err(|problem| format!("{problem:?}")))
            .collect::<Result<_, _>>()?;
        let started = Instant::now();
        for (n, name) in (0..).zip(names) {
            run(&mut state, &Command::Join { participant: id(n), user: None, name }, at)?;
        }
        let joined = started.elapsed();
        let started = Instant::now();
        for index in 0..QUESTIONS {
            while state.phase.index() != Some(index)
                || !matches!(state.phase, crate::domain::live::blitz::Phase::Answering { .. })
            {
                at += 1;
                let seen = state.revision;
                run(&mut state, &Command::Next { seen }, at)?;
            }
            for n in 0..self.players {
                let answer = Answer::Choice(u8::try_from((n + index) % 4).unwrap_or(0));
                run(&mut state, &Command::Submit { participant: id(n), index, answer }, at + i64::from(n) % 15_000)?;
            }
            at += 15_000;
            run(&mut state, &Command::Settle, at)?;
        }
        let played = started.elapsed();
        let answers = f64::from(self.players) * f64::from(QUESTIONS);
        let mut figures = Figures::default();
        figures.add("events", events as f64, "");
        figures.add("joins_per_second", f64::from(self.players) / joined.as_secs_f64(), "/s");
        figures.add("events_per_second", answers / played.as_secs_f64(), "/s");
        figures.print(self.json);
        Ok(())
    }
}

fn created() -> Event {
    let options: Vec<Rich> = ["Kabul", "Tirana", "Algiers", "Baku"].map(Rich::plain).to_vec();
    let questions = (0..QUESTIONS)
        .map(|n| Question {
            card: CardId(Uuid::from_u128(u128::from(n))),
            prompt: Rich::plain(format!("Question {n}")),
            key: Key::Choice { options: options.clone(), correct: 1 },
            hint: None,
            explanation: None,
            points: 1000,
            adjusted: Default::default(),
        })
        .collect();
    let config = BlitzConfig {
        card_count: QUESTIONS,
        time_limit_ms: LIMIT_MS,
        hints: false,
        answers: AnswerMode::Choice,
        rules: Rules::default(),
        teams: None,
        carried: vec![],
    };
    Event::Created { host: UserId(Uuid::nil()), title: "Load".into(), config, questions }
}
