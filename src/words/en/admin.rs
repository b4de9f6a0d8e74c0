//! English: words of the admin's page.

use crate::{
    domain::{flag_table::Source, flags::Flag, role::UserRole},
    words::admin::Admin,
};

pub const ADMIN: Admin = Admin {
    title: "Administration",
    flags: "Features",
    flags_note: "A change holds at once, for everybody who is online too.",
    feature: "Feature",
    now: "Now",
    share: "Share of people, in percent",
    change: "Change",
    on: "On",
    off: "Off",
    not_built: "Not in this version yet",
    held_back: "On, but what it needs is off",
    needs: |names| format!("Needs {names}"),
    set: "Set",
    take_back: "Take back",
    everybody: "Everybody",
    group: "Group",
    exceptions: "Exceptions for groups",
    exceptions_note: "A group can have a feature that the others do not have yet, or go without it.",
    no_exceptions: "No group has an exception.",
    add_exception: "Add an exception",
    no_groups: "There is no group yet.",
    users: "People",
    count: |n| if n == 1 { "1 person".into() } else { format!("{n} people") },
    search_users: "Search by name or e-mail",
    search: "Search",
    nobody_found: "Nobody has this in the name or e-mail.",
    name: "Name",
    email: "E-mail",
    since: "Since",
    role: "Role",
    role_of: |name| format!("Role of {name}"),
    describe,
    source: |source| match source {
        Source::Config => "by configuration",
        Source::Admin => "set here",
        Source::Group => "set for the group",
    },
    role_name: |role| match role {
        UserRole::Learner => "Learner",
        UserRole::Teacher => "Teacher",
        UserRole::Admin => "Admin",
    },
};

fn describe(flag: Flag) -> &'static str {
    match flag {
        Flag::Realtime => "The line between server and pages that live parts use",
        Flag::Presence => "Who is online",
        Flag::BlitzQuiz => "The quiz on projector and phones",
        Flag::LiveSessions => "What a group does together at the same time",
        Flag::AiCoach => "Explanations by AI",
        Flag::AiHints => "Hints by AI",
        Flag::AiGeneration => "Decks made from documents",
        Flag::AiGapAnalysis => "What a group does not know yet",
        Flag::PeerReview => "Learners rate each other's cards",
        Flag::GroupStreaks => "Days in a row on which a group studied",
        Flag::KnowledgeMap => "Concepts and what each builds on",
        Flag::Certifications => "Certificates that others can verify",
    }
}
