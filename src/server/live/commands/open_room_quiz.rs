//! Shows a quiz to everybody in the room that it was started from, and the way back in the quiz.

use crate::{
    domain::{
        ids::LiveSessionId,
        live::study_room::{Command, QuizLink},
    },
    protocol::Refused,
    server::{
        live::{caller::Caller, room},
        state::AppState,
    },
};

#[derive(Clone, Copy, Debug)]
pub struct OpenRoomQuiz {
    pub room: LiveSessionId,
    pub quiz: LiveSessionId,
    /// When it arrived, Unix ms.
    pub at: i64,
}

impl OpenRoomQuiz {
    /// For quizzes of the room's own group. Doing it twice changes nothing.
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<(), Refused> {
        let (room, who) = room::admit(state, caller, self.room).await?;
        let row = state.db.live_session(self.quiz).await?;
        let Some(pin) = row.pin.filter(|_| row.group_id == Some(room.group.0)) else { return Err(Refused::NotFound) };
        let quiz = QuizLink { session: self.quiz, pin };
        room.command(who, |by| Command::OpenQuiz { by, quiz }, self.at).await?;
        Ok(state.db.link_quiz_to_room(self.quiz, self.room).await?)
    }
}
