//! A player's answer to the open question.

use crate::{
    domain::{ids::LiveSessionId, live::question::Answer},
    protocol::Refused,
    server::{
        live::{caller::Caller, engine::Submission, open_session},
        state::AppState,
    },
};
use uuid::Uuid;

/// An answer; the time that counts is the server's at arrival.
#[derive(Clone, Debug)]
pub struct SubmitLiveAnswer {
    pub session: LiveSessionId,
    /// The question's number, from 0: an answer to another one is refused.
    pub card_index: u32,
    pub answer: Answer,
    pub key: Uuid,
    /// When it arrived, Unix ms.
    pub at: i64,
}

impl SubmitLiveAnswer {
    /// Done when the answer is committed.
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<(), Refused> {
        let session = open_session(state, self.session).await?;
        let submission = Submission {
            secret: caller.secret(session.id),
            user: caller.user(),
            index: self.card_index,
            answer: self.answer,
            credit_ms: caller.line_ms,
        };
        session.answer(self.key, submission, self.at).await
    }
}
