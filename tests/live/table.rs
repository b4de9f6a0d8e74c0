//! What each command does in each phase of a Blitz Quiz: read from the state machine, held against the docs.

use std::{fs, path::Path};
use studyhall::domain::{
    ids::{CardId, LiveSessionId, ParticipantId, UserId},
    live::{
        blitz::{Blitz, BlitzConfig, Command, Control, Event, ExtraTime, LEAD_IN_MS, Phase, Rules, SURE_MS, Teams},
        draw::AnswerMode,
        player_name::PlayerName,
        question::{Answer, Key, Question, Rich},
    },
};
use uuid::Uuid;

const T: i64 = 1_000_000;
const LIMIT: u32 = 20_000;

fn player(n: u128) -> ParticipantId {
    ParticipantId(Uuid::from_u128(n))
}

fn join(n: u128) -> Command {
    let name = PlayerName::parse(["Ada", "Ben", "Cleo", "Dan"][n as usize], |_| false).unwrap();
    Command::Join { participant: player(n), user: None, name }
}

fn knock(n: u128) -> Command {
    let Command::Join { participant, user, name } = join(n) else { unreachable!() };
    Command::Knock { participant, user, name }
}

fn run(state: &mut Blitz, command: &Command, at: i64) {
    for event in state.decide(command, at, &|_| true).unwrap() {
        state.apply(&event, at);
    }
}

fn question(n: u128) -> Question {
    Question {
        card: CardId(Uuid::from_u128(n)),
        prompt: Rich::plain("Albania"),
        key: Key::Choice { options: ["Kabul", "Tirana"].map(Rich::plain).to_vec(), correct: 1 },
        hint: None,
        explanation: None,
        points: 1000,
        adjusted: Default::default(),
    }
}

fn doubled() -> Question {
    Question { points: 2_000, ..question(1) }
}

fn turned() -> Question {
    Question { key: Key::Choice { options: ["Kabul", "Tirana"].map(Rich::plain).to_vec(), correct: 0 }, ..question(1) }
}

/// Ada and Ben play, Cleo was taken out; two questions, Ada has answered the first.
fn lobby() -> Blitz {
    let config = BlitzConfig {
        card_count: 2,
        time_limit_ms: LIMIT,
        hints: false,
        answers: AnswerMode::Choice,
        rules: Rules { auto_advance_ms: Some(5_000), confidence: true, ..Rules::default() },
        teams: Some(Teams { names: ["Red", "Blue"].map(String::from).to_vec(), chosen: true }),
        carried: vec![],
    };
    let host = UserId(Uuid::from_u128(9));
    let questions = vec![question(1), question(2)];
    let mut state = Blitz::created(&Event::Created { host, title: "Capitals".into(), config, questions }, T).unwrap();
    for n in 0..3 {
        run(&mut state, &join(n), T);
    }
    run(&mut state, &Command::Control { seen: 0, control: Control::Remove { participant: player(2) } }, T);
    state
}

/// One state per column.
fn phases() -> Vec<(&'static str, Blitz)> {
    let next = |state: &mut Blitz| {
        let seen = state.revision;
        run(state, &Command::Next { seen }, T);
    };
    let mut columns = vec![("lobby", lobby())];
    let mut state = lobby();
    next(&mut state);
    columns.push(("lead-in", state.clone()));
    next(&mut state);
    run(&mut state, &Command::Submit { participant: player(0), index: 0, answer: Answer::Choice(1) }, T + 1_000);
    columns.push(("answering", state.clone()));
    let mut paused = state.clone();
    run(&mut paused, &Command::Control { seen: state.revision, control: Control::Pause }, T);
    columns.push(("paused", paused));
    next(&mut state);
    columns.push(("reveal", state.clone()));
    next(&mut state);
    columns.push(("leaderboard", state.clone()));
    while state.phase != Phase::Podium {
        next(&mut state);
    }
    columns.push(("podium", state.clone()));
    next(&mut state);
    columns.push(("ended", state));
    columns
}

