//! Live sessions: setting up, joining, and the same commands that the socket carries as plain forms,
//! for pages without JavaScript and for the first view of a page.

use super::{error::AppError, wire::Post};
use crate::domain::{
    ids::{CategoryId, DeckId, GroupId, LiveSessionId, ParticipantId},
    live::{
        blitz::{ExtraTime, HostView, MOST_CROWD, PlayerView, Rules, Scoring, Teams},
        standings::Standing,
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
        teams.map(Some).ok_or_else(|| AppError::field("rules[team_names]", super::error::Problem::Malformed))
    }
}

/// A running session in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveSessionSummary {
    pub session: LiveSessionId,
    pub group: Option<GroupId>,
    pub group_name: Option<String>,
    pub title: String,
    pub host_name: String,
    pub hosted_by_me: bool,
    /// A study room, not a quiz.
    pub room: bool,
    /// The asking account may take over as host: it teaches the group.
    pub may_host: bool,
    /// In the lobby still.
    pub waiting: bool,
    pub pin: Option<String>,
    pub participants: u32,
}

/// The projector's first view, with the way in for the class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostScreen {
    pub view: HostView,
    /// Without scheme: `studyhall.example/join`.
    pub join_address: String,
    /// Address of the QR code's SVG.
    pub qr: String,
}

/// The phone's first view, with what its account has taken along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlayerScreen {
    pub view: PlayerView,
    /// Somebody is signed in.
    pub account: bool,
    /// Numbers of the questions shown so far whose cards are in an own deck.
    pub taken: Vec<u32>,
}

/// A participant with the totals as stored. No secret, no account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedParticipant {
    pub participant: ParticipantId,
    pub name: String,
    pub guest: bool,
    /// At the door, or taken out.
    pub away: bool,
    pub total_score: i64,
    pub correct_answers: i64,
    pub total_answers: i64,
    /// Milliseconds.
    pub average_response_time: i64,
    pub rank: Option<i64>,
    /// Only hosts learn of it.
    pub extra: ExtraTime,
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
        api::error::Problem,
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

/// Takes a seat; the seat's secret goes into a cookie that scripts cannot read.
#[server(protocol = Post)]
pub async fn join_live_session(pin: String, name: String, key: Option<Uuid>) -> Result<LiveSessionId, AppError> {
    use crate::{
        api::error::Problem,
        protocol::Refused,
        server::{
            live::{commands::JoinLiveSession, seat},
            random,
        },
    };
    use leptos::server_fn::ServerFn;
    let (typed_pin, typed_name) = (pin.clone(), name.clone());
    let result = crate::server::live::call::handle(async |call, caller, browser| {
        // Without JavaScript there is no key, and each try is a new one.
        let key = key.filter(|key| !key.is_nil()).unwrap_or_else(|| random::id(call.now));
        let taken =
            match (JoinLiveSession { pin, name, key, at: call.state.clock.steady() }).run(&call.state, &caller).await {
                Err(Refused::NotFound) => return Err(AppError::field("pin", Problem::Wrong)),
                other => other?,
            };
        if let Some(secret) = &taken.secret {
            browser.set_cookie(&seat::cookie(taken.session, secret, browser.secure));
        }
        leptos_axum::redirect(&format!("/live/{}/play", taken.session));
        Ok(taken.session)
    })
    .await;
    // By its path: the command has the same name.
    let path = <self::JoinLiveSession as ServerFn>::PATH;
    crate::server::form::keep(path, &result, &[("pin", &typed_pin), ("name", &typed_name)]);
    result
}

/// The projector's view now, for who may host the session.
#[server(protocol = Post)]
pub async fn live_host_view(session: LiveSessionId) -> Result<HostScreen, AppError> {
    crate::server::live::call::handle(async |call, caller, browser| {
        let handle = call.state.live.session(session).await?;
        caller.host(&call.state, &handle).await?;
        let view = handle.host_view().await?;
        let pin = view.pin.map(|pin| pin.to_string()).unwrap_or_default();
        Ok(HostScreen { view, join_address: format!("{}/join", browser.host), qr: format!("/qr/join/{pin}.svg") })
    })
    .await
}

