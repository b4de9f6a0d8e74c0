//! From a socket's act in a study room to its command: one arm each.

use super::{
    caller::Caller,
    commands::{
        DeleteRoomMessage, EditRoomMessage, EndStudyRoom, LeaveStudyRoom, MuteInRoom, RaiseHand, React,
        SendRoomMessage, SetRoomRules, SetRoomTimer, ShowRoomCard, TypeInRoom,
    },
};
use crate::{
    domain::ids::LiveSessionId,
    protocol::{Refused, RoomAct},
    server::state::AppState,
};

/// `at`: when it arrived, Unix ms.
pub async fn carry_out(
    state: &AppState,
    caller: &Caller,
    session: LiveSessionId,
    act: RoomAct,
    at: i64,
) -> Result<(), Refused> {
    match act {
        RoomAct::SendMessage { message, text } => {
            SendRoomMessage { session, message, text, at }.run(state, caller).await
        }
        RoomAct::EditMessage { message, text } => {
            EditRoomMessage { session, message, text, at }.run(state, caller).await
        }
        RoomAct::DeleteMessage { message } => DeleteRoomMessage { session, message, at }.run(state, caller).await,
        RoomAct::Type => TypeInRoom { session, at }.run(state, caller).await,
        RoomAct::Mute { user, muted } => MuteInRoom { session, user, muted, at }.run(state, caller).await,
        RoomAct::RaiseHand { user, raised } => RaiseHand { session, user, raised, at }.run(state, caller).await,
        RoomAct::React { reaction } => React { session, reaction, at }.run(state, caller).await,
        RoomAct::ShowCard { index, revealed } => ShowRoomCard { session, index, revealed, at }.run(state, caller).await,
        RoomAct::Timer { step } => SetRoomTimer { session, step, at }.run(state, caller).await,
        RoomAct::SetRules { rules } => SetRoomRules { session, rules, at }.run(state, caller).await,
        RoomAct::Leave => LeaveStudyRoom { session }.run(state, caller).await,
        RoomAct::End => EndStudyRoom { session, at }.run(state, caller).await,
    }
}
