//! Words of what is left of a quiz: reports, own results, lists of past quizzes.

pub struct Report {
    pub list_title: &'static str,
    pub group_list_title: &'static str,
    pub none_title: &'static str,
    pub none_text: &'static str,
    /// Host, group where there is one, number of players.
    pub facts: fn(&str, Option<&str>, u32) -> String,
    pub to_report: &'static str,
    pub to_result: &'static str,
    pub older: &'static str,
    pub newer: &'static str,
    pub title: &'static str,
    pub players: &'static str,
    pub questions: &'static str,
    pub learners: &'static str,
    pub answers: &'static str,
    pub right: &'static str,
    /// Thousandths as per cent.
    pub percent: fn(u16) -> String,
    pub xlsx: &'static str,
    pub csv: &'static str,
    pub overview: &'static str,
    pub nobody: &'static str,
    pub answered: fn(u32, u32) -> String,
    pub seconds: fn(u32) -> String,
    /// First quartile, median, third quartile in ms.
    pub times: fn([u32; 3]) -> String,
    /// A correlation in thousandths.
    pub discrimination: fn(i16) -> String,
    pub suspect: &'static str,
    pub unused: fn(&str) -> String,
    pub rank: &'static str,
    pub name: &'static str,
    pub points: &'static str,
    pub time: &'static str,
    /// Columns of the files.
    pub learner_columns: [&'static str; 12],
    pub question_columns: [&'static str; 14],
    pub answer_columns: [&'static str; 12],

    pub result_title: fn(&str) -> String,
    pub keep_title: &'static str,
    pub keep_text: &'static str,
    pub keep: &'static str,
    pub sign_up_to_keep: &'static str,
    pub right_answer: &'static str,
    pub your_answer: &'static str,
    pub not_answered: &'static str,

    pub teams: &'static str,
    pub team: &'static str,
    pub members: &'static str,
    pub team_columns: [&'static str; 4],
    /// Of which question.
    pub second_chance: fn(u32) -> String,

    /// In the order of [`crate::domain::live::blitz::Sureness::counts`].
    pub sureness: fn([u32; 4]) -> String,
    pub sure_and_wrong: fn(u32) -> String,

    // ---- Self-paced ----
    /// Of somebody who played later alone.
    pub self_paced: &'static str,
    pub to_self_paced: &'static str,
    /// Which the report has: all, or only who was in the room.
    pub everybody: &'static str,
    pub live_only: &'static str,
    /// How many played later.
    pub self_paced_count: fn(u32) -> String,
    /// In files: in the room, or when later (UTC).
    pub played: fn(Option<&str>) -> String,
}