/// The phone's view now, for who has a seat.
#[server(protocol = Post)]
pub async fn live_player_view(session: LiveSessionId) -> Result<PlayerScreen, AppError> {
    use crate::server::live::commands::TakeLiveCard;
    crate::server::live::call::handle(async |call, caller, _| {
        let handle = call.state.live.session(session).await?;
        let participant = caller.seat(&handle).await?;
        let view = handle.player_view(participant).await?;
        let taken = TakeLiveCard::taken(&call.state, &caller, session).await?;
        Ok(PlayerScreen { view, account: caller.user().is_some(), taken })
    })
    .await
}

/// The standings, for who hosts the session or sits in it.
#[server(protocol = Post)]
pub async fn live_session_leaderboard(session: LiveSessionId) -> Result<Vec<Standing>, AppError> {
    use crate::server::live::queries::GetLiveSessionLeaderboard;
    crate::server::live::call::handle(async |call, caller, _| {
        Ok(GetLiveSessionLeaderboard { session }.run(&call.state, &caller).await?)
    })
    .await
}

/// Everybody in the session with their totals, for its hosts.
#[server(protocol = Post)]
pub async fn live_session_participants(session: LiveSessionId) -> Result<Vec<ListedParticipant>, AppError> {
    use crate::server::live::queries::GetLiveSessionParticipants;
    crate::server::live::call::handle(async |call, caller, _| {
        Ok(GetLiveSessionParticipants { session }.run(&call.state, &caller).await?)
    })
    .await
}

/// Running sessions of all groups of the asking account.
#[server(protocol = Post)]
pub async fn live_sessions_of_my_groups() -> Result<Vec<LiveSessionSummary>, AppError> {
    use crate::server::{call::handle, live::queries::GetActiveLiveSessions};
    handle(async |call| GetActiveLiveSessions::OfMyGroups.run(&call).await).await
}

/// Running sessions of one group.
#[server(protocol = Post)]
pub async fn live_sessions_of_group(group: GroupId) -> Result<Vec<LiveSessionSummary>, AppError> {
    use crate::server::{call::handle, live::queries::GetActiveLiveSessions};
    handle(async |call| GetActiveLiveSessions::OfGroup(group).run(&call).await).await
}

/// From the lobby to the first question.
#[server(protocol = Post)]
pub async fn start_live_session(session: LiveSessionId, seen: u32) -> Result<(), AppError> {
    use crate::server::{live::commands::StartLiveSession, random};
    crate::server::live::call::handle(async |call, caller, _| {
        let command = StartLiveSession { session, seen, key: random::id(call.now), at: call.state.clock.steady() };
        command.run(&call.state, &caller).await?;
        leptos_axum::redirect(&format!("/live/{session}/host"));
        Ok(())
    })
    .await
}

/// To the next phase.
#[server(protocol = Post)]
pub async fn advance_live_session(session: LiveSessionId, seen: u32) -> Result<(), AppError> {
    use crate::server::{live::commands::AdvanceLiveSession, random};
    crate::server::live::call::handle(async |call, caller, _| {
        let command = AdvanceLiveSession { session, seen, key: random::id(call.now), at: call.state.clock.steady() };
        command.run(&call.state, &caller).await?;
        leptos_axum::redirect(&format!("/live/{session}/host"));
        Ok(())
    })
    .await
}

/// Stops here and keeps the results.
#[server(protocol = Post)]
pub async fn end_live_session(session: LiveSessionId, seen: u32) -> Result<(), AppError> {
    use crate::server::{live::commands::EndLiveSession, random};
    crate::server::live::call::handle(async |call, caller, _| {
        let command = EndLiveSession { session, seen, key: random::id(call.now), at: call.state.clock.steady() };
        command.run(&call.state, &caller).await?;
        leptos_axum::redirect(&format!("/live/{session}/host"));
        Ok(())
    })
    .await
}