/// One command per row. `seen` is the state's own revision: what a fresh screen sends.
fn commands(seen: u32) -> Vec<(&'static str, Command)> {
    let control = |control| Command::Control { seen, control };
    let submit = |n, index| Command::Submit { participant: player(n), index, answer: Answer::Choice(1) };
    vec![
        ("Join, a new name", join(3)),
        ("Join, who is in", join(0)),
        ("Knock, one of a crowd", knock(3)),
        ("AskBack, who was taken out", Command::AskBack { participant: player(2) }),
        ("Submit, the first answer", submit(1, 0)),
        ("Submit, a second answer", submit(0, 0)),
        ("Submit, another question", submit(1, 1)),
        ("Submit, who was taken out", submit(2, 0)),
        ("Start", Command::Start { seen }),
        ("Next", Command::Next { seen }),
        ("Next, stale", Command::Next { seen: seen.wrapping_sub(1) }),
        ("End", Command::End { seen }),
        ("Lock", control(Control::Lock)),
        ("Unlock", control(Control::Unlock)),
        ("Admit, who was taken out", control(Control::Admit { participant: player(2) })),
        ("AdmitAll", control(Control::AdmitAll)),
        ("Remove, a player", control(Control::Remove { participant: player(1) })),
        ("RemoveAll", control(Control::RemoveAll)),
        ("Pause", control(Control::Pause)),
        ("Resume", control(Control::Resume)),
        ("Skip", control(Control::Skip)),
        ("Adjust, double points", Command::Adjust { seen, index: 0, question: Box::new(doubled()) }),
        ("Adjust, another right answer", Command::Adjust { seen, index: 0, question: Box::new(turned()) }),
        ("Drop, a question", Command::Drop { seen, index: 1 }),
        ("Continue", Command::Continue { seen, next: LiveSessionId(Uuid::from_u128(7)) }),
        ("Claim, an account new here", Command::Claim { participant: player(1), user: UserId(Uuid::from_u128(3)) }),
        ("ExtraTime, a player", control(Control::ExtraTime { participant: player(1), extra: ExtraTime::Half })),
        ("TellSure, who has answered", Command::TellSure { participant: player(0), index: 0, sure: true }),
        ("TellSure, who has not", Command::TellSure { participant: player(1), index: 0, sure: true }),
        ("ChooseTeam, a player", Command::ChooseTeam { participant: player(0), team: 1 }),
        ("Tick, before the time", Command::Tick),
        ("Tick, after the time", Command::Tick),
        ("Settle, all answered", Command::Settle),
        ("Settle, somebody left to answer", Command::Settle),
        ("Recover", Command::Recover { alive_at: None }),
    ]
}

/// The events' names, or the refusal's.
fn outcome(state: &Blitz, name: &str, command: &Command) -> String {
    let at = match (name, command) {
        ("Tick, before the time", _) => T,
        (_, Command::Tick | Command::Recover { .. }) => T + 10 * i64::from(LIMIT) + LEAD_IN_MS,
        (_, Command::Control { .. }) => T + 2_000,
        // Long enough for whoever has not said how sure they are.
        (_, Command::Settle) => T + 1_000 + SURE_MS,
        _ => T + 2_000,
    };
    let everybody_answered = name == "Settle, all answered";
    let online = |id: ParticipantId| !everybody_answered || state.answers.contains_key(&id);
    match state.decide(command, at, &online) {
        Ok(events) if events.is_empty() => "–".into(),
        Ok(events) => events.iter().map(variant).collect::<Vec<_>>().join(", "),
        Err(refusal) => format!("*{}*", variant(&refusal)),
    }
}

fn variant(value: &impl std::fmt::Debug) -> String {
    format!("{value:?}").chars().take_while(|c| c.is_alphanumeric()).collect()
}

fn table() -> String {
    let phases = phases();
    let mut text = String::from("| |");
    phases.iter().for_each(|(name, _)| text += &format!(" {name} |"));
    text += "\n|---|";
    phases.iter().for_each(|_| text += "---|");
    for (row, (name, _)) in commands(0).iter().enumerate() {
        text += &format!("\n| {name} |");
        for (_, state) in &phases {
            let (_, command) = &commands(state.revision)[row];
            text += &format!(" {} |", outcome(state, name, command));
        }
    }
    text + "\n"
}

#[test]
fn the_table_in_the_docs_is_what_the_state_machine_does() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/BLITZ.md");
    let docs = fs::read_to_string(&path).unwrap();
    let (before, rest) = docs.split_once("<!-- table -->\n").expect("the mark before the table");
    let (written, after) = rest.split_once("<!-- /table -->").expect("the mark after the table");
    let table = table();
    if std::env::var_os("STUDYHALL_WRITE_DOCS").is_some() {
        fs::write(&path, format!("{before}<!-- table -->\n{table}<!-- /table -->{after}")).unwrap();
        return;
    }
    assert!(written == table, "docs/BLITZ.md is out of date: run this test with STUDYHALL_WRITE_DOCS=1\n{table}");
}
