//! What playing alone leaves: rows for the session's report, the own answers, a guest who keeps them.

use super::{Attempt, attempt, attempt_of, taken};
use crate::{
    api::live_reports::{OwnResult, ResultRow},
    domain::{
        ids::{LiveSessionId, ParticipantId},
        live::{
            blitz::{CLAIM_MS, Refusal},
            report::{LearnerAnswer, Player, Stored},
        },
    },
    protocol::Refused,
    server::{
        live::caller::Caller,
        state::AppState,
        storage::{AttemptRow, Db, StoreError},
    },
};
use std::collections::HashMap;

/// Whoever played alone, with what they answered; when each of them did so last. Who had played in the room, and who
/// has seen no question to its end, is not among them.
pub struct PlayedAlone {
    pub players: Vec<Player>,
    pub answers: Vec<Stored>,
    pub when: HashMap<ParticipantId, i64>,
}

pub async fn played_alone(db: &Db, session: LiveSessionId) -> Result<PlayedAlone, StoreError> {
    let counts = |row: &AttemptRow| !row.practice && row.rank.is_some();
    let rows: Vec<AttemptRow> = db.self_paced_attempts(session).await?.into_iter().filter(counts).collect();
    let when: HashMap<ParticipantId, i64> = rows.iter().map(|row| (ParticipantId(row.id), row.last_at)).collect();
    let mut answers = vec![];
    for row in db.self_paced_turns_of(session).await? {
        let participant = ParticipantId(row.attempt_id);
        if let (true, Some(taken)) = (when.contains_key(&participant), taken(&row)?) {
            answers.push(Stored {
                participant,
                index: u32::try_from(row.card_index).unwrap_or(u32::MAX),
                answer: taken.answer,
                correct: taken.correct,
                points: taken.points + taken.bonus,
                response_time_ms: taken.response_time_ms,
                sure: None,
            });
        }
    }
    let player = |row: AttemptRow| Player {
        id: ParticipantId(row.id),
        name: row.name,
        guest: row.user_id.is_none(),
        team: None,
    };
    Ok(PlayedAlone { players: rows.into_iter().map(player).collect(), answers, when })
}

/// The caller's own answers; only questions that are closed for them, so that nobody reads on.
pub async fn own_result(state: &AppState, caller: &Caller, session: LiveSessionId) -> Result<OwnResult, Refused> {
    let row = attempt_of(state, caller, session).await?.ok_or(Refused::NotFound)?;
    let round = state.rounds.get(&state.db, session).await?;
    let played: Attempt = attempt(&row, &state.db.self_paced_turns(ParticipantId(row.id)).await?)?;
    let totals = round.totals(&played);
    let closed = played.turns.iter().zip(&round.asked).enumerate().filter(|(_, (turn, _))| turn.closed.is_some());
    let rows = closed.filter_map(|(number, (_, index))| {
        let question = round.quiz.question(*index)?;
        let solution = question.solution();
        Some(ResultRow {
            index: *index,
            prompt: question.prompt.clone(),
            solution: solution.answer,
            explanation: solution.explanation,
            mine: played.taken(number).map(|taken| LearnerAnswer {
                text: question.in_words(&taken.answer),
                correct: taken.correct,
                points: taken.points + taken.bonus,
                response_time_ms: taken.response_time_ms,
                sure: None,
            }),
            taken: false,
        })
    });
    Ok(OwnResult {
        session,
        title: round.quiz.title.clone(),
        ended_at: row.last_at,
        name: row.name.clone(),
        guest: row.user_id.is_none(),
        signed_in: caller.user().is_some(),
        rank: totals.rank,
        players: u32::try_from(round.room.size() + 1).unwrap_or(u32::MAX),
        score: totals.score,
        alone: true,
        rows: rows.collect(),
    })
}

/// A guest's attempt goes along into the account that is signed in, within a day after its last question. Not into one
/// that has a result of this quiz already.
pub async fn claim(state: &AppState, caller: &Caller, session: LiveSessionId, at: i64) -> Result<(), Refused> {
    let user = caller.user().ok_or(Refused::SignInRequired)?;
    let row = attempt_of(state, caller, session).await?.ok_or(Refused::NotFound)?;
    if row.user_id == Some(user.0) {
        return Ok(());
    }
    let handle = state.live.session(session).await?;
    let in_room = handle.seat(None, Some(user)).await?.is_some();
    if row.user_id.is_some() || in_room || at - row.last_at > CLAIM_MS {
        return Err(Refused::Live(Refusal::NotYours));
    }
    match state.db.claim_self_paced(ParticipantId(row.id), user).await {
        Err(StoreError::Conflict(_)) => Err(Refused::Live(Refusal::NotYours)),
        other => Ok(other?),
    }
}
