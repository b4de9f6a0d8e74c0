//! The drawn questions with their keys, for the host's own screen before the start.

use crate::{
    api::live_preview::{Preview, PreviewOption, PreviewQuestion},
    domain::{
        ids::LiveSessionId,
        live::{
            draw::alternatives,
            question::{Question, Worth},
        },
    },
    protocol::Refused,
    server::{
        live::{
            caller::Caller,
            commands::explanation_source,
            pool::{pool, quiz_cards},
        },
        state::AppState,
    },
    words::en::WORDS,
};

#[derive(Clone, Copy, Debug)]
pub struct PreviewLiveSession {
    pub session: LiveSessionId,
}

impl PreviewLiveSession {
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<Preview, Refused> {
        let session = state.live.session(self.session).await?;
        caller.host(state, &session).await?;
        let drawn = session.drawn().await?;
        let stored = pool(&state.db, session.deck).await?;
        let explanations: Vec<String> = drawn.questions.iter().map(|q| explanation_source(q, &stored)).collect();
        let cards = quiz_cards(stored);
        let question = |((index, question), explanation): ((u32, Question), String)| {
            let others = alternatives(&question, &cards, WORDS.live.true_false);
            PreviewQuestion {
                index,
                kind: question.kind(),
                solution: question.solution().answer,
                options: (0u8..)
                    .zip(question.key.options())
                    .map(|(i, text)| PreviewOption { text: text.clone(), right: question.holds(i) })
                    .collect(),
                alternatives: others.into_iter().map(|other| other.text).collect(),
                worth: Worth::of(question.points),
                time_limit_ms: question.adjusted.time_limit_ms,
                explanation,
                prompt: question.prompt,
            }
        };
        Ok(Preview {
            session: self.session,
            title: drawn.title,
            revision: drawn.revision,
            in_lobby: drawn.in_lobby,
            time_limit_ms: drawn.time_limit_ms,
            questions: (0u32..).zip(drawn.questions).zip(explanations).map(question).collect(),
        })
    }
}
