//! Making a Blitz Quiz from a deck: the questions are drawn here, once.

use crate::{
    api::error::{AppError, FieldError, Problem},
    domain::{
        flags::Flag,
        ids::{CategoryId, DeckId, LiveSessionId},
        live::{
            LiveSessionType,
            blitz::{BlitzConfig, Carried, Event, Rules, Teams},
            draw::{AnswerMode, QuizCard, draw},
            pin::Pin,
        },
    },
    protocol::{Channel, ChannelEvent},
    server::{
        call::{Call, internal},
        live::pool::{pool, quiz_cards},
        random,
        storage::{NewLiveSession, StoreError},
    },
    words::en::WORDS,
};
use uuid::Uuid;

/// With a million PINs and a thousand sessions the first draw is free 999 times of 1,000.
const PIN_TRIES: usize = 20;

/// A reveal that goes by itself stays at least so many seconds.
const MIN_AUTO_S: u32 = 3;

#[derive(Clone, Debug)]
pub struct CreateLiveSession {
    pub deck: DeckId,
    /// `None`: all cards of the deck.
    pub category: Option<CategoryId>,
    /// 1 to 100.
    pub card_count: u32,
    /// 5 to 240 seconds.
    pub time_limit_s: u32,
    pub hints: bool,
    pub answers: AnswerMode,
    pub rules: Rules,
    /// A repeated click makes one session.
    pub key: Uuid,
    /// `None`: everybody plays alone.
    pub teams: Option<Teams>,
    /// Extra time from the session before.
    pub carried: Vec<Carried>,
}

impl CreateLiveSession {
    pub async fn run(self, call: &Call) -> Result<LiveSessionId, AppError> {
        self.run_with(call, || Pin::nth(random::below(Pin::COUNT))).await
    }

    /// Like [`Self::run`], with PINs from `draw_pin`: asked again for each one that is in use.
    pub async fn run_with(self, call: &Call, mut draw_pin: impl FnMut() -> Pin) -> Result<LiveSessionId, AppError> {
        let state = &call.state;
        let user = call.user()?.user;
        let access = call.deck_read(self.deck).await?;
        call.flag(Flag::BlitzQuiz, access.group_id)?;
        if !access.can_host {
            return Err(AppError::Forbidden);
        }
        self.check()?;
        if let Some(made) = state.db.live_session_by_key(user, self.key).await? {
            return Ok(made);
        }
        let pool = quiz_cards(pool(&state.db, self.deck).await?);
        let asked: Vec<QuizCard> = match self.category {
            None => pool.clone(),
            Some(category) => pool.iter().filter(|card| card.category == Some(category)).cloned().collect(),
        };
        let seed = random::seed();
        let questions = draw(&asked, &pool, self.card_count as usize, self.answers, WORDS.live.true_false, seed);
        if questions.is_empty() {
            return Err(AppError::field("card_count", Problem::TooFew { min: 1, found: 0 }));
        }
        let config = BlitzConfig {
            card_count: self.card_count,
            time_limit_ms: self.time_limit_s * 1_000,
            hints: self.hints,
            answers: self.answers,
            rules: self.rules,
            teams: self.teams,
            carried: self.carried,
        };
        let selected_flashcards = questions.iter().map(|question| question.card).collect();
        let config_json = serde_json::to_string(&config).map_err(|error| internal(&error.to_string()))?;
        let created = Event::Created { host: user, title: access.title.clone(), config, questions };
        let mut new = NewLiveSession {
            id: random::id(call.now),
            session_type: LiveSessionType::BlitzQuiz,
            group: access.group_id,
            host: user,
            deck: self.deck,
            category: self.category,
            config: config_json,
            selected_flashcards,
            pin: draw_pin(),
            idempotency_key: self.key,
            created: serde_json::to_string(&created).map_err(|error| internal(&error.to_string()))?,
            at: call.now,
        };
        for _ in 0..PIN_TRIES {
            match state.db.create_live_session(&new).await {
                Ok(()) => {
                    if let Some(group) = access.group_id {
                        state.hub.announce(Channel::Group(group), ChannelEvent::LiveSessionsChanged);
                    }
                    return Ok(new.id);
                }
                Err(StoreError::Conflict(_)) => {
                    // Either the same click came twice at once, or the PIN is in use.
                    if let Some(made) = state.db.live_session_by_key(user, self.key).await? {
                        return Ok(made);
                    }
                    new.pin = draw_pin();
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(AppError::Unavailable)
    }

    fn check(&self) -> Result<(), AppError> {
        let mut fields = vec![];
        let mut within = |field: &str, value: u32, min: u32, max: u32| {
            if !(min..=max).contains(&value) {
                let problem = Problem::OutOfRange { min: min.into(), max: max.into() };
                fields.push(FieldError { field: field.to_owned(), problem });
            }
        };
        within("card_count", self.card_count, 1, 100);
        within("time_limit_s", self.time_limit_s, 5, 240);
        within("leaderboard_every", self.rules.leaderboard_every, 0, 100);
        within("auto_advance_s", self.rules.auto_advance_ms.map_or(MIN_AUTO_S, |ms| ms / 1_000), MIN_AUTO_S, 120);
        AppError::from_fields(fields)
    }
}
