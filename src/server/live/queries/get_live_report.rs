//! The report of a session that has ended, for its hosts.

use crate::{
    api::live_reports::SessionReport,
    domain::{
        ids::{GroupId, LiveSessionId, ParticipantId},
        live::{
            LiveSessionStatus,
            blitz::{Blitz, Event, Refusal, TeamRow},
            question::Question,
            report::{Player, Stored, report},
        },
    },
    protocol::Refused,
    server::{
        live::{caller::Caller, self_paced::results::played_alone},
        state::AppState,
        storage::{Db, StoreError},
    },
};
use std::collections::{BTreeSet, HashMap};

#[derive(Clone, Copy, Debug)]
pub struct GetLiveReport {
    pub session: LiveSessionId,
    /// Only who was in the room: the figures as they were at the end of the session.
    pub live_only: bool,
}

/// A session that has ended, as its log tells it.
pub struct Played {
    pub title: String,
    pub questions: Vec<Question>,
    /// Numbers of the questions that were revealed and not taken back.
    pub counted: BTreeSet<u32>,
    pub group: Option<GroupId>,
    pub ended_at: i64,
    /// Best first; empty: no teams.
    pub teams: Vec<TeamRow>,
    /// Names of the teams by member.
    pub team_of: HashMap<ParticipantId, String>,
    /// Number of the first second chance, and the questions that came back.
    pub second: Option<(u32, Vec<u32>)>,
    /// The last state.
    pub quiz: Blitz,
}

impl GetLiveReport {
    pub async fn run(self, state: &AppState, caller: &Caller) -> Result<SessionReport, Refused> {
        let handle = state.live.session(self.session).await?;
        caller.host(state, &handle).await?;
        let played = played(&state.db, self.session).await?;
        let mut players = players(&state.db, self.session, &played).await?;
        let mut answers = answers(&state.db, self.session).await?;
        let alone = played_alone(&state.db, self.session).await?;
        let self_paced = u32::try_from(alone.players.len()).unwrap_or(u32::MAX);
        if !self.live_only {
            players.extend(alone.players);
            answers.extend(alone.answers);
        }
        let questions: Vec<(u32, &Question)> =
            (0u32..).zip(&played.questions).filter(|(index, _)| played.counted.contains(index)).collect();
        let mut report = report(&questions, &players, &answers);
        report.teams = played.teams;
        for learner in &mut report.learners {
            learner.self_paced = alone.when.get(&learner.participant).copied();
        }
        if let Some((from, of)) = played.second {
            for question in &mut report.questions {
                let number = question.index.checked_sub(from).and_then(|n| usize::try_from(n).ok());
                question.second_of = number.and_then(|n| of.get(n)).copied();
            }
        }
        Ok(SessionReport {
            session: self.session,
            group: played.group,
            title: played.title,
            ended_at: played.ended_at,
            report,
            self_paced,
            live_only: self.live_only,
        })
    }
}

/// Whoever was in the room to its end, in the order of joining.
pub async fn players(db: &Db, session: LiveSessionId, played: &Played) -> Result<Vec<Player>, StoreError> {
    let rows = db.live_session_participants(session).await?;
    let there = rows.into_iter().filter(|row| row.left_at.is_none()).map(|row| {
        let id = ParticipantId(row.id);
        Player { id, name: row.name, guest: row.user_id.is_none(), team: played.team_of.get(&id).cloned() }
    });
    Ok(there.collect())
}

/// The answers that count.
pub async fn answers(db: &Db, session: LiveSessionId) -> Result<Vec<Stored>, StoreError> {
    let number = |n: i64| u32::try_from(n).unwrap_or(0);
    db.live_session_answers(session)
        .await?
        .into_iter()
        .map(|row| {
            Ok(Stored {
                participant: ParticipantId(row.participant_id),
                index: number(row.card_index),
                answer: serde_json::from_str(&row.answer).map_err(|error| StoreError::Other(error.to_string()))?,
                correct: row.is_correct,
                points: number(row.points_earned),
                response_time_ms: number(row.response_time_ms),
                sure: row.sure,
            })
        })
        .collect()
}

/// `Live(NotNow)` while the session goes on.
pub async fn played(db: &Db, session: LiveSessionId) -> Result<Played, Refused> {
    let row = db.live_session(session).await?;
    if row.status() != LiveSessionStatus::Completed {
        return Err(Refused::Live(Refusal::NotNow));
    }
    let log = db.live_session_log(session).await?;
    let events: Vec<(i64, Event)> = log
        .into_iter()
        .map(|(at, json, _)| Ok((at, serde_json::from_str(&json)?)))
        .collect::<Result<_, serde_json::Error>>()
        .map_err(|error| StoreError::Other(format!("log of live session {session}: {error}")))?;
    let state = Blitz::replay(events.iter()).ok_or(StoreError::NotFound)?;
    let mut counted = BTreeSet::new();
    for (_, event) in &events {
        match event {
            Event::QuestionRevealed { index, .. } => {
                counted.insert(*index);
            }
            Event::QuestionSkipped { index } => {
                counted.remove(index);
            }
            _ => {}
        }
    }
    let teams = state.team_rows();
    let name = |team: u8| teams.iter().find(|row| row.team == team).map(|row| row.name.clone());
    let team_of = state.participants.iter().filter_map(|p| Some((p.id, name(p.team?)?))).collect();
    Ok(Played {
        title: state.title.clone(),
        questions: state.questions.clone(),
        counted,
        group: row.group_id.map(GroupId),
        ended_at: row.ended_at.unwrap_or(row.created_at),
        teams,
        team_of,
        second: state.second_from.map(|from| (from, state.second_of.clone())),
        quiz: state,
    })
}
