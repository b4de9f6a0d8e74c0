//! English: words of live quizzes.

use crate::{domain::live::blitz::Refusal, protocol::Refused, words::live::Live};

pub const LIVE: Live = Live {
    new_title: "Start a Blitz Quiz",
    category: "Cards",
    all_cards: |n| format!("All cards ({n})"),
    category_cards: |name, n| format!("{name} ({n})"),
    card_count: "Number of questions",
    card_count_note: |n| format!("Up to {n} with these cards."),
    fewer: |n| match n {
        1 => "There is only one card here, so one question will be asked.".into(),
        n => format!("There are only {n} cards here, so {n} questions will be asked."),
    },
    time_limit: "Time for each question",
    seconds: |s| format!("{s} s"),
    answers: "How people answer",
    choice: ["Choose", "One of up to four options"],
    typed: ["Type", "Small typing mistakes count as right"],
    mixed: ["Mixed", "Mostly choosing, some typing"],
    hints: "Show hints",
    hints_note: "Where a card has one, it stands below the question.",
    create: "Open the lobby",
    no_cards_title: "This deck has no cards yet",
    no_cards_text: "A quiz asks the deck's cards. Add a few first.",
    to_deck: "To the deck",

    join_title: "Join a quiz",
    pin: "PIN",
    pin_note: "Six digits, on the screen in front of you.",
    pin_wrong: "No open quiz has this PIN. Look at the screen again.",
    name: "Your name",
    name_note: "Everybody in the room will see it.",
    join: "Join",
    join_as: |name| format!("Join as {name}"),
    name_taken: "Somebody here has this name already.",

    join_at: "Join at",
    join_pin: "with the PIN",
    qr: |address| format!("QR code that opens {address}"),
    nobody_yet: "Waiting for the first player",
    players: |n| if n == 1 { "1 player".into() } else { format!("{n} players") },
    more_players: |n| format!("and {n} more"),
    players_title: "Who is here",
    away: "away",
    start: "Start",
    skip_lead_in: "Show the answers",
    reveal_now: "Reveal now",
    show_leaderboard: "Leaderboard",
    next_question: "Next question",
    show_podium: "To the podium",
    finish: "Finish",
    end: "End",
    next_key: "Space",
    end_key: "E",
    end_title: "End the quiz?",
    end_in_lobby: |n| {
        match n {
        0 => "The PIN stops working. Nothing has been asked yet, so there are no results to keep.".into(),
        1 => "The PIN stops working and the one player is sent away. Nothing has been asked yet, so there are no results to keep.".into(),
        n => format!("The PIN stops working and the {n} players are sent away. Nothing has been asked yet, so there are no results to keep."),
    }
    },
    end_in_quiz: |n| match n {
        0 => "The podium is next. All answers so far count.".into(),
        1 => "The podium is next. One question will not be asked; all answers so far count.".into(),
        n => format!("The podium is next. {n} questions will not be asked; all answers so far count."),
    },
    end_at_podium: "The quiz closes for everybody. The results are kept.",
    go_on: "Go on playing",
    question_of: |n, total| format!("Question {n} of {total}"),
    answered: |n, of| format!("{n} of {of}"),
    type_it: "Type the answer on your phone.",
    get_ready: "Get ready",
    right_answer: "Right answer",
    right_count: |n, of| format!("{n} of {of} right"),
    answers_of: |letter, n| if n == 1 { format!("{letter}: 1 answer") } else { format!("{letter}: {n} answers") },
    leaderboard: "Leaderboard",
    podium: "Podium",
    points: |n| if n == 1 { "1 point".into() } else { format!("{} points", thousands(n)) },
    moved: |n| match n {
        0 => "same place".into(),
        n if n > 0 => format!("up {n}"),
        n => format!("down {}", n.unsigned_abs()),
    },
    ended_title: "The quiz is over",
    ended_text: "The results are kept.",
    cancelled_title: "The quiz was cancelled",
    cancelled_text: "Nothing was asked, so there are no results.",
    nobody_scored: "Nobody has points this time.",
    to_decks: "To your decks",
    controls: "Quiz controls",

    you_are_in: "You are in",
    watch_projector: "The quiz starts soon. Look at the screen in front.",
    seconds_left: |s| if s == 1 { "1 second left".into() } else { format!("{s} seconds left") },
    hint: "Hint",
    options: "Answers",
    your_answer: "Your answer",
    send: "Send",
    taken: "Taken",
    taken_text: "Now the others.",
    right: "Right",
    wrong: "Not this time",
    no_answer: "No answer",
    you_answered: |answer| format!("You answered: {answer}"),
    plus_points: |n| format!("+{}", thousands(n)),
    rank: |rank, of| format!("Place {rank} of {of}"),
    ahead: |name, points| match points {
        0 => format!("Level with {name}"),
        1 => format!("1 point behind {name}"),
        n => format!("{} points behind {name}", thousands(n)),
    },
    leading: "You are in the lead.",
    join_another: "Join another quiz",
    loading: "Opening the quiz",

    connected: "Connected",
    connecting: "Connecting",
    reconnecting: "Reconnecting",
    reconnecting_in: |s| format!("Reconnecting in {s} s"),
    answer_safe: "Your answer is safe.",
    offline: "No network",
    retry: "Try now",
    replaced_title: "Open somewhere else",
    replaced_text: "This seat was opened in another window or on another device.",
    use_here: "Play here instead",
    signed_out_title: "You are no longer in this quiz",
    signed_out_text: "The sign-in or the seat has ended. You can join again with the PIN.",
    outdated_title: "This page is out of date",
    outdated_text: "Studyhall was updated. Load the page again; your place is kept.",
    reload: "Load again",
    refused,

    not_host_title: "This is not your quiz",
    not_host_text: "Only its host can show it here. To play, join with the PIN.",
    no_seat_title: "You are not in this quiz",
    no_seat_text: "Join with the PIN from the screen in front of you. If the quiz is over, its PIN no longer works.",
};

fn refused(reason: &Refused) -> String {
    match reason {
        Refused::SignInRequired => "Sign in to go on.".into(),
        Refused::Forbidden => "Only the host can do this.".into(),
        Refused::NotFound => "This quiz does not exist any more.".into(),
        Refused::TooMany { retry_after } => format!("That was too fast. Try again in {retry_after} s."),
        Refused::FlagOff { .. } => "Quizzes are switched off here. An admin can turn them on.".into(),
        Refused::Name(_) => "Choose another name.".into(),
        Refused::Unavailable => "That did not get through. Please try again.".into(),
        Refused::Live(reason) => live(reason).into(),
        Refused::Text(_) | Refused::Room(_) => "That is not possible here.".into(),
    }
}

fn live(reason: &Refusal) -> &'static str {
    match reason {
        Refusal::Ended => "The quiz is over.",
        Refusal::NameTaken { .. } => "Somebody here has this name already.",
        Refusal::TooEarly => "A moment too early. Try again.",
        Refusal::TooLate => "Time was up before your answer arrived.",
        Refusal::WrongQuestion => "The next question is on already.",
        Refusal::AlreadyAnswered => "Your answer was taken already.",
        Refusal::Malformed => "This answer does not fit the question.",
        Refusal::NotInSession => "You are not in this quiz. Join with the PIN.",
        Refusal::Stale => "The quiz had moved on already. Look again.",
        Refusal::NobodyHere => "Nobody has joined yet.",
    }
}

/// With a narrow no-break space between the groups of three digits.
fn thousands(n: u32) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{202F}');
        }
        out.push(digit);
    }
    out
}
