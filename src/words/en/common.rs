//! English: words that many pages share.

use crate::{
    api::error::{AppError, Problem},
    words::common::Common,
};

pub const COMMON: Common = Common {
    product: "Studyhall",
    cancel: "Cancel",
    save: "Save",
    undo: "Undo",
    back: "Back",
    close: "Close",
    loading: "Loading",
    not_found_title: "This page does not exist",
    not_found_text: "The address may be mistyped, or what was here is gone.",
    try_again: "Try again",
    to_home: "Go to the first page",
    copy: "Copy",
    copied: "Copied",
    search: "Search",
    pages: "Pages",
    previous: "Previous",
    next: "Next",
    page_of: |page, pages| format!("Page {page} of {pages}"),
    ago,
    date,
    error_title,
    error,
    problem,
};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn date((year, month, day): (i64, u8, u8)) -> String {
    let month = MONTHS.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or_default();
    format!("{day} {month} {year}")
}

fn ago(elapsed: i64, then: (i64, u8, u8)) -> String {
    const MINUTE: i64 = 60_000;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    match elapsed {
        // Clocks differ a little; nothing here lies in the future.
        ..MINUTE => "just now".into(),
        MINUTE..HOUR => format!("{} min ago", elapsed / MINUTE),
        HOUR..DAY => format!("{} h ago", elapsed / HOUR),
        _ if elapsed < 2 * DAY => "yesterday".into(),
        _ if elapsed < 14 * DAY => format!("{} days ago", elapsed / DAY),
        _ => date(then),
    }
}

fn error_title(error: &AppError) -> &'static str {
    match error {
        AppError::SignInRequired => "You are not signed in",
        AppError::Forbidden => "Not for you",
        AppError::NotFound => "Nothing here",
        AppError::Invalid { .. } => "Something is not right yet",
        AppError::Conflict => "Somebody was faster",
        AppError::TooLarge { .. } => "Too large",
        AppError::TooMany { .. } => "A little slower",
        AppError::FlagOff { .. } => "Switched off",
        AppError::Unavailable => "No answer from the server",
        AppError::Internal { .. } => "That went wrong",
    }
}

fn error(error: &AppError) -> String {
    match error {
        AppError::SignInRequired => "Sign in to go on.".into(),
        AppError::Forbidden => "You are not allowed to do this. A teacher of the group can help.".into(),
        AppError::NotFound => "This does not exist, or it is not shared with you.".into(),
        AppError::Invalid { fields } if fields.is_empty() => {
            "Something in the form could not be read. Check it and send it again.".into()
        }
        AppError::Invalid { .. } => "Check the marked fields.".into(),
        AppError::Conflict => "This changed in the meantime. Look at it again and repeat what you wanted.".into(),
        AppError::TooLarge { limit } => {
            format!("This is too large. At most {} MB are possible.", limit / (1024 * 1024))
        }
        AppError::TooMany { retry_after } => format!("Too many tries. Wait {retry_after} s and try again."),
        AppError::FlagOff { flag } => {
            format!("The feature {} is switched off here. An admin can turn it on.", flag.name())
        }
        AppError::Unavailable => "The server could not be reached. Nothing was changed; try again.".into(),
        AppError::Internal { reference } => {
            format!("Something went wrong on our side. Nothing was changed. Reference: {reference}")
        }
    }
}

fn problem(problem: &Problem) -> String {
    match problem {
        Problem::Required => "This is needed.".into(),
        Problem::TooShort { min } => format!("At least {min} characters are needed."),
        Problem::TooLong { max } => format!("At most {max} characters are possible."),
        Problem::TooMany { max } => format!("At most {max} are possible."),
        Problem::OutOfRange { min, max } => format!("Choose a number from {min} to {max}."),
        Problem::Malformed => "This does not look right.".into(),
        Problem::Taken { suggestion: Some(free) } => format!("This is taken already. Free is: {free}"),
        Problem::Taken { suggestion: None } => "This is taken already.".into(),
        Problem::Wrong => "This is not right. Check it and try again.".into(),
        Problem::NotAllowed => "Choose something else, please.".into(),
        Problem::Mismatch => "The two do not match.".into(),
        Problem::TooWeak => "This is too easy to guess.".into(),
        Problem::Closed => "This is closed. Ask the host or teacher.".into(),
        Problem::TooFew { min, found } => format!("At least {min} are needed; there are {found}."),
        Problem::LastAdmin => "This is the only admin. Make somebody else an admin first.".into(),
        Problem::Crowded => {
            "Too many people wait at the door already. Ask the host to let them in, then try again.".into()
        }
        Problem::NotBuilt => "This feature is not in this version yet and cannot be turned on.".into(),
        Problem::FlagNeeds { flag, needs } => {
            format!("{0} needs {1}. Turn on {1} as well, or turn off {0} first.", flag.name(), needs.name())
        }
    }
}
