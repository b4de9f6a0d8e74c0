//! English: words of the first page.

use crate::words::home::Home;

pub const HOME: Home = Home {
    pin_title: "Join a quiz",
    pin_label: "PIN",
    pin_note: "You see it on the projector. No account needed.",
    pin_placeholder: "000 000",
    join: "Join",
    or: "Teaching, or learning with your own cards?",
    what_title: "What Studyhall is",
    what: [
        "Make flashcards, or bring the lists you have.",
        "Host a quiz on the projector; everyone answers on their own phone.",
        "See at each question what your class knows.",
    ],
    picture: "A question with four answers on a projector, and three phones that answer it",
    live: "Live now",
    live_waiting: "About to start",
    live_running: "Running",
    back_to_host: "Back to hosting",
    take_over: "Host it here",
    live_facts: |host, group, players| {
        let group = group.map(|group| format!(" · {group}")).unwrap_or_default();
        let players = if players == 1 { "1 player".into() } else { format!("{players} players") };
        format!("{host}{group} · {players}")
    },
    hello: |name| format!("Hello, {name}"),
    groups: "Your groups",
    all_groups: "All groups",
    decks: "Recent decks",
    all_decks: "All decks",
    cards: |n| if n == 1 { "1 card".into() } else { format!("{n} cards") },
    members: |n| if n == 1 { "1 person".into() } else { format!("{n} people") },
    first_title: "Three steps to your first quiz",
    first_group_title: "Make a group",
    first_group_text: "A class or a course. You invite people by link, code or QR.",
    first_group: "Make a group",
    first_deck_title: "Make a deck",
    first_deck_text: "Type cards, or import a CSV file or a list from elsewhere.",
    first_deck: "Make a deck",
    first_quiz_title: "Host a quiz",
    first_quiz_text: "Open a deck, choose Host a quiz, and let the class join by PIN.",
    learner_title: "You are not in a group yet",
    learner_join: "Join a group",
    learner_text: "Ask your teacher for the link or code of your group. Meanwhile you can make decks for yourself.",
};
