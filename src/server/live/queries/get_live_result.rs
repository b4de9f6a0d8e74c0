//! A player's own result of a session that has ended, or of playing it later.

use super::get_live_report::{answers, played};
use crate::{
    api::live_reports::{OwnResult, ResultRow},
    domain::{ids::LiveSessionId, live::report::LearnerAnswer},
    protocol::Refused,
    server::{
        live::{
            caller::Caller,
            commands::TakeLiveCard,
            self_paced::{attempt_of, results::own_result},
        },
        state::AppState,
    },
};

#[derive(Clone, Copy, Debug)]
pub struct GetLiveResult {
    pub session: LiveSessionId,
}

impl GetLiveResult {
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<OwnResult, Refused> {
        let handle = state.live.session(self.session).await?;
        let alone = attempt_of(state, caller, self.session).await?.is_some();
        let participant = match caller.seat(&handle).await {
            // Who sat in the room without a word and played later is asked about the later one.
            Ok(seat) if alone && state.db.live_session_answer_sums(seat).await?.0 == 0 => None,
            Ok(seat) => Some(seat),
            Err(_) if alone => None,
            Err(refused) => return Err(refused),
        };
        let Some(participant) = participant else {
            return own_result(state, caller, self.session).await;
        };
        let played = played(&state.db, self.session).await?;
        let rows = state.db.live_session_participants(self.session).await?;
        let players = rows.iter().filter(|row| row.left_at.is_none()).count();
        let me = rows.iter().find(|row| row.id == participant.0).ok_or(Refused::NotFound)?;
        let taken = TakeLiveCard::taken(state, caller, self.session).await?;
        let mine = answers(&state.db, self.session).await?;
        let number = |n: i64| u32::try_from(n).unwrap_or(0);
        Ok(OwnResult {
            session: self.session,
            title: played.title,
            ended_at: played.ended_at,
            name: me.name.clone(),
            guest: me.user_id.is_none(),
            signed_in: caller.user().is_some(),
            rank: me.rank.map(number),
            players: u32::try_from(players).unwrap_or(u32::MAX),
            score: number(me.total_score),
            alone: false,
            rows: (0u32..)
                .zip(&played.questions)
                .filter(|(index, _)| played.counted.contains(index))
                .map(|(index, question)| {
                    let solution = question.solution();
                    let answer = mine.iter().find(|a| a.participant == participant && a.index == index);
                    ResultRow {
                        index,
                        prompt: question.prompt.clone(),
                        solution: solution.answer,
                        explanation: solution.explanation,
                        mine: answer.map(|a| LearnerAnswer {
                            text: question.in_words(&a.answer),
                            correct: a.correct,
                            points: a.points,
                            response_time_ms: a.response_time_ms,
                            sure: a.sure,
                        }),
                        taken: taken.contains(&index),
                    }
                })
                .collect(),
        })
    }
}
