//! English: words of presence.

use crate::{
    domain::presence::{Activity, Doing, Status},
    words::presence::Presence,
};

pub const PRESENCE: Presence = Presence {
    status,
    note: |status| match status {
        Status::Online => "By what you do",
        Status::Busy => "Please do not disturb",
        Status::Away => "Not at the desk",
        Status::Invisible => "Nobody sees you",
        Status::Offline => "",
    },
    choose: "What others see of you",
    doing,
    person: |name, status_now, what| match what {
        Some(what) => format!("{name}, {}, {}", status(status_now), doing(what)),
        None => format!("{name}, {}", status(status_now)),
    },
    here: |count| match count {
        0 => "Nobody here now".into(),
        1 => "1 here now".into(),
        count => format!("{count} here now"),
    },
    more: |count| format!("+{count}"),
    more_label: |count| format!("and {count} more"),
    last_seen: "last seen",
    just_left: "last seen just now",
    deck_now: "Studying now",
};

fn status(status: Status) -> &'static str {
    match status {
        Status::Online => "online",
        Status::Away => "away",
        Status::Busy => "busy",
        Status::Invisible => "invisible",
        Status::Offline => "offline",
    }
}

fn doing(doing: &Doing) -> String {
    let Doing { activity, title } = doing;
    match activity {
        Activity::Studying(_) => format!("studying {title}"),
        Activity::Reviewing(_) => format!("reviewing {title}"),
        Activity::InRoom(_) => format!("in the study room on {title}"),
        Activity::InQuiz(_) => format!("in a quiz on {title}"),
        Activity::Hosting(_) => format!("hosting a quiz on {title}"),
    }
}
