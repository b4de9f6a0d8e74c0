//! Making a quiz: what can be chosen, and the lobby that comes of it.

use crate::{
    api::{
        error::{AppError, Problem},
        wire::Post,
    },
    domain::{
        ids::{CategoryId, DeckId, LiveSessionId},
        live::blitz::{MOST_CROWD, Rules, Scoring, Teams},
    },
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a host can choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlitzOptions {
    pub deck: DeckId,
    pub title: String,
    pub cards: u32,
    pub categories: Vec<CategoryChoice>,
    /// For the form: makes a repeated click count once.
    pub key: Uuid,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryChoice {
    pub id: CategoryId,
    pub name: String,
    pub cards: u32,
}

/// The form's choices of [`Rules`]; a box that is not ticked is not sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleChoices {
    pub approve: Option<String>,
    /// Seconds; empty: the host goes on by hand.
    pub auto_advance_s: String,
    pub leaderboard_every: String,
    /// `speed` or `accuracy`.
    pub scoring: String,
    pub streaks: Option<String>,
    pub change_answer: Option<String>,
    /// Empty, `auto` or `chosen`.
    pub teams: String,
    /// Parted by commas.
    pub team_names: String,
    pub second_chance: Option<String>,
    pub confidence: Option<String>,
    /// People; empty: as in a class.
    pub expected: String,
}

impl RuleChoices {
    /// What is empty or cannot be read is as usual.
    pub fn rules(&self) -> Rules {
        let usual = Rules::default();
        Rules {
            approve: self.approve.is_some(),
            auto_advance_ms: self.auto_advance_s.parse().ok().map(|s: u32| s.saturating_mul(1_000)),
            leaderboard_every: self.leaderboard_every.parse().unwrap_or(usual.leaderboard_every),
            scoring: if self.scoring == "accuracy" { Scoring::Accuracy } else { Scoring::Speed },
            streaks: self.streaks.is_some(),
            change_answer: self.change_answer.is_some(),
            second_chance: self.second_chance.is_some(),
            confidence: self.confidence.is_some(),
            expected: self.expected.trim().parse().unwrap_or(0).min(MOST_CROWD),
        }
    }

    /// `Err` when teams are wanted and their names are not two to eight different ones.
    pub fn teams(&self) -> Result<Option<Teams>, AppError> {
        if self.teams.is_empty() {
            return Ok(None);
        }
        let teams = Teams::parse(&self.team_names, self.teams == "chosen");
        teams.map(Some).ok_or_else(|| AppError::field("rules[team_names]", Problem::Malformed))
    }
}

/// What can be chosen for a quiz on this deck.
#[server(protocol = Post)]
pub async fn blitz_setup(deck: DeckId) -> Result<BlitzOptions, AppError> {
    use crate::{
        domain::flags::Flag,
        server::{call::handle, random},
    };
    handle(async |call| {
        let access = call.deck_read(deck).await?;
        call.flag(Flag::BlitzQuiz, access.group_id)?;
        if !access.can_host {
            return Err(AppError::Forbidden);
        }
        let categories = call.state.db.categories(deck).await?;
        Ok(BlitzOptions {
            deck,
            title: access.title,
            cards: u32::try_from(access.cards).unwrap_or(0),
            categories: categories
                .into_iter()
                .map(|c| CategoryChoice { id: c.id, name: c.name, cards: u32::try_from(c.cards).unwrap_or(0) })
                .collect(),
            key: random::id(call.now),
        })
    })
    .await
}

/// Makes a Blitz Quiz and opens its lobby. `answers` is choice, typed, mixed or varied; an empty `category` means all.
/// `room`: the study room that it is started from.
#[server(protocol = Post)]
pub async fn create_live_session(
    deck: DeckId,
    category: String,
    card_count: u32,
    time_limit_s: u32,
    answers: String,
    hints: Option<String>,
    rules: Option<RuleChoices>,
    key: Uuid,
    room: Option<String>,
) -> Result<LiveSessionId, AppError> {
    use crate::{
        domain::live::draw::AnswerMode,
        server::live::{
            call::handle,
            commands::{CreateLiveSession, OpenRoomQuiz},
        },
    };
    handle(async |call, caller, _| {
        let answers = match answers.as_str() {
            "choice" => AnswerMode::Choice,
            "typed" => AnswerMode::Typed,
            "mixed" => AnswerMode::Mixed,
            "varied" => AnswerMode::Varied,
            _ => return Err(AppError::field("answers", Problem::Malformed)),
        };
        let category = match category.as_str() {
            "" => None,
            id => Some(id.parse().map_err(|_| AppError::field("category", Problem::Malformed))?),
        };
        let choices = rules.unwrap_or_default();
        let (hints, rules, teams) = (hints.is_some(), choices.rules(), choices.teams()?);
        let carried = vec![];
        let command =
            CreateLiveSession { deck, category, card_count, time_limit_s, hints, answers, rules, key, teams, carried };
        let session = command.run(&call).await?;
        if let Some(room) = room.and_then(|room| room.parse().ok()) {
            // A room that has closed meanwhile does not keep the quiz from its lobby.
            let _ = OpenRoomQuiz { room, quiz: session, at: call.now }.run(&call.state, &caller).await;
        }
        leptos_axum::redirect(&format!("/live/{session}/host"));
        Ok(session)
    })
    .await
}