/// What the host does beside going on. `action` is lock, unlock, admit, admit_all, remove, pause, resume, skip or
/// extra_time, with `extra` one of none, quarter, half and no_limit.
#[server(protocol = Post)]
pub async fn control_live_session(
    session: LiveSessionId,
    seen: u32,
    action: String,
    participant: Option<ParticipantId>,
    extra: Option<String>,
) -> Result<(), AppError> {
    use crate::{
        api::error::Problem,
        domain::live::blitz::Control,
        server::{live::commands::ControlLiveSession, random},
    };
    crate::server::live::call::handle(async |call, caller, _| {
        let whom = participant.unwrap_or(ParticipantId(Uuid::nil()));
        let control = match action.as_str() {
            "lock" => Control::Lock,
            "unlock" => Control::Unlock,
            "admit" => Control::Admit { participant: whom },
            "admit_all" => Control::AdmitAll,
            "remove" => Control::Remove { participant: whom },
            "pause" => Control::Pause,
            "resume" => Control::Resume,
            "skip" => Control::Skip,
            "remove_all" => Control::RemoveAll,
            "extra_time" => {
                let extra = ExtraTime::parse(extra.as_deref().unwrap_or_default()).unwrap_or_default();
                Control::ExtraTime { participant: whom, extra }
            }
            _ => {
                let handle = call.state.live.session(session).await?;
                caller.host(&call.state, &handle).await?;
                return Err(AppError::field("action", Problem::Malformed));
            }
        };
        let (key, at) = (random::id(call.now), call.state.clock.steady());
        ControlLiveSession { session, seen, control, key, at }.run(&call.state, &caller).await?;
        leptos_axum::redirect(&format!("/live/{session}/host"));
        Ok(())
    })
    .await
}

/// Plays again with the same people: a new lobby, to which their phones are sent.
#[server(protocol = Post)]
pub async fn continue_live_session(session: LiveSessionId, seen: u32) -> Result<LiveSessionId, AppError> {
    use crate::server::{live::commands::ContinueLiveSession, random};
    crate::server::live::call::handle(async |call, caller, _| {
        let (key, at) = (random::id(call.now), call.state.clock.steady());
        let next = ContinueLiveSession { session, seen, key, at }.run(&call, &caller).await?;
        leptos_axum::redirect(&format!("/live/{next}/host"));
        Ok(next)
    })
    .await
}

/// Goes along to the session in which the host plays again.
#[server(protocol = Post)]
pub async fn follow_live_session(session: LiveSessionId) -> Result<LiveSessionId, AppError> {
    use crate::server::live::{commands::FollowLiveSession, seat};
    crate::server::live::call::handle(async |call, caller, browser| {
        let follow = FollowLiveSession { session, at: call.state.clock.steady() };
        let taken = follow.run(&call.state, &caller).await?;
        if let Some(secret) = &taken.secret {
            browser.set_cookie(&seat::cookie(taken.session, secret, browser.secure));
        }
        leptos_axum::redirect(&format!("/live/{}/play", taken.session));
        Ok(taken.session)
    })
    .await
}

/// Picks a team in the lobby; `team` is its number, as the host named them.
#[server(protocol = Post)]
pub async fn choose_live_team(session: LiveSessionId, team: u8) -> Result<(), AppError> {
    use crate::server::live::commands::ChooseLiveTeam;
    crate::server::live::call::handle(async |call, caller, _| {
        ChooseLiveTeam { session, team, at: call.state.clock.steady() }.run(&call.state, &caller).await?;
        leptos_axum::redirect(&format!("/live/{session}/play"));
        Ok(())
    })
    .await
}

/// An answer by form: `choice` for options, `text` for typed answers.
#[server(protocol = Post)]
pub async fn submit_live_answer(
    session: LiveSessionId,
    card_index: u32,
    choice: Option<u8>,
    text: Option<String>,
) -> Result<(), AppError> {
    use crate::{
        api::error::Problem,
        domain::live::question::Answer,
        server::{live::commands::SubmitLiveAnswer, random},
    };
    crate::server::live::call::handle(async |call, caller, _| {
        let answer = match (choice, text) {
            (Some(index), _) => Answer::Choice(index),
            (None, Some(text)) => Answer::Text(text),
            (None, None) => return Err(AppError::field("text", Problem::Required)),
        };
        let key = random::id(call.now);
        SubmitLiveAnswer { session, card_index, answer, key, at: call.state.clock.steady() }
            .run(&call.state, &caller)
            .await?;
        leptos_axum::redirect(&format!("/live/{session}/play"));
        Ok(())
    })
    .await
}
