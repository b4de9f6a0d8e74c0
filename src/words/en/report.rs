//! English: words of reports and results.

use crate::words::report::Report;

pub const REPORT: Report = Report {
    list_title: "Your quizzes",
    group_list_title: "Past quizzes",
    none_title: "No quizzes yet",
    none_text: "What you host or play in while signed in is kept here.",
    facts: |host, group, n| {
        let players = if n == 1 { "1 player".to_owned() } else { format!("{n} players") };
        match group {
            Some(group) => format!("{group} · hosted by {host} · {players}"),
            None => format!("hosted by {host} · {players}"),
        }
    },
    to_report: "Report",
    to_result: "My answers",
    older: "Older",
    newer: "Newer",
    title: "Report",
    players: "Players",
    questions: "Questions",
    learners: "Learners",
    answers: "Answers",
    right: "Right",
    percent: |n| format!("{} %", (u32::from(n) + 5) / 10),
    xlsx: "Spreadsheet (XLSX)",
    csv: "All answers (CSV)",
    overview: "Share of right answers, by question",
    nobody: "Nobody answered.",
    answered: |right, of| format!("{right} of {of} right"),
    seconds,
    times: |[first, median, third]| {
        format!(
            "Half answered within {}; the middle half took {} to {}.",
            seconds(median),
            seconds(first),
            seconds(third)
        )
    },
    discrimination: |r| {
        let r = f64::from(r) / 1000.0;
        let say = match r {
            r if r < 0.0 => "who knew more was right less often",
            r if r < 0.2 => "tells little about who knows more",
            _ => "who knew more was right more often",
        };
        format!("Discrimination {r:.2}: {say}.")
    },
    suspect: "Look at this card",
    unused: |option| format!("Nobody took: {option}"),
    rank: "Place",
    name: "Name",
    points: "Points",
    time: "Average time",
    learner_columns: [
        "Place",
        "Name",
        "Points",
        "Right",
        "Answered",
        "Average seconds",
        "Team",
        "Sure and right",
        "Sure and wrong",
        "Not sure and right",
        "Not sure and wrong",
        "Played",
    ],
    question_columns: [
        "Question",
        "Text",
        "Right answer",
        "Answered",
        "Right",
        "Difficulty",
        "Discrimination",
        "Median seconds",
        "Options nobody took",
        "Points at most",
        "Sure and right",
        "Sure and wrong",
        "Not sure and right",
        "Not sure and wrong",
    ],
    answer_columns: [
        "Place",
        "Name",
        "Question",
        "Text",
        "Right answer",
        "Answer",
        "Right",
        "Points",
        "Seconds",
        "Team",
        "Sure",
        "Played",
    ],

    result_title: |title| format!("{title}: your answers"),
    keep_title: "Keep this result",
    keep_text: "You played as a guest. Save it to an account within a day after the quiz; then you can also add its cards to a deck of your own.",
    keep: "Save to my account",
    sign_up_to_keep: "Create an account",
    right_answer: "Right answer",
    your_answer: "Your answer",
    not_answered: "Not answered",

    teams: "Teams",
    team: "Team",
    members: "Members",
    team_columns: ["Place", "Team", "Points", "Members"],
    second_chance: |of| format!("Second chance of question {of}"),
    sureness: |[sure_right, sure_wrong, right, wrong]| {
        format!("Sure: {sure_right} right, {sure_wrong} wrong. Not sure: {right} right, {wrong} wrong.")
    },
    sure_and_wrong: |n| format!("{n} sure and wrong"),

    self_paced: "self-paced",
    to_self_paced: "Self-paced play",
    everybody: "Everybody",
    live_only: "Live only",
    self_paced_count: |n| format!("{n} self-paced"),
    played: |when| match when {
        Some(when) => ["self-paced ", when, " UTC"].concat(),
        None => "live".into(),
    },
};

fn seconds(ms: u32) -> String {
    format!("{}.{} s", ms / 1000, ms % 1000 / 100)
}
