//! Study rooms: opening one, its first view, pages of the conversation, its cards, and a message by plain form.

use super::{
    error::AppError,
    wire::{Get, Post},
};
use crate::domain::{
    ids::{DeckId, GroupId, LiveSessionId, UserId},
    live::study_room::{RoomMessage, RoomView},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Cards that are fetched at once.
pub const CARDS: u32 = 10;

/// The room's first view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomScreen {
    pub view: RoomView,
    /// The newest, the oldest of them first.
    pub messages: Vec<RoomMessage>,
    pub earlier: bool,
    pub me: UserId,
    /// Host or teacher: may delete, mute, set the rules, close.
    pub moderates: bool,
    /// May start a quiz on the deck.
    pub can_quiz: bool,
    /// The cards around the one that is shown first.
    pub cards: Vec<RoomCard>,
}

/// A card of the room; the sides are safe HTML.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomCard {
    /// From 0.
    pub index: u32,
    /// `None`: it was deleted since the room was opened.
    pub sides: Option<[String; 2]>,
}

/// A page of the conversation, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomPage {
    pub messages: Vec<RoomMessage>,
    pub earlier: bool,
}

/// A line of a group's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomLine {
    pub session: LiveSessionId,
    pub title: String,
    pub host_name: String,
    pub open: bool,
    /// Unix ms.
    pub at: i64,
    pub people: u32,
    pub messages: u32,
}

/// Opens a room on a deck, or comes back to the own one that is open. For members of the deck's group.
#[server(protocol = Post)]
pub async fn open_study_room(deck: DeckId, together: Option<String>) -> Result<LiveSessionId, AppError> {
    use crate::{
        domain::live::study_room::Rules,
        server::{call::handle, live::commands::CreateStudyRoom},
    };
    handle(async |call| {
        let rules = Rules { together: together.is_some(), anyone: false };
        let session = CreateStudyRoom { deck, rules }.run(&call).await?;
        leptos_axum::redirect(&format!("/rooms/{session}"));
        Ok(session)
    })
    .await
}

/// The room now, for members of its group.
#[server(protocol = Get)]
pub async fn study_room(session: LiveSessionId) -> Result<RoomScreen, AppError> {
    use crate::{
        domain::{flags::Flag, live::study_room::By},
        server::live::{call::handle, room},
    };
    handle(async |call, caller, _| {
        let (room, who) = room::admit(&call.state, &caller, session).await?;
        let screen = room.screen().await?;
        let By { user, moderates } = who.by;
        let quiz = call.flag(Flag::BlitzQuiz, Some(room.group)).is_ok();
        let deck = call.state.db.deck_access(room.deck, user).await?;
        let first = if screen.view.rules.together { screen.view.shown.index } else { 0 };
        let cards =
            crate::server::live::queries::RoomCards { session, deck: room.deck, from: first }.run(&call).await?;
        Ok(RoomScreen {
            view: screen.view,
            messages: screen.messages,
            earlier: screen.earlier,
            me: user,
            moderates: moderates || user == room.host,
            can_quiz: quiz && deck.is_some_and(|deck| deck.can_host),
            cards,
        })
    })
    .await
}

/// Messages before number `before`.
#[server(protocol = Get)]
pub async fn room_messages(session: LiveSessionId, before: i64) -> Result<RoomPage, AppError> {
    use crate::server::live::{call::handle, room};
    handle(async |call, caller, _| {
        room::admit(&call.state, &caller, session).await?;
        let mut messages = call.state.db.room_messages(session, Some(before), room::PAGE + 1).await?;
        let earlier = messages.len() > usize::try_from(room::PAGE).unwrap_or(0);
        if earlier {
            messages.remove(0);
        }
        Ok(RoomPage { messages, earlier })
    })
    .await
}

/// The cards from `from` (from 0) on.
#[server(protocol = Get)]
pub async fn room_cards(session: LiveSessionId, from: u32) -> Result<Vec<RoomCard>, AppError> {
    use crate::server::live::{call::handle, queries::RoomCards, room};
    handle(async |call, caller, _| {
        let (room, _) = room::admit(&call.state, &caller, session).await?;
        RoomCards { session, deck: room.deck, from }.run(&call).await
    })
    .await
}

/// A message by plain form.
#[server(protocol = Post)]
pub async fn send_room_message(session: LiveSessionId, text: String) -> Result<(), AppError> {
    use crate::server::{
        form,
        live::{call::handle, commands::SendRoomMessage},
        random,
    };
    use leptos::server_fn::ServerFn;
    let typed = text.clone();
    let result = handle(async |call, caller, _| {
        let command = SendRoomMessage { session, message: random::id(call.now), text, at: call.state.clock.steady() };
        command.run(&call.state, &caller).await?;
        leptos_axum::redirect(&format!("/rooms/{session}"));
        Ok(())
    })
    .await;
    form::keep(<self::SendRoomMessage as ServerFn>::PATH, &result, &[("text", &typed)]);
    result
}

/// A group's rooms: the open ones, then the last that were closed.
#[server(protocol = Get)]
pub async fn study_rooms(group: GroupId) -> Result<Vec<RoomLine>, AppError> {
    use crate::{
        domain::{flags::Flag, live::LiveSessionStatus},
        server::call::handle,
    };
    handle(async |call| {
        call.member(group).await?;
        call.flag(Flag::LiveSessions, Some(group))?;
        let rows = call.state.db.study_rooms_of_group(group, 20).await?;
        let count = |n: i64| u32::try_from(n).unwrap_or(0);
        Ok(rows
            .into_iter()
            .map(|row| RoomLine {
                session: LiveSessionId(row.id),
                title: row.deck_title,
                host_name: row.host_name,
                open: row.status == LiveSessionStatus::Active.as_str(),
                at: row.ended_at.unwrap_or(row.created_at),
                people: count(row.people),
                messages: count(row.messages),
            })
            .collect())
    })
    .await
}

/// The room to come back to after a quiz: `None` when it was not started from one, or for who is not in the group.
#[server(protocol = Get)]
pub async fn room_of_quiz(session: LiveSessionId) -> Result<Option<LiveSessionId>, AppError> {
    use crate::server::call::handle;
    handle(async |call| {
        let Ok(me) = call.user() else { return Ok(None) };
        let Some(room) = call.state.db.room_of_quiz(session).await? else { return Ok(None) };
        let Some(group) = call.state.db.live_session(room).await?.group_id else { return Ok(None) };
        Ok(call.state.db.group_role(GroupId(group), me.user).await?.map(|_| room))
    })
    .await
}
