//! English: words of playing a quiz later, alone.

use crate::{domain::live::self_paced::Refusal, words::self_paced::SelfPaced};

pub static SELF_PACED: SelfPaced = SelfPaced {
    title: "Self-paced play",
    intro: "Whoever has the link plays the same questions alone, in their own time, against the room as it played. \
            The points count by the same rules, and the report shows everybody.",
    to_report: "Report",
    link: "Link",
    look: "Open it",
    qr: |address| format!("QR code that opens {address}"),
    open_until: "Open until",
    closed_since: "Closed since",
    deadline: "Open until",
    deadline_utc: "In UTC.",
    deadline_wrong: "Choose a time within the next 90 days.",
    timed: [
        "Time limits as in the room",
        "Without them everybody has all the time they need, and speed costs little. Counts for whoever comes from now on.",
    ],
    open: "Make the link",
    open_again: "Open again",
    save: "Save",
    close: "Close now",
    players: |n| match n {
        0 => "Players".into(),
        n => format!("Players ({n})"),
    },
    nobody: "Nobody has opened the link yet.",
    columns: ["Name", "Questions", "Points", "Place in the room", "Last seen"],
    done: |done, total| format!("{done} of {total}"),
    finished: "finished",
    practice: "practice",
    practice_note: "Practice: played in the room already. The first result stands, and this one counts in no report.",

    from: |host, group| match group {
        Some(group) => format!("{group} · hosted by {host}"),
        None => format!("Hosted by {host}"),
    },
    facts: |questions, seconds| {
        let questions = if questions == 1 { "1 question".to_owned() } else { format!("{questions} questions") };
        match seconds {
            Some(seconds) => format!("{questions}, {seconds} s each"),
            None => format!("{questions}, no time limit"),
        }
    },
    until: "Open until",
    name_note: "It stands in the teacher's report.",
    account: |name| format!("You play as {name}."),
    played: "You played this quiz in the room, and that result stands. This time is for practice.",
    join: "Join",
    ready: |name| format!("Ready, {name}?"),
    how: [
        "You see each question for a moment, then its answers, and the clock runs. Each question counts once, also when you \
         leave the page.",
        "Take your time. Each question counts once.",
    ],
    start: "Start",
    closed_title: "This quiz is closed",
    closed_text: "Its deadline is over. Ask your teacher whether it can be opened again.",

    next: "Next question",
    to_end: "To the result",
    go_on: "Go on",
    practising: "Practice: your result in the room stays as it is.",
    room: |right, answered| match answered {
        0 => "In the room nobody answered.".into(),
        answered => format!("In the room {right} of {answered} were right."),
    },
    room_chart: "How the room answered",
    cut_off: |left| match left {
        1 => "The deadline came before the last question. What you answered counts.".into(),
        n => format!("The deadline came with {n} questions left. What you answered counts."),
    },
    compared: "As it would have been in the room",
    refused: |refusal| match refusal {
        Refusal::Closed => "The deadline is over.",
        Refusal::Stale => "This page was out of date. Here is where you are.",
        Refusal::TooEarly => "A moment too early. Try again.",
        Refusal::TooLate => "Time was up before your answer arrived.",
        Refusal::WrongQuestion => "You are at another question.",
        Refusal::AlreadyAnswered => "You answered this question already. The first answer counts.",
        Refusal::Malformed => "This answer does not fit the question.",
        Refusal::Finished => "You have been through all questions.",
    },
};
