//! English: words of the preview.

use crate::{domain::live::question::Worth, words::preview::Preview};

pub const PREVIEW: Preview = Preview {
    open: "Preview questions",
    title: "Preview",
    veil_title: "Is this screen yours alone?",
    veil_text: "The preview shows all questions with their right answers. Do not open it on the projector: use your own \
                device, signed in with your account.",
    show: "Show the questions here",
    warning: "Not for the projector: the right answers are on this page.",
    to_lobby: "To the lobby",
    started: "The quiz has started: its questions stay as they are.",
    right: "Right",
    exchange: |option| format!("Wrong answer “{option}”"),
    no_others: "This deck has no other answer that would be wrong here.",
    points: "Points",
    worth: |worth| match worth {
        Worth::Nothing => "No points",
        Worth::Usual => "Up to 1,000",
        Worth::Double => "Double: up to 2,000",
    },
    time: "Time",
    usual_time: |s| format!("As for all: {s} s"),
    explanation: "Explanation at the reveal",
    save: "Save",
    drop: "Drop this question",
    drop_of: |n| format!("Drop question {n}"),
    save_of: |n| format!("Save question {n}"),
    only_one: "A quiz needs at least one question.",
    badge: |worth| match worth {
        Worth::Nothing => Some("No points"),
        Worth::Usual => None,
        Worth::Double => Some("Double points"),
    },
};
