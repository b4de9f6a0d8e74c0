//! Words of live quizzes: setting one up, joining, the projector and the phone.

use crate::protocol::Refused;

pub struct Live {
    // ---- Setting up ----
    pub new_title: &'static str,
    pub category: &'static str,
    pub all_cards: fn(u32) -> String,
    /// A category's name and how many cards it has.
    pub category_cards: fn(&str, u32) -> String,
    pub card_count: &'static str,
    pub card_count_note: fn(u32) -> String,
    /// Asked for more than there are.
    pub fewer: fn(u32) -> String,
    pub time_limit: &'static str,
    pub seconds: fn(u32) -> String,
    pub answers: &'static str,
    /// Name and explanation of each way to answer.
    pub choice: [&'static str; 2],
    pub typed: [&'static str; 2],
    pub mixed: [&'static str; 2],
    pub varied: [&'static str; 2],
    pub true_false: [&'static str; 2],
    pub hints: &'static str,
    pub hints_note: &'static str,
    pub more: &'static str,
    pub scoring: &'static str,
    pub speed: [&'static str; 2],
    pub accuracy: [&'static str; 2],
    pub leaderboard_every: &'static str,
    /// After every so many questions; 0: only at the end.
    pub every: fn(u32) -> String,
    pub auto_advance: &'static str,
    /// After so many seconds; 0: by hand.
    pub auto_after: fn(u32) -> String,
    pub approve: [&'static str; 2],
    pub streaks: [&'static str; 2],
    pub change_answer: [&'static str; 2],
    pub create: &'static str,
    pub no_cards_title: &'static str,
    pub no_cards_text: &'static str,
    pub to_deck: &'static str,

    // ---- Joining ----
    pub join_title: &'static str,
    pub pin: &'static str,
    pub pin_note: &'static str,
    pub pin_wrong: &'static str,
    pub name: &'static str,
    pub name_note: &'static str,
    pub join: &'static str,
    pub join_as: fn(&str) -> String,
    pub name_taken: &'static str,

    // ---- The projector ----
    pub join_at: &'static str,
    pub join_pin: &'static str,
    pub qr: fn(&str) -> String,
    pub nobody_yet: &'static str,
    pub players: fn(u32) -> String,
    pub more_players: fn(u32) -> String,
    pub players_title: &'static str,
    pub away: &'static str,
    pub start: &'static str,
    pub skip_lead_in: &'static str,
    pub reveal_now: &'static str,
    pub show_leaderboard: &'static str,
    pub next_question: &'static str,
    pub show_podium: &'static str,
    pub finish: &'static str,
    pub end: &'static str,
    /// What each key does, as it stands on the keyboard.
    pub next_key: &'static str,
    pub end_key: &'static str,
    pub end_title: &'static str,
    pub end_in_lobby: fn(u32) -> String,
    /// How many questions will not be asked.
    pub end_in_quiz: fn(u32) -> String,
    pub end_at_podium: &'static str,
    pub go_on: &'static str,
    pub question_of: fn(u32, u32) -> String,
    pub answered: fn(u32, u32) -> String,
    /// Under a question without options.
    pub type_it: &'static str,
    pub estimate_it: &'static str,
    pub pick_all: &'static str,
    pub put_in_order: &'static str,
    /// Without JavaScript: the options' letters.
    pub letters: &'static str,
    pub start_over: &'static str,
    /// An option's place in the order so far.
    pub place: fn(u32) -> String,
    pub get_ready: &'static str,
    pub right_answer: &'static str,
    pub right_count: fn(u32, u32) -> String,
    pub answers_of: fn(char, u32) -> String,
    pub leaderboard: &'static str,
    pub podium: &'static str,
    pub points: fn(u32) -> String,
    pub moved: fn(i32) -> String,
    pub ended_title: &'static str,
    pub ended_text: &'static str,
    pub cancelled_title: &'static str,
    pub cancelled_text: &'static str,
    pub nobody_scored: &'static str,
    pub to_decks: &'static str,
    pub controls: &'static str,

    pub pause: &'static str,
    pub resume: &'static str,
    pub paused: &'static str,
    pub paused_text: &'static str,
    pub skip: &'static str,
    pub lock: &'static str,
    pub unlock: &'static str,
    pub locked: &'static str,
    pub people: &'static str,
    pub guest: &'static str,
    pub at_the_door: fn(u32) -> String,
    pub let_in: &'static str,
    pub let_all_in: &'static str,
    pub send_away: &'static str,
    pub take_out: &'static str,
    /// The same for a name in the lobby.
    pub take_out_of: fn(&str) -> String,
    pub play_again: &'static str,
    pub to_next: &'static str,

    // ---- The phone ----
    pub you_wait: &'static str,
    pub you_wait_text: &'static str,
    pub removed: &'static str,
    pub removed_text: &'static str,
    pub play_along: &'static str,
    pub may_change: &'static str,
    pub streak_bonus: fn(u32) -> String,
    pub you_are_in: &'static str,
    pub watch_projector: &'static str,
    pub seconds_left: fn(u32) -> String,
    pub hint: &'static str,
    pub options: &'static str,
    pub your_answer: &'static str,
    pub send: &'static str,
    pub taken: &'static str,
    pub taken_text: &'static str,
    pub right: &'static str,
    pub wrong: &'static str,
    /// Worth something, but not all of it.
    pub partly: &'static str,
    pub no_answer: &'static str,
    pub you_answered: fn(&str) -> String,
    pub plus_points: fn(u32) -> String,
    pub rank: fn(u32, u32) -> String,
    pub ahead: fn(&str, u32) -> String,
    pub leading: &'static str,
    pub join_another: &'static str,
    pub loading: &'static str,

    // ---- The line ----
    pub connected: &'static str,
    pub connecting: &'static str,
    pub reconnecting: &'static str,
    pub reconnecting_in: fn(u32) -> String,
    pub answer_safe: &'static str,
    pub offline: &'static str,
    pub retry: &'static str,
    pub replaced_title: &'static str,
    pub replaced_text: &'static str,
    pub use_here: &'static str,
    pub signed_out_title: &'static str,
    pub signed_out_text: &'static str,
    pub outdated_title: &'static str,
    pub outdated_text: &'static str,
    pub reload: &'static str,
    pub refused: fn(&Refused) -> String,

    // ---- Not here ----
    pub not_host_title: &'static str,
    pub not_host_text: &'static str,
    pub no_seat_title: &'static str,
    pub no_seat_text: &'static str,
    /// At the door.
    pub send_all_away: &'static str,

    // ---- Teams ----
    pub teams: &'static str,
    /// Name and explanation: alone, by chance, by choice.
    pub no_teams: [&'static str; 2],
    pub auto_teams: [&'static str; 2],
    pub chosen_teams: [&'static str; 2],
    pub team_names: &'static str,
    pub team_names_note: &'static str,
    pub usual_team_names: &'static str,
    pub team_names_wrong: &'static str,
    /// A team's name and its number of players.
    pub team_size: fn(&str, u32) -> String,
    pub pick_team: &'static str,
    pub your_team: fn(&str) -> String,
    pub team_leaderboard: &'static str,
    pub best_players: &'static str,
    pub team_place: fn(&str, u32, u32) -> String,

    // ---- Extra time ----
    pub extra_time: &'static str,
    pub extra_times: [&'static str; 4],
    pub time_is_up: &'static str,

    // ---- Sound ----
    pub sound_on: &'static str,
    pub sound_off: &'static str,

    // ---- Second chance ----
    pub second_chance: [&'static str; 2],
    /// Which of how many.
    pub second_chance_of: fn(u32, u32) -> String,

    // ---- Self-paced ----
    /// Title and text for a link that nobody made.
    pub unknown_link: [&'static str; 2],

    pub confidence: [&'static str; 2],
    pub how_sure: &'static str,
    pub sure: &'static str,
    pub not_sure: &'static str,
    /// Sure, not sure.
    pub you_were: [&'static str; 2],
    pub sure_and_wrong: fn(u32) -> String,

    pub take_card: &'static str,
    pub in_deck: &'static str,
    /// Title of the deck that is made for the first card.
    pub taken_deck: &'static str,
    pub take_as_guest: &'static str,

    pub expected: &'static str,
    pub expected_note: &'static str,
}
