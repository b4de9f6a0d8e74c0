//! Before the start the host changes a drawn question: another wrong option, points, time, explanation; or drops it.

use crate::{
    domain::{
        card::QuizCard as StoredCard,
        ids::LiveSessionId,
        live::{
            blitz::{Command, Refusal},
            draw::alternatives,
            question::{Key, Question, Rich, Worth},
        },
    },
    protocol::Refused,
    server::{
        live::{
            caller::Caller,
            open_session,
            pool::{pool, quiz_cards, some_rich},
        },
        state::AppState,
    },
    words::en::WORDS,
};
use uuid::Uuid;

/// A host's command; `seen` is the revision on the host's screen, a stale one does nothing.
#[derive(Clone, Debug)]
pub struct AdjustLiveQuestion {
    pub session: LiveSessionId,
    pub seen: u32,
    /// The question's number, from 0.
    pub index: u32,
    pub worth: Worth,
    /// `None`: as for all questions.
    pub time_limit_ms: Option<u32>,
    /// Markdown.
    pub explanation: String,
    /// By option: the text of what stands there from now on. Empty, missing or the same: it stays.
    pub options: Vec<String>,
    pub key: Uuid,
    /// When it arrived, Unix ms.
    pub at: i64,
}

/// See [`AdjustLiveQuestion`].
#[derive(Clone, Copy, Debug)]
pub struct DropLiveQuestion {
    pub session: LiveSessionId,
    pub seen: u32,
    pub index: u32,
    pub key: Uuid,
    pub at: i64,
}

impl AdjustLiveQuestion {
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<(), Refused> {
        let session = open_session(state, self.session).await?;
        caller.host(state, &session).await?;
        let drawn = session.drawn().await?;
        if drawn.revision != self.seen {
            return Err(Refused::Live(Refusal::Stale));
        }
        let mut question =
            drawn.questions.get(self.index as usize).cloned().ok_or(Refused::Live(Refusal::WrongQuestion))?;
        let stored = pool(&state.db, session.deck).await?;
        let source = self.explanation.replace("\r\n", "\n").trim().to_owned();
        if source != explanation_source(&question, &stored) {
            question.explanation = some_rich(&source);
            question.adjusted.explanation_source = Some(source);
        }
        question.points = self.worth.points();
        question.adjusted.time_limit_ms = self.time_limit_ms.filter(|ms| *ms != drawn.time_limit_ms);
        let siblings = alternatives(&question, &quiz_cards(stored), WORDS.live.true_false);
        exchange(&mut question, &self.options, &siblings)?;
        let command = Command::Adjust { seen: self.seen, index: self.index, question: Box::new(question) };
        session.command(self.key, command, self.at).await
    }
}

impl DropLiveQuestion {
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<(), Refused> {
        let session = open_session(state, self.session).await?;
        caller.host(state, &session).await?;
        session.command(self.key, Command::Drop { seen: self.seen, index: self.index }, self.at).await
    }
}

/// The explanation as the host wrote it, else as it stands on the card.
pub fn explanation_source(question: &Question, stored: &[StoredCard]) -> String {
    let own = question.adjusted.explanation_source.clone();
    let card = || stored.iter().find(|card| card.id == question.card).map(|card| card.explanation.clone());
    let text = || question.explanation.as_ref().map(|rich| rich.text.clone());
    own.or_else(card).or_else(text).unwrap_or_default().replace("\r\n", "\n").trim().to_owned()
}

/// Only a sibling that the draw could have taken comes in; that the right answers stay is for the session to decide.
fn exchange(question: &mut Question, wanted: &[String], siblings: &[Rich]) -> Result<(), Refused> {
    let (Key::Choice { options, .. } | Key::Several { options, .. }) = &mut question.key else { return Ok(()) };
    for (option, wanted) in options.iter_mut().zip(wanted) {
        if !wanted.is_empty() && option.text != *wanted {
            let sibling = siblings.iter().find(|sibling| sibling.text == *wanted);
            *option = sibling.cloned().ok_or(Refused::Live(Refusal::Malformed))?;
        }
    }
    Ok(())
}
